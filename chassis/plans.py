"""What an organization's plan gives, and until when: the one place that says it.

Pure: each service asks it of its own copy of the organization, so that the end of a trial needs no service to be up.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chassis.errors import DomainError

TRIAL_DAYS = 15
"""Whole days after the one on which a trial begins, in the organization's time zone."""


class Plan(StrEnum):
    """What an organization has chosen."""

    PRO = "PRO"
    CRM = "CRM"


class PlanState(StrEnum):
    """What a plan gives at a moment."""

    TRIAL = "TRIAL"
    SUBSCRIBED = "SUBSCRIBED"
    READ_ONLY = "READ_ONLY"
    FREE = "FREE"


class Feature(StrEnum):
    """What a write needs its organization's plan to have. Reading needs none."""

    CONTACTS = "CONTACTS"
    BUSINESS_CARDS = "BUSINESS_CARDS"
    FOLLOWING = "FOLLOWING"
    ACCOUNTS = "ACCOUNTS"
    IMPORT = "IMPORT"
    TEAM = "TEAM"
    DEALS = "DEALS"
    ALERTS = "ALERTS"
    PUBLICATIONS = "PUBLICATIONS"
    WEBHOOKS = "WEBHOOKS"


FEATURES = {
    Plan.PRO: frozenset(Feature),
    Plan.CRM: frozenset((Feature.CONTACTS, Feature.BUSINESS_CARDS, Feature.FOLLOWING)),
}
_WORDS = {
    Feature.CONTACTS: "contacts",
    Feature.BUSINESS_CARDS: "business cards",
    Feature.FOLLOWING: "following organizations",
    Feature.ACCOUNTS: "accounts and interlocutors",
    Feature.IMPORT: "importing address books",
    Feature.TEAM: "inviting colleagues",
    Feature.DEALS: "deals and events",
    Feature.ALERTS: "alerts",
    Feature.PUBLICATIONS: "publishing",
    Feature.WEBHOOKS: "webhooks",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An organization's plan. `trial_ends_at` is None for one that never tried PRO."""

    plan: Plan = Plan.PRO
    trial_ends_at: datetime | None = None
    subscribed: bool = False

    @classmethod
    def of(cls, plan: str | None, trial_ends_at: datetime | None, subscribed: bool) -> "Standing":
        """Of the columns of a copy; without a plan, from a message older than plans, nothing is refused."""
        return cls(Plan(plan), trial_ends_at, subscribed) if plan else UNKNOWN

    def state(self, now: datetime) -> PlanState:
        """What it gives at a moment."""
        if self.plan is Plan.CRM:
            return PlanState.FREE
        if self.subscribed:
            return PlanState.SUBSCRIBED
        trying = self.trial_ends_at is not None and now < self.trial_ends_at
        return PlanState.TRIAL if trying else PlanState.READ_ONLY

    def allows(self, feature: Feature, now: datetime) -> bool:
        """Whether something that needs this feature may be written."""
        return self.state(now) is not PlanState.READ_ONLY and feature in FEATURES[self.plan]

    def check(self, feature: Feature | None, now: datetime) -> None:
        """Raise PlanReadOnly or NotInPlan; what needs no feature, such as subscribing, is never refused."""
        if feature is None:
            return
        if self.state(now) is PlanState.READ_ONLY:
            raise PlanReadOnly(self.trial_ends_at)
        if feature not in FEATURES[self.plan]:
            raise NotInPlan(feature, self.plan)


UNKNOWN = Standing(subscribed=True)
"""What a copy that has not arrived is taken for: a late message must refuse nobody their work."""


def trial_end(began: datetime, time_zone: str, days: int = TRIAL_DAYS) -> datetime:
    """The midnight after the last day of a trial, there where the organization is."""
    zone = ZoneInfo(time_zone)
    first_day_without = began.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(first_day_without, time(), zone)


class PlanReadOnly(DomainError):
    """The trial is over and nobody subscribed: everything can be read, nothing written."""

    code = "PLAN_READ_ONLY"

    def __init__(self, ended_at: datetime | None) -> None:
        when = f" ended on {ended_at:%Y-%m-%d at %H:%M %Z}" if ended_at else " is over"
        super().__init__(
            f"Your organization's trial of PRO{when}: everything can still be read. "
            "To write again, an administrator subscribes (subscribe) or goes on with the free plan (changePlan)."
        )
        self.ended_at = ended_at


class NotInPlan(DomainError):
    """The organization's plan has not what this write needs; the error says which plan has it."""

    code = "NOT_IN_PLAN"

    def __init__(self, feature: Feature, plan: Plan) -> None:
        self.feature, self.plan = feature, plan
        self.available_in = [each for each in Plan if feature in FEATURES[each]]
        others = " or ".join(self.available_in)
        super().__init__(
            f"Your plan {plan} does not include {_WORDS[feature]}: {others} does. An administrator can change the plan."
        )
