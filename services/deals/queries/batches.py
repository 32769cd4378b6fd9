"""Rows by id or by what they belong to, one statement for all those asked for at once."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select

from chassis.database import ReadSession
from services.deals.model import (
    Acceptance,
    Alert,
    Attendee,
    Base,
    ClosePush,
    Collaborator,
    Comment,
    CommentRevision,
    Concerned,
    Contract,
    CustomField,
    Deal,
    DealCustomValue,
    DealLine,
    Document,
    Event,
    FollowerTeam,
    FollowRule,
    Invoice,
    InvoiceLine,
    Letterhead,
    Message,
    MessageRecipient,
    MovedOccurrence,
    Notification,
    Organization,
    Participant,
    Payment,
    Pipeline,
    Product,
    Quote,
    QuoteAnswer,
    QuoteLine,
    QuotePaper,
    QuoteRequest,
    Stage,
    StageVisit,
    Task,
)
from services.deals.queries.criteria import lacking, read_lacking
from services.deals.queries.followers import following
from services.deals.queries.health import of_deals
from services.deals.values.stages import Need

One = Callable[[ReadSession, Sequence[UUID]], Awaitable[Sequence[Row[Any] | None]]]
Many = Callable[[ReadSession, Sequence[UUID]], Awaitable[Sequence[list[Row[Any]]]]]


def _one(kind: type[Base], key: str = "id") -> One:
    table: Any = kind.__table__

    async def batch(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Row[Any] | None]:
        return await session.by_key(select(table), table.c[key], ids)

    return batch


def _many(kind: type[Base], key: str, *order: str, where: ColumnElement[bool] | None = None) -> Many:
    table: Any = kind.__table__

    async def batch(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Row[Any]]]:
        statement = select(table).where(table.c[key].in_(ids)).order_by(*(table.c[name] for name in order))
        found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
        for row in await session.rows(statement if where is None else statement.where(where)):
            found[row._mapping[key]].append(row)
        return [found[id] for id in ids]

    return batch


alerts = _one(Alert)
collaborators = _one(Collaborator)
deals = _one(Deal)
events = _one(Event)
notifications = _one(Notification)
organizations = _one(Organization)
pipelines = _one(Pipeline)
stages = _one(Stage)
acceptances = _one(Acceptance, "quote_id")
contracts = _one(Contract)
invoices = _one(Invoice)
letterheads = _one(Letterhead, "organization_id")
products = _one(Product)
quote_answers = _one(QuoteAnswer, "quote_id")
quote_requests = _one(QuoteRequest)
quotes = _one(Quote)
tasks = _one(Task)
task_of_event = _one(Task, "event_id")

alerts_of_deal = _many(Alert, "deal_id", "id")
attendees_of_event = _many(Attendee, "event_id", "kind", "person_id")
moved_of_event = _many(MovedOccurrence, "event_id", "occurrence")
comments = _one(Comment)
messages = _one(Message)
recipients_of_message = _many(MessageRecipient, "message_id", "position")
revisions_of_comment = _many(CommentRevision, "comment_id", "version")
concerned_of_event = _many(Concerned, "event_id", "collaborator_id")
teams_of_deal = _many(FollowerTeam, "deal_id", "since", "team_id")
participants_of_deal = _many(Participant, "deal_id", "contact_id")
facts_of_burst = _many(Notification, "head_id", "at", "id")
facts_of_thing = _many(Notification, "thing_id", "at", "id")
documents_of_deal = _many(Document, "deal_id", "added_at", "id", where=Document.removed_at.is_(None))
documents_of_event = _many(Document, "event_id", "added_at", "id", where=Document.removed_at.is_(None))
documents = _one(Document)
follow_rules = _one(FollowRule)
pushes_of_deal = _many(ClosePush, "deal_id", "at", "id")
stages_of_pipeline = _many(Stage, "pipeline_id", "position", where=Stage.archived_at.is_(None))
stays_of_deal = _many(StageVisit, "deal_id", "entered_at", "id")


async def followers_of_deal(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Row[Any]]]:
    """Each deal's followers with why they are: `collaborator_id, because`."""
    found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await session.rows(following(ids)):
        found[row.deal_id].append(row)
    return [found[id] for id in ids]


async def lacks_of_deal(session: ReadSession, ids: Sequence[UUID]) -> Sequence[set[Need]]:
    """What each deal lacks of what a stage may require."""
    found = {row.id: read_lacking(row) for row in await session.rows(lacking(ids))}
    return [found.get(id, set()) for id in ids]


async def custom_values_of_deal(session: ReadSession, ids: Sequence[UUID]) -> Sequence[list[Row[Any]]]:
    """Each deal's values of its organization's own fields, with the fields, in their order."""
    value, field = DealCustomValue, CustomField
    columns = (value.deal_id, value.field_id, value.text, value.millionths, value.day, value.truth)
    rows = (
        select(*columns, field.key, field.type)
        .join(field, field.id == value.field_id)
        .where(value.deal_id.in_(ids), field.deleted.is_(False))
        .order_by(field.position, field.key, value.position)
    )
    found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await session.rows(rows):
        found[row.deal_id].append(row)
    return [found[id] for id in ids]


contracts_of_deal = _many(Contract, "deal_id", "id")
invoices_of_deal = _many(Invoice, "deal_id", "id")
lines_of_deal = _many(DealLine, "deal_id", "position")
lines_of_invoice = _many(InvoiceLine, "invoice_id", "position")
lines_of_quote = _many(QuoteLine, "quote_id", "position")
payments_of_invoice = _many(Payment, "invoice_id", "paid_on", "id")
quotes_of_deal = _many(Quote, "deal_id", "id")
quotes_of_family = _many(Quote, "family_id", "revision")
requests_of_deal = _many(QuoteRequest, "deal_id", "id")


async def quote_papers(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Row[Any] | None]:
    """Hash and date of papers, without their bytes."""
    columns = (QuotePaper.quote_id, QuotePaper.sha256, QuotePaper.made_at)
    return await session.by_key(select(*columns), QuotePaper.quote_id, ids)


async def scores(session: ReadSession, ids: Sequence[UUID]) -> Sequence[Row[Any] | None]:
    """`deal_id, score` of the deals that are being carried."""
    found = {row.deal_id: row for row in await session.rows(of_deals(ids))}
    return [found.get(id) for id in ids]
