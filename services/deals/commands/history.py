"""What is written down beside every change: facts, and places on timelines."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from chassis import identifiers
from chassis.database import UnitOfWork
from services.deals import events
from services.deals.model import Notification, TimelineEntry
from services.deals.queries import copies
from services.deals.queries.lists import newest_entries
from services.deals.queries.subjects import (
    read_subject,
    subject_of_account,
    subject_of_contact,
    subject_of_deal,
    subjects_of_accounts,
    subjects_of_contacts,
    subjects_of_deals,
)
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


_Several = Callable[[Collection[UUID]], Select[*tuple[Any, ...]]]
_SEVERAL: dict[str, _Several] = {
    "deal": subjects_of_deals,
    "contact": subjects_of_contacts,
    "account": subjects_of_accounts,
}


async def subjects_of(work: UnitOfWork, kind: str, ids: Collection[UUID]) -> dict[UUID, Subject]:
    """The deals, contacts or accounts of these ids, with their people, as this transaction sees them."""
    await work.session.flush()
    found = [read_subject(row) for row in (await work.session.execute(_SEVERAL[kind](ids))).all()]
    return {getattr(subject, f"{kind}_id"): subject for subject in found}


class Entry(NamedTuple):
    """What has its place on the timelines of a subject; `actor` wrote or did it."""

    subject: Subject
    id: UUID
    at: datetime
    actor: UUID | None = None


async def place(
    work: UnitOfWork, subject: Subject, kind: str, entry: UUID, at: datetime, actor: UUID | None = None
) -> None:
    """Put an event, notification, alert or comment on the timelines it belongs to; `actor` wrote or did it."""
    await place_all(work, kind, [Entry(subject, entry, at, actor)])


async def place_all(work: UnitOfWork, kind: str, entries: Iterable[Entry]) -> None:
    """The same for several things of one kind."""
    rows = [
        {
            "organization_id": work.organization,
            "subject_id": id,
            "at": entry.at,
            "entry_id": entry.id,
            "kind": kind,
            "actor_id": entry.actor,
        }
        for entry in entries
        for id in entry.subject.timelines
    ]
    if rows:
        await work.session.execute(insert(TimelineEntry), rows)
        await _place_on_winners(work, rows)


async def _place_on_winners(work: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """What is still told of one that became part of another stands on the other's timeline, too."""
    while found := (await work.session.execute(copies.merged({row["subject_id"] for row in rows}))).all():
        winners = {each.id: each.winner for each in found}
        rows = [
            {**row, "subject_id": winners[row["subject_id"]], "merged_from_id": row["subject_id"]}
            for row in rows
            if row["subject_id"] in winners
        ]
        await work.session.execute(insert(TimelineEntry).on_conflict_do_nothing(), rows)


class Author(NamedTuple):
    """Who did something, and when, where that is not this unit of work's actor and moment."""

    actor_id: UUID | None
    at: datetime


class Fact(NamedTuple):
    """What happened to a subject: what changed from what to what; `thing` is what changed, if not the subject."""

    subject: Subject
    changes: Mapping[str, tuple[Any, Any]]
    thing: UUID | None = None
    placed: bool = True


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
    await record_all(work, kind, [Fact(subject, changes, thing, placed)], author)


async def record_all(work: UnitOfWork, kind: str, told: Sequence[Fact], author: Author | None = None) -> None:
    """Write several facts of a kind down."""
    author = author or Author(work.actor.collaborator, work.now)
    facts = [await _fact(work, kind, each, author) for each in told]
    work.session.add_all(facts)
    await work.session.flush()
    pairs = [(fact, each.subject) for fact, each in zip(facts, told, strict=True)]
    shown = [
        Entry(each.subject, fact.id, fact.at, fact.actor_id)
        for fact, each in zip(facts, told, strict=True)
        if each.placed and fact.head_id is None
    ]
    await place_all(work, "notification", shown)
    await work.emit(*(events.fact_recorded(fact, subject, dict(_flat(fact.details))) for fact, subject in pairs))


async def _fact(work: UnitOfWork, kind: str, told: Fact, author: Author) -> Notification:
    subject = told.subject
    thing = told.thing or subject.deal_id or subject.contact_id or subject.account_id
    return Notification(
        id=identifiers.new_id(),
        organization_id=work.organization,
        kind=kind,
        deal_id=subject.deal_id,
        contact_id=subject.contact_id,
        account_id=subject.account_id,
        actor_id=author.actor_id,
        details={field: [_text(field, before), _text(field, after)] for field, (before, after) in told.changes.items()},
        at=author.at,
        cause=work.cause,
        thing_id=thing,
        head_id=await _head(work, kind, subject, thing, author) if told.placed else None,
    )


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
