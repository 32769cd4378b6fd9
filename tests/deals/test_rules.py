"""The rule of deals without a next event: what counts as one, and from when."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.database import utc_now
from chassis.identifiers import new_id, parse_id
from services.deals.model import Deal
from services.deals.queries.alerts import due
from services.deals.rules.base import ENGLISH, FRENCH, Case, language_of
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT as RULE
from services.deals.values.alert_settings import QUIET_DAYS, Cutoff
from tests.deals.house import House, Office
from tests.deals.test_alerts import alerts


async def since(office: Office, deal: str, ahead: timedelta = timedelta()) -> datetime | None:
    """From when the deal has had no next event, if it has none at that time."""
    now = utc_now() + ahead
    cause = due(RULE, now, [Cutoff(office.organization, None, 0, now, QUIET_DAYS)]).subquery()
    async with office.house.running.database.read(office.organization) as session:
        found: datetime | None = await session.scalar(
            select(cause.c.since).where(cause.c.subject_id == parse_id("deal", deal))
        )
        return found


async def begun(office: Office, deal: str) -> datetime:
    """When the deal began."""
    async with office.house.running.database.read(office.organization) as session:
        found: datetime = await session.scalar(select(Deal.created_at).where(Deal.id == parse_id("deal", deal)))
        return found


async def test_a_deal_counts_from_its_beginning_then_from_its_last_note(office: Office) -> None:
    deal = await office.a_deal()
    beginning = await begun(office, deal)
    assert await since(office, deal) == beginning
    await office.a_note(dealId=deal)
    later = await since(office, deal)
    assert later is not None and later > beginning


async def test_an_appointment_keeps_it_quiet_until_it_is_over_and_counts_from_its_end(office: Office) -> None:
    deal = await office.a_deal()
    event = await office.an_appointment(10, dealId=deal)
    assert await since(office, deal) is None
    told = await office.data("query($id: ID!) { event(id: $id) { endsAt } }", id=event)
    ends = datetime.fromisoformat(told["event"]["endsAt"])
    assert await since(office, deal, timedelta(hours=10, minutes=30)) is None
    assert await since(office, deal, timedelta(hours=12)) == ends


async def test_an_open_task_keeps_it_quiet_until_it_is_due_or_done(office: Office) -> None:
    deal = await office.a_deal()
    due = utc_now() + timedelta(days=4)
    event = await office.an_instruction(dealId=deal, dueAt=due.isoformat())
    assert await since(office, deal) is None
    assert await since(office, deal, timedelta(days=5)) == due
    task = (await office.data("query($id: ID!) { event(id: $id) { task { id } } }", id=event))["event"]["task"]
    await office.do("completeTask", id=task["id"])
    assert await since(office, deal) is not None


async def test_a_task_without_a_date_keeps_it_quiet_for_sixty_days(office: Office) -> None:
    deal = await office.a_deal()
    await office.an_instruction(dealId=deal)
    assert await since(office, deal, timedelta(days=59)) is None
    assert await since(office, deal, timedelta(days=61)) is not None


async def test_a_deal_that_is_not_open_has_no_such_defect(office: Office) -> None:
    deal = await office.a_deal(phase="OPPORTUNITY")
    await office.do("changeDealPhase", id=deal, phase="SIGNED")
    assert await since(office, deal) is None


FACTS = ("note", "appointment", "instruction", "cancel", "lose", "reopen", "push", "owner", "nobody", "forward", "back")


async def live(office: Office, script: list[tuple[str, int]], *, swept: bool) -> str:
    """A deal on which the script's facts happen; perhaps with sweeps of all times in between."""
    deal = await office.a_deal(phase="OPPORTUNITY")
    last = ""
    for fact, number in script:
        match fact:
            case "note":
                last = await office.a_note(dealId=deal)
            case "appointment":
                last = await office.an_appointment(1 + number * 24, dealId=deal)
            case "instruction":
                due = (utc_now() + timedelta(days=number + 1)).isoformat()
                last = await office.an_instruction(dealId=deal, dueAt=due)
            case "cancel" if last:
                await office.do("cancelEvent", id=last)
            case "lose":
                await office.do("changeDealPhase", id=deal, phase="LOST", lostReason="Trop cher")
            case "push":
                close = (utc_now() + timedelta(days=number)).date().isoformat()
                await office.do("updateDeal", id=deal, expectedClose=close)
            case "owner":
                await office.do("updateDeal", id=deal, ownerId=office.id_of())
            case "nobody":
                await office.do("updateDeal", id=deal, ownerId=None)
            case "forward" | "back":
                stages = await office.stages()
                await office.do("moveDealToStage", id=deal, stageId=stages[number % 3 if fact == "back" else 3])
            case "reopen":
                await office.do("changeDealPhase", id=deal, phase="OPPORTUNITY")
        if swept and number % 2:
            await office.sweep_once(timedelta(days=number))
    return deal


@pytest.mark.parametrize("seed", range(8))
async def test_open_alerts_are_a_function_of_the_facts_and_the_time(house: House, seed: int) -> None:
    # What turns do by cue and by due time is what a look at everything finds: `audited`.
    drawn = random.Random(seed)
    script = [(drawn.choice(FACTS), drawn.randrange(8)) for _ in range(8)]
    swept, unswept = await house.organization(), await house.organization()
    await live(swept, script, swept=True)
    await live(unswept, script, swept=False)
    # Forward and back: what a clock that ran ahead raised is closed again by one that did not.
    for days in (2, 8, 1, 3, 24, 5, 70, 9):
        for office in (swept, unswept):
            await office.sweep_once(timedelta(days=days), audited=True)
        first, second = [await _open(office) for office in (swept, unswept)]
        assert first == second, (script, days, first, second)


async def _open(office: Office) -> list[str]:
    return sorted(one["rule"] for one in await alerts(office) if one["status"] == "RAISED")


CASE = Case(
    deal_id=new_id(),
    deal_title="Toiture",
    phase="LEAD",
    owner_id=None,
    viewer_id=new_id(),
    now=datetime(2026, 11, 27, 17, tzinfo=UTC),
    time_zone="Europe/Paris",
    language=FRENCH,
)


def test_an_appointment_is_proposed_on_the_next_working_morning() -> None:
    plan, assign = RULE.suggestions(CASE)
    assert plan.variables["input"]["startsAt"] == "2026-11-30T10:00:00+01:00"
    assert plan.variables["input"]["title"] == "Point sur « Toiture »"
    assert assign.variables["input"]["assigneeId"] == plan.variables["input"]["concernedIds"][0]


@pytest.mark.parametrize(
    ("days", "language", "sentence"),
    [
        (0, FRENCH, "Aucun événement n'est prévu, et le dernier remonte à 0 jour (01/11/2026)."),
        (1, FRENCH, "Aucun événement n'est prévu, et le dernier remonte à 1 jour (01/11/2026)."),
        (23, FRENCH, "Aucun événement n'est prévu, et le dernier remonte à 23 jours (01/11/2026)."),
        (1, ENGLISH, "No event is planned, and the last one was 1 day ago (2026-11-01)."),
        (0, ENGLISH, "No event is planned, and the last one was 0 days ago (2026-11-01)."),
    ],
)
def test_the_reason_says_its_figures(days: int, language: str, sentence: str) -> None:
    last = datetime(2026, 11, 1, 12, tzinfo=UTC)
    figures: dict[str, Any] = RULE.figures({"since": last})
    assert RULE.reason(figures, last + timedelta(days=days, hours=1), language) == sentence


@pytest.mark.parametrize(
    ("locale", "language"), [("fr", FRENCH), ("en_GB", ENGLISH), ("en-US", ENGLISH), ("de", FRENCH), (None, FRENCH)]
)
def test_the_nearest_language_is_spoken(locale: str | None, language: str) -> None:
    assert language_of(locale) == language
