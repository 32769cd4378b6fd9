"""A person who was erased is taken out of what mails are written from, and of the log of mails."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from sqlalchemy import ColumnElement, delete, exists, false, func, or_, select, update

from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.redaction import ERASED, pattern, redact_message, redact_rows, redacted
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1.messages_pb2 import Publication, WebhookDisabled
from services.notifier import events
from services.notifier.bounces.model import Address
from services.notifier.dead_letters import commands as dead_letters
from services.notifier.letters_of_quotes import answered_content, answered_message
from services.notifier.model import OUTBOX, Attempt, Cause, CauseKind, Contact, Delivery, Suppression
from services.notifier.publications.model import PublicationReader, Unsubscription, table

_BODIES: dict[str, type[Message]] = {
    CauseKind.EVENT.value: deals.Event,
    CauseKind.ALERT.value: deals.Alert,
    CauseKind.QUOTE.value: deals.QuoteSent,
    CauseKind.QUOTE_REQUEST.value: deals.QuoteRequestSent,
    CauseKind.MESSAGE.value: deals.DealMessage,
    CauseKind.APPOINTMENT.value: deals.Event,
    CauseKind.WEBHOOK_DISABLED.value: WebhookDisabled,
    CauseKind.PUBLICATION.value: Publication,
    CauseKind.PUBLICATION_TEST.value: Publication,
    CauseKind.COMMENT.value: deals.Comment,
    CauseKind.INVITATION_ANSWERED.value: deals.InvitationAnswered,
}


async def erase(work: UnitOfWork, erasure: UUID, contacts: Sequence[UUID], identifiers: Sequence[str]) -> None:
    """Forget a person; again changes nothing. Answers when it is done."""
    expression = pattern(identifiers)
    if expression:
        await _redact_causes(work, contacts, expression)
    await redact_rows(work, Delivery.metadata.tables["delivery"], ("subject", "detail", "email"), expression)
    await work.session.execute(update(Contact).where(Contact.id.in_(contacts)).values(name=ERASED, email=""))
    await redact_rows(work, Attempt.metadata.tables["attempt"], ("answer",), expression)
    await redact_rows(work, Attempt.metadata.tables["mail_report"], ("words",), expression)
    await work.session.execute(delete(Address).where(Address.person_id.in_(contacts)))
    await work.session.execute(delete(Suppression).where(Suppression.email.in_(identifiers)))
    await redact_rows(work, table(PublicationReader), ("words",), expression)
    theirs = PublicationReader.contact_id.in_(contacts)
    await work.session.execute(update(PublicationReader).where(theirs).values(email=""))
    await work.session.execute(delete(Unsubscription).where(Unsubscription.contact_id.in_(contacts)))
    await _forget_told(work, contacts)
    await dead_letters.redact(work, contacts, identifiers, expression)
    await work.emit(events.erasure_done(erasure))


async def _forget_told(work: UnitOfWork, contacts: Sequence[UUID]) -> None:
    """What was told of them to whoever exported their data, and what they answered."""
    payload = func.encode(OUTBOX.c.payload, "escape")
    naming = or_(false(), *(func.strpos(payload, format_id("contact", id)) > 0 for id in contacts))
    await work.session.execute(delete(OUTBOX).where(OUTBOX.c.aggregate.in_(["person_export", "publication"]), naming))


async def _redact_causes(work: UnitOfWork, contacts: Sequence[UUID], expression: str) -> None:
    columns = (Cause.kind, Cause.id, Cause.revision, Cause.content)
    for row in (await work.session.execute(select(*columns).where(causes_of(contacts)).with_for_update())).all():
        mine = (Cause.kind == row.kind, Cause.id == row.id, Cause.revision == row.revision)
        content = _without(row.kind, row.content, expression)
        await work.session.execute(update(Cause).where(*mine).values(content=content))


def causes_of(contacts: Sequence[UUID]) -> ColumnElement[bool]:
    """Causes of mails that tell of these contacts."""
    ids = [format_id("contact", id) for id in contacts]
    theirs = exists().where(
        Delivery.cause_kind == Cause.kind,
        Delivery.cause_id == Cause.id,
        Delivery.revision == Cause.revision,
        Delivery.contact_id.in_(contacts),
    )
    known = Cause.kind.in_([*_BODIES, CauseKind.QUOTE_ANSWERED.value, CauseKind.WEBHOOK.value])
    return known & or_(theirs, *(func.strpos(func.encode(Cause.content, "escape"), id) > 0 for id in ids))


def told_of(kind: str, content: bytes) -> dict[str, Any]:
    """What a cause tells."""
    if kind == CauseKind.WEBHOOK.value:
        told: dict[str, Any] = orjson.loads(content)
        return told
    return MessageToDict(_body_of(kind, content))


def _body_of(kind: str, content: bytes) -> Message:
    return answered_message(content) if kind == CauseKind.QUOTE_ANSWERED.value else _BODIES[kind].FromString(content)


def _without(kind: str, content: bytes, expression: str) -> bytes:
    if kind == CauseKind.QUOTE_ANSWERED.value:
        answered = answered_message(content)
        redact_message(answered, expression)
        return answered_content(answered)
    if kind == CauseKind.WEBHOOK.value:
        return orjson.dumps(_redacted(orjson.loads(content), expression))
    body = _body_of(kind, content)
    redact_message(body, expression)
    return bytes(body.SerializeToString())


def _redacted(told: Any, expression: str) -> Any:
    match told:
        case str():
            return redacted(told, expression)
        case list():
            return [_redacted(each, expression) for each in told]
        case dict():
            return {name: _redacted(each, expression) for name, each in told.items()}
    return told
