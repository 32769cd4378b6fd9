"""What a rule would have raised, day by day, had it been set otherwise: its own query, asked as of each day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from chassis.database import ReadSession
from services.deals.model import Alert, Deal
from services.deals.queries.alerts import due
from services.deals.queries.wanted import cutoffs
from services.deals.rules.base import About, Rule
from services.deals.values.alert_settings import Wanted, Wish

MOST_DEALS = 5_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule with the wish to try, in the wish's scope, over so many days until `now`."""

    rule: Rule
    wish: Wish
    days: int
    now: datetime

    @property
    def moments(self) -> list[datetime]:
        """Once a day, the latest now; the first shows what was open already."""
        return [self.now - _DAY * back for back in range(self.days, -1, -1)]

    def wanted(self, told: Wanted) -> Wanted:
        """The organization's settings with the wish among them, in place of the one of the same scope."""
        name = self.rule.name
        scope = (self.wish.pipeline_id, self.wish.stage_id)
        others = [one for one in told.wishes.get(name, ()) if (one.pipeline_id, one.stage_id) != scope]
        return replace(told, wishes={**told.wishes, name: [*others, self.wish]})


@dataclass(frozen=True, slots=True)
class Found:
    """A cause that a day of the trial would have made an alert of."""

    at: datetime
    cause: Row[Any]


async def rehearsed(read: ReadSession, told: Wanted, trial: Trial, among: Sequence[UUID] | None) -> list[Found]:
    """What would have been raised after the first moment, in order: each cause and step once."""
    seen: set[tuple[Any, ...]] = set()
    found = []
    for moment in trial.moments:
        cut = cutoffs(trial.rule, [trial.wanted(told)], moment, {})
        for cause in await read.rows(due(trial.rule, moment, cut, among)) if cut else ():
            key = (cause.subject_id, cause.since, cause.step)
            if key not in seen and moment != trial.moments[0]:
                found.append(Found(moment, cause))
            seen.add(key)
    return found


def deals_of(wish: Wish) -> Select[*tuple[Any, ...]]:
    """The newest deals of the wish's scope; one more than MOST_DEALS where there are more."""
    found = select(Deal.id).order_by(Deal.id.desc()).limit(MOST_DEALS + 1)
    if wish.stage_id is not None:
        return found.where(Deal.stage_id == wish.stage_id)
    return found if wish.pipeline_id is None else found.where(Deal.pipeline_id == wish.pipeline_id)


def raised(trial: Trial, among: Sequence[UUID] | None) -> Select[*tuple[Any, ...]]:
    """`raised_at` of the alerts that there really were in those days."""
    found = select(Alert.raised_at).where(
        Alert.rule == trial.rule.name, Alert.raised_at > trial.moments[0], Alert.raised_at <= trial.now
    )
    return found if among is None else found.where(Alert.subject_id.in_(among))


def about_deals(rule: Rule) -> bool:
    """Whether the rule's alerts are about deals: those of a scope are looked at."""
    return rule.habit.about is About.DEAL
