"""Tags: put on, taken off, renamed, merged, deleted; and what that leaves in histories."""

import asyncio
from typing import Any

from chassis.auth import Role
from tests.contacts.house import House, Office, statements

TAGGED = """query($id: ID!) { found: contact(id: $id) { version tags { name } history { edges { node { action cause
  changes { field before after } } } } } }"""
TAGS = "{ tags(orderBy: [{field: NAME}]) { edges { node { name color contactCount accountCount } } } }"


async def _tag(office: Office, name: str, **values: Any) -> str:
    made = await office.do("createTag", {"name": name, **values})
    assert made["__typename"] == "Tag", made
    return str(made["id"])


async def _change(office: Office, id: str, add: list[str], remove: list[str], kind: str = "Contact") -> Any:
    query = f"""mutation($input: Change{kind}TagsInput!) {{ result: change{kind}Tags(input: $input) {{
      __typename ... on {kind} {{ version tags {{ name }} }} ... on Error {{ code message path }} }} }}"""
    input = {"id": id, "addIds": add, "removeIds": remove}
    return (await office.data(query, Role.COLLABORATOR, input=input))["result"]


async def _tagged(office: Office, id: str) -> Any:
    return (await office.data(TAGGED, id=id))["found"]


async def test_tags_are_put_on_and_taken_off_and_the_history_says_so(office: Office) -> None:
    vip, press, made = await _tag(office, "VIP"), await _tag(office, "Presse"), await office.a_contact()
    assert (await _change(office, made, [vip, press], []))["tags"] == [{"name": "Presse"}, {"name": "VIP"}]
    assert (await _change(office, made, [vip], []))["version"] == 2, "what it has already changes nothing"
    assert (await _change(office, made, [], [press]))["tags"] == [{"name": "VIP"}]
    latest = (await _tagged(office, made))["history"]["edges"][0]["node"]
    assert latest["changes"] == [{"field": "tags", "before": "Presse; VIP", "after": "VIP"}]
    firm = await office.an_account(tagIds=[vip])
    assert (await _change(office, firm, [], [vip], "Account"))["tags"] == []


async def test_a_tag_is_called_once_accents_and_case_aside(office: Office) -> None:
    made = await _tag(office, "Été")
    again = await office.do("createTag", {"name": "  ETE "})
    assert (again["__typename"], again["code"], again["path"]) == ("AlreadyExists", "TAG_EXISTS", ["name"])
    for values, field in (
        ({"name": "x" * 10_000}, "name"), ({"name": "\u202e"}, "name"), ({"name": "!!"}, "name"),
        ({"name": "Bleu", "color": "red;x"}, "color"),
    ):  # fmt: skip
        refused = await office.do("createTag", values)
        assert (refused["__typename"], refused["path"]) == ("InvalidInput", [field])
    renamed = await office.do("updateTag", {"id": made, "name": "Hiver", "color": "#00aaff"}, show="name color")
    assert (renamed["name"], renamed["color"]) == ("Hiver", "#00AAFF")


async def test_a_tag_becomes_another_wherever_it_was(office: Office) -> None:
    old, new = await _tag(office, "Prospects"), await _tag(office, "Prospect")
    both, one = await office.a_contact(tagIds=[old, new]), await office.a_contact(tagIds=[old])
    await office.an_account(tagIds=[old])
    query = "mutation($input: MergeTagsInput!) { result: mergeTags(input: $input) { __typename ... on Tag { name } } }"
    merged = await office.data(query, Role.COLLABORATOR, input={"id": old, "intoId": new})
    assert merged["result"]["name"] == "Prospect"
    for id in (both, one):
        found = await _tagged(office, id)
        assert (found["tags"], found["version"]) == ([{"name": "Prospect"}], 1)
        node = found["history"]["edges"][0]["node"]
        assert (node["cause"], node["changes"]) == (
            old, [{"field": "tags", "before": "Prospects", "after": "Prospect"}]
        )  # fmt: skip
    tags = (await office.data(TAGS))["tags"]["edges"]
    assert [edge["node"] for edge in tags] == [
        {"name": "Prospect", "color": "#808080", "contactCount": 2, "accountCount": 1}
    ]
    itself = await office.data(query, Role.COLLABORATOR, input={"id": new, "intoId": new})
    assert itself["result"]["__typename"] == "InvalidInput"


async def test_a_deleted_tag_is_gone_from_whatever_had_it(office: Office) -> None:
    tag = await _tag(office, "Salon 2025")
    made = await office.a_contact(tagIds=[tag])
    query = "mutation($input: DeleteTagInput!) { result: deleteTag(input: $input) { __typename } }"
    assert (await office.data(query, Role.COLLABORATOR, input={"id": tag}))["result"]["__typename"] == "TagDeleted"
    found = await _tagged(office, made)
    assert (found["tags"], found["history"]["edges"][0]["node"]["changes"]) == (
        [], [{"field": "tags", "before": "Salon 2025", "after": None}]
    )  # fmt: skip
    refused = await office.do("updateContact", {"id": made, "tagIds": [tag]})
    assert (refused["__typename"], refused["path"]) == ("NotFound", ["tagIds"])


async def test_a_tag_put_on_while_it_is_merged_is_never_lost_nor_half_there(office: Office) -> None:
    old, new = await _tag(office, "Ancien"), await _tag(office, "Nouveau")
    made = [await office.a_contact() for _ in range(6)]
    query = "mutation($input: MergeTagsInput!) { result: mergeTags(input: $input) { __typename } }"
    merging = office.data(query, Role.COLLABORATOR, input={"id": old, "intoId": new})
    _, *results = await asyncio.gather(merging, *(_change(office, id, [old], []) for id in made))
    for id, result in zip(made, results, strict=True):
        expected = [{"name": "Nouveau"}] if result["__typename"] == "Contact" else []
        assert (await _tagged(office, id))["tags"] == expected


async def test_another_organizations_tag_cannot_be_put_on(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    theirs, made = await _tag(other, "Leur"), await office.a_contact()
    assert (await _change(office, made, [theirs], []))["__typename"] == "NotFound"
    assert (await office.data(TAGS))["tags"]["edges"] == []


async def test_the_tags_of_a_list_and_their_counts_take_a_statement_each(house: House, office: Office) -> None:
    tags = [await _tag(office, f"Tag {n}") for n in range(5)]
    for number in range(5):
        await office.a_contact(tagIds=tags[: number + 1])
    with statements(house) as seen:
        await office.data("{ contacts { edges { node { tags { name } } } } tags { edges { node { contactCount } } } }")
    assert len(seen) == 4, seen
