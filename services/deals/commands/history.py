"""What is written down beside every change: facts, and places on timelines."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis import identifiers
from chassis.database import UnitOfWork
from services.deals import events
from services.deals.model import Notification, TimelineEntry
from services.deals.queries import copies
from services.deals.queries.lists import newest_entries
from services.deals.queries.subjects import read_subject, subject_of_account, subject_of_contact, subject_of_deal
from services.deals.values.subject import Subject

BURST = timedelta(minutes=10)
_KINDS = {
    "owner_id": "collaborator",
    "follower_id": "collaborator",
    "assignee_id": "collaborator",
    "concerned": "collaborator",
    "attendees": "collaborator",
    "mention_ids": "collaborator",
    "contacts": "contact",
    "participants": "contact",
    "person_id": "contact",
    "primary_contact_id": "contact",
}


async def subject_of(
    work: UnitOfWork, deal_id: UUID | None = None, contact_id: UUID | None = None, account_id: UUID | None = None
) -> Subject:
    """The deal, contact or account that something is about, with its people, as this transaction sees them."""
    await work.session.flush()
    if deal_id is not None:
        statement = subject_of_deal(deal_id, contact_id)
    elif contact_id is not None:
        statement = subject_of_contact(contact_id)
    elif account_id is not None:
        statement = subject_of_account(account_id)
    else:
        raise ValueError("an entry is about a deal, a contact or an account")
    return read_subject((await work.session.execute(statement)).one())


async def place(
    work: UnitOfWork, subject: Subject, kind: str, entry: UUID, at: datetime, actor: UUID | None = None
) -> None:
    """Put an event, notification, alert or comment on the timelines it belongs to; `actor` wrote or did it."""
    rows = [
        {
            "organization_id": work.organization,
            "subject_id": id,
            "at": at,
            "entry_id": entry,
            "kind": kind,
            "actor_id": actor,
        }
        for id in subject.timelines
    ]
    await work.session.execute(insert(TimelineEntry), rows)
    await _place_on_winners(work, subject.timelines, rows[0] if rows else {})


async def _place_on_winners(work: UnitOfWork, subjects: Iterable[UUID], row: Mapping[str, Any]) -> None:
    """What is still told of one that became part of another stands on the other's timeline, too."""
    found = (await work.session.execute(copies.merged(subjects))).all()
    while found:
        rows = [{**row, "subject_id": each.winner, "merged_from_id": each.id} for each in found]
        await work.session.execute(insert(TimelineEntry).on_conflict_do_nothing(), rows)
        found = (await work.session.execute(copies.merged([each.winner for each in found]))).all()


class Author(NamedTuple):
    """Who did something, and when, where that is not this unit of work's actor and moment."""

    actor_id: UUID | None
    at: datetime


async def record(
    work: UnitOfWork,
    kind: str,
    subject: Subject,
    changes: Mapping[str, tuple[Any, Any]],
    author: Author | None = None,
    thing: UUID | None = None,
    *,
    placed: bool = True,
) -> None:
    """Write a fact down, with who did it, what brought it about, and what changed from what to what.

    `thing` is what changed, the deal, contact or account itself where it is not told: facts of one person about one
    thing within BURST are shown as one. Not `placed`, it is told, but something else stands for it on timelines.
    """
    author = author or Author(work.actor.collaborator, work.now)
    thing = thing or subject.deal_id or subject.contact_id or subject.account_id
    fact = Notification(
        id=identifiers.new_id(),
        organization_id=work.organization,
        kind=kind,
        deal_id=subject.deal_id,
        contact_id=subject.contact_id,
        account_id=subject.account_id,
        actor_id=author.actor_id,
        details={field: [_text(field, before), _text(field, after)] for field, (before, after) in changes.items()},
        at=author.at,
        cause=work.cause,
        thing_id=thing,
        head_id=await _head(work, kind, subject, thing, author) if placed else None,
    )
    work.session.add(fact)
    await work.session.flush()
    if placed and fact.head_id is None:
        await place(work, subject, "notification", fact.id, fact.at, fact.actor_id)
    await work.emit(events.fact_recorded(fact, subject, dict(_flat(fact.details))))


async def _head(work: UnitOfWork, kind: str, subject: Subject, thing: UUID | None, author: Author) -> UUID | None:
    """The fact that this one is shown with: the newest entry of every timeline concerned, of the same making."""
    if author.actor_id is None:
        return None
    newest = set((await work.session.scalars(newest_entries(work.organization, subject.timelines))).all())
    if len(newest) != 1 or None in newest:
        return None
    same = (
        select(Notification.id)
        .where(Notification.id == newest.pop(), Notification.kind == kind, Notification.thing_id == thing)
        .where(Notification.actor_id == author.actor_id, Notification.at > author.at - BURST)
    )
    return await work.session.scalar(same)


def _text(field: str, value: Any) -> str | None:
    """A value as it is kept: ids as everybody sees them, moments in ISO 8601."""
    if isinstance(value, list):
        return ", ".join(_text(field, item) or "" for item in value)
    if isinstance(value, UUID):
        return identifiers.format_id(_KINDS.get(field) or field.removesuffix("_id"), value)
    return value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)


def _flat(details: Mapping[str, list[str | None]]) -> Iterable[tuple[str, str]]:
    for field, (before, after) in details.items():
        yield f"{field}.before", before or ""
        yield f"{field}.after", after or ""
