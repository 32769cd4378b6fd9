"""What awaits a collaborator, by their own clock."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from chassis.auth import Actor, Role
from chassis.database import utc_now
from chassis.identifiers import parse_id
from services.deals.model import Deal
from services.deals.schema.my_day import span
from tests.deals.house import House, Office
from tests.deals.test_alerts import raised
from tests.deals.test_appointments import WEEKLY, answer
from tests.deals.test_entities import statements

DAY = """query($d: Date) { myDay(date: $d) { date timeZone appointments { event { id } occurrence { startsAt } }
  tasks { id event { id } } alerts { id } goingStale { id } } }"""


async def day(office: Office, on: str | None = None, role: Role = Role.COLLABORATOR) -> Any:
    """What awaits them."""
    return (await office.data(DAY, role, d=on))["myDay"]


def test_a_day_has_as_many_hours_as_the_clock_says() -> None:
    paris = ZoneInfo("Europe/Paris")
    lengths = []
    for on in (date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 1)):
        begins, ends = span(on, paris)
        lengths.append((ends.timestamp() - begins.timestamp()) / 3600)
    assert lengths == [23, 25, 24]


async def test_appointments_are_those_that_concern_or_invite_me_that_day(office: Office) -> None:
    deal = await office.a_deal()
    mine = await office.do("planAppointment", Role.ADMIN, **{**WEEKLY, "dealId": deal, "attendeeIds": [office.id_of()]})
    once: dict[str, Any] = {
        **WEEKLY,
        "recurrence": None,
        "startsAt": "2027-03-29T06:30:00Z",
        "endsAt": "2027-03-29T06:45:00Z",
    }
    for_me = {**once, "dealId": deal, "concernedIds": [office.id_of()]}
    named = await office.do("planAppointment", Role.ADMIN, **for_me)
    await office.do("planAppointment", Role.ADMIN, **{**once, "dealId": deal})
    told = await day(office, "2027-03-29")
    assert [one["event"]["id"] for one in told["appointments"]] == [named["id"], mine["id"]]
    assert told["appointments"][1]["occurrence"]["startsAt"] == "2027-03-29T07:00:00+00:00"
    assert (await day(office, "2027-03-30"))["appointments"] == []
    await answer(office, mine["id"], "DECLINED")
    assert [one["event"]["id"] for one in (await day(office, "2027-03-29"))["appointments"]] == [named["id"]]


async def test_a_day_is_by_the_collaborators_own_clock(office: Office) -> None:
    me = await office.a_collaborator("Kiri", time_zone="Pacific/Auckland")
    await office.knows(me)
    office.actors[Role.ADMIN] = Actor(office.organization, parse_id("collaborator", me), Role.ADMIN)
    deal = await office.a_deal()
    evening: dict[str, Any] = {"startsAt": "2027-03-28T19:00:00Z", "endsAt": "2027-03-28T20:00:00Z", "recurrence": None}
    await office.do("planAppointment", Role.ADMIN, **{**WEEKLY, **evening, "dealId": deal})
    assert (await day(office, "2027-03-28", Role.ADMIN))["appointments"] == []
    told = await day(office, "2027-03-29", Role.ADMIN)
    assert (told["timeZone"], len(told["appointments"])) == ("Pacific/Auckland", 1)
    assert (await day(office))["timeZone"] == "Europe/Paris"


async def test_tasks_due_alerts_for_me_and_deals_going_stale(house: House, office: Office) -> None:
    alert = await raised(office)
    deal = alert["deal"]["id"]
    now = utc_now()
    overdue = await office.an_instruction(dealId=deal, dueAt=(now - timedelta(hours=1)).isoformat())
    await office.an_instruction(dealId=deal, dueAt=(now + timedelta(days=3)).isoformat())
    await office.an_instruction(dealId=deal)
    with statements(house) as seen:
        told = await day(office)
    assert len(seen) <= 9, seen
    assert [one["event"]["id"] for one in told["tasks"]] == [overdue]
    assert told["goingStale"] == []
    assert (await day(office, role=Role.ADMIN))["tasks"] == []


async def test_an_alert_awaits_whoever_should_take_charge_until_somebody_does(office: Office) -> None:
    alert = await raised(office)
    assert [one["id"] for one in (await day(office))["alerts"]] == [alert["id"]]
    assert (await day(office, role=Role.ADMIN))["alerts"] == []
    await office.do("takeChargeOfAlert", id=alert["id"])
    assert (await day(office))["alerts"] == []


async def test_a_quiet_deal_goes_stale_before_its_stage_is_over(house: House, office: Office) -> None:
    _, (stage, _) = await office.a_pipeline("A", "B")
    deal = await office.a_deal(stageId=stage)
    busy = await office.a_deal(stageId=stage)
    long_ago = utc_now() - timedelta(days=8)
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        values = {"stage_entered_at": long_ago, "updated_at": long_ago}
        await work.session.execute(update(Deal).values(values))
    assert [one["id"] for one in (await day(office))["goingStale"]] == [deal, busy]
    await office.a_note(dealId=busy)
    assert [one["id"] for one in (await day(office))["goingStale"]] == [deal]
    assert (await day(office, role=Role.ADMIN))["goingStale"] == []
