"""One occurrence of an appointment that comes again, or this and those that follow: moved, or cancelled."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from services.deals.commands.attendance import attendees_of
from services.deals.commands.events import NewEvent, changeable, create_event, revised, state_of
from services.deals.commands.planning import keep, moved_of, series_of
from services.deals.model import Event
from services.deals.values import recurrence
from services.deals.values.moments import Slot
from services.deals.values.recurrence import Occurrence, Rule, Series
from services.deals.values.references import Reference


class Scope(StrEnum):
    """How much of a series a change is for."""

    THIS = "THIS"
    FOLLOWING = "FOLLOWING"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceMove:
    """An occurrence, by when its series says it begins, and where it goes; `rule` for those that follow."""

    id: UUID
    occurrence: datetime
    scope: Scope
    starts_at: datetime
    ends_at: datetime
    place: str | None = None
    rule: Rule | None = None
    expected_version: int | None = None
    references: tuple[Reference, ...] = ()


async def move_occurrence(work: UnitOfWork, order: OccurrenceMove) -> UUID:
    """Move an occurrence, or cut the series in two. Gives the id of the event that has the new time.

    Raises NotFound, VersionConflict, EventCancelled, InvalidInput, InvalidRecurrence.
    """
    event, series = await _series(work, order.id, order.expected_version, order.occurrence)
    if order.scope is Scope.FOLLOWING:
        return await _cut(work, event, series, order)
    if order.rule is not None:
        raise InvalidInput("recurrence", "A rule is for those that follow: give the scope FOLLOWING.")
    place = order.place if order.place is not None else event.place
    told = Occurrence(order.occurrence, order.starts_at, order.ends_at, place, moved=True)
    await keep(work, event, recurrence.moved(series, told))
    changes = {"occurrence": (order.occurrence, order.starts_at), "ends_at": (None, order.ends_at)}
    await revised(work, event, "occurrence_moved", changes)
    return event.id


async def _cut(work: UnitOfWork, event: Event, series: Series, order: OccurrenceMove) -> UUID:
    rest = recurrence.rest(series, order.occurrence, order.starts_at, order.ends_at, order.rule)
    following = await _following(work, event, rest, order.place)
    await _end(work, event, series, order.occurrence, "series_cut")
    return await create_event(work, following)


async def _following(work: UnitOfWork, event: Event, rest: Series, place: str | None) -> NewEvent:
    """A new appointment like the one that ends: the same people, who have yet to answer."""
    state, people = await state_of(work, event), await attendees_of(work, event)
    return NewEvent(
        title=event.title,
        description=event.description,
        deal=event.deal_id,
        contact=event.contact_id,
        concerned=tuple(state.concerned),
        departments=tuple(event.departments),
        slot=Slot(rest.starts_at, rest.ends_at, rest.time_zone),
        place=place if place is not None else event.place,
        link=event.link,
        rule=rest.rule,
        attendees=tuple(one.person_id for one in people if one.kind == "collaborator"),
        contacts=tuple(one.person_id for one in people if one.kind == "contact"),
        mentions=tuple(event.mention_ids),
        series=event.series_id or event.id,
        excluded=tuple(sorted(one for one in rest.excluded if replace(rest, excluded=frozenset()).has(one))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceCancellation:
    """An occurrence that will not be, or this and those that follow."""

    id: UUID
    occurrence: datetime
    scope: Scope
    reason: str = ""
    expected_version: int | None = None
    references: tuple[Reference, ...] = ()


async def cancel_occurrence(work: UnitOfWork, order: OccurrenceCancellation) -> UUID:
    """Cancel an occurrence, or all from it on. Raises NotFound, VersionConflict, EventCancelled, InvalidInput."""
    event, series = await _series(work, order.id, order.expected_version, order.occurrence)
    if order.scope is Scope.FOLLOWING:
        await _end(work, event, series, order.occurrence, "series_ended", order.reason)
        return event.id
    left = replace(
        series,
        excluded=series.excluded | {order.occurrence},
        moved=tuple(one for one in series.moved if one.id != order.occurrence),
    )
    await keep(work, event, left)
    changes: dict[str, tuple[Any, Any]] = {"occurrence": (order.occurrence, None), "reason": (None, order.reason)}
    await revised(work, event, "occurrence_cancelled", changes)
    return event.id


async def _series(work: UnitOfWork, id: UUID, version: int | None, occurrence: datetime) -> tuple[Event, Series]:
    event = await changeable(work, id, version)
    series = series_of(event, await moved_of(work, event))
    if series is None:
        raise InvalidInput("id", "The appointment comes once: change or cancel the event itself.")
    if not series.has(occurrence):
        raise InvalidInput("occurrence", "The series has no such occurrence, or it was cancelled.")
    return event, series


async def _end(
    work: UnitOfWork, event: Event, series: Series, occurrence: datetime, kind: str, reason: str = ""
) -> None:
    """End a series before an occurrence; before its first one, the event is cancelled."""
    changes: dict[str, tuple[Any, Any]] = {"occurrence": (occurrence, None)}
    if reason:
        changes["reason"] = (None, reason)
    if occurrence == series.starts_at:
        event.cancelled_at = work.now
    else:
        await keep(work, event, series.before(occurrence))
    await revised(work, event, kind, changes)
