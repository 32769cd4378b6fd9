"""Custom fields: defined, written with the contact or account, read typed, filtered; never pulled from under values."""

import asyncio
from typing import Any

import pytest

from chassis.auth import Role
from tests.contacts.house import House, Office, statements

VALUES = """query($id: ID!) { found: contact(id: $id) { customValues { field { key type } text number date boolean
  choices { key labelFr } } history(first: 1) { edges { node { changes { field before after } } } } } }"""
OPTIONS = [
    {"key": "gold", "labelFr": "Or", "labelEn": "Gold"},
    {"key": "silver", "labelFr": "Argent", "labelEn": "Silver"},
]
FIELDS: dict[str, dict[str, Any]] = {
    "hobby": {"type": "TEXT"},
    "size": {"type": "NUMBER"},
    "birthday": {"type": "DATE"},
    "vegan": {"type": "BOOLEAN"},
    "level": {"type": "CHOICE", "options": OPTIONS},
    "perks": {"type": "MULTI_CHOICE", "options": OPTIONS},
    "blog": {"type": "URL"},
}
EVERYTHING = [
    {"key": "hobby", "text": " Voile "},
    {"key": "size", "number": "1.750000"},
    {"key": "birthday", "date": "1984-02-29"},
    {"key": "vegan", "boolean": False},
    {"key": "level", "choices": ["gold"]},
    {"key": "perks", "choices": ["silver", "gold", "silver"]},
    {"key": "blog", "text": "https://zoe.example/blog"},
]


async def _do(office: Office, mutation: str, role: Role = Role.ADMIN, **input: Any) -> Any:
    shown = "" if mutation.startswith("delete") else "... on CustomField { id key type archivedAt options { key } }"
    query = f"""mutation($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ result: {mutation}(input: $input) {{
      __typename {shown} ... on Error {{ code message path }} }} }}"""
    return (await office.data(query, role, input=input))["result"]


async def a_field(office: Office, key: str, subject: str = "CONTACT", **values: Any) -> str:
    labels = {"labelFr": key.title(), "labelEn": key.title()}
    made = await _do(office, "createCustomField", subject=subject, key=key, **{**labels, "type": "TEXT", **values})
    assert made["__typename"] == "CustomField", made
    return str(made["id"])


async def _fields(office: Office) -> dict[str, str]:
    return {key: await a_field(office, key, **values) for key, values in FIELDS.items()}


async def _names(office: Office, *conditions: dict[str, Any]) -> list[str]:
    query = """query($f: ContactFilter) { contacts(filter: $f, orderBy: [{field: GIVEN_NAME}]) {
      edges { node { givenName } } } }"""
    told = await office.data(query, f={"customFields": list(conditions)})
    return [edge["node"]["givenName"] for edge in told["contacts"]["edges"]]


async def test_values_of_every_type_are_read_as_they_were_written(office: Office) -> None:
    await _fields(office)
    made = await office.a_contact(customValues=EVERYTHING)
    found = (await office.data(VALUES, Role.READER, id=made))["found"]
    told = {value["field"]["key"]: value for value in found["customValues"]}
    assert (told["hobby"]["text"], told["size"]["number"], told["birthday"]["date"], told["vegan"]["boolean"]) == (
        "Voile", "1.75", "1984-02-29", False,
    )  # fmt: skip
    assert told["level"]["choices"] == [{"key": "gold", "labelFr": "Or"}]
    assert [each["key"] for each in told["perks"]["choices"]] == ["gold", "silver"]
    assert (told["blog"]["text"], told["level"]["text"]) == ("https://zoe.example/blog", None)
    changes = {each["field"]: each["after"] for each in found["history"]["edges"][0]["node"]["changes"]}
    assert (changes["custom.size"], changes["custom.perks"]) == ("1.75", "gold; silver")


async def test_what_is_not_told_stays_and_nothing_takes_away(office: Office) -> None:
    await _fields(office)
    made = await office.a_contact(customValues=EVERYTHING[:2])
    await office.do("updateContact", {"id": made, "customValues": [{"key": "size", "number": "2"}, {"key": "hobby"}]})
    found = (await office.data(VALUES, id=made))["found"]
    assert [(each["field"]["key"], each["number"]) for each in found["customValues"]] == [("size", "2")]
    changes = found["history"]["edges"][0]["node"]["changes"]
    assert sorted((each["field"], each["before"], each["after"]) for each in changes) == [
        ("custom.hobby", "Voile", None),
        ("custom.size", "1.75", "2"),
    ]


@pytest.mark.parametrize(("value", "path"), [
    ({"key": "unknown", "text": "x"}, "key"),
    ({"key": "size", "text": "1"}, "text"),
    ({"key": "size", "number": "NaN"}, "number"),
    ({"key": "size", "number": "1234567890123"}, "number"),
    ({"key": "size", "number": "0.0000001"}, "number"),
    ({"key": "hobby", "text": "x" * 10_000}, "text"),
    ({"key": "hobby", "text": "a\u202eb"}, "text"),
    ({"key": "blog", "text": "javascript:alert(1)"}, "text"),
    ({"key": "level", "choices": ["gold", "silver"]}, "choices"),
    ({"key": "level", "choices": ["bronze"]}, "choices"),
])  # fmt: skip
async def test_a_value_of_another_kind_is_refused_with_its_field(
    office: Office, value: dict[str, Any], path: str
) -> None:
    await _fields(office)
    refused = await office.do("createContact", {"givenName": "Zoé", "customValues": [value]})
    assert (refused["__typename"], refused["path"][:3]) == ("InvalidInput", ["customValues", "0", path])


async def test_a_required_field_is_asked_of_whoever_is_added_and_not_taken_away(office: Office) -> None:
    before = await office.a_contact()
    await a_field(office, "origin", required=True)
    refused = await office.do("createContact", {"givenName": "Zoé"})
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["customValues"])
    made = await office.a_contact(customValues=[{"key": "origin", "text": "Salon"}])
    gone = await office.do("updateContact", {"id": made, "customValues": [{"key": "origin"}]})
    assert (gone["__typename"], gone["path"]) == ("InvalidInput", ["customValues", "0", "text"])
    assert (await office.do("updateContact", {"id": before, "notes": "x"}))["__typename"] == "Contact"


async def test_everything_is_filtered_by_its_type(office: Office) -> None:
    await _fields(office)
    await office.a_contact(givenName="Ana", customValues=EVERYTHING)
    await office.a_contact(givenName="Zoé", customValues=[{"key": "size", "number": "-12.5"}])
    for condition, names in (
        ({"key": "hobby", "text": {"contains": "voi"}}, ["Ana"]),
        ({"key": "size", "number": {"gt": "-12.5"}}, ["Ana"]),
        ({"key": "size", "number": {"in": ["-12.5", "1.75"]}}, ["Ana", "Zoé"]),
        ({"key": "birthday", "date": {"lt": "1990-01-01"}}, ["Ana"]),
        ({"key": "vegan", "boolean": {"eq": False}}, ["Ana"]),
        ({"key": "perks", "text": {"eq": "silver"}}, ["Ana"]),
        ({"key": "hobby", "isNull": True}, ["Zoé"]),
    ):
        assert await _names(office, condition) == names, condition
    assert await _names(office, {"key": "size", "isNull": False}, {"key": "level", "text": {"eq": "gold"}}) == ["Ana"]
    bad = await office.ask(
        "query($f: ContactFilter) { contacts(filter: $f) { totalCount } }",
        f={"customFields": [{"key": "size", "number": {"eq": "0.0000001"}}]},
    )
    assert bad["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_a_type_and_an_option_with_values_stay_or_are_archived(office: Office) -> None:
    fields = await _fields(office)
    made = await office.a_contact(customValues=EVERYTHING)
    typed = await _do(office, "updateCustomField", id=fields["hobby"], type="NUMBER")
    assert (typed["__typename"], typed["code"], typed["path"]) == ("WrongState", "CUSTOM_FIELD_IN_USE", ["type"])
    fewer = await _do(office, "updateCustomField", id=fields["level"], options=OPTIONS[1:])
    assert (fewer["code"], fewer["path"]) == ("CUSTOM_FIELD_IN_USE", ["options"])
    unused = await _do(office, "updateCustomField", id=fields["level"], options=OPTIONS[:1])
    assert unused["options"] == [{"key": "gold"}]
    assert (await _do(office, "deleteCustomField", id=fields["hobby"]))["code"] == "CUSTOM_FIELD_IN_USE"
    archived = await _do(office, "updateCustomField", id=fields["hobby"], archived=True)
    assert archived["archivedAt"] is not None
    refused = await office.do("updateContact", {"id": made, "customValues": [{"key": "hobby", "text": "Judo"}]})
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["customValues", "0", "key"])
    found = (await office.data(VALUES, id=made))["found"]["customValues"]
    assert next(each["text"] for each in found if each["field"]["key"] == "hobby") == "Voile"
    for key in ("blog", "hobby"):
        await office.do("updateContact", {"id": made, "customValues": [{"key": key}]})
    assert (await _do(office, "deleteCustomField", id=fields["blog"]))["__typename"] == "CustomFieldDeleted"
    assert (await _do(office, "updateCustomField", id=fields["hobby"], type="DATE"))["type"] == "DATE"


async def test_a_value_is_never_written_while_its_type_changes(office: Office) -> None:
    field, made = await a_field(office, "size", type="NUMBER"), [await office.a_contact() for _ in range(5)]
    change = _do(office, "updateCustomField", id=field, type="TEXT")
    told = {"customValues": [{"key": "size", "number": "1"}]}
    changed, *written = await asyncio.gather(change, *(office.do("updateContact", {"id": id, **told}) for id in made))
    kinds = {each["__typename"] for each in written}
    assert kinds == ({"InvalidInput"} if changed["__typename"] == "CustomField" else {"Contact"}) or (
        changed["__typename"] == "WrongState"
    )


async def test_definitions_are_an_administrators_and_bounded(office: Office, house: House) -> None:
    labels: dict[str, Any] = {"labelFr": "X", "labelEn": "X", "subject": "ACCOUNT", "type": "TEXT"}
    assert (await _do(office, "createCustomField", Role.COLLABORATOR, key="x", **labels))["__typename"] == "Forbidden"
    wrongs: list[tuple[dict[str, Any], list[str]]] = [
        ({"key": "1x"}, ["key"]),
        ({"key": "x", "labelFr": "x" * 10_000}, ["labelFr"]),
        ({"key": "x", "options": OPTIONS}, ["options"]),
        ({"key": "x", "type": "CHOICE"}, ["options"]),
        ({"key": "x", "type": "CHOICE", "options": [OPTIONS[0]] * 2}, ["options"]),
        ({"key": "x", "position": -1}, ["position"]),
    ]
    for wrong, path in wrongs:
        refused = await _do(office, "createCustomField", **{**labels, **wrong})
        assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)
    await a_field(office, "x", "ACCOUNT")
    again = await _do(office, "createCustomField", key="x", **labels)
    assert (again["__typename"], again["code"]) == ("AlreadyExists", "CUSTOM_FIELD_EXISTS")
    await a_field(office, "x", "CONTACT")
    account = await office.an_account(customValues=[{"key": "x", "text": "y"}])
    told = await office.data("query($id: ID!) { account(id: $id) { customValues { text } } }", id=account)
    assert told["account"]["customValues"] == [{"text": "y"}]
    other = await house.organization("Autre")
    assert (await other.do("createAccount", {"name": "A", "customValues": [{"key": "x"}]}))["path"][-1] == "key"


async def test_the_values_of_a_list_take_one_statement(house: House, office: Office) -> None:
    await _fields(office)
    for _ in range(4):
        await office.a_contact(customValues=EVERYTHING)
    with statements(house) as seen:
        await office.data("{ contacts { edges { node { customValues { field { key } text } } } } }")
    assert len(seen) == 2, seen


async def test_fields_of_deals_are_archived_and_never_pulled_away(office: Office) -> None:
    id = await a_field(office, "roof", subject="DEAL", type="CHOICE", options=OPTIONS)
    for mutation, values in (
        ("updateCustomField", {"type": "TEXT", "options": []}),
        ("updateCustomField", {"options": OPTIONS[:1]}),
        ("deleteCustomField", {}),
    ):
        refused = await _do(office, mutation, id=id, **values)
        assert (refused["__typename"], "archive" in refused["message"]) == ("InvalidInput", True), mutation
    assert (await _do(office, "updateCustomField", id=id, archived=True))["archivedAt"]
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on CustomField { key labelFr } } }"
    told = await office.data(query, r=[{"__typename": "CustomField", "id": id}])
    assert told["_entities"] == [{"key": "roof", "labelFr": "Roof"}]


async def test_lists_run_by_a_custom_field_page_by_page_and_an_unknown_one_is_refused(office: Office) -> None:
    await a_field(office, "rank", type="NUMBER")
    for rank in ("10", "9", None, "-2.5"):
        told = [] if rank is None else [{"key": "rank", "number": rank}]
        await office.a_contact(familyName=str(rank), customValues=told)
    query = """query($o: [ContactOrder!], $f: ContactFilter, $a: String) {
        contacts(orderBy: $o, filter: $f, first: 3, after: $a) {
        edges { node { familyName } } pageInfo { endCursor } } }"""

    async def names(**order: Any) -> list[str]:
        found: list[str] = []
        after = None
        for _ in range(2):
            page = (await office.data(query, o=[{"field": "CUSTOM_FIELD", **order}], a=after))["contacts"]
            found += [edge["node"]["familyName"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
        return found

    assert await names(customField="rank") == ["-2.5", "9", "10", "None"]
    assert await names(customField="rank", direction="DESC", nulls="FIRST") == ["None", "10", "9", "-2.5"]
    unknown = {"customFields": [{"key": "rang", "number": {"eq": "1"}}]}
    refused: list[tuple[dict[str, Any], list[str]]] = [
        ({"o": [{"field": "CUSTOM_FIELD", "customField": "rang"}]}, ["orderBy", "customField"]),
        ({"o": [{"field": "CUSTOM_FIELD"}]}, ["orderBy", "customField"]),
        ({"f": unknown}, ["filter", "customFields", "key"]),
        ({"f": {"or": [{"account": unknown}]}}, ["filter", "customFields", "key"]),
    ]
    for variables, path in refused:
        [error] = (await office.ask(query, **variables))["errors"]
        assert (error["extensions"]["code"], error["extensions"]["path"]) == ("INVALID_INPUT", path)
