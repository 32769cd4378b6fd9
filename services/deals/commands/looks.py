"""What a sweep remembers for the next: who is to be looked at when. Statements of the system's role."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Executable,
    Uuid,
    delete,
    literal,
    select,
    true,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from chassis.arrays import one_of
from services.deals.model import Account, Alert, AlertCue, AlertLook, AlertTurn, Contact, Deal, Organization
from services.deals.queries.alerts import OPEN_STATUSES
from services.deals.queries.relations import Columns, relation
from services.deals.states.deal import CARRIED

TICK = timedelta(minutes=5)
"""How often it is written down that a turn was had: a clock set back by less is not noticed, and does no harm."""
_STEP = timedelta(microseconds=1)
_NEXT: Columns = (("subject_id", Uuid()), ("organization_id", Uuid()), ("look_at", DateTime(timezone=True)))


def turned(organizations: Collection[UUID], habits: str, now: datetime) -> Executable:
    """These organizations had a turn, and need no audit of what was before it."""
    whose = select(Organization.id, literal(now), literal(now), literal(habits))
    begin = insert(AlertTurn).from_select(
        ["organization_id", "turned_at", "audited_at", "habits"], whose.where(one_of(Organization.id, organizations))
    )
    told = {name: begin.excluded[name] for name in ("turned_at", "audited_at", "habits")}
    return begin.on_conflict_do_update(index_elements=["organization_id"], set_=told)


def ticked(now: datetime, only: UUID | None) -> Executable:
    """Another turn was had."""
    of = true() if only is None else AlertTurn.organization_id == only
    return update(AlertTurn).where(AlertTurn.turned_at < now - TICK, of).values(turned_at=now)


def audited(now: datetime, only: UUID | None) -> Executable:
    """Everything was looked over."""
    of = true() if only is None else AlertTurn.organization_id == only
    return update(AlertTurn).where(of).values(audited_at=now)


def everybody(organizations: Sequence[UUID], now: datetime) -> Executable:
    """All that these organizations have that may be looked at, to look at now: one organization after the other.

    So that a page of looks is of few organizations, and what it finds is written by large batches.
    """
    kinds = (
        (Deal.id, Deal.organization_id, Deal.phase.in_(CARRIED)),
        (Contact.id, Contact.organization_id, ~Contact.deleted),
        (Account.id, Account.organization_id, ~Account.deleted),
        (Alert.subject_id, Alert.organization_id, Alert.status.in_(OPEN_STATUSES)),
    )
    found = union(
        *(
            select(id.label("subject_id"), whose.label("whose")).where(which, one_of(whose, organizations))
            for id, whose, which in kinds
        )
    ).subquery()
    before = [(each, now - place * _STEP) for place, each in enumerate(organizations, start=1)]
    turn = relation("turn", (("organization_id", Uuid()), ("at", DateTime(timezone=True))), before)
    rows = select(found.c.subject_id, found.c.whose, turn.c.at).join(turn, turn.c.organization_id == found.c.whose)
    begin = insert(AlertLook).from_select(["subject_id", "organization_id", "look_at"], rows)
    return begin.on_conflict_do_update(index_elements=["subject_id"], set_={"look_at": begin.excluded.look_at})


def remember(subjects: Mapping[UUID, UUID], following: Mapping[UUID, datetime]) -> list[Executable]:
    """When to look next, at whom; the others of the subjects wait for a cue."""
    idle = [subject for subject in subjects if subject not in following]
    told = [(subject, subjects[subject], at) for subject, at in following.items()]
    begin = insert(AlertLook).from_select([name for name, _ in _NEXT], select(relation("next", _NEXT, told)))
    keep = begin.on_conflict_do_update(
        index_elements=["subject_id"],
        set_={"look_at": begin.excluded.look_at},
        where=AlertLook.look_at != begin.excluded.look_at,
    )
    return [keep, delete(AlertLook).where(one_of(AlertLook.subject_id, idle))]


def taken(cued: Sequence[int]) -> Executable:
    """These cues were seen to."""
    return delete(AlertCue).where(one_of(AlertCue.id, cued))
