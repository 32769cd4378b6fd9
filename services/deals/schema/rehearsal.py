"""What a changed rule would have raised, before it is saved."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import strawberry

from chassis.errors import InvalidInput, NotFound
from chassis.graphql.context import Info
from chassis.identifiers import format_id
from services.deals.commands.alert_settings import check_level, check_rule, check_steps
from services.deals.model import Pipeline, Stage
from services.deals.queries import rehearsal as queries
from services.deals.queries.days import day_of
from services.deals.queries.rehearsal import Found, Trial
from services.deals.rules.base import About, Rule, language_of
from services.deals.schema.alert_settings import LEVEL, wanted_of
from services.deals.schema.alerts import Locale
from services.deals.schema.rights import reading
from services.deals.values.alert_settings import Wish
from services.deals.values.references import optional_id

LONGEST = 90
SHOWN = 20
_PRESENT = (
    "Deals, contacts and accounts are taken as they are now (phase, stage, owner, dates, status): what was closed,"
    " answered or mended since is not counted, and only events, tasks and messages are taken as they were on each day."
)
_QUIET_ROW = "Alerts that were dismissed or resolved are counted again: the rule is asked afresh on each day."
_SAMPLED = f"Only the {queries.MOST_DEALS} newest deals of the scope were looked at."


@strawberry.input(description="How the rule would be wanted; what is left out is as the wider setting says.")
class RehearsalInput:
    """See queries.rehearsal.Trial."""

    rule: str = strawberry.field(description="The rule.")
    pipeline_id: strawberry.ID | None = strawberry.field(default=None, description="For deals of this pipeline only.")
    stage_id: strawberry.ID | None = strawberry.field(default=None, description="For deals at this stage only.")
    days: int = strawberry.field(default=30, description=f"Over how many days until now: 1 to {LONGEST}.")
    enabled: bool | None = strawberry.field(default=None, description="Whether it raises alerts.")
    steps: list[int] | None = strawberry.field(default=None, description="Its thresholds in days, the smallest first.")
    working: bool | None = strawberry.field(default=None, description="Whether worked days count.")
    quiet: bool | None = strawberry.field(default=None, description="Whether future events quiet it.")
    level: int | None = strawberry.field(default=None, description=LEVEL)


@strawberry.type(description="A day of a rehearsal.")
class RehearsedDay:
    """Part of AlertRehearsal."""

    day: date = strawberry.field(description="The day on which it would have been, or was, raised.")
    would_raise: int = strawberry.field(description="How many alerts it would have raised.")
    raised: int = strawberry.field(description="How many the rule really raised, as it was set.")


@strawberry.type(description="An alert that would have been raised.")
class RehearsedAlert:
    """Part of AlertRehearsal."""

    subject_id: strawberry.ID = strawberry.field(description="TypeID of the deal, contact or account.")
    at: datetime = strawberry.field(description="When it would have been raised, to the day.")
    since: datetime = strawberry.field(description="From when its cause counts.")
    step: int = strawberry.field(description="Which of the thresholds was passed, from 0.")
    reason: str = strawberry.field(description="Why, as it would have said then.")


@strawberry.type(description="What a rule would have raised, had it been set so, and what it really raised.")
class AlertRehearsal:
    """See queries.rehearsal."""

    would_raise: int = strawberry.field(description="How many alerts in all.")
    raised: int = strawberry.field(description="How many there really were.")
    days: list[RehearsedDay] = strawberry.field(description="Every day, the oldest first.")
    sample: list[RehearsedAlert] = strawberry.field(description=f"The newest of them, at most {SHOWN}.")
    limits: list[str] = strawberry.field(description="What could not be put together as it was, in English.")


@strawberry.type
class RehearsalQuery:
    """Part of the root of reading."""

    @strawberry.field(
        description="What a rule would have raised over the last days, had it been set so. Nothing is saved.",
        extensions=reading(),
    )
    async def alert_rehearsal(
        self,
        info: Info,
        input: Annotated[RehearsalInput, strawberry.argument(description="The rule, and how to try it.")],
        locale: Locale = None,
    ) -> AlertRehearsal:
        """The rule's own query, asked as of each day."""
        trial = Trial(_rule(input), await _wish(info, input), _days(input), info.context.database.clock())
        told = await wanted_of(info)
        among: list[UUID] | None = None
        if queries.about_deals(trial.rule):
            among = await info.context.read.scalars(queries.deals_of(trial.wish))
        cut = among is not None and len(among) > queries.MOST_DEALS
        among = among[: queries.MOST_DEALS] if among is not None else None
        found = await queries.rehearsed(info.context.read, told, trial, among)
        real = await info.context.read.scalars(queries.raised(trial, among))
        zone = told.calendar.time_zone
        would, did = (Counter(day_of(at, zone) for at in moments) for moments in ([one.at for one in found], real))
        days = [day_of(trial.now - timedelta(days=back), zone) for back in range(trial.days, -1, -1)]
        return AlertRehearsal(
            would_raise=len(found),
            raised=len(real),
            days=[RehearsedDay(day=day, would_raise=would[day], raised=did[day]) for day in days],
            sample=[_shown(trial.rule, one, locale) for one in reversed(found[-SHOWN:])],
            limits=[_PRESENT, _QUIET_ROW, *([_SAMPLED] if cut else [])],
        )


def _rule(input: RehearsalInput) -> Rule:
    rule: Rule = check_rule(input.rule)
    check_steps(input.rule, input.steps)
    check_level(input.rule, input.level)
    return rule


def _days(input: RehearsalInput) -> int:
    if not 1 <= input.days <= LONGEST:
        raise InvalidInput("days", f"Give a number of days from 1 to {LONGEST}.")
    return input.days


async def _wish(info: Info, input: RehearsalInput) -> Wish:
    pipeline = optional_id("pipeline", input.pipeline_id, "pipelineId")
    stage = optional_id("stage", input.stage_id, "stageId")
    if pipeline is not None and stage is not None:
        raise InvalidInput("stageId", "Name a pipeline or one of its stages, not both.")
    for kind, table, id in (("pipeline", Pipeline.__table__, pipeline), ("stage", Stage.__table__, stage)):
        if id is None:
            continue
        if check_rule(input.rule).habit.about is not About.DEAL:
            raise InvalidInput(f"{kind}Id", f"{input.rule} is about contacts and accounts, which are in no {kind}.")
        if await info.context.read.first(table.select().where(table.c.id == id)) is None:
            raise NotFound(kind, id, f"{kind}Id")
    steps = None if input.steps is None else tuple(timedelta(days=days) for days in input.steps)
    return Wish(pipeline, stage, input.enabled, steps, input.working, input.quiet, input.level)


def _shown(rule: Rule, found: Found, locale: str | None) -> RehearsedAlert:
    figures = rule.figures(found.cause._asdict())
    return RehearsedAlert(
        subject_id=strawberry.ID(format_id(rule.habit.about.value, found.cause.subject_id)),
        at=found.at,
        since=found.cause.since,
        step=found.cause.step,
        reason=rule.reason(figures, found.at, language_of(locale)),
    )
