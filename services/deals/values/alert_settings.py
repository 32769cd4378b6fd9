"""When causes become alerts: a rule's habit, an organization's wishes and calendar, made into moments. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import NamedTuple
from uuid import UUID

from chassis.plans import UNKNOWN, Standing
from services.deals.values.calendar import WorkingCalendar

QUIET_DAYS = 60
ESCALATION_DAYS = (3, 3)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counting:
    """How a rule counts somewhere: `steps` from the first threshold to the last."""

    enabled: bool
    steps: tuple[timedelta, ...]
    working: bool
    quiet: bool
    level: int | None = None
    first_stage: int = 1


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organization says of a rule, for itself, a pipeline or a stage; None is as the wider one says."""

    pipeline_id: UUID | None = None
    stage_id: UUID | None = None
    enabled: bool | None = None
    steps: tuple[timedelta, ...] | None = None
    working: bool | None = None
    quiet: bool | None = None
    level: int | None = None


class StageDays(NamedTuple):
    """A stage, and how long a deal should stay in it."""

    id: UUID
    pipeline_id: UUID
    days: int
    position: int = 1


class Cutoff(NamedTuple):
    """Causes of an organization, or of one of its stages, that began before `at` have passed a threshold."""

    organization_id: UUID
    stage_id: UUID | None
    step: int
    at: datetime
    quiet_days: int
    """How far ahead a future event keeps a deal quiet; 0 where none does."""
    level: int | None = None
    more: bool = False
    """Whether another threshold follows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One organization's settings, and its stages."""

    organization_id: UUID
    calendar: WorkingCalendar
    quiet_days: int = QUIET_DAYS
    escalation_days: tuple[int, ...] = ESCALATION_DAYS
    wishes: Mapping[str, Sequence[Wish]] = field(default_factory=dict)
    stages: Sequence[StageDays] = ()
    standing: Standing = UNKNOWN

    def counting(self, rule: str, usual: Counting, stage: StageDays | None = None) -> Counting:
        """How a rule counts, on a stage or on the whole: the narrowest wish wins, value by value.

        A stage before the rule's first one is left alone, unless it is wanted by its own name.
        """
        wishes = [wish for wish in sorted(self.wishes.get(rule, ()), key=_narrowness) if _holds(wish, stage)]
        told = reduce(_granted, wishes, usual)
        if stage is None or stage.position >= usual.first_stage:
            return told
        return replace(told, enabled=any(wish.stage_id is not None and wish.enabled for wish in wishes))

    def counted(self, rule: str, usual: Counting, stage: UUID | None, *, by_stage: bool) -> tuple[Counting, int]:
        """The same of a stage by its id, and the days of the stage that come on top."""
        found = next((each for each in self.stages if each.id == stage), None)
        return self.counting(rule, usual, found), found.days if by_stage and found else 0

    def cutoffs(self, rule: str, usual: Counting, now: datetime, *, by_stage: bool, on_deals: bool) -> Iterator[Cutoff]:
        """The moments before which a cause must have begun, for each threshold; none where the rule is off."""
        scoped = on_deals and any(wish.pipeline_id or wish.stage_id for wish in self.wishes.get(rule, ()))
        if not (by_stage or scoped or usual.first_stage > 1):
            yield from self._steps(None, self.counting(rule, usual), now, 0)
            return
        for stage in self.stages:
            yield from self._steps(stage, self.counting(rule, usual, stage), now, stage.days if by_stage else 0)

    def _steps(self, stage: StageDays | None, told: Counting, now: datetime, more: int) -> Iterator[Cutoff]:
        quiet, last = self.quiet_days if told.quiet else 0, len(told.steps) - 1
        for place, step in enumerate(told.steps if told.enabled else ()):
            at = self.before(now, step + more * _DAY, working=told.working)
            where = stage.id if stage else None
            yield Cutoff(self.organization_id, where, place, at, quiet, told.level, more=place < last)

    def coming(self, told: Counting, since: datetime, now: datetime, more: int = 0) -> datetime | None:
        """When the next threshold that a cause has not passed yet is; now, where the calendar is not sure of it.

        `more` days come on top of each threshold.
        """
        waits = [step + more * _DAY for step in (told.steps if told.enabled else ())]
        ahead = [
            max(now, self.after(since, wait, working=told.working))
            for wait in waits
            if since > self.before(now, wait, working=told.working)
        ]
        return min(ahead, default=None)

    def after(self, since: datetime, lasting: timedelta, *, working: bool) -> datetime:
        """The moment at which so long has gone by; never later than `before` says."""
        if working and lasting > timedelta() and not lasting % _DAY:
            return self.calendar.ahead(since, lasting // _DAY)
        return since + lasting

    def before(self, now: datetime, lasting: timedelta, *, working: bool) -> datetime:
        """The moment from which so long has gone by; whole days are worked ones where that is asked for."""
        if working and lasting > timedelta() and not lasting % _DAY:
            return self.calendar.back(now, lasting // _DAY)
        return now - lasting


def _narrowness(wish: Wish) -> int:
    return 2 if wish.stage_id else 1 if wish.pipeline_id else 0


def _holds(wish: Wish, stage: StageDays | None) -> bool:
    if wish.stage_id is not None:
        return stage is not None and wish.stage_id == stage.id
    return wish.pipeline_id is None or (stage is not None and wish.pipeline_id == stage.pipeline_id)


def _granted(told: Counting, wish: Wish) -> Counting:
    said = {name: getattr(wish, name) for name in ("enabled", "steps", "working", "quiet", "level")}
    return replace(told, **{name: value for name, value in said.items() if value is not None})
