"""How well deals are kept up."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement

from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from services.deals.queries import health as queries
from services.deals.queries.days import day_of
from services.deals.rules import RULES
from services.deals.rules.base import language_of
from services.deals.schema.alerts import Locale
from services.deals.schema.enums import Severity
from services.deals.schema.rights import reading
from services.deals.schema.stubs import Collaborator
from services.deals.values.references import optional_id

LONGEST_TREND = 730
MOST_PORTFOLIOS = 200
_SECONDS = 3_600
Days = Annotated[int, strawberry.argument(description=f"Over how many days, today included: 1 to {LONGEST_TREND}.")]


@strawberry.type(description="How well deals were kept up on a day.")
class HealthDay:
    """See model.HealthDay."""

    day: date = strawberry.field(description="The day, in your organization's time zone.")
    score: int = strawberry.field(description="The mean score of the deals, 0 to 100.")
    deals: int = strawberry.field(description="How many deals were being carried.")
    alerts: int = strawberry.field(description="How many alerts were open on them.")


@strawberry.type(description="Deals whose score lies in a range.")
class HealthBand:
    """Part of Health."""

    lowest: int = strawberry.field(description="The least score.")
    highest: int = strawberry.field(description="The greatest score, included.")
    count: int = strawberry.field(description="How many deals.")


@strawberry.type(description="A rule's open alerts by how long ago they were raised.")
class AlertAges:
    """Part of Health."""

    rule: str = strawberry.field(description="The rule, as in `Alert.rule`.")
    severity: Severity = strawberry.field(description="How much its alerts matter.")
    today: int = strawberry.field(description="Raised less than a day ago.")
    this_week: int = strawberry.field(description="Raised 1 to 7 days ago.")
    this_month: int = strawberry.field(description="Raised 7 to 30 days ago.")
    older: int = strawberry.field(description="Raised more than 30 days ago.")

    @strawberry.field(description="The defect in a few words.")
    def headline(self, locale: Locale = None) -> str:
        """The rule's own words."""
        return RULES[self.rule].headlines[language_of(locale)]


@strawberry.type(description="How well the deals of your organization, a team or a collaborator are kept up.")
class Health:
    """Each field that costs a statement is read when it is asked for."""

    kind: strawberry.Private[str]
    subject: strawberry.Private[UUID]
    clauses: strawberry.Private[list[ColumnElement[bool]]]
    score: int | None = strawberry.field(
        description="The mean score of the deals, 0 to 100; null where there is no deal. A deal without an open alert"
        " has 100; a critical one takes 40, a warning 20, an information 6, half of it once somebody took charge."
    )
    deals: int = strawberry.field(description="How many deals are being carried: leads, opportunities, signed ones.")
    at_risk: int = strawberry.field(description="How many of them have a score under 50.")
    alerts: int = strawberry.field(description="How many alerts are open on them.")

    @strawberry.field(
        description="The median time from raised to resolved, in hours, of the alerts on these deals that were"
        " resolved in so many days; null where none was."
    )
    async def median_hours_to_resolve(self, info: Info, days: Days = 90) -> float | None:
        """Those that closed by themselves do not count: nobody resolved them."""
        since = info.context.database.clock() - timedelta(days=_checked(days))
        row = await info.context.read.first(queries.median_seconds(self.clauses, since))
        return None if row is None or row[0] is None else float(row[0]) / _SECONDS

    @strawberry.field(description="The days kept, the oldest first; a day without deals is not there.")
    async def trend(self, info: Info, days: Days = 90) -> list[HealthDay]:
        """One a day, written by the worker."""
        now = info.context.database.clock()
        first = day_of(now - timedelta(days=_checked(days) - 1), None)
        rows = await info.context.read.rows(queries.trend(self.kind, self.subject, first))
        return [HealthDay(day=row.day, score=row.score, deals=row.deals, alerts=row.alerts) for row in rows]

    @strawberry.field(description="The deals by score, the worst first; every range is there.")
    async def bands(self, info: Info) -> list[HealthBand]:
        """Five ranges."""
        counts = {row.band: row.number for row in await info.context.read.rows(queries.bands(self.clauses))}
        last = queries.BEST // queries.BAND - 1
        return [
            HealthBand(
                lowest=place * queries.BAND,
                highest=queries.BEST if place == last else (place + 1) * queries.BAND - 1,
                count=counts.get(place, 0),
            )
            for place in range(last + 1)
        ]

    @strawberry.field(description="The open alerts on these deals by rule and age, the rule with most of them first.")
    async def ages(self, info: Info) -> list[AlertAges]:
        """Rules without an open alert are not there."""
        counts: dict[str, list[int]] = {}
        now = info.context.database.clock()
        for row in await info.context.read.rows(queries.ages(self.clauses, now)):
            counts.setdefault(row.rule, [0, 0, 0, 0])[row.age] = row.number
        return [
            AlertAges(
                rule=rule,
                severity=Severity(RULES[rule].severity.value),
                today=told[0],
                this_week=told[1],
                this_month=told[2],
                older=told[3],
            )
            for rule, told in sorted(counts.items(), key=lambda each: -sum(each[1]))
        ]


@strawberry.type(description="A collaborator's deals, and how well they are kept up.")
class PortfolioHealth:
    """Part of the root of reading."""

    owner: Collaborator | None = strawberry.field(description="Who owns the deals; always there.")
    score: int = strawberry.field(description="The mean score of the deals, 0 to 100.")
    deals: int = strawberry.field(description="How many deals are being carried.")
    at_risk: int = strawberry.field(description="How many of them have a score under 50.")
    alerts: int = strawberry.field(description="How many alerts are open on them.")


def _checked(days: int) -> int:
    if not 1 <= days <= LONGEST_TREND:
        raise InvalidInput("days", f"Give a number of days from 1 to {LONGEST_TREND}.")
    return days


@strawberry.type
class HealthQuery:
    """Part of the root of reading."""

    @strawberry.field(
        description="How well deals are kept up: your organization's, a collaborator's or a team's.",
        extensions=reading(),
    )
    async def health(
        self,
        info: Info,
        owner_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Those of this collaborator.")
        ] = None,
        team_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Those of this team's members.")
        ] = None,
    ) -> Health:
        """What the caller may see of them."""
        owner, team = optional_id("collaborator", owner_id, "ownerId"), optional_id("team", team_id, "teamId")
        if owner is not None and team is not None:
            raise InvalidInput("teamId", "Name a collaborator or a team, not both.")
        kind = "COLLABORATOR" if owner else "TEAM" if team else "ORGANIZATION"
        clauses = queries.scope(owner, team)
        row = await info.context.read.first(queries.summary(clauses))
        if row is None:
            raise RuntimeError("an aggregate has one row")
        subject = owner or team or info.context.actor.organization
        return Health(
            kind=kind,
            subject=subject,
            clauses=clauses,
            score=row.score,
            deals=row.deals,
            at_risk=row.at_risk,
            alerts=row.alerts,
        )

    @strawberry.field(
        description=f"Collaborators by how well their deals are kept up, the worst first; at most {MOST_PORTFOLIOS}.",
        extensions=reading(),
    )
    async def portfolios(self, info: Info) -> list[PortfolioHealth]:
        """Those who own a deal that is being carried."""
        rows = await info.context.read.rows(queries.portfolios(MOST_PORTFOLIOS))
        return [
            PortfolioHealth(
                owner=Collaborator.of(row.owner_id),
                score=row.score,
                deals=row.deals,
                at_risk=row.at_risk,
                alerts=row.alerts,
            )
            for row in rows
        ]
