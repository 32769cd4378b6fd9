"""Contacts through GraphQL."""

from typing import Any

import pytest

from chassis.auth import Role
from tests.contacts.house import House, Office

CONTACT = """query($id: ID!) { contact(id: $id) { id version name givenName familyName language notes
  email phone emails { address kind primary } phones { number shown kind primary }
  relationshipManager { id name } deletedAt interlocutors { edges { node { id } } } } }"""


async def test_a_contact_is_read_as_it_was_written(office: Office) -> None:
    manager = office.id_of(Role.COLLABORATOR)
    made = await office.a_contact(
        emails=[{"address": "Zoe@Exemple.FR"}, {"address": "zoe@maison.example", "kind": "HOME"}],
        phones=[{"number": "01 23 45 67 89"}, {"number": "+32 470 12 34 56", "kind": "MOBILE"}],
        language="fr",
        notes="Aime\nles relances courtes.",
        relationshipManagerId=manager,
    )
    contact = (await office.data(CONTACT, Role.READER, id=made))["contact"]
    assert contact == {
        "id": made,
        "version": 1,
        "name": "Zoé Lefèvre",
        "givenName": "Zoé",
        "familyName": "Lefèvre",
        "language": "fr",
        "notes": "Aime\nles relances courtes.",
        "email": "Zoe@exemple.fr",
        "phone": "+33123456789",
        "emails": [
            {"address": "Zoe@exemple.fr", "kind": "WORK", "primary": True},
            {"address": "zoe@maison.example", "kind": "HOME", "primary": False},
        ],
        "phones": [
            {"number": "+33123456789", "shown": "+33 1 23 45 67 89", "kind": "WORK", "primary": True},
            {"number": "+32470123456", "shown": "+32 470 12 34 56", "kind": "MOBILE", "primary": False},
        ],
        "relationshipManager": {"id": manager, "name": "Camille Collaborator"},
        "deletedAt": None,
        "interlocutors": {"edges": []},
    }


async def test_an_update_changes_what_it_names_and_nothing_else(office: Office) -> None:
    made = await office.a_contact(emails=[{"address": "a@b.example"}, {"address": "c@d.example"}], notes="note")
    result = await office.do(
        "updateContact", {"id": made, "familyName": "Moreau", "notes": None, "emails": [{"address": "e@f.example"}]}
    )
    assert result["version"] == 2
    contact = (await office.data(CONTACT, id=made))["contact"]
    assert (contact["name"], contact["notes"], contact["email"]) == ("Zoé Moreau", None, "e@f.example")
    assert len(contact["emails"]) == 1


async def test_an_update_of_an_older_version_is_refused(office: Office) -> None:
    made = await office.a_contact()
    await office.do("updateContact", {"id": made, "familyName": "Moreau", "expectedVersion": 1})
    refused = await office.do("updateContact", {"id": made, "familyName": "Petit", "expectedVersion": 1})
    assert (refused["__typename"], refused["path"]) == ("VersionConflict", ["expectedVersion"])
    assert (await office.data(CONTACT, id=made))["contact"]["familyName"] == "Moreau"


async def test_a_deleted_contact_leaves_the_lists_until_it_is_restored(office: Office) -> None:
    made, listed = await office.a_contact(), "{ contacts { totalCount edges { node { id } } } }"
    assert (await office.do("deleteContact", {"id": made}))["version"] == 2
    assert (await office.data(listed))["contacts"]["totalCount"] == 0
    assert (await office.data("{ contacts(filter: {deleted: true}) { totalCount } }"))["contacts"]["totalCount"] == 1
    assert (await office.do("updateContact", {"id": made, "notes": "?"}))["__typename"] == "WrongState"
    await office.do("restoreContact", {"id": made})
    assert (await office.data(listed))["contacts"]["edges"] == [{"node": {"id": made}}]


@pytest.mark.parametrize(
    ("values", "kind", "path"),
    [
        ({"givenName": "x" * 10_000}, "InvalidInput", ["givenName"]),
        ({"givenName": "Zo\u0007é"}, "InvalidInput", ["givenName"]),
        ({"familyName": "\u202egpj.exe"}, "InvalidInput", ["familyName"]),
        ({"familyName": "Lef\x00"}, "InvalidInput", ["familyName"]),
        ({"givenName": None, "familyName": "  "}, "InvalidInput", ["familyName"]),
        ({"emails": [{"address": "a@b.example"}, {"address": "a@b"}]}, "InvalidInput", ["emails", "1", "address"]),
        ({"emails": [{"address": "a@b.example\r\nBcc: x@y.example"}]}, "InvalidInput", ["emails", "0", "address"]),
        ({"phones": [{"number": "12"}]}, "InvalidInput", ["phones", "0", "number"]),
        ({"phones": [{"number": "0" * 10_000}]}, "InvalidInput", ["phones", "0", "number"]),
        ({"emails": [{"address": "a@b.example"}] * 21}, "InvalidInput", ["emails"]),
        ({"language": "tlh"}, "InvalidInput", ["language"]),
        ({"relationshipManagerId": "contact_01h455vb4pex5vsknk084sn02q"}, "InvalidId", ["relationshipManagerId"]),
        ({"relationshipManagerId": "rubbish"}, "InvalidId", ["relationshipManagerId"]),
        ({"relationshipManagerId": "collaborator_01h455vb4pex5vsknk084sn02q"}, "NotFound", ["relationshipManagerId"]),
        ({"idempotencyKey": "k" * 129}, "InvalidInput", ["idempotencyKey"]),
    ],
)
async def test_bad_input_is_refused_with_its_field_and_nothing_is_written(
    office: Office, values: dict[str, Any], kind: str, path: list[str]
) -> None:
    refused = await office.do("createContact", {"givenName": "Zoé", "familyName": "Lefèvre", **values})
    assert (refused["__typename"], refused["path"]) == (kind, path)
    assert (await office.data("{ contacts { totalCount } }"))["contacts"]["totalCount"] == 0


async def test_an_unknown_contact_is_null_when_read_and_not_found_when_written(office: Office) -> None:
    unknown = "contact_01h455vb4pex5vsknk084sn02q"
    assert (await office.data(CONTACT, id=unknown))["contact"] is None
    assert (await office.do("updateContact", {"id": unknown, "notes": "?"}))["__typename"] == "NotFound"
    answer = await office.ask(CONTACT, id="rubbish")
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_ID"


async def test_another_organizations_contact_is_not_there(house: House, office: Office) -> None:
    other = await house.organization("Autre cabinet")
    theirs = await other.a_contact()
    assert (await office.data(CONTACT, id=theirs))["contact"] is None
    assert (await office.do("updateContact", {"id": theirs, "notes": "mine"}))["__typename"] == "NotFound"
    refused = await office.do("createContact", {"givenName": "Zoé", "relationshipManagerId": other.id_of(Role.ADMIN)})
    assert refused["__typename"] == "NotFound"
