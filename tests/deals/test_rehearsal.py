"""What a changed threshold would have raised, before it is saved."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from chassis.auth import Actor
from chassis.database import utc_now
from chassis.identifiers import parse_id
from services.deals.model import AlertSetting, Deal, Event
from tests.deals.house import House, Office

REHEARSAL = """query($input: RehearsalInput!) { alertRehearsal(input: $input) { wouldRaise raised limits
  days { day wouldRaise raised } sample { subjectId since step reason } } }"""


async def rehearse(office: Office, **input: Any) -> dict[str, Any]:
    """The rehearsal of the rule of next events, unless told otherwise."""
    told = await office.data(REHEARSAL, input={"rule": "deal_without_next_event", "quiet": False, **input})
    found: dict[str, Any] = told["alertRehearsal"]
    return found


async def an_old_deal(house: House, office: Office, days: int, noted: int) -> str:
    """A deal that began so many days ago, with a note written some days ago."""
    deal = await office.a_deal()
    note = await office.a_note(dealId=deal)
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        for table, id, ago in ((Deal, parse_id("deal", deal), days), (Event, parse_id("event", note), noted)):
            moment = utc_now() - timedelta(days=ago, hours=1)
            await work.session.execute(update(table).where(table.id == id).values(created_at=moment))
    return deal


async def test_a_rehearsal_counts_by_day_what_a_threshold_would_have_raised(house: House, office: Office) -> None:
    deal = await an_old_deal(house, office, days=20, noted=10)
    # Five days after the beginning, then five days after the note: both within thirty days.
    found = await rehearse(office, steps=[5], days=30)
    assert found["wouldRaise"] == 2
    assert [day["wouldRaise"] for day in found["days"] if day["wouldRaise"]] == [1, 1]
    assert {alert["subjectId"] for alert in found["sample"]} == {deal}
    assert found["sample"][0]["reason"].startswith("Aucun événement n'est prévu, et le dernier remonte à 5 jours")
    assert found["limits"]
    assert (await rehearse(office, steps=[12], days=30))["wouldRaise"] == 0
    # What was open before the first day is not raised within.
    assert (await rehearse(office, steps=[5], days=3))["wouldRaise"] == 0
    assert (await rehearse(office, steps=[5], days=30, enabled=False))["wouldRaise"] == 0
    async with house.running.database.read(office.organization) as session:
        assert await session.scalar(select(func.count()).select_from(AlertSetting)) == 0


async def test_it_is_beside_what_was_really_raised_and_keeps_to_its_scope(house: House, office: Office) -> None:
    await an_old_deal(house, office, days=20, noted=10)
    await office.sweep_once()
    first, second, *_ = await office.stages()
    here, there = [await rehearse(office, steps=[5], stageId=stage) for stage in (first, second)]
    assert (here["wouldRaise"], here["raised"], there["wouldRaise"], there["raised"]) == (2, 1, 0, 0)


async def test_what_cannot_be_rehearsed_is_told(office: Office) -> None:
    stage, *_ = await office.stages()
    wrong = ({"rule": "nothing"}, {"days": 91}, {"steps": [3, 2]}, {"rule": "contact_unreachable", "stageId": stage})
    for input in wrong:
        answer = await office.ask(REHEARSAL, input={"rule": "deal_without_next_event", **input})
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT", input
