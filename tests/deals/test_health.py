"""How well deals are kept up: scores, portfolios, teams, trend; and that alerts are raised by the batch."""

from datetime import timedelta

from sqlalchemy import func, select

from chassis.auth import Actor, Role
from chassis.identifiers import parse_id
from services.deals.commands.alerts import close_all, wanted_here
from services.deals.commands.raising import raise_alerts
from services.deals.model import Alert, HealthDay
from services.deals.queries.wanted import cutoffs
from services.deals.rules.close_date_passed import CLOSE_DATE_PASSED
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT
from services.deals.rules.deal_without_owner import DEAL_WITHOUT_OWNER
from tests.deals.house import House, Office
from tests.deals.test_alerts import alerts
from tests.deals.test_entities import statements
from tests.deals.test_teams import a_team

HEALTH = """query($owner: ID, $team: ID) { health(ownerId: $owner, teamId: $team) { score deals atRisk alerts
  medianHoursToResolve trend { day score deals alerts } bands { lowest highest count }
  ages { rule severity headline today thisWeek thisMonth older } } }"""
PORTFOLIOS = "{ portfolios { owner { id } score deals atRisk alerts } }"
LATER = timedelta(days=3)


async def test_each_open_alert_takes_its_weight_from_its_deals_score(office: Office) -> None:
    assert (await office.data(HEALTH))["health"]["score"] is None
    await office.a_deal(ownerId=office.id_of())
    lost = await office.a_deal(ownerId=None)
    kept = await office.a_deal(ownerId=office.id_of(Role.ADMIN))
    await office.a_note(dealId=kept)
    await office.an_appointment(24 * 10, dealId=kept)
    await office.sweep_once(LATER, [DEAL_WITHOUT_NEXT_EVENT, DEAL_WITHOUT_OWNER])
    found = (await office.data(HEALTH))["health"]
    assert (found["score"], found["deals"], found["atRisk"], found["alerts"]) == (73, 3, 1, 3)
    assert [band["count"] for band in found["bands"]] == [0, 0, 1, 0, 2]
    assert {age["rule"]: age["today"] for age in found["ages"]} == {
        "deal_without_next_event": 2,
        "deal_without_owner": 1,
    }
    asked = await office.data("query($id: ID!) { deal(id: $id) { health } }", id=lost)
    assert asked["deal"]["health"] == 40
    rows = (await office.data(PORTFOLIOS))["portfolios"]
    assert [(row["owner"]["id"], row["score"]) for row in rows] == [
        (office.id_of(), 80),
        (office.id_of(Role.ADMIN), 100),
    ]
    team = await a_team(office, office.id_of(Role.ADMIN))
    assert (await office.data(HEALTH, team=team))["health"]["score"] == 100
    assert (await office.data(HEALTH, owner=office.id_of()))["health"]["score"] == 80


async def test_who_takes_charge_gives_half_back_and_who_resolves_all_of_it(office: Office) -> None:
    await office.a_deal(ownerId=office.id_of())
    await office.sweep_once(LATER, [DEAL_WITHOUT_NEXT_EVENT])
    [alert] = await alerts(office)
    await office.do("takeChargeOfAlert", id=alert["id"])
    assert (await office.data(HEALTH))["health"]["score"] == 90
    await office.do("resolveAlert", id=alert["id"])
    found = (await office.data(HEALTH))["health"]
    assert (found["score"], found["medianHoursToResolve"] is None) == (100, False)


async def test_a_day_is_kept_once_whoever_sweeps_and_the_next_beside_it(house: House, office: Office) -> None:
    await office.a_deal(ownerId=office.id_of())
    await office.sweep_once()
    await office.sweep_once(rules=[CLOSE_DATE_PASSED])
    await office.sweep_once(timedelta(days=1), [CLOSE_DATE_PASSED])
    async with house.running.database.read(office.organization) as session:
        assert await session.scalar(select(func.count()).select_from(HealthDay)) == 4
    trend = (await office.data(HEALTH))["health"]["trend"]
    assert [day["deals"] for day in trend] == [1, 1]
    assert trend[0]["day"] < trend[1]["day"]


async def test_of_a_team_and_a_collaborator_one_is_named(office: Office) -> None:
    answer = await office.ask(HEALTH, owner=office.id_of(), team=await a_team(office, office.id_of()))
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_a_batch_is_raised_and_closed_by_the_same_few_statements_however_many(
    house: House, office: Office
) -> None:
    deals = [parse_id("deal", await office.a_deal(ownerId=None)) for _ in range(6)]
    spent = []
    for some in (deals[:1], deals[1:]):
        async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
            cut = cutoffs(DEAL_WITHOUT_OWNER, await wanted_here(work), work.now, {})
            with statements(house) as seen:
                assert await raise_alerts(work, DEAL_WITHOUT_OWNER, cut, some) == len(some)
                assert await close_all(work, Alert.subject_id.in_(some)) == len(some)
            spent.append(len(seen))
    assert spent[0] == spent[1]
