"""Accounts and interlocutors through GraphQL."""

from typing import Any

import pytest

from chassis.auth import Role
from tests.contacts.house import House, Office

ACCOUNT = """query($id: ID!) { account(id: $id) { id version name siren siret vatNumber status notes
  addresses { kind lines postalCode city country } statusHistory { status by { id } }
  relationshipManager { id } interlocutors { edges { node {
    jobTitle decisionMaker endedAt contact { name } } } } } }"""


async def test_an_account_is_read_as_it_was_written(office: Office) -> None:
    made = await office.an_account(
        siret="732 829 320 00074",
        vatNumber="FR 40 303 265 045",
        addresses=[{"lines": "12 quai du Port\nBâtiment B", "postalCode": "13002", "city": "Marseille"}],
        relationshipManagerId=office.id_of(Role.ADMIN),
        status="PROSPECT",
    )
    account = (await office.data(ACCOUNT, Role.READER, id=made))["account"]
    assert account == {
        "id": made,
        "version": 1,
        "name": "Boulangerie du Port",
        "siren": "732829320",
        "siret": "73282932000074",
        "vatNumber": "FR40303265045",
        "status": "PROSPECT",
        "notes": None,
        "addresses": [
            {
                "kind": "WORK",
                "lines": "12 quai du Port\nBâtiment B",
                "postalCode": "13002",
                "city": "Marseille",
                "country": "FR",
            }
        ],
        "statusHistory": [{"status": "PROSPECT", "by": {"id": office.id_of(Role.COLLABORATOR)}}],
        "relationshipManager": {"id": office.id_of(Role.ADMIN)},
        "interlocutors": {"edges": []},
    }


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"name": "  "}, ["name"]),
        ({"name": "x" * 10_000}, ["name"]),
        ({"siren": "732829321"}, ["siren"]),
        ({"siret": "73282932000075"}, ["siret"]),
        ({"siren": "404833048", "siret": "73282932000074"}, ["siret"]),
        ({"vatNumber": "FR00000000000"}, ["vatNumber"]),
        ({"vatNumber": "9" * 10_000}, ["vatNumber"]),
        ({"addresses": [{"lines": " "}]}, ["addresses", "0", "lines"]),
        ({"addresses": [{"lines": "1 rue", "country": "ZZ"}]}, ["addresses", "0", "country"]),
    ],
)
async def test_bad_numbers_are_refused_with_their_field(
    office: Office, values: dict[str, Any], path: list[str]
) -> None:
    refused = await office.do("createAccount", {"name": "Atelier", **values})
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)
    assert (await office.data("{ accounts { totalCount } }"))["accounts"]["totalCount"] == 0


async def test_the_status_moves_along_its_guarded_ways_and_is_historised(office: Office) -> None:
    made = await office.an_account()
    for status in ("PROSPECT", "CLIENT", "FORMER_CLIENT"):
        assert (await office.do("updateAccount", {"id": made, "status": status}))["__typename"] == "Account"
    refused = await office.do("updateAccount", {"id": made, "status": "SUSPECT"})
    assert (refused["__typename"], refused["code"], refused["path"]) == (
        "WrongState",
        "STATUS_NOT_REACHABLE",
        ["status"],
    )
    history = (await office.data(ACCOUNT, id=made))["account"]["statusHistory"]
    assert [step["status"] for step in history] == ["SUSPECT", "PROSPECT", "CLIENT", "FORMER_CLIENT"]


async def test_an_update_with_a_bad_iban_writes_none_of_its_fields(office: Office) -> None:
    made = await office.an_account()
    await office.do(
        "updateAccount", {"id": made, "name": "Autre nom", "bankAccounts": [{"iban": "nonsense"}]}, Role.ADMIN
    )
    account = (await office.data(ACCOUNT, id=made))["account"]
    assert (account["name"], account["version"]) == ("Boulangerie du Port", 1)


async def test_an_interlocutor_links_a_contact_to_an_account_once_at_a_time(office: Office) -> None:
    contact, account = await office.a_contact(), await office.an_account()
    link = {"contactId": contact, "accountId": account, "jobTitle": "Gérante", "decisionMaker": True}
    made = await office.do("createInterlocutor", link)
    again = await office.do("createInterlocutor", link)
    assert (again["__typename"], again["code"]) == ("AlreadyExists", "ALREADY_INTERLOCUTOR")

    ended = {"id": made["id"], "endedAt": "2026-11-24T18:00:00+01:00", "decisionMaker": False}
    assert (await office.do("updateInterlocutor", ended))["version"] == 2
    assert (await office.do("createInterlocutor", {**link, "jobTitle": "Présidente"}))["__typename"] == "Interlocutor"
    edges = (await office.data(ACCOUNT, id=account))["account"]["interlocutors"]["edges"]
    links = [edge["node"] for edge in edges]
    assert links == [
        {
            "jobTitle": "Gérante",
            "decisionMaker": False,
            "endedAt": "2026-11-24T17:00:00+00:00",
            "contact": {"name": "Zoé Lefèvre"},
        },
        {"jobTitle": "Présidente", "decisionMaker": True, "endedAt": None, "contact": {"name": "Zoé Lefèvre"}},
    ]


async def test_a_link_needs_a_contact_and_an_account_that_are_there(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    contact, account, theirs = await office.a_contact(), await office.an_account(), await other.an_account()
    foreign = await office.do("createInterlocutor", {"contactId": contact, "accountId": theirs})
    assert (foreign["__typename"], foreign["path"]) == ("NotFound", ["accountId"])
    swapped = await office.do("createInterlocutor", {"contactId": account, "accountId": contact})
    assert (swapped["__typename"], swapped["path"]) == ("InvalidId", ["contactId"])
    await office.do("deleteContact", {"id": contact})
    deleted = await office.do("createInterlocutor", {"contactId": contact, "accountId": account})
    assert (deleted["__typename"], deleted["path"]) == ("WrongState", ["contactId"])


async def test_a_link_cannot_end_before_it_starts_nor_at_a_moment_without_offset(office: Office) -> None:
    contact, account = await office.a_contact(), await office.an_account()
    made = await office.do(
        "createInterlocutor", {"contactId": contact, "accountId": account, "startedOn": "2026-11-24"}
    )
    early = await office.do("updateInterlocutor", {"id": made["id"], "endedAt": "2026-11-01T09:00:00Z"})
    assert (early["__typename"], early["path"]) == ("InvalidInput", ["endedAt"])
    naive = await office.do("updateInterlocutor", {"id": made["id"], "endedAt": "2026-12-01T09:00:00"})
    assert (naive["__typename"], naive["path"]) == ("InvalidInput", ["endedAt"])
    null = await office.do("updateInterlocutor", {"id": made["id"], "decisionMaker": None})
    assert (null["__typename"], null["path"]) == ("InvalidInput", ["decisionMaker"])
