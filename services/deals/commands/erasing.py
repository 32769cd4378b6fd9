"""A person who was erased is taken out of all that deals keeps; counts and sums stay true: no row goes."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.redaction import ERASED, pattern, redact_message, redact_rows
from proto.deals.v1 import messages_pb2 as pb
from services.deals import events, model
from services.deals.model import OUTBOX, Contact

TEXTS: tuple[tuple[type[model.Base], tuple[str, ...]], ...] = (
    (model.Deal, ("title", "lost_reason")),
    (model.Event, ("title", "description", "place")),
    (model.Notification, ("details",)),
    (model.Alert, ("figures", "ending_reason")),
    (model.Participant, ("part",)),
    (model.Document, ("title", "url")),
    (model.DealLine, ("label", "description")),
    (model.Contract, ("title",)),
    (model.QuoteRequest, ("title", "description", "remark")),
    (model.DealCustomValue, ("text",)),
    (model.Message, ("title", "body", "attachments")),
    (model.MessageRecipient, ("reason",)),
)
_DRAFTS = select(model.Quote.id).where(model.Quote.sent_at.is_(None))
_CLAIMS = select(model.Invoice.id).where(model.Invoice.number.is_(None))
PAPERS: tuple[tuple[type[model.Base], tuple[str, ...], ColumnElement[bool]], ...] = (
    (
        model.Quote,
        ("title", "introduction", "conditions", "buyer_name", "buyer_address"),
        model.Quote.sent_at.is_(None),
    ),
    (model.QuoteLine, ("label", "description"), model.QuoteLine.quote_id.in_(_DRAFTS)),
    (model.Invoice, ("title",), model.Invoice.number.is_(None)),
    (model.InvoiceLine, ("label", "description"), model.InvoiceLine.invoice_id.in_(_CLAIMS)),
)
"""Papers that nobody was sent. The others, and answers to quotes, are kept as they were sent: the law asks for it."""


async def erase(work: UnitOfWork, erasure: UUID, contacts: Sequence[UUID], identifiers: Sequence[str]) -> None:
    """Forget a person; again changes nothing. Answers when it is done."""
    expression = pattern(identifiers)
    table: type[model.Base]
    for table, names in TEXTS:
        await redact_rows(work, table.metadata.tables[table.__tablename__], names, expression)
    for table, names, unsent in PAPERS:
        await redact_rows(work, table.metadata.tables[table.__tablename__], names, expression, unsent)
    await work.session.execute(delete(model.QuoteLink).where(model.QuoteLink.contact_id.in_(contacts)))
    await work.session.execute(update(Contact).where(Contact.id.in_(contacts)).values(name=ERASED))
    await _forget_messages(work, contacts, expression)
    await work.emit(events.erasure_done(erasure))


async def _forget_messages(work: UnitOfWork, contacts: Sequence[UUID], expression: str) -> None:
    """Those that left are dropped; those that have not are told without the person."""
    columns = OUTBOX.c
    ids = [format_id("contact", id) for id in contacts]
    naming = or_(*(func.strpos(func.encode(columns.payload, "escape"), id) > 0 for id in ids))
    gone = or_(columns.published_at.is_not(None), columns.aggregate == "person_export")
    await work.session.execute(delete(OUTBOX).where(naming, gone))
    waiting = select(columns.id, columns.type, columns.payload).where(naming).with_for_update()
    for row in (await work.session.execute(waiting)).all():
        message = getattr(pb, row.type.rpartition(".")[2]).FromString(row.payload)
        redact_message(message, expression)
        told = OUTBOX.update().where(columns.id == row.id).values(payload=message.SerializeToString())
        await work.session.execute(told)
