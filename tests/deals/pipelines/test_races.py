"""A stage removed while deals move there, or begin there: one winner, nothing half-written."""

import asyncio
from typing import Any

from chassis.auth import Actor, Role
from chassis.identifiers import parse_id
from services.deals.commands import moves, stage_removal
from tests.deals.house import House, Office

PLACE = "query($id: ID!) { deal(id: $id) { stage { id archivedAt } stageHistory { leftAt stage { id } } } }"


async def place(office: Office, deal: str) -> Any:
    """Where a deal is; its open stay must say the same."""
    told = (await office.data(PLACE, id=deal))["deal"]
    (stay,) = [one for one in told["stageHistory"] if one["leftAt"] is None]
    assert stay["stage"]["id"] == told["stage"]["id"]
    return told["stage"]


async def test_a_move_that_waited_for_a_removal_is_refused(house: House, office: Office) -> None:
    _, (a, b, _) = await office.a_pipeline("A", "B", "C")
    deal = await office.a_deal(stageId=a)
    actor = Actor.system(office.organization)
    async with house.running.database.unit_of_work(actor) as work:
        removed = stage_removal.Removal(id=parse_id("stage", b), expected_version=None, destination=None)
        await stage_removal.remove_stage(work, removed)
        moving = asyncio.create_task(office.do("moveDealToStage", id=deal, stageId=b))
        done, _ = await asyncio.wait({moving}, timeout=0.3)
        assert not done
    refused = await moving
    assert (refused["__typename"], refused["path"]) == ("WrongState", ["stageId"])
    assert (await place(office, deal))["id"] == a


async def test_a_removal_that_waited_for_a_move_takes_the_deal_along(house: House, office: Office) -> None:
    _, (a, b, c) = await office.a_pipeline("A", "B", "C")
    deal = await office.a_deal(stageId=a)
    move = moves.StageMove(id=parse_id("deal", deal), stage=parse_id("stage", b), expected_version=None)
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        await moves.move_deal_to_stage(work, move)
        removing = asyncio.create_task(office.do("removeStage", Role.ADMIN, id=b, destinationStageId=c))
        done, _ = await asyncio.wait({removing}, timeout=0.3)
        assert not done
    assert (await removing)["__typename"] == "Pipeline"
    assert (await place(office, deal))["id"] == c


async def test_moves_beginnings_and_removals_at_once_leave_no_deal_in_a_removed_stage(office: Office) -> None:
    pipeline, stages = await office.a_pipeline("A", "B", "C", "D")
    deals = [await office.a_deal(stageId=stages[0]) for _ in range(4)]
    contact = await office.a_contact()
    await office.knows(contact)
    begin: dict[str, Any] = {"title": "Nouvelle", "primaryContactId": contact}
    results = await asyncio.gather(
        *(office.do("moveDealToStage", id=deal, stageId=stages[1 + place % 2]) for place, deal in enumerate(deals)),
        *(office.do("createDeal", stageId=stages[1], **begin) for _ in range(3)),
        office.do("removeStage", Role.ADMIN, id=stages[1], destinationStageId=stages[2]),
        office.do("removeStage", Role.ADMIN, id=stages[2], destinationStageId=stages[3]),
        office.do("removeStage", Role.ADMIN, id=stages[1], destinationStageId=stages[3]),
    )
    assert {one["__typename"] for one in results} <= {"Deal", "Pipeline", "WrongState", "NotFound", "InvalidInput"}
    told = await office.data("query($f: DealFilter) { deals(filter: $f) { edges { node { id } } } }", f={})
    for edge in told["deals"]["edges"]:
        assert (await place(office, edge["node"]["id"]))["archivedAt"] is None
    assert pipeline


async def test_two_pipelines_of_one_name_at_once_are_one(office: Office) -> None:
    made = await asyncio.gather(*(office.do("createPipeline", Role.ADMIN, name="Travaux") for _ in range(4)))
    assert sorted(one["__typename"] for one in made) == ["AlreadyExists"] * 3 + ["Pipeline"]
