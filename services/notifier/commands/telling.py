"""Causes and their deliveries: one per concerned collaborator, in the transaction of the message that caused them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.audience import Concerned, Reason
from services.notifier.events import message_news
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.model import Category, Cause, CauseKind, Delivery, Queue, Status

EMAIL = "email"
_PRIORITY = {
    CauseKind.SIGN_IN: 0,
    CauseKind.INVITATION: 1,
    CauseKind.ALERT: 1,
    CauseKind.EVENT: 2,
    CauseKind.QUOTE_ANSWERED: 2,
    CauseKind.COMMENT: 2,
    CauseKind.QUOTE: 1,
    CauseKind.QUOTE_REQUEST: 2,
    CauseKind.MESSAGE: 1,
    CauseKind.APPOINTMENT: 1,
    CauseKind.WEBHOOK_DISABLED: 2,
    CauseKind.PUBLICATION: 5,
    CauseKind.PUBLICATION_TEST: 1,
    CauseKind.TEST: 0,
}
CATEGORY = {
    CauseKind.ALERT: Category.ALERTS,
    CauseKind.EVENT: Category.EVENTS,
    CauseKind.QUOTE_ANSWERED: Category.QUOTES,
    CauseKind.PUBLICATION: Category.PUBLICATIONS,
    CauseKind.COMMENT: Category.COMMENTS,
}
"""What a collaborator can have enough of; mails to contacts are of none."""


@dataclass(frozen=True)
class Told:
    """What is to be told: `content` is the protobuf message that the mails will be written from."""

    kind: CauseKind
    id: UUID
    revision: int
    content: bytes
    at: datetime


async def tell(work: UnitOfWork, told: Told, concerned: Sequence[Concerned], email: str | None = None) -> None:
    """Queue one delivery per concerned collaborator, or record why there is none. Again changes nothing.

    `email` is the address of somebody who is no collaborator yet.
    """
    await _record(work, told)
    if not concerned:
        return
    why_not = await _stopped(work, told, [each.collaborator for each in concerned])
    rows = [{**_delivery(work, told, each, why_not.get(each.collaborator)), "email": email} for each in concerned]
    await work.session.execute(insert(Delivery).values(rows).on_conflict_do_nothing())


async def close(work: UnitOfWork, kind: CauseKind, id: UUID, before: int | None = None) -> None:
    """What waits for nobody any more, or not at revisions `before` one: its mails still queued will be skipped."""
    statement = update(Cause).where(Cause.kind == kind.value, Cause.id == id).values(open=False)
    await work.session.execute(statement if before is None else statement.where(Cause.revision < before))


async def write_to(
    work: UnitOfWork, told: Told, contacts: Sequence[UUID], reasons: Mapping[UUID, tuple[Reason, ...]] | None = None
) -> None:
    """Queue one delivery per contact, apart from colleagues' mails and their preferences. Again changes nothing."""
    await _record(work, told)
    people = await queries.contacts(work.session, work.organization, contacts)
    refused = await queries.suppressed(work.session, work.organization, [each.email for each in people.values()])
    rows = []
    for each in people.values():
        about = Circumstances(each.email, each.deleted, False, refused.get(each.email), outside=True)
        row = _delivery(work, told, Concerned(each.id, (reasons or {}).get(each.id, ())), stopped(about))
        rows.append({**row, "collaborator_id": None, "contact_id": each.id, "queue": Queue.EXTERNAL.value})
    if rows:
        statement = insert(Delivery).values(rows).on_conflict_do_nothing()
        for made in (await work.session.execute(statement.returning(*queries.DELIVERY))).all():
            if made.status != Status.QUEUED.value:
                await work.emit(*message_news(made, Status(made.status), made.detail, work.now))


async def close_alert(work: UnitOfWork, alert: UUID) -> None:
    """An alert that waits for nobody any more."""
    await close(work, CauseKind.ALERT, alert)


async def left_out(work: UnitOfWork, event: UUID, concerned: Sequence[Concerned]) -> list[Concerned]:
    """Who was told of an event before, and is concerned no more."""
    statement = (
        select(Delivery.collaborator_id, Delivery.reasons)
        .ext(distinct_on(Delivery.collaborator_id))
        .where(
            Delivery.cause_kind == CauseKind.EVENT.value,
            Delivery.cause_id == event,
            Delivery.status != Status.SKIPPED.value,
            Delivery.collaborator_id.not_in([each.collaborator for each in concerned]),
        )
        .order_by(Delivery.collaborator_id, Delivery.revision.desc())
    )
    last_told = await work.session.execute(statement)
    return [
        Concerned(row.collaborator_id, (Reason.REMOVED,)) for row in last_told if row.reasons != [Reason.REMOVED.value]
    ]


async def _record(work: UnitOfWork, told: Told) -> None:
    row = {
        "organization_id": work.organization,
        "kind": told.kind.value,
        "id": told.id,
        "revision": told.revision,
        "content": told.content,
        "at": told.at,
        "open": True,
    }
    await work.session.execute(insert(Cause).values(row).on_conflict_do_nothing())


async def _stopped(work: UnitOfWork, told: Told, ids: Sequence[UUID]) -> dict[UUID, Stopped]:
    people = await queries.collaborators(work.session, work.organization, ids)
    category = CATEGORY.get(told.kind)
    unwanted = await queries.unsubscribed(work.session, work.organization, category, ids) if category else set()
    emails = [person.email for person in people.values()]
    signing_in = told.kind is CauseKind.SIGN_IN
    refused = await queries.suppressed(work.session, work.organization, emails, signing_in=signing_in)
    found = {
        person.id: stopped(
            Circumstances(person.email, person.disabled, person.id in unwanted, refused.get(person.email))
        )
        for person in people.values()
    }
    return {id: why for id, why in found.items() if why is not None}


def _delivery(work: UnitOfWork, told: Told, each: Concerned, why_not: Stopped | None) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": work.organization,
        "cause_kind": told.kind.value,
        "cause_id": told.id,
        "revision": told.revision,
        "collaborator_id": each.collaborator,
        "channel": EMAIL,
        "reasons": [reason.value for reason in each.reasons],
        "status": (why_not.status if why_not else Status.QUEUED).value,
        "detail": why_not.detail if why_not else None,
        "priority": _PRIORITY[told.kind],
        "attempts": 0,
        "next_attempt_at": None if why_not else work.now,
        "created_at": work.now,
        "changed_at": work.now,
    }
