"""What the notifier keeps of a person who asks for it; see docs/decisions/0035-access.md."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Table, select

from chassis.database import UnitOfWork
from chassis.dead_letters import said
from chassis.disclosure import Found, TooMuch, mentions, pieces, refused, rows_of
from chassis.redaction import pattern
from services.notifier import events
from services.notifier.bounces.model import Address, MailReport
from services.notifier.commands.erasing import causes_of, told_of
from services.notifier.dead_letters.commands import naming
from services.notifier.model import Attempt, Contact, Delivery, NotifierBase, Suppression
from services.notifier.publications.model import PublicationReader, Unsubscription

_READER = PublicationReader
_TEXTS = {"delivery": ("subject", "detail", "email"), "attempt": ("answer",), "mail_report": ("words",)}


async def disclose(work: UnitOfWork, export: UUID, contacts: Sequence[UUID], identifiers: Sequence[str]) -> None:
    """Answer with all that is kept of a person, in pieces, or that it is too much."""
    try:
        told = pieces(await _found(work, contacts, identifiers))
    except TooMuch:
        told = [refused()]
    await work.emit(*(events.person_export_told(export, contacts, piece) for piece in told))


async def _found(work: UnitOfWork, contacts: Sequence[UUID], identifiers: Sequence[str]) -> dict[str, list[Found]]:
    theirs = select(Delivery.id).where(Delivery.contact_id.in_(contacts))
    found = {
        "contact": await rows_of(work, _table("contact"), Contact.id.in_(contacts)),
        "delivery": await rows_of(work, _table("delivery"), Delivery.contact_id.in_(contacts)),
        "attempt": await rows_of(work, _table("attempt"), Attempt.delivery_id.in_(theirs)),
        "mail_report": await rows_of(work, _table("mail_report"), MailReport.delivery_id.in_(theirs)),
        "address": await rows_of(work, _table("address"), Address.person_id.in_(contacts)),
        "suppression": await rows_of(work, _table("suppression"), Suppression.email.in_(identifiers)),
        "publication_reader": await rows_of(work, _table("publication_reader"), _READER.contact_id.in_(contacts)),
        "unsubscription": await rows_of(work, _table("unsubscription"), Unsubscription.contact_id.in_(contacts)),
        "cause": await _causes(work, contacts),
        "dead_letter": await _dead_letters(work, contacts, identifiers),
    }
    expression = pattern(identifiers)
    for name, columns in _TEXTS.items():
        found[f"mentions_{name}"] = await mentions(work, _table(name), columns, expression)
    return found


async def _causes(work: UnitOfWork, contacts: Sequence[UUID]) -> list[Found]:
    """What mails about them are written from."""
    rows = await rows_of(work, _table("cause"), causes_of(contacts))
    return [{**row, "content": told_of(row["kind"], row["content"])} for row in rows]


async def _dead_letters(work: UnitOfWork, contacts: Sequence[UUID], identifiers: Sequence[str]) -> list[Found]:
    rows = await rows_of(work, _table("dead_letter"), naming(contacts, identifiers))
    return [{**row, "payload": said(row["type"], row["payload"])} for row in rows]


def _table(name: str) -> Table:
    return NotifierBase.metadata.tables[name]
