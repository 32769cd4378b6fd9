"""Lists before their paging."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, SQLColumnExpression, Uuid, cast, exists, func, or_, select, union

from services.deals.model import (
    GROUPS,
    Alert,
    Base,
    Deal,
    Follower,
    Message,
    MessageRecipient,
    Participant,
    Pipeline,
    TimelineEntry,
)

Having = Callable[[Iterable[ColumnElement[bool]]], ColumnElement[bool]]


DEALS: Select[*tuple[Any, ...]] = select(Deal.__table__)
ALERTS: Select[*tuple[Any, ...]] = select(Alert.__table__)
FOLLOWER = Follower.__table__.c.collaborator_id
PARTICIPANT = Participant.__table__.c.contact_id

# A contact's deals are those it is the primary contact or a participant of, each once.
_PARTY = union(
    select(Deal.primary_contact_id.label("contact_id"), Deal.id.label("deal_id")).where(
        Deal.primary_contact_id.is_not(None)
    ),
    select(Participant.contact_id, Participant.deal_id),
).subquery("party")
DEALS_OF_CONTACTS: Select[*tuple[Any, ...]] = DEALS.join(_PARTY, _PARTY.c.deal_id == Deal.id)
CONTACT_OF_DEAL = _PARTY.c.contact_id


def has(kind: type[Base], column: SQLColumnExpression[Any]) -> Having:
    """Rows whose reference names one for which all the clauses hold."""
    return lambda clauses: exists().where(kind.__table__.c.id == column, *clauses)


def is_followed_by(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Deals with a follower for whom all the clauses hold."""
    return exists().where(Follower.deal_id == Deal.id, *clauses)


def includes(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Deals with a participant for whom all the clauses hold."""
    return exists().where(Participant.deal_id == Deal.id, *clauses)


def is_written_to(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Messages with a recipient for whom all the clauses hold."""
    return exists().where(MessageRecipient.message_id == Message.id, *clauses)


def in_group(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Deals whose primary contact, or a participant, is in a group for which all the clauses hold."""
    part = exists().where(Participant.deal_id == Deal.id, GROUPS.contains(Participant.__table__.c.contact_id, *clauses))
    return or_(GROUPS.contains(Deal.__table__.c.primary_contact_id, *clauses), part)


def is_tagged(clauses: Callable[[Any], list[ColumnElement[bool]]]) -> ColumnElement[bool]:
    """Deals with a tag for which all the clauses hold."""
    tag = func.unnest(Deal.tags).column_valued("tag")
    return exists(select(tag).where(*clauses(tag)).correlate(Deal))


def pipelines(*, archived: bool) -> Select[*tuple[Any, ...]]:
    """The pipelines in use, the default one first; or all of them."""
    statement = select(Pipeline.__table__).order_by(Pipeline.is_default.desc(), Pipeline.id)
    return statement if archived else statement.where(Pipeline.archived_at.is_(None))


TIMELINE: Select[*tuple[Any, ...]] = select(TimelineEntry.entry_id, TimelineEntry.kind)
SUBJECT = TimelineEntry.__table__.c.subject_id


def of_timeline(organization: UUID, kinds: Sequence[str], people: Sequence[UUID]) -> list[ColumnElement[bool]]:
    """Entries of these kinds, or of all; written or done by these people, or by anybody."""
    # The organization is named although row-level security holds: it is the first column of the primary key.
    clauses = [TimelineEntry.organization_id == organization]
    if kinds:
        clauses.append(TimelineEntry.kind.in_(kinds))
    if people:
        clauses.append(TimelineEntry.actor_id.in_(people))
    return clauses


def newest_entries(organization: UUID, subjects: Sequence[UUID]) -> Select[*tuple[Any, ...]]:
    """The newest entry of each of these timelines; null where there is none."""
    asked = func.unnest(cast(list(subjects), ARRAY(Uuid))).table_valued("id", name="_subjects").render_derived()
    newest = (
        select(TimelineEntry.entry_id)
        .where(TimelineEntry.organization_id == organization, TimelineEntry.subject_id == asked.c.id)
        .order_by(TimelineEntry.at.desc(), TimelineEntry.entry_id.desc())
        .limit(1)
    )
    return select(newest.correlate(asked).scalar_subquery()).select_from(asked)
