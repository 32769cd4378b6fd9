"""Pipelines as an organization makes them."""

from typing import Any

import pytest

from chassis.auth import Role
from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import Office
from tests.deals.test_deals import facts

SHOW = "version name isDefault archivedAt stages { id name position color criteria { field severity } }"


async def change(office: Office, mutation: str, show: str = SHOW, **input: Any) -> Any:
    """What a mutation of an administrator gives."""
    return await office.do(mutation, Role.ADMIN, show=show, **input)


async def names(office: Office, pipeline: str) -> list[str]:
    """The names of a pipeline's stages in use, checked to be numbered from 1."""
    told = await office.data("{ pipelines { id stages { name position } } }")
    (stages,) = [one["stages"] for one in told["pipelines"] if one["id"] == pipeline]
    assert [stage["position"] for stage in stages] == list(range(1, len(stages) + 1))
    return [stage["name"] for stage in stages]


async def test_a_pipeline_is_read_as_it_was_made(office: Office) -> None:
    stage = {
        "name": "Visite",
        "probability": 20,
        "expectedDays": 7,
        "color": "#22C55E",
        "criteria": [{"field": "AMOUNT", "severity": "BLOCK"}],
    }
    made = await change(office, "createPipeline", name="Travaux", stages=[stage])
    assert (made["name"], made["isDefault"]) == ("Travaux", False)
    (told,) = made["stages"]
    assert (told["color"], told["criteria"]) == ("#22c55e", [{"field": "AMOUNT", "severity": "BLOCK"}])
    again = await change(office, "createPipeline", name="Travaux")
    assert (again["__typename"], again["path"]) == ("AlreadyExists", ["name"])


async def test_another_pipeline_becomes_the_default_one_and_deals_begin_there(office: Office) -> None:
    pipeline, stages = await office.a_pipeline("A", "B")
    await change(office, "updatePipeline", id=pipeline, makeDefault=True, name="Principal")
    told = await office.data("{ pipelines { id isDefault } }")
    assert [one["id"] for one in told["pipelines"] if one["isDefault"]] == [pipeline]
    deal = await office.a_deal()
    assert (await office.data("query($id: ID!) { deal(id: $id) { stage { id } } }", id=deal))["deal"]["stage"] == {
        "id": stages[0]
    }


async def test_stages_are_added_changed_and_reordered(office: Office) -> None:
    pipeline, (a, b, c) = await office.a_pipeline("A", "B", "C")
    new = {"name": "X", "probability": 1, "expectedDays": 1}
    await change(office, "addStage", pipelineId=pipeline, stage=new, position=2)
    assert await names(office, pipeline) == ["A", "X", "B", "C"]
    await change(office, "updateStage", id=a, name="Alpha", color="#000000")
    (x,) = {one["id"] for one in (await stages_of(office, pipeline))} - {a, b, c}
    await change(office, "reorderStages", id=pipeline, stageIds=[c, b, x, a])
    assert await names(office, pipeline) == ["C", "B", "X", "Alpha"]
    short = await change(office, "reorderStages", id=pipeline, stageIds=[c, b, a, a])
    assert (short["__typename"], short["path"]) == ("InvalidInput", ["stageIds"])


async def decide(office: Office, **input: Any) -> None:
    """Include a participant; its role has the name of the caller's."""
    query = "mutation($input: AddParticipantInput!) { addParticipant(input: $input) { __typename } }"
    assert (await office.data(query, input=input))["addParticipant"]["__typename"] == "Deal"


async def stages_of(office: Office, pipeline: str) -> list[dict[str, Any]]:
    """A pipeline's stages in use."""
    told = await office.data("{ pipelines { id stages { id name } } }")
    return next(one["stages"] for one in told["pipelines"] if one["id"] == pipeline)


async def test_removing_a_stage_with_deals_says_where_they_go(office: Office) -> None:
    pipeline, (a, b, c) = await office.a_pipeline("A", "B", "C")
    deals = [await office.a_deal(stageId=b) for _ in range(3)]
    await office.do("changeDealPhase", id=deals[2], phase="LOST", lostReason="x")
    asked = await change(office, "removeStage", id=b)
    assert (asked["__typename"], asked["path"]) == ("StageHasDeals", ["destinationStageId"])
    assert asked["message"].startswith("3 deals")
    foreign = await change(office, "removeStage", id=b, destinationStageId=(await office.stages())[0])
    assert (foreign["__typename"], foreign["path"]) == ("InvalidInput", ["destinationStageId"])
    assert await names(office, pipeline) == ["A", "B", "C"]

    await change(office, "removeStage", id=b, destinationStageId=c)
    assert await names(office, pipeline) == ["A", "C"]
    query = "query($id: ID!) { deal(id: $id) { stage { id } stageHistory { stage { id archivedAt } leftAt days } } }"
    for deal in deals:
        told = (await office.data(query, id=deal))["deal"]
        assert told["stage"]["id"] == c
        first, second = told["stageHistory"]
        assert first["stage"]["id"] == b
        assert first["stage"]["archivedAt"]
        assert first["leftAt"]
        assert (second["stage"]["id"], second["leftAt"]) == (c, None)
    newest, *_ = await facts(office, deals[0])
    assert {one["field"]: one["after"] for one in newest["changes"]} == {"stage": "C", "cause": "stage_removed: B"}
    late = await office.do("moveDealToStage", id=await office.a_deal(stageId=a), stageId=b)
    assert (late["__typename"], late["path"]) == ("WrongState", ["stageId"])


async def test_a_design_that_somebody_else_changed_is_not_changed_unseen(office: Office) -> None:
    pipeline, (a, b) = await office.a_pipeline("A", "B")
    renamed = await change(office, "updateStage", id=a, name="Premier", expectedVersion=1)
    assert renamed["version"] == 2
    for mutation, id in (("updateStage", a), ("removeStage", b), ("archivePipeline", pipeline)):
        refused = await change(office, mutation, id=id, expectedVersion=1)
        assert refused["__typename"] == "VersionConflict", mutation
    archived = await change(office, "archivePipeline", id=pipeline, expectedVersion=2)
    assert (await change(office, "restorePipeline", id=pipeline, expectedVersion=2))["__typename"] == "VersionConflict"
    assert (await change(office, "restorePipeline", id=pipeline, expectedVersion=archived["version"]))["version"] == 4


async def test_the_last_stage_and_the_default_pipeline_stay(office: Office) -> None:
    _, (only,) = await office.a_pipeline("A")
    assert (await change(office, "removeStage", id=only))["__typename"] == "WrongState"
    told = await office.data("{ pipelines { id isDefault } }")
    (default,) = [one["id"] for one in told["pipelines"] if one["isDefault"]]
    assert (await change(office, "archivePipeline", id=default))["__typename"] == "WrongState"


async def test_an_archived_pipeline_gives_its_deals_away_and_comes_back_as_it_was(office: Office) -> None:
    pipeline, (a, b) = await office.a_pipeline("A", "B")
    gone = await office.a_pipeline("C", "D")
    await change(office, "removeStage", id=gone[1][1])
    deal = await office.a_deal(stageId=a)
    assert (await change(office, "archivePipeline", id=pipeline))["__typename"] == "StageHasDeals"
    goal = (await office.stages())[2]
    archived = await change(office, "archivePipeline", id=pipeline, destinationStageId=goal)
    assert archived["archivedAt"]
    query = "query($id: ID!) { deal(id: $id) { stage { id } pipeline { isDefault } } }"
    assert (await office.data(query, id=deal))["deal"] == {"stage": {"id": goal}, "pipeline": {"isDefault": True}}
    listed = await office.data("{ used: pipelines { id } all: pipelines(archived: true) { id } }")
    assert pipeline not in {one["id"] for one in listed["used"]}
    assert pipeline in {one["id"] for one in listed["all"]}
    back = await change(office, "restorePipeline", id=pipeline)
    assert [stage["id"] for stage in back["stages"]] == [a, b]


async def test_a_deal_goes_to_another_pipeline_only_when_told_so(office: Office) -> None:
    _, (a, _) = await office.a_pipeline("A", "B")
    deal = await office.a_deal()
    refused = await office.do("moveDealToStage", id=deal, stageId=a)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["stageId"])
    moved = await office.do("moveDealToPipeline", show="stage { id }", id=deal, stageId=a)
    told = (await office.told(pb.DealChanged))[-1].deal
    assert told.left_pipeline_id and told.left_pipeline_id != told.pipeline_id, "the board that it leaves hears of it"
    assert moved["stage"]["id"] == a


async def test_a_deal_leaves_a_stage_with_what_the_stage_requires(office: Office) -> None:
    pipeline, (a, b) = await office.a_pipeline("A", "B")
    criteria = [
        {"field": "AMOUNT", "severity": "BLOCK"},
        {"field": "DECISION_MAKER", "severity": "WARN"},
        {"field": "OWNER", "severity": "BLOCK"},
    ]
    await change(office, "updateStage", id=a, criteria=criteria)
    deal = await office.a_deal(stageId=a)
    query = "query($id: ID!) { deal(id: $id) { unmetCriteria { field severity } } }"
    assert (await office.data(query, id=deal))["deal"]["unmetCriteria"] == criteria[:2]
    show = "... on CriteriaNotMet { unmet { field severity } }"
    move = "mutation($i: MoveDealToStageInput!) { moveDealToStage(input: $i) { __typename " + show + " } }"

    async def moved(**input: Any) -> Any:
        return (await office.data(move, i={"id": deal, "stageId": b, **input}))["moveDealToStage"]

    assert await moved() == {"__typename": "CriteriaNotMet", "unmet": criteria[:2]}
    assert (await moved(acceptWarnings=True))["unmet"] == criteria[:2]
    await office.do("updateDeal", id=deal, amount="10", currency="EUR")
    assert await moved() == {"__typename": "CriteriaNotMet", "unmet": criteria[1:2]}
    assert await moved(acceptWarnings=True) == {"__typename": "Deal"}
    newest, *_ = await facts(office, deal)
    assert {"field": "without", "before": None, "after": "DECISION_MAKER"} in newest["changes"]
    back = await office.do("moveDealToStage", id=deal, stageId=a)
    assert back["__typename"] == "Deal", "backwards nothing is required"
    decider: dict[str, Any] = {"contactId": await office.a_contact(), "part": "gérante", "role": "DECISION_MAKER"}
    await decide(office, dealId=deal, **decider)
    assert await moved() == {"__typename": "Deal"}
    assert pipeline


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("stages.0.probability", {"probability": 101}),
        ("stages.0.expectedDays", {"expectedDays": 0}),
        ("stages.0.color", {"color": "red; background:url(x)"}),
        ("stages.0.name", {"name": " "}),
        ("stages.0.criteria", {"criteria": [{"field": "OWNER", "severity": "WARN"}] * 2}),
        *(
            ("stages.0.criteria.0.customField", {"criteria": [{"severity": "WARN", **told}]})
            for told in (
                {"field": "OWNER", "customField": "roof"},
                {"field": "CUSTOM_FIELD"},
                {"field": "CUSTOM_FIELD", "customField": "unheard-of"},
            )
        ),
    ],
)
async def test_a_bad_stage_is_refused(office: Office, field: str, values: dict[str, Any]) -> None:
    stage = {"name": "A", "probability": 1, "expectedDays": 1, **values}
    refused = await change(office, "createPipeline", name="Mauvais", stages=[stage])
    assert (refused["__typename"], ".".join(refused["path"])) == ("InvalidInput", field)
    assert len((await office.data("{ pipelines { id } }"))["pipelines"]) == 1


async def test_only_an_administrator_makes_pipelines(office: Office) -> None:
    assert (await office.do("createPipeline", name="X"))["__typename"] == "Forbidden"
