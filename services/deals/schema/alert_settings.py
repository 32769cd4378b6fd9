"""How an organization wants its alert rules, as it is read."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from chassis.graphql.context import Info
from chassis.identifiers import format_id
from services.deals.queries import alert_settings as queries
from services.deals.queries.wanted import usual, wanted
from services.deals.rules import RULES
from services.deals.rules.base import FRENCH, Rule, language_of
from services.deals.schema.alerts import Locale
from services.deals.schema.enums import AlertSubjectKind, Severity
from services.deals.schema.rights import reading
from services.deals.schema.stubs import Collaborator
from services.deals.values.alert_settings import Counting, Wanted

LEVEL = (
    "How much is a defect, for rules that measure: how often a close date was pushed back, how many soft bounces there"
    " were, how alike two are in percent; null for those that count days alone."
)


@strawberry.type(description="Days on which the organization does not work.")
class Closure:
    """See model.Closure."""

    id: strawberry.ID = strawberry.field(description="TypeID, `closure_…`.")
    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day, included.")
    label: str = strawberry.field(description="Why, for people.")

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One of the organization's closures."""
        rows = await info.context.read.rows(queries.CLOSURES)
        return next((cls.of(row) for row in rows if row.id == id), None)

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row."""
        id = strawberry.ID(format_id("closure", row.id))
        return cls(id=id, first_day=row.first_day, last_day=row.last_day, label=row.label)


@strawberry.type(description="What rules leave alone.")
class AlertExclusion:
    """See model.AlertExclusion."""

    id: strawberry.ID = strawberry.field(description="TypeID, `exclusion_…`.")
    rule: str | None = strawberry.field(description="The rule; null for every rule.")
    subject_kind: AlertSubjectKind = strawberry.field(description="What kind of thing is left alone.")
    subject_id: strawberry.ID = strawberry.field(description="Its TypeID; an owner's is a collaborator's.")
    until: datetime | None = strawberry.field(description="Until when; null for good.")
    reason: str = strawberry.field(description="Why.")
    created_at: datetime = strawberry.field(description="Since when.")
    created_by: Collaborator | None = strawberry.field(description="Who said so.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row."""
        return cls(
            id=strawberry.ID(format_id("exclusion", row.id)),
            rule=row.rule,
            subject_kind=AlertSubjectKind(row.subject_kind),
            subject_id=strawberry.ID(format_id(row.subject_kind, row.subject_id)),
            until=row.until,
            reason=row.reason,
            created_at=row.created_at,
            created_by=Collaborator.of(row.created_by_id),
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One."""
        row = await info.context.read.first(queries.exclusion(id))
        return cls.of(row) if row else None


@strawberry.type(description="How a rule counts.")
class AlertCounting:
    """See values.alert_settings.Counting."""

    enabled: bool = strawberry.field(description="Whether it raises alerts.")
    steps: list[float] = strawberry.field(
        description="After how many days it raises one, and again; before the date that it watches where negative."
    )
    working: bool = strawberry.field(description="Whether these are days on which the organization works.")
    quiet: bool = strawberry.field(description="Whether a future event on the deal keeps it quiet.")
    level: int | None = strawberry.field(description=LEVEL)
    first_stage: int = strawberry.field(
        description="The place in its pipeline from which on a deal's stage counts; an earlier stage does where a"
        " setting of its own enables the rule."
    )

    @classmethod
    def of(cls, told: Counting) -> Self:
        """As the API tells it."""
        days = [step.total_seconds() / 86_400 for step in told.steps]
        return cls(
            enabled=told.enabled,
            steps=days,
            working=told.working,
            quiet=told.quiet,
            level=told.level,
            first_stage=told.first_stage,
        )


@strawberry.type(description="What the organization says of a rule, for itself, a pipeline or a stage.")
class AlertSetting:
    """See model.AlertSetting."""

    id: strawberry.ID = strawberry.field(description="TypeID, `alertsetting_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    rule: str = strawberry.field(description="The rule.")
    pipeline_id: strawberry.ID | None = strawberry.field(description="For deals of this pipeline.")
    stage_id: strawberry.ID | None = strawberry.field(description="For deals at this stage.")
    enabled: bool | None = strawberry.field(description="Whether it raises alerts; null as the wider setting says.")
    steps: list[int] | None = strawberry.field(description="Its thresholds in days; null as the wider setting says.")
    working: bool | None = strawberry.field(description="Whether worked days count; null as the wider setting says.")
    quiet: bool | None = strawberry.field(description="Whether future events quiet it; null as the wider setting says.")
    level: int | None = strawberry.field(description="Its level; null as the wider setting says.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    updated_by: Collaborator | None = strawberry.field(description="Who changed it last.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row."""
        return cls(
            id=strawberry.ID(format_id("alertsetting", row.id)),
            version=row.version,
            rule=row.rule,
            pipeline_id=strawberry.ID(format_id("pipeline", row.pipeline_id)) if row.pipeline_id else None,
            stage_id=strawberry.ID(format_id("stage", row.stage_id)) if row.stage_id else None,
            enabled=row.enabled,
            steps=row.steps,
            working=row.working,
            quiet=row.quiet,
            level=row.level,
            updated_at=row.updated_at,
            updated_by=Collaborator.of(row.updated_by_id),
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One."""
        rows = await info.context.read.rows(queries.SETTINGS)
        return next((cls.of(row) for row in rows if row.id == id), None)


@strawberry.type(description="A rule of upkeep, and how the organization wants it.")
class AlertRule:
    """See rules.base.Rule."""

    rule: strawberry.Private[Rule]
    told: strawberry.Private[Wanted]
    rows: strawberry.Private[list[Any]]
    name: str = strawberry.field(description="Its name, as in `Alert.rule`.")
    severity: Severity = strawberry.field(description="How much its alerts matter.")
    about: AlertSubjectKind = strawberry.field(description="What its alerts are about.")
    by_stage: bool = strawberry.field(description="Whether the days that a stage should take come on top.")
    usual: AlertCounting = strawberry.field(description="How it counts where nobody says otherwise.")
    counting: AlertCounting = strawberry.field(description="How it counts in this organization.")

    @strawberry.field(description="The defect in a few words.")
    def headline(self, locale: Locale = None) -> str:
        """In French unless English is asked for."""
        return self.rule.headlines[language_of(locale) if locale else FRENCH]

    @strawberry.field(description="What the organization says of it, for itself, its pipelines and stages.")
    def settings(self) -> list[AlertSetting]:
        """The widest first."""
        return [AlertSetting.of(row) for row in self.rows if row.rule == self.name]


@strawberry.type(description="How an organization wants its alerts.")
class AlertSettings:
    """See model.AlertCalendar."""

    told: strawberry.Private[Wanted]
    version: int = strawberry.field(description="Grows with every change of the calendar; 0 before the first.")
    weekdays: list[int] = strawberry.field(description="The days of the week that are worked, Monday being 0.")
    holidays: str | None = strawberry.field(description="The country whose public holidays are kept, as FR; or none.")
    quiet_days: int = strawberry.field(
        description="How far ahead, in days, an event may be and still keep a deal quiet."
    )
    escalation_days: list[int] = strawberry.field(
        description="After how many working days without anybody in charge an alert goes to the manager, then to the"
        " administrators."
    )

    @strawberry.field(description="Days on which the organization does not work besides, the earliest first.")
    async def closures(self, info: Info) -> list[Closure]:
        """At most 200."""
        return [Closure.of(row) for row in await info.context.read.rows(queries.CLOSURES)]

    @strawberry.field(description="Every rule.")
    async def rules(self, info: Info) -> list[AlertRule]:
        """In the catalogue's order."""
        rows = list(await info.context.read.rows(queries.SETTINGS))
        return [_rule(rule, self.told, rows) for rule in RULES.values()]

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self:
        """The caller's organization's."""
        calendar = await info.context.read.first(queries.CALENDAR)
        told = await wanted_of(info)
        return cls(
            told=told,
            version=calendar.version if calendar else 0,
            weekdays=[*told.calendar.weekdays],
            holidays=told.calendar.holidays,
            quiet_days=told.quiet_days,
            escalation_days=[*told.escalation_days],
        )


async def wanted_of(info: Info) -> Wanted:
    """The settings of the caller's organization."""
    found = await wanted(info.context.read.rows)
    return found[0] if found else queries.nothing_said(info.context.actor.organization)


def _rule(rule: Rule, told: Wanted, rows: list[Any]) -> AlertRule:
    counting = usual(rule, {})
    return AlertRule(
        rule=rule,
        told=told,
        rows=rows,
        name=rule.name,
        severity=rule.severity,
        about=AlertSubjectKind(rule.habit.about.value),
        by_stage=rule.habit.by_stage,
        usual=AlertCounting.of(counting),
        counting=AlertCounting.of(told.counting(rule.name, counting)),
    )


@strawberry.type
class AlertSettingsQuery:
    """Part of the root of reading."""

    @strawberry.field(description="How your organization wants its alerts.", extensions=reading())
    async def alert_settings(self, info: Info) -> AlertSettings:
        """Calendar, closures, rules."""
        return await AlertSettings.load(info, info.context.actor.organization)

    @strawberry.field(description="What rules leave alone, the newest first; at most 200.", extensions=reading())
    async def alert_exclusions(
        self,
        info: Info,
        rule: Annotated[str | None, strawberry.argument(description="Of this rule, or of every rule.")] = None,
    ) -> list[AlertExclusion]:
        """Those that have not run out."""
        rows = await info.context.read.rows(queries.exclusions(rule, info.context.database.clock()))
        return [AlertExclusion.of(row) for row in rows]
