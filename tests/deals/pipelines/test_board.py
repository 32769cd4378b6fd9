"""The board, and how a pipeline does."""

from datetime import timedelta
from typing import Any

from chassis.auth import Actor
from chassis.database import Database, utc_now
from chassis.identifiers import parse_id
from services.deals.commands import deals as deal_commands
from services.deals.commands import moves
from services.deals.model import Base
from services.deals.states.deal import Phase
from tests.deals.house import House, Office
from tests.deals.test_entities import statements

BOARD = """query($p: ID!, $f: DealFilter, $n: Int, $a: [ColumnCursor!], $o: [DealOrder!]) {
  board(pipelineId: $p, filter: $f, first: $n, after: $a, orderBy: $o) { pipeline { id } columns { count
    stage { name } sums { currency count total weighted }
    deals { edges { node { title stage { name } owner { id } } } pageInfo { hasNextPage hasPreviousPage endCursor } }
  } } }"""


async def board(office: Office, pipeline: str, **variables: Any) -> list[dict[str, Any]]:
    """The columns."""
    columns: list[dict[str, Any]] = (await office.data(BOARD, p=pipeline, **variables))["board"]["columns"]
    return columns


def titles(column: dict[str, Any]) -> list[str]:
    """The titles of a column's page."""
    return [edge["node"]["title"] for edge in column["deals"]["edges"]]


async def test_a_board_tells_counts_sums_and_a_page_of_each_column(house: House, office: Office) -> None:
    pipeline, (a, b, _) = await office.a_pipeline("A", "B", "C")
    contact = await office.a_contact()
    amounts: list[dict[str, Any]] = [
        {"amount": "100.10", "currency": "EUR"},
        {"amount": "200.20", "currency": "EUR"},
        {"amount": "5000", "currency": "JPY"},
        {},
    ]
    for place, amount in enumerate(amounts):
        await office.a_deal(title=f"A{place}", stageId=a, primaryContactId=contact, **amount)
    lost = await office.a_deal(title="lost", stageId=b, primaryContactId=contact)
    await office.do("changeDealPhase", id=lost, phase="LOST", lostReason="x")
    with statements(house) as seen:
        first, second, third = await board(office, pipeline, n=3)
    assert len(seen) == 5, seen
    assert (first["count"], first["stage"]["name"], titles(first)) == (4, "A", ["A3", "A2", "A1"])
    assert first["sums"] == [
        {"currency": "EUR", "count": 2, "total": "300.30", "weighted": "99.10"},
        {"currency": "JPY", "count": 1, "total": "5000", "weighted": "1650"},
    ]
    assert (second["count"], titles(second), third["sums"]) == (0, [], [])
    told = await board(office, pipeline, f={"phase": {"eq": "LOST"}})
    assert [column["count"] for column in told] == [0, 1, 0]


async def test_each_column_goes_on_from_its_own_cursor_in_as_many_statements(house: House, office: Office) -> None:
    pipeline, stages = await office.a_pipeline("A", "B")
    contact = await office.a_contact()
    for place in range(5):
        for name, stage in zip("AB", stages, strict=True):
            await office.a_deal(title=f"{name}{place}", stageId=stage, primaryContactId=contact)
    order = [{"field": "TITLE"}]
    first = await board(office, pipeline, n=2, o=order)
    after = [{"stageId": stages[1], "after": first[1]["deals"]["pageInfo"]["endCursor"]}]
    with statements(house) as seen:
        again, on = await board(office, pipeline, n=2, a=after, o=order)
    assert len(seen) == 5, seen
    assert (titles(again), titles(on)) == (["A0", "A1"], ["B2", "B3"])
    assert on["deals"]["pageInfo"]["hasPreviousPage"]
    assert on["deals"]["pageInfo"]["hasNextPage"]
    refused = await office.ask(BOARD, p=pipeline, a=after)
    assert refused["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_a_board_of_another_organization_is_not_there(house: House, office: Office) -> None:
    pipeline, _ = await (await house.organization("Autre")).a_pipeline("A")
    refused = await office.ask(BOARD, p=pipeline)
    assert refused["errors"][0]["extensions"] == {"code": "NOT_FOUND", "path": ["pipelineId"]}


async def test_conversion_win_rate_and_time_in_stage(house: House, office: Office) -> None:
    pipeline, (a, b, c) = await office.a_pipeline("A", "B", "C")
    contact = await office.a_contact()
    deals = [await office.a_deal(stageId=a, phase="OPPORTUNITY", primaryContactId=contact) for _ in range(4)]
    later = Database(
        str(house.running.settings.database_url),
        Base,
        "deals",
        pool_size=1,
        clock=lambda: utc_now() + timedelta(days=2),
    )
    async with later.unit_of_work(Actor.system(office.organization)) as work:
        for deal, goal in ((deals[0], b), (deals[1], c)):
            move = moves.StageMove(id=parse_id("deal", deal), stage=parse_id("stage", goal), expected_version=None)
            await moves.move_deal_to_stage(work, move)
        for deal, phase, reason in ((deals[1], Phase.SIGNED, None), (deals[2], Phase.LOST, "x")):
            change = deal_commands.PhaseChange(
                id=parse_id("deal", deal), phase=phase, lost_reason=reason, expected_version=None
            )
            await deal_commands.change_deal_phase(work, change)
    await later.close()
    query = """query($p: ID!, $b: DateTime!, $e: DateTime!) { pipelineMetrics(pipelineId: $p, from: $b, to: $e) {
      won lost winRate averageDaysToWin stages { stage { name } entered converted conversionRate averageDays
      medianDays } } }"""
    period: dict[str, Any] = {
        "b": (utc_now() - timedelta(days=1)).isoformat(),
        "e": (utc_now() + timedelta(days=3)).isoformat(),
    }
    with statements(house) as seen:
        told = (await office.data(query, p=pipeline, **period))["pipelineMetrics"]
    assert len(seen) == 2
    assert (told["won"], told["lost"], told["winRate"]) == (1, 1, 0.5)
    assert round(told["averageDaysToWin"], 1) == 2.0
    first, second, third = told["stages"]
    assert (first["entered"], first["converted"], first["conversionRate"]) == (4, 2, 0.5)
    assert (round(first["averageDays"], 1), round(first["medianDays"], 1)) == (2.0, 2.0)
    assert (second["entered"], second["converted"], second["averageDays"]) == (1, 0, None)
    assert (third["entered"], third["converted"]) == (1, 1)
    backwards = await office.ask(query, p=pipeline, b=period["e"], e=period["b"])
    assert backwards["errors"][0]["extensions"]["path"] == ["to"]


async def test_a_forecast_weighs_open_deals_by_month(office: Office) -> None:
    _, (a, b) = await office.a_pipeline("A", "B")
    contact = await office.a_contact()
    for stage, amount, close in (
        (a, "100", "2027-01-05"),
        (b, "50", "2027-01-31"),
        (a, "10", "2027-02-01"),
        (a, "7", None),
    ):
        await office.a_deal(stageId=stage, amount=amount, currency="EUR", expectedClose=close, primaryContactId=contact)
    query = "{ forecast { month sums { currency count total weighted } } }"
    told = (await office.data(query))["forecast"]
    assert [(one["month"], one["sums"][0]["total"], one["sums"][0]["weighted"]) for one in told] == [
        ("2027-01-01", "150.00", "100.00"),
        ("2027-02-01", "10.00", "5.00"),
        (None, "7.00", "3.50"),
    ]
