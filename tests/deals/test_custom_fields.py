"""Fields that an organization adds to its deals: told by contacts, written with the deal, read typed, filtered."""

from typing import Any

import pytest

from chassis.auth import Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from tests.deals.house import Office
from tests.deals.test_refusals import rows

TYPES = pb.CustomField.Type
EVERYTHING: list[dict[str, Any]] = [
    {"key": "site", "text": " Port "},
    {"key": "surface", "number": "120.500000"},
    {"key": "start", "date": "2027-02-28"},
    {"key": "urgent", "boolean": False},
    {"key": "roof", "choices": ["slate"]},
    {"key": "works", "choices": ["zinc", "slate"]},
    {"key": "plan", "text": "https://files.example/plan"},
]
VALUES = "customValues { key text number date boolean choices field { id } }"


async def a_field(office: Office, key: str, type: Any = TYPES.TEXT, version: int = 1, **values: Any) -> str:
    """A field of deals, as contacts tells of it."""
    id = values.pop("id", None) or format_id("custom_field", new_id())
    told = pb.CustomField(id=id, subject=values.pop("subject", pb.CustomField.DEAL), key=key, type=type, **values)
    if type in (TYPES.CHOICE, TYPES.MULTI_CHOICE):
        told.options.add(key="slate")
        told.options.add(key="zinc")
        told.options.add(key="thatch", archived=True)
    await office.tell(
        "custom_field", parse_id("custom_field", id), pb.CustomFieldChanged(custom_field=told), version=version
    )
    if told.subject == pb.CustomField.DEAL:
        await office.is_at(id, version)
    return str(id)


async def all_fields(office: Office) -> None:
    """One of each type."""
    kinds = (TYPES.TEXT, TYPES.NUMBER, TYPES.DATE, TYPES.BOOLEAN, TYPES.CHOICE, TYPES.MULTI_CHOICE, TYPES.URL)
    for position, (one, kind) in enumerate(zip(EVERYTHING, kinds, strict=True)):
        await a_field(office, str(one["key"]), kind, position=position)


async def titles(office: Office, *conditions: dict[str, Any]) -> list[str]:
    """Deals for which all conditions hold."""
    query = "query($f: DealFilter) { deals(filter: $f, orderBy: [{field: TITLE}]) { edges { node { title } } } }"
    told = await office.data(query, f={"customFields": list(conditions)})
    return [edge["node"]["title"] for edge in told["deals"]["edges"]]


async def test_values_are_written_read_and_found_by_their_types(office: Office) -> None:
    await all_fields(office)
    await office.a_deal(title="A", customValues=EVERYTHING)
    other = await office.a_deal(title="B", customValues=[{"key": "surface", "number": "80"}])
    query = f'{{ deals(filter: {{ title: {{ eq: "A" }} }}) {{ edges {{ node {{ {VALUES} }} }} }} }}'
    (edge,) = (await office.data(query))["deals"]["edges"]
    told = {one["key"]: one for one in edge["node"]["customValues"]}
    assert list(told) == [one["key"] for one in EVERYTHING]
    assert (told["site"]["text"], told["surface"]["number"], told["start"]["date"]) == ("Port", "120.5", "2027-02-28")
    assert (told["urgent"]["boolean"], told["roof"]["choices"]) == (False, ["slate"])
    assert (told["works"]["choices"], told["roof"]["text"]) == (["slate", "zinc"], None)
    assert await titles(office, {"key": "surface", "number": {"gte": "100"}}) == ["A"]
    assert await titles(office, {"key": "works", "text": {"eq": "zinc"}}) == ["A"]
    assert await titles(office, {"key": "surface", "isNull": False}) == ["A", "B"]
    assert await titles(office, {"key": "site", "isNull": True}) == ["B"]
    changed = await office.do(
        "updateDeal", id=other, customValues=[{"key": "surface"}, {"key": "site", "text": "Bourg"}]
    )
    assert changed["__typename"] == "Deal"
    assert await titles(office, {"key": "surface", "isNull": True}) == ["B"]
    query = """query($id: ID!) { deal(id: $id) { version timeline(first: 1) { edges { node { ... on Notification {
      kind changes { field before after } } } } } } }"""
    deal = (await office.data(query, id=other))["deal"]
    assert deal["version"] == 2
    assert {(c["field"], c["before"], c["after"]) for c in deal["timeline"]["edges"][0]["node"]["changes"]} >= {
        ("custom.site", None, "Bourg"),
        ("custom.surface", "80", None),
    }


async def test_a_required_field_is_asked_of_new_deals_and_an_archived_one_takes_nothing_new(office: Office) -> None:
    await a_field(office, "contact_only", subject=pb.CustomField.CONTACT)
    kept = await office.a_deal()
    field = await a_field(office, "site", required=True)
    refused = await office.do("createDeal", title="A", primaryContactId=await office.a_contact())
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["customValues"])
    assert (await office.do("updateDeal", id=kept, title="B"))["__typename"] == "Deal"
    deal = await office.a_deal(customValues=[{"key": "site", "text": "Port"}])
    refused = await office.do("updateDeal", id=deal, customValues=[{"key": "site"}])
    assert refused["path"] == ["customValues", "0", "text"]
    await a_field(office, "site", version=2, id=field, archived=True, required=True)
    await office.a_deal(title="C")
    refused = await office.do("updateDeal", id=kept, customValues=[{"key": "site", "text": "X"}])
    assert refused["path"] == ["customValues", "0", "key"]
    assert await titles(office, {"key": "site", "text": {"eq": "Port"}}) == ["Toiture de la boulangerie"]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"key": "nowhere", "text": "A"}, "key"),
        ({"key": "surface", "text": "A"}, "text"),
        ({"key": "surface", "number": "1234567890123"}, "number"),
        ({"key": "surface", "number": "0.0000001"}, "number"),
        ({"key": "roof", "choices": ["slate", "zinc"]}, "choices"),
        ({"key": "works", "choices": ["thatch"]}, "choices"),
        ({"key": "plan", "text": "javascript:alert(1)"}, "text"),
        ({"key": "site", "text": "x" * 501}, "text"),
    ],
)
async def test_a_bad_value_leaves_nothing(office: Office, value: dict[str, Any], path: str) -> None:
    await all_fields(office)
    deal = await office.a_deal()
    before = await rows(office)
    refused = await office.do("updateDeal", id=deal, title="X", customValues=[value])
    assert refused["__typename"] == "InvalidInput" and refused["path"][:3] == ["customValues", "0", path]
    assert await rows(office) == before


async def test_a_stage_requires_a_field_until_that_takes_no_more_values(office: Office) -> None:
    field = await a_field(office, "roof", TYPES.CHOICE)
    criterion = {"field": "CUSTOM_FIELD", "customField": "roof", "severity": "BLOCK"}
    _, (a, b) = await office.a_pipeline("A", "B")
    lines = {"field": "LINES", "customField": None, "severity": "WARN"}
    designed = await office.do("updateStage", Role.ADMIN, id=a, criteria=[criterion, lines])
    assert designed["__typename"] == "Pipeline"
    deals = [await office.a_deal(stageId=a) for _ in range(2)]
    show = "__typename ... on CriteriaNotMet { message unmet { field customField severity } }"
    move = f"mutation($i: MoveDealToStageInput!) {{ moveDealToStage(input: $i) {{ {show} }} }}"

    async def moved(deal: str) -> Any:
        told = await office.data(move, i={"id": deal, "stageId": b, "acceptWarnings": True})
        return told["moveDealToStage"]

    refused = await moved(deals[0])
    assert (refused["__typename"], refused["unmet"]) == ("CriteriaNotMet", [criterion, lines])
    assert "custom.roof" in refused["message"]
    await office.do("updateDeal", id=deals[0], customValues=[{"key": "roof", "choices": ["slate"]}])
    assert (await moved(deals[0]))["__typename"] == "Deal"
    await a_field(office, "roof", TYPES.CHOICE, version=2, id=field, archived=True)
    assert (await moved(deals[1]))["__typename"] == "Deal", "nobody can give it any more"
