"""Who has access, and who may do what."""

from typing import Any

import pytest

from chassis.auth import Role
from services.contacts.service import SERVICE
from tests.contacts.house import House, Office
from tests.support import schemas

ANA = {"name": "Ana Costa", "email": "ana@lumiere.example", "role": "READER", "department": "Paie"}
DAVID = {"name": "David", "email": "david@lumiere.example", "role": "ADMIN", "locale": "en", "timeZone": "Asia/Tokyo"}


def test_every_query_and_mutation_names_its_rule() -> None:
    assert schemas.without_rule(SERVICE.schema()) == []


def test_every_type_field_argument_and_value_is_described() -> None:
    assert schemas.undescribed(SERVICE.schema()) == []


OF_ONESELF = {"updateMe", "switchOrganization", "acceptInvitation"}
"""What everybody may, since it is about nobody else."""


async def test_a_reader_writes_nothing(office: Office) -> None:
    asked = [each for each in schemas.mutations(SERVICE.schema()) if each[0] not in OF_ONESELF]
    for name, document, input in asked:
        answer = await office.data(document, Role.READER, input=input)
        assert (name, answer["result"]["__typename"]) == (name, "Forbidden")
    assert {"createContact", "createContacts", "updateOrganization", "setPhoto"} <= {name for name, _, _ in asked}


@pytest.mark.parametrize("role", [Role.READER, Role.COLLABORATOR])
async def test_only_an_administrator_manages_collaborators(office: Office, role: Role) -> None:
    assert (await office.do("createCollaborator", ANA, role))["__typename"] == "Forbidden"
    promoted = {"id": office.id_of(role), "role": "ADMIN"}
    assert (await office.do("updateCollaborator", promoted, role))["__typename"] == "Forbidden"
    assert (await office.do("updateOrganization", {"name": "Mien"}, role))["__typename"] == "Forbidden"


async def test_a_collaborator_is_invited_with_the_organizations_language_unless_told(office: Office) -> None:
    show = "name email role department locale timeZone disabled"
    ana = await office.do("createCollaborator", ANA, Role.ADMIN, show)
    assert (ana["locale"], ana["timeZone"], ana["role"], ana["department"]) == ("fr", "Europe/Paris", "READER", "Paie")
    david = await office.do("createCollaborator", DAVID, Role.ADMIN, show)
    assert (david["locale"], david["timeZone"], david["disabled"]) == ("en", "Asia/Tokyo", False)


async def test_an_address_belongs_to_one_collaborator_of_an_organization(house: House, office: Office) -> None:
    await office.do("createCollaborator", ANA, Role.ADMIN)
    again = await office.do("createCollaborator", {**ANA, "email": "ANA@lumiere.example"}, Role.ADMIN)
    assert (again["__typename"], again["code"], again["path"]) == ("AlreadyExists", "EMAIL_TAKEN", ["email"])
    other = await house.organization("Autre")
    assert (await other.do("createCollaborator", ANA, Role.ADMIN))["__typename"] == "Collaborator"


@pytest.mark.parametrize(("values", "path"), [
    ({"email": "ana"}, ["email"]),
    ({"locale": "de"}, ["locale"]),
    ({"timeZone": "Europe/Marseille"}, ["timeZone"]),
    ({"timeZone": "../../etc/passwd"}, ["timeZone"]),
    ({"name": ""}, ["name"]),
])  # fmt: skip
async def test_bad_values_are_refused_with_their_field(office: Office, values: dict[str, Any], path: list[str]) -> None:
    refused = await office.do("createCollaborator", {**ANA, **values}, Role.ADMIN)
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)


async def test_the_last_administrator_stays(office: Office) -> None:
    admin = office.id_of(Role.ADMIN)
    for change, field in (({"role": "READER"}, "role"), ({"disabled": True}, "disabled")):
        refused = await office.do("updateCollaborator", {"id": admin, **change}, Role.ADMIN)
        assert (refused["__typename"], refused["code"], refused["path"]) == ("WrongState", "LAST_ADMIN", [field])
    await office.do("createCollaborator", DAVID, Role.ADMIN)
    demoted = await office.do("updateCollaborator", {"id": admin, "role": "READER"}, Role.ADMIN, "role")
    assert demoted["role"] == "READER"


async def test_whoever_is_disabled_writes_no_more_whatever_their_token_says(office: Office) -> None:
    gone = office.id_of(Role.COLLABORATOR)
    await office.do("updateCollaborator", {"id": gone, "disabled": True}, Role.ADMIN)
    status, refused = await office.answer('mutation { createContact(input: {givenName: "Zoé"}) { __typename } }')
    assert (status, refused["errors"][0]["extensions"]["code"]) == (401, "COLLABORATOR_DISABLED")
    assert (await office.data("{ contacts { totalCount } }"))["contacts"]["totalCount"] == 0
    await office.do("updateCollaborator", {"id": gone, "disabled": False}, Role.ADMIN)
    await office.a_contact()


async def test_me_and_my_organization(office: Office) -> None:
    told = await office.data("{ me { id name role } organization { name locale timeZone country } }", Role.READER)
    assert told == {
        "me": {"id": office.id_of(Role.READER), "name": "Camille Reader", "role": "READER"},
        "organization": {
            "name": "Cabinet Lumière",
            "locale": "fr",
            "timeZone": "Europe/Paris",
            "country": "FR",
        },
    }


async def test_telephones_are_read_as_of_the_organizations_country(office: Office) -> None:
    await office.do("updateOrganization", {"country": "BE", "expectedVersion": 1}, Role.ADMIN)
    made = await office.a_contact(phones=[{"number": "0470 12 34 56"}])
    told = await office.data("query($id: ID!) { contact(id: $id) { phone } }", id=made)
    assert told["contact"]["phone"] == "+32470123456"
