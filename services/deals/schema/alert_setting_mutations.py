"""Saying how the organization wants its alerts."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from holidays import list_supported_countries
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import alert_settings as commands
from services.deals.schema.alert_settings import LEVEL, AlertExclusion, AlertSetting, AlertSettings, Closure
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Write, given, written
from services.deals.values.moments import moment
from services.deals.values.references import optional_id, references

LONGEST_QUIET = 365
LONGEST_ESCALATION = 60


AlertSettingsResult = Annotated[
    AlertSettings | CommonErrors, strawberry.union("AlertSettingsResult", description="The settings, or why not.")
]
AlertSettingResult = Annotated[
    AlertSetting | CommonErrors, strawberry.union("AlertSettingResult", description="The setting, or why not.")
]
ClosureResult = Annotated[
    Closure | CommonErrors, strawberry.union("ClosureResult", description="The closure, or why not.")
]
AlertExclusionResult = Annotated[
    AlertExclusion | CommonErrors, strawberry.union("AlertExclusionResult", description="The exclusion, or why not.")
]


def _field(description: str) -> Any:
    return strawberry.field(default=UNSET, description=description)


@strawberry.input(description="What all rules have in common; what is left out stays.")
class SetAlertCalendarInput(Write):
    """See commands.alert_settings.CalendarOrder."""

    expected_version: int | None = strawberry.field(
        default=None, description="The version you saw: the change is refused if there is a newer one."
    )
    weekdays: list[int] | None = _field("The days of the week that are worked, Monday being 0.")
    holidays: str | None = _field("The country whose public holidays are kept, as FR (ISO 3166); null for none.")
    quiet_days: int | None = _field("How far ahead an event may be and still keep a deal quiet: 1 to 365 days.")
    escalation_days: list[int] | None = _field(
        "After how many working days without anybody in charge an alert goes to the manager, then to the"
        " administrators: two numbers from 1 to 60, or none for never."
    )


@strawberry.input(description="Days on which nobody works.")
class AddClosureInput(Write):
    """See commands.alert_settings.ClosureOrder."""

    first_day: date = strawberry.field(description="The first day.")
    last_day: date = strawberry.field(description="The last day, included; at most a year later.")
    label: str = strawberry.field(description="Why, for people.")


@strawberry.input(description="Which closure to take away.")
class RemoveClosureInput(Write):
    """See commands.alert_settings.Removal."""

    id: strawberry.ID = strawberry.field(description="The closure.")


@strawberry.input(description="How a rule is wanted; what is left out stays, null is as the wider setting says.")
class UpdateAlertRuleInput(Write):
    """See commands.alert_settings.RuleOrder."""

    rule: str = strawberry.field(description="The rule.")
    pipeline_id: strawberry.ID | None = strawberry.field(default=None, description="For deals of this pipeline only.")
    stage_id: strawberry.ID | None = strawberry.field(default=None, description="For deals at this stage only.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version you saw: the change is refused if there is a newer one."
    )
    enabled: bool | None = _field("Whether it raises alerts.")
    steps: list[int] | None = _field("Its thresholds in days, the smallest first; one, unless it has several.")
    working: bool | None = _field("Whether these are days on which the organization works.")
    quiet: bool | None = _field("Whether a future event on the deal keeps it quiet.")
    level: int | None = _field(f"{LEVEL} 1 to 100.")


@strawberry.input(description="What rules are to leave alone; name one thing.")
class ExcludeFromAlertsInput(Write):
    """See commands.alert_settings.Exclusion."""

    rule: str | None = strawberry.field(default=None, description="The rule; every rule without it.")
    deal_id: strawberry.ID | None = strawberry.field(default=None, description="This deal.")
    contact_id: strawberry.ID | None = strawberry.field(default=None, description="This contact and its deals.")
    account_id: strawberry.ID | None = strawberry.field(default=None, description="This account and its deals.")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="The deals of this collaborator.")
    until: datetime | None = strawberry.field(default=None, description="Until when, with its offset; or for good.")
    reason: str = strawberry.field(description="Why.")


@strawberry.input(description="Which exclusion to take back.")
class IncludeInAlertsInput(Write):
    """See commands.alert_settings.Removal."""

    id: strawberry.ID = strawberry.field(description="The exclusion.")


@strawberry.type
class AlertSettingMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Change what all rules have in common.", extensions=writing())
    async def set_alert_calendar(
        self, info: Info, input: Annotated[SetAlertCalendarInput, GIVEN]
    ) -> AlertSettingsResult:
        """See commands.alert_settings.set_alert_calendar."""
        order = commands.CalendarOrder(values=_calendar(input), expected=input.expected_version)
        return await written(info, input, commands.set_alert_calendar, order, AlertSettings)

    @strawberry.mutation(description="Close the organization for some days.", extensions=writing())
    async def add_closure(self, info: Info, input: Annotated[AddClosureInput, GIVEN]) -> ClosureResult:
        """See commands.alert_settings.add_closure."""
        label = text.line(input.label, "label")
        order = commands.ClosureOrder(first_day=input.first_day, last_day=input.last_day, label=label)
        return await written(info, input, commands.add_closure, order, Closure)

    @strawberry.mutation(description="Take a closure away.", extensions=writing())
    async def remove_closure(self, info: Info, input: Annotated[RemoveClosureInput, GIVEN]) -> AlertSettingsResult:
        """See commands.alert_settings.remove_closure."""
        order = commands.Removal(id=parse_id("closure", input.id))
        return await written(info, input, commands.remove_closure, order, AlertSettings)

    @strawberry.mutation(
        description="Change how a rule counts, everywhere, in a pipeline or at a stage.", extensions=writing()
    )
    async def update_alert_rule(self, info: Info, input: Annotated[UpdateAlertRuleInput, GIVEN]) -> AlertSettingResult:
        """See commands.alert_settings.update_alert_rule."""
        order = commands.RuleOrder(
            rule=input.rule,
            pipeline_id=optional_id("pipeline", input.pipeline_id, "pipelineId"),
            stage_id=optional_id("stage", input.stage_id, "stageId"),
            values=_counting(input),
            expected=input.expected_version,
        )
        return await written(info, input, commands.update_alert_rule, order, AlertSetting)

    @strawberry.mutation(description="Have rules leave something alone.", extensions=writing())
    async def exclude_from_alerts(
        self, info: Info, input: Annotated[ExcludeFromAlertsInput, GIVEN]
    ) -> AlertExclusionResult:
        """See commands.alert_settings.exclude_from_alerts."""
        return await written(info, input, commands.exclude_from_alerts, _exclusion(input), AlertExclusion)

    @strawberry.mutation(description="Take an exclusion back.", extensions=writing())
    async def include_in_alerts(self, info: Info, input: Annotated[IncludeInAlertsInput, GIVEN]) -> AlertSettingsResult:
        """See commands.alert_settings.include_in_alerts."""
        order = commands.Removal(id=parse_id("exclusion", input.id))
        return await written(info, input, commands.include_in_alerts, order, AlertSettings)


def _calendar(input: SetAlertCalendarInput) -> dict[str, Any]:
    told = given(
        weekdays=input.weekdays,
        holidays=input.holidays,
        quiet_days=input.quiet_days,
        escalation_days=input.escalation_days,
    )
    for name, field in (("weekdays", "weekdays"), ("quiet_days", "quietDays"), ("escalation_days", "escalationDays")):
        if name in told and told[name] is None:
            raise InvalidInput(field, "It can be changed, not taken away.")
    if "weekdays" in told and (not told["weekdays"] or not set(told["weekdays"]) <= set(range(7))):
        raise InvalidInput("weekdays", "Give at least one day, Monday being 0 and Sunday 6.")
    if told.get("holidays") is not None and told["holidays"] not in list_supported_countries():
        raise InvalidInput("holidays", "Give a country as FR, BE or CH (ISO 3166), or null for no public holidays.")
    if "quiet_days" in told and not 1 <= told["quiet_days"] <= LONGEST_QUIET:
        raise InvalidInput("quietDays", f"Give a number of days from 1 to {LONGEST_QUIET}.")
    if "escalation_days" in told:
        _check_escalation(told["escalation_days"])
    return told


def _check_escalation(days: list[int]) -> None:
    if len(days) not in (0, 2) or not all(1 <= each <= LONGEST_ESCALATION for each in days):
        raise InvalidInput("escalationDays", f"Give two numbers of days from 1 to {LONGEST_ESCALATION}, or none.")


def _counting(input: UpdateAlertRuleInput) -> dict[str, Any]:
    return given(enabled=input.enabled, steps=input.steps, working=input.working, quiet=input.quiet, level=input.level)


def _exclusion(input: ExcludeFromAlertsInput) -> commands.Exclusion:
    told = {"deal": input.deal_id, "contact": input.contact_id, "account": input.account_id}
    named = [(kind, id, f"{kind}Id") for kind, id in told.items() if id is not None]
    if input.owner_id is not None:
        named.append(("collaborator", input.owner_id, "ownerId"))
    if len(named) != 1:
        raise InvalidInput("dealId", "Name one deal, contact, account or owner.")
    [(kind, id, field)] = named
    found = parse_id(kind, id, field)
    return commands.Exclusion(
        rule=input.rule,
        subject_kind=kind,
        subject_id=found,
        until=moment("until", input.until) if input.until else None,
        reason=text.line(input.reason, "reason"),
        references=tuple(references(kind, field, found)) if kind != "deal" else (),  # type: ignore[arg-type]  # a Kind
    )
