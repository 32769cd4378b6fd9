"""Reads of preferences and rhythms."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from chassis.arrays import one_of
from services.notifier.inbox.model import InboxItem, InboxState
from services.notifier.model import Category, Delivery
from services.notifier.preferences.bundling import Bounds
from services.notifier.preferences.cadence import Cadence, Channel, Choice
from services.notifier.preferences.model import Bundling, Preference, RhythmRow
from services.notifier.preferences.rhythm import Rhythm

PREFERENCE: tuple[Any, ...] = (
    Preference.collaborator_id,
    Preference.category,
    Preference.channel,
    Preference.reason,
    Preference.cadence,
)
RHYTHM: tuple[Any, ...] = (
    RhythmRow.collaborator_id,
    RhythmRow.quiet_from,
    RhythmRow.quiet_until,
    RhythmRow.quiet_weekdays,
    RhythmRow.digest_at,
    RhythmRow.digest_weekday,
)
BUNDLING: tuple[Any, ...] = (
    Bundling.fold_seconds,
    Bundling.burst_count,
    Bundling.burst_minutes,
    Bundling.burst_longest_minutes,
)


@dataclass(frozen=True)
class Wishes:
    """What holds for one collaborator."""

    choices: tuple[Choice, ...]
    rhythm: Rhythm


def preferences(ids: Collection[UUID]) -> Select[Any]:
    """What these collaborators of the scope said, and the organization's defaults."""
    return select(*PREFERENCE).where(_theirs(Preference.collaborator_id, ids))


def rhythms(ids: Collection[UUID]) -> Select[Any]:
    """Rhythms of these collaborators of the scope, after the organization's."""
    return (
        select(*RHYTHM).where(_theirs(RhythmRow.collaborator_id, ids)).order_by(RhythmRow.collaborator_id.nulls_first())
    )


def _theirs(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    return or_(column.is_(None), one_of(column, ids))


def choice_of(row: Row[Any]) -> Choice:
    """A row of PREFERENCE."""
    own = row.collaborator_id is not None
    return Choice(own, Category(row.category), Channel(row.channel), row.reason, Cadence(row.cadence))


def rhythm_of(row: Row[Any] | None) -> Rhythm:
    """A row of RHYTHM, or what holds without one."""
    if row is None:
        return Rhythm()
    quiet = (row.quiet_from, row.quiet_until, tuple(row.quiet_weekdays))
    return Rhythm(*quiet, row.digest_at, row.digest_weekday)


async def wishes(reader: AsyncSession | AsyncConnection, ids: Collection[UUID]) -> Mapping[UUID, Wishes]:
    """What each of these collaborators of the scope wants."""
    said = (await reader.execute(preferences(ids))).all()
    # The organization's come first, so that one's own replaces them.
    own = {row.collaborator_id: row for row in await reader.execute(rhythms(ids))}

    def choices(id: UUID) -> tuple[Choice, ...]:
        return tuple(choice_of(row) for row in said if row.collaborator_id in (None, id))

    return {id: Wishes(choices(id), rhythm_of(own.get(id, own.get(None)))) for id in ids}


async def bounds(reader: AsyncSession | AsyncConnection) -> Bounds:
    """How much the scope's organization folds and bundles."""
    row = (await reader.execute(select(*BUNDLING))).first()
    return Bounds() if row is None else Bounds(*row)


def email_choices() -> ColumnElement[Any]:
    """Within a statement on deliveries: the choices that bear on each, as `choices_in` reads them."""
    row = func.jsonb_build_array(Preference.collaborator_id.is_not(None), Preference.reason, Preference.cadence)
    mine = and_(
        Preference.organization_id == Delivery.organization_id,
        Preference.category == Delivery.category,
        Preference.channel == Channel.EMAIL.value,
        or_(Preference.collaborator_id.is_(None), Preference.collaborator_id == Delivery.collaborator_id),
    )
    return select(func.jsonb_agg(row)).where(mine).correlate(Delivery).scalar_subquery()


def choices_in(category: Category, told: Sequence[Any] | None) -> list[Choice]:
    """What `email_choices` gave."""
    return [Choice(own, category, Channel.EMAIL, reason, Cadence(cadence)) for own, reason, cadence in told or []]


def quiet_hours() -> ColumnElement[Any]:
    """Within a statement on deliveries: the reader's quiet hours, as `rhythm_in` reads them."""
    row = func.jsonb_build_array(
        cast(RhythmRow.quiet_from, Text), cast(RhythmRow.quiet_until, Text), func.to_jsonb(RhythmRow.quiet_weekdays)
    )
    mine = and_(
        RhythmRow.organization_id == Delivery.organization_id,
        or_(RhythmRow.collaborator_id.is_(None), RhythmRow.collaborator_id == Delivery.collaborator_id),
    )
    own_first = select(row).where(mine).order_by(RhythmRow.collaborator_id.nulls_last()).limit(1)
    return own_first.correlate(Delivery).scalar_subquery()


def rhythm_in(told: Sequence[Any] | None) -> Rhythm:
    """What `quiet_hours` gave."""
    if told is None:
        return Rhythm()
    start, end, weekdays = told
    return Rhythm(_clock(start), _clock(end), tuple(weekdays))


def _clock(told: str | None) -> time | None:
    return time.fromisoformat(told) if told else None


def done_in_inbox() -> ColumnElement[bool]:
    """Within a statement on deliveries: whether the reader is done with what each tells."""
    return (
        exists()
        .where(
            InboxItem.organization_id == Delivery.organization_id,
            InboxItem.collaborator_id == Delivery.collaborator_id,
            InboxItem.cause_kind == Delivery.cause_kind,
            InboxItem.cause_id == Delivery.cause_id,
            InboxItem.state == InboxState.DONE.value,
        )
        .correlate(Delivery)
    )
