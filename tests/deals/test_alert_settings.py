"""How an organization wants its alerts: calendar, thresholds, exceptions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.auth import Role
from chassis.identifiers import new_id
from services.deals.values.alert_settings import Counting, StageDays, Wanted, Wish
from services.deals.values.calendar import WorkingCalendar
from tests.deals.house import Office
from tests.deals.test_alerts import alerts

PARIS = WorkingCalendar("Europe/Paris")
SETTINGS = """{ alertSettings { version weekdays holidays quietDays escalationDays
  closures { id firstDay lastDay label }
  rules { name headline english: headline(locale: "en") about byStage usual { enabled steps working quiet }
    counting { enabled steps working quiet } settings { pipelineId stageId enabled steps } } } }"""


def at(text: str) -> datetime:
    """A moment in Paris."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "days", "since"),
    [
        ("2026-11-25T10:00", 1, "2026-11-24T10:00"),
        ("2026-11-30T10:00", 1, "2026-11-27T10:00"),  # over a week-end
        ("2026-11-28T15:00", 1, "2026-11-27T00:00"),  # a Saturday counts as Friday's end
        ("2026-11-29T23:59", 2, "2026-11-26T00:00"),
        ("2026-11-12T09:00", 2, "2026-11-09T09:00"),  # over the armistice
        ("2027-03-30T09:00", 1, "2027-03-26T09:00"),  # over Easter, in the night of which clocks change
        ("2026-10-26T02:30", 1, "2026-10-23T02:30"),
        ("2026-11-28T15:00", 0, "2026-11-28T15:00"),  # at once is at once, on a Saturday too
    ],
)
def test_working_days_are_counted_back(now: str, days: int, since: str) -> None:
    assert PARIS.back(at(now), days) == at(since)


def test_closures_are_not_worked_and_a_calendar_without_work_ends() -> None:
    closed = WorkingCalendar("Europe/Paris", closures=((date(2026, 12, 24), date(2027, 1, 3)),))
    assert closed.back(at("2027-01-04T10:00"), 1) == at("2026-12-23T10:00")
    never = WorkingCalendar("Europe/Paris", closures=((date(1990, 1, 1), date(2100, 1, 1)),))
    assert never.back(at("2026-11-25T10:00"), 2) < at("2024-01-01T00:00")


ZONES = ("Europe/Paris", "America/Santiago", "Pacific/Auckland", "Asia/Beirut", "Atlantic/Azores", "Asia/Kolkata")
MOMENTS = st.timedeltas(timedelta(), timedelta(days=1_000)).map(lambda after: datetime(2025, 1, 1, tzinfo=UTC) + after)
EARLIER = st.timedeltas(timedelta(microseconds=1), timedelta(days=9))


@given(st.sampled_from(ZONES), MOMENTS, st.integers(1, 40), EARLIER)
def test_a_look_is_never_late_and_at_most_the_hours_that_clocks_change_early(
    zone: str, since: datetime, days: int, earlier: timedelta
) -> None:
    calendar = WorkingCalendar(zone)
    look = calendar.ahead(since, days)
    assert calendar.back(look - earlier, days) <= since, "nothing had passed before the look"
    assert calendar.back(look + timedelta(hours=2, seconds=1), days) >= since, "it has passed soon after it"


def test_what_has_passed_a_threshold_has_passed_it_later_too() -> None:
    moments = [at("2026-11-01T00:30") + timedelta(hours=5 * hour) for hour in range(400)]
    for days in (1, 2, 5):
        cutoffs = [PARIS.back(moment, days) for moment in moments]
        assert cutoffs == sorted(cutoffs)


def test_the_narrowest_wish_wins_value_by_value() -> None:
    day = timedelta(days=1)
    pipeline, here, there = new_id(), StageDays(new_id(), new_id(), 7), StageDays(new_id(), new_id(), 5)
    wishes = [
        Wish(stage_id=here.id, steps=(9 * day,)),
        Wish(enabled=False),
        Wish(pipeline_id=here.pipeline_id, enabled=True, steps=(4 * day,)),
        Wish(pipeline_id=pipeline, enabled=True),
    ]
    told = Wanted(new_id(), PARIS, wishes={"rule": wishes}, stages=[here, there])
    usual = Counting(enabled=True, steps=(day,), working=False, quiet=True)
    assert told.counting("rule", usual, here) == Counting(enabled=True, steps=(9 * day,), working=False, quiet=True)
    now = at("2026-11-25T10:00")
    [cutoff] = told.cutoffs("rule", usual, now, by_stage=True, on_deals=True)
    assert (cutoff.stage_id, cutoff.at, cutoff.quiet_days) == (here.id, now - 16 * day, 60)


async def settings(office: Office) -> dict[str, Any]:
    """As everybody may read them."""
    told: dict[str, Any] = (await office.data(SETTINGS, Role.READER))["alertSettings"]
    return told


async def test_every_rule_is_told_with_how_it_counts(office: Office) -> None:
    told = await settings(office)
    rules = {rule["name"]: rule for rule in told["rules"]}
    stale = rules["deal_stale_in_stage"]
    assert (stale["headline"], stale["english"]) == ("affaire qui stagne à son étape", "deal stale in its stage")
    assert (stale["byStage"], stale["about"]) == (True, "DEAL")
    assert rules["deal_without_next_event"]["usual"] == {
        "enabled": True, "steps": [2.0], "working": True, "quiet": True,
    }  # fmt: skip


async def test_a_rule_is_changed_everywhere_and_at_a_stage(office: Office) -> None:
    first, second, *_ = await office.stages()
    await office.a_deal(title="Première", stageId=first)
    await office.a_deal(title="Seconde", stageId=second)
    changed = await rule(office, steps=[20])
    assert (changed["version"], changed["steps"]) == (1, [20])
    await rule(office, stageId=second, steps=[4])
    await office.sweep_once(timedelta(days=5))
    titles = [one["deal"]["id"] for one in await alerts(office) if one["rule"] == "deal_without_next_event"]
    assert len(titles) == 1
    # Off: what it raised is closed.
    await rule(office, stageId=second, enabled=False)
    await office.sweep_once(timedelta(days=5))
    statuses = {one["status"] for one in await alerts(office) if one["rule"] == "deal_without_next_event"}
    assert statuses == {"CLOSED"}
    stale = await rule(office, enabled=False, expectedVersion=7)
    assert stale["code"] == "VERSION_CONFLICT"


async def rule(office: Office, **values: Any) -> dict[str, Any]:
    """A change of the rule of the next event."""
    told = await office.do("updateAlertRule", Role.ADMIN, show=RULE, rule="deal_without_next_event", **values)
    return dict(told)


RULE = "version steps enabled"


SHOWN = {
    "addClosure": "... on Closure { id label }",
    "excludeFromAlerts": "... on AlertExclusion { id subjectId rule }",
    "updateAlertRule": "... on AlertSetting { id version }",
    **dict.fromkeys(
        ("setAlertCalendar", "removeClosure", "includeInAlerts"),
        "... on AlertSettings { version weekdays holidays escalationDays closures { id label } }",
    ),
}


async def changed(office: Office, mutation: str, role: Role = Role.ADMIN, **input: Any) -> dict[str, Any]:
    """What a change of the calendar answers."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"""mutation($input: {kind}!) {{ result: {mutation}(input: $input) {{
      __typename {SHOWN[mutation]} ... on Error {{ code message path }} }} }}"""
    told: dict[str, Any] = (await office.data(query, role, input=input))["result"]
    return told


async def test_the_calendar_and_its_closures_are_changed(office: Office) -> None:
    told = await changed(office, "setAlertCalendar", weekdays=[0, 1, 2, 3], holidays="BE", escalationDays=[])
    assert (told["version"], told["weekdays"], told["holidays"], told["escalationDays"]) == (2, [0, 1, 2, 3], "BE", [])
    closed = await changed(office, "addClosure", firstDay="2026-12-24", lastDay="2027-01-03", label="Fermeture")
    assert [one["label"] for one in (await settings(office))["closures"]] == ["Fermeture"]
    await changed(office, "removeClosure", id=closed["id"])
    assert (await settings(office))["closures"] == []


@pytest.mark.parametrize(
    ("mutation", "input", "path"),
    [
        ("setAlertCalendar", {"weekdays": []}, ["weekdays"]),
        ("setAlertCalendar", {"weekdays": [7]}, ["weekdays"]),
        ("setAlertCalendar", {"holidays": "XX"}, ["holidays"]),
        ("setAlertCalendar", {"quietDays": 0}, ["quietDays"]),
        ("setAlertCalendar", {"escalationDays": [1]}, ["escalationDays"]),
        ("addClosure", {"firstDay": "2026-12-24", "lastDay": "2026-12-23", "label": "x"}, ["lastDay"]),
        ("removeClosure", {"id": "closure_01h455vb4pex5vsknk084sn02q"}, ["id"]),
        ("updateAlertRule", {"rule": "no_such_rule"}, ["rule"]),
        ("updateAlertRule", {"rule": "close_date_passed", "steps": [3, 1]}, ["steps"]),
        ("updateAlertRule", {"rule": "close_date_passed", "steps": [1, 3]}, ["steps"]),
        ("updateAlertRule", {"rule": "close_date_passed", "steps": [-1]}, ["steps"]),
        ("excludeFromAlerts", {"reason": "x"}, ["dealId"]),
        ("excludeFromAlerts", {"reason": "x", "dealId": "deal_01h455vb4pex5vsknk084sn02q"}, ["dealId"]),
        ("includeInAlerts", {"id": "exclusion_01h455vb4pex5vsknk084sn02q"}, ["id"]),
    ],
)
async def test_what_no_rule_can_count_is_refused(
    office: Office, mutation: str, input: dict[str, Any], path: list[str]
) -> None:
    told = await changed(office, mutation, **input)
    assert (told["code"], told["path"]) in [("INVALID_INPUT", path), ("NOT_FOUND", path)], told


async def test_only_administrators_change_rules(office: Office) -> None:
    told = await changed(office, "setAlertCalendar", Role.COLLABORATOR, weekdays=[1])
    assert told["code"] == "FORBIDDEN"


async def test_working_days_of_the_organization_count(office: Office) -> None:
    await office.a_deal()
    # No day of the coming weeks is worked: nothing is due, however many days go by.
    today = datetime.now(UTC).date()
    last = (today + timedelta(days=300)).isoformat()
    await changed(office, "addClosure", firstDay=today.isoformat(), lastDay=last, label="Travaux")
    await office.sweep_once(timedelta(days=30))
    assert await alerts(office) == []
    await office.sweep_once(timedelta(days=340))
    assert {one["rule"] for one in await alerts(office)} >= {"deal_without_next_event", "deal_stale_in_stage"}


async def test_what_is_excluded_is_left_alone_until_it_is_not(office: Office) -> None:
    deal, other = await office.a_deal(), await office.a_deal(ownerId=None)
    excluded = await changed(office, "excludeFromAlerts", Role.COLLABORATOR, dealId=deal, reason="Litige")
    await changed(office, "excludeFromAlerts", ownerId=office.id_of(Role.ADMIN), reason="Congé")
    listed = (await office.data("{ alertExclusions { id subjectId reason rule } }"))["alertExclusions"]
    assert {one["subjectId"] for one in listed} == {deal, office.id_of(Role.ADMIN)}
    await office.sweep_once(timedelta(days=3))
    assert {one["deal"]["id"] for one in await alerts(office)} == {other}
    await changed(office, "includeInAlerts", id=excluded["id"])
    await office.sweep_once(timedelta(days=3))
    assert {one["deal"]["id"] for one in await alerts(office)} == {deal, other}
