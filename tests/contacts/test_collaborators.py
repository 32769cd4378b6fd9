"""Who has access, and who may do what."""

from typing import Any

import pytest
from strawberry.utils.str_converters import to_camel_case

from chassis.auth import Role
from chassis.identifiers import format_id, new_id
from services.contacts.permissions import Rule
from services.contacts.schema.rules import Allow
from services.contacts.service import SERVICE
from tests.contacts.house import House, Office

ANA = {"name": "Ana Costa", "email": "ana@lumiere.example", "role": "READER", "department": "Paie"}
DAVID = {"name": "David", "email": "david@lumiere.example", "role": "ADMIN", "locale": "en", "timeZone": "Asia/Tokyo"}


def _fields(root: Any) -> list[Any]:
    return [field for field in root.fields if not field.python_name.startswith("_")]


def test_every_query_and_mutation_names_its_rule() -> None:
    types = SERVICE.schema().schema_converter.type_map
    roots = [types[name].definition for name in ("Query", "Mutation")]
    nameless = [
        field.python_name
        for root in roots
        for field in _fields(root)
        if not any(isinstance(extension, Allow) and isinstance(extension.rule, Rule) for extension in field.extensions)
    ]
    assert nameless == []
    assert [len(_fields(root)) for root in roots] == [20, 34], "the walk saw the whole schema"


def test_every_type_field_argument_and_value_is_described() -> None:
    schema = SERVICE.schema()._schema
    own = {
        name: kind
        for name, kind in schema.type_map.items()
        if not name.startswith(("_", "link__")) and name not in ("Query", "Int", "String", "Boolean", "ID", "Date")
    }
    bare = [name for name, kind in own.items() if not kind.description]
    for name, kind in own.items():
        for field, told in getattr(kind, "fields", {}).items():
            bare += [] if told.description else [f"{name}.{field}"]
            bare += [f"{name}.{field}({a})" for a, arg in getattr(told, "args", {}).items() if not arg.description]
        values = (getattr(kind, "values", None) or {}).items()
        bare += [f"{name}.{value}" for value, told in values if not told.description]
    assert bare == []


async def test_a_reader_writes_nothing(office: Office) -> None:
    schema = SERVICE.schema().schema_converter.type_map["Mutation"].definition
    contact, account = await office.a_contact(), await office.an_account()
    inputs: dict[str, dict[str, Any]] = {
        "createContact": {"givenName": "Non"},
        "createAccount": {"name": "Non"},
        "createInterlocutor": {"contactId": contact, "accountId": account},
        "createCollaborator": ANA,
        "updateOrganization": {},
        "createTeam": {"name": "Non"},
        **{
            name: {"id": format_id("team", new_id()), "memberIds": []}
            for name in ("addTeamMembers", "removeTeamMembers")
        },
        "subscribe": {},
        "changePlan": {"plan": "CRM"},
        "startImport": {"fileName": "carnet.vcf"},
        "runImport": {"id": format_id("import", new_id()), "key": "EMAIL"},
        "exportContacts": {"format": "CSV"},
        "setPhoto": {"ownerId": contact, "content": ""},
        "removePhoto": {"ownerId": contact},
        "startPhotoUpload": {"ownerId": contact},
        "dismissDuplicate": {"firstId": contact, "secondId": contact},
        "startDuplicateSearch": {},
    }
    for name in (to_camel_case(field.python_name) for field in _fields(schema)):
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation($input: {kind}!) {{ result: {name}(input: $input) {{ __typename }} }}"
        answer = await office.data(query, Role.READER, input=inputs.get(name, {"id": contact}))
        assert (name, answer["result"]["__typename"]) == (name, "Forbidden")
    assert (await office.data("{ contacts { totalCount } accounts { totalCount } collaborators { totalCount } }")) == {
        "contacts": {"totalCount": 1},
        "accounts": {"totalCount": 1},
        "collaborators": {"totalCount": 3},
    }


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
