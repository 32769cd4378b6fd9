"""A condition on a field that there is not, or of another type, is refused wherever it can be told."""

from typing import Any

import pytest

from chassis.auth import Role
from services.contacts.schema import schema
from tests.contacts.groups.sets import a_group, do, members, shown, work_off
from tests.contacts.house import Office
from tests.contacts.test_custom_fields import _do, a_field
from tests.support.schemas import reaching

TOO_FAR = "A filter reaches one relation far."
UNKNOWN = {"key": "rang", "text": {"eq": "1"}}


async def test_every_query_refuses_a_field_that_there_is_not(office: Office) -> None:
    asked = list(reaching(schema(), "CustomFieldCondition", UNKNOWN))
    assert {"contacts", "accounts", "interlocutors", "contactAggregate", "accountAggregate", "groupPreview"} <= {
        name for name, *_ in asked
    }
    for name, query, variables in asked:
        answer = await office.ask(query, **variables)
        [error] = answer.get("errors") or [{"message": "nothing was refused", "extensions": {}}]
        assert error["extensions"].get("code") == "INVALID_INPUT", (name, variables, error)
        assert error["message"].startswith(("Your organization has no field 'rang'", TOO_FAR)), (name, error)


DOWNLOAD = """mutation($f: ContactFilter) { result: exportContacts(input: {format: CSV, filter: $f}) {
  __typename ... on Error { code path } } }"""


async def test_no_file_and_no_group_is_made_of_an_unknown_field(office: Office) -> None:
    contact = await office.a_contact()
    static = await a_group(office, contactIds=[contact])
    dynamic = await a_group(office, name="Autres", definition={"familyName": {"eq": "Lefèvre"}})
    filter = {"or": [{"familyName": {"eq": "x"}}, {"account": {"customFields": [UNKNOWN]}}]}
    refused = (await office.data(DOWNLOAD, Role.COLLABORATOR, f=filter))["result"]
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["filter", "customFields", "key"])
    inputs: list[tuple[str, dict[str, Any]]] = [
        ("createGroup", {"name": "Neuf", "definition": filter}),
        ("updateGroup", {"id": dynamic, "definition": filter}),
        ("addGroupMembers", {"id": static, "filter": filter}),
        ("removeGroupMembers", {"id": static, "filter": filter}),
    ]
    for mutation, input in inputs:
        refused = await do(office, mutation, **input)
        told = "definition" if "definition" in input else "filter"
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", [told, "customFields", "key"]), mutation
    assert members(await shown(office, static)) == [contact]


@pytest.mark.parametrize(
    ("part", "value"), [("text", {"eq": "1"}), ("date", {"isNull": True}), ("boolean", {"eq": True})]
)
async def test_a_condition_of_another_type_is_refused(office: Office, part: str, value: dict[str, Any]) -> None:
    await a_field(office, "rank", type="NUMBER")
    filter = {"customFields": [{"key": "rank", part: value}]}
    [error] = (await office.ask("query($f: ContactFilter) { contacts(filter: $f) { totalCount } }", f=filter))["errors"]
    assert error["extensions"]["path"] == ["filter", "customFields", part]
    assert error["message"] == "rank is a NUMBER: give `number`."
    refused = await do(office, "createGroup", name="Neuf", definition=filter)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["definition", "customFields", part])


async def test_a_field_that_a_group_is_defined_by_stays_or_is_archived(office: Office) -> None:
    field, other = await a_field(office, "rank", type="NUMBER"), await a_field(office, "rank", "ACCOUNT", type="NUMBER")
    member = await office.a_contact()
    group = await a_group(office, name="Sans rang", definition={"customFields": [{"key": "rank", "isNull": True}]})
    await work_off(office)
    tries: list[tuple[str, dict[str, Any]]] = [("deleteCustomField", {}), ("updateCustomField", {"type": "TEXT"})]
    for mutation, values in tries:
        refused = await _do(office, mutation, id=field, **values)
        assert (refused["code"], "Sans rang" in refused["message"]) == ("CUSTOM_FIELD_IN_USE", True), mutation
    assert (await _do(office, "deleteCustomField", id=other))["__typename"] != "WrongState"
    assert (await _do(office, "updateCustomField", id=field, archived=True))["archivedAt"]
    await work_off(office)
    assert members(await shown(office, group)) == [member]
    await do(office, "updateGroup", id=group, definition={"givenName": {"eq": "Zoé"}})
    assert "code" not in (await _do(office, "deleteCustomField", id=field))
