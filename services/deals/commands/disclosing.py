"""What deals keeps of a person who asks for it; see docs/decisions/0035-access.md."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, or_, select

from chassis.database import UnitOfWork
from chassis.disclosure import Found, TooMuch, mentions, pieces, refused, rows_of
from chassis.redaction import pattern
from services.deals import events, model
from services.deals.commands.erasing import TEXTS

_BY_PERSON = ("contact_id", "primary_contact_id", "person_id")
_BY_THING = ("deal_id", "event_id", "quote_id", "invoice_id")
_LEFT_OUT = frozenset({"follower", "follower_team", "unfollowed", "concerned", "stage_visit", "merge_move"})
"""Of collaborators, and how deals moved about: nothing of the person."""
_HIDDEN = ("token_hash", "content")


async def disclose(work: UnitOfWork, export: UUID, contacts: Sequence[UUID], identifiers: Sequence[str]) -> None:
    """Answer with all that is kept of a person, in pieces, or that it is too much."""
    try:
        told = pieces(await _found(work, contacts, identifiers))
    except TooMuch:
        told = [refused()]
    await work.emit(*(events.person_export_told(export, contacts, piece) for piece in told))


async def _found(work: UnitOfWork, contacts: Sequence[UUID], identifiers: Sequence[str]) -> dict[str, list[Found]]:
    things = _things(contacts)
    found: dict[str, list[Found]] = {}
    for table in model.Base.metadata.sorted_tables:
        ties = _ties(table, contacts, things)
        if ties and table.name not in _LEFT_OUT:
            found[table.name] = await rows_of(work, table, or_(*ties), _HIDDEN)
    expression = pattern(identifiers)
    for kind, names in TEXTS:
        table = kind.metadata.tables[kind.__tablename__]
        found[f"mentions_{table.name}"] = await mentions(work, table, names, expression)
    return found


def _things(contacts: Sequence[UUID]) -> dict[str, Select[Any]]:
    """Ids of the deals, events, quotes and invoices that are with them."""
    deal, part, event, attendee = model.Deal, model.Participant, model.Event, model.Attendee
    parts = select(part.deal_id).where(part.contact_id.in_(contacts))
    deals = select(deal.id).where(or_(deal.primary_contact_id.in_(contacts), deal.id.in_(parts)))
    attended = select(attendee.event_id).where(attendee.person_id.in_(contacts))
    with_them = or_(event.contact_id.in_(contacts), event.deal_id.in_(deals), event.id.in_(attended))
    quotes = select(model.Quote.id).where(model.Quote.deal_id.in_(deals))
    invoices = select(model.Invoice.id).where(
        or_(model.Invoice.contact_id.in_(contacts), model.Invoice.deal_id.in_(deals))
    )
    events_of = select(event.id).where(with_them)
    return {"deal_id": deals, "event_id": events_of, "quote_id": quotes, "invoice_id": invoices}


def _ties(table: Table, contacts: Sequence[UUID], things: dict[str, Select[Any]]) -> list[ColumnElement[bool]]:
    """By what a table's rows are theirs; how others take part in the same deal or event is not."""
    ties: list[ColumnElement[bool]] = [table.c[name].in_(contacts) for name in _BY_PERSON if name in table.c]
    if table.name in ("contact", "group_member"):
        ties.append(table.c["id" if table.name == "contact" else "member_id"].in_(contacts))
    if table.name in ("participant", "attendee", "interlocutor", "quote_link"):
        return ties
    own = {"deal": "deal_id", "event": "event_id", "quote": "quote_id", "invoice": "invoice_id"}.get(table.name)
    if own is not None:
        ties.append(table.c.id.in_(things[own]))
    return [*ties, *(table.c[name].in_(things[name]) for name in _BY_THING if name in table.c)]
