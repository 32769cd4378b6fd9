"""Counts and sums by groups, of deals and alerts."""

from typing import Any

from tests.deals.house import House, Office
from tests.deals.test_alerts import LATER
from tests.deals.test_entities import statements

AMOUNTS = "amounts { currency count sum weightedSum average min max }"
DEALS = f"""query($by: [DealGrouping!], $filter: DealFilter) {{ dealAggregate(groupBy: $by, filter: $filter) {{
  count phase stage {{ position }} owner {{ id }} expectedCloseMonth {AMOUNTS} }} }}"""


async def groups(office: Office, *by: str, **filter: Any) -> list[Any]:
    """Groups of deals."""
    told: list[Any] = (await office.data(DEALS, by=list(by), filter=filter or None))["dealAggregate"]
    return told


async def test_deals_are_summed_by_group_and_currency(house: House, office: Office) -> None:
    stages = await office.stages()
    for amount, currency, stage, close in (
        ("100.10", "EUR", 0, "2026-12-03"),
        ("200", "EUR", 0, "2026-12-31"),
        ("50", "EUR", 3, "2027-01-01"),
        ("1000", "JPY", 0, None),
        (None, None, 3, None),
    ):
        await office.a_deal(amount=amount, currency=currency, stageId=stages[stage], expectedClose=close)
    await (await house.organization("Autre")).a_deal(amount="7", currency="EUR")
    with statements(house) as seen:
        first, second = await groups(office, "STAGE", "PHASE")
    assert len(seen) == 2, seen
    by_position = {group["stage"]["position"]: group for group in (first, second)}
    assert (by_position[1]["count"], by_position[1]["phase"]) == (3, "LEAD")
    euros, yens = by_position[1]["amounts"]
    assert euros == {
        "currency": "EUR", "count": 2, "sum": "300.10", "weightedSum": "15.0050",
        "average": "150.0500", "min": "100.10", "max": "200.00",
    }  # fmt: skip
    assert (yens["currency"], yens["sum"]) == ("JPY", "1000")
    assert by_position[4]["count"] == 2
    assert [(one["currency"], one["count"]) for one in by_position[4]["amounts"]] == [("EUR", 1)]
    months = [(group["expectedCloseMonth"], group["count"]) for group in await groups(office, "EXPECTED_CLOSE_MONTH")]
    assert months == [("2026-12-01", 2), ("2027-01-01", 1), (None, 2)]
    [everything] = await groups(office, currency={"eq": "EUR"}, stage={"position": {"eq": 1}})
    assert (everything["count"], everything["owner"], everything["phase"]) == (2, None, None)
    assert await groups(office, title={"eq": "nothing"}) == []


async def test_alerts_are_counted(office: Office) -> None:
    await office.a_deal()
    await office.sweep_once(LATER)
    query = "{ alertAggregate(groupBy: [RULE, STATUS]) { rule status count } alerts { totalCount } }"
    told = await office.data(query)
    assert sum(group["count"] for group in told["alertAggregate"]) == told["alerts"]["totalCount"] > 0
    assert {group["status"] for group in told["alertAggregate"]} == {"RAISED"}
