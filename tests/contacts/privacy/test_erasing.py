"""A person who asks to be forgotten: nothing here names them any more, and what counts them still does."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor, Role
from chassis.database import create_engine
from chassis.identifiers import parse_id
from services.contacts import model
from services.contacts.commands.protection import digest
from services.contacts.privacy.erasing import service_done
from tests.contacts.duplicates.test_duplicates import work
from tests.contacts.house import House, Office
from tests.contacts.importing.jobs import Desk
from tests.contacts.merging.test_merge import merge
from tests.support.remains import remains

NAMES = ("Zébulon", "Quatrepoint", "quatrepoint@ancien.example", "zebulon@port.example", "+33699887766")


@pytest_asyncio.fixture
async def owner(house: House) -> AsyncIterator[AsyncEngine]:
    """As the superuser."""
    engine = create_engine(house.owner_url)
    yield engine
    await engine.dispose()


async def erase(office: Office, id: str, name: str, role: Role = Role.ADMIN, **more: Any) -> Any:
    query = """mutation($input: ErasePersonInput!) { result: erasePerson(input: $input) { __typename
        ... on Erasure { id contactId state contactsAt dealsAt notifierAt } ... on Error { code message path } } }"""
    return (await office.data(query, role, input={"id": id, "confirmation": name, **more}))["result"]


async def a_person(office: Office) -> str:
    """Somebody who left traces everywhere: imported, changed, merged, linked, a duplicate, waiting in a file."""
    desk = Desk(office)
    text = "Nom;Prénom;E-mail;Id\nQuatrepoint;Zébulon;zebulon@port.example;C1\nQuatrepoint;Zébulon;pas-une-adresse;C1\n"
    await desk.done(text, key="EXTERNAL_ID")
    await desk.ready("Nom;Prénom;E-mail\nQuatrepoint;Zébulon;zebulon@port.example\n")
    [person] = await desk.people()
    id = str(person["id"])
    await office.do("updateContact", {"id": id, "phones": [{"number": "06 99 88 77 66"}], "notes": "Zébulon aime"})
    other = await office.a_contact(
        givenName="Zébulon", familyName="Quatrepoint", emails=[{"address": "quatrepoint@ancien.example"}]
    )
    await merge(office, id, other)
    await office.a_contact(givenName="Zebulon", familyName="Quatrepwoinct")
    await work(office)
    account = await office.an_account(notes="Appeler Zébulon Quatrepoint")
    await office.do("createInterlocutor", {"contactId": id, "accountId": account, "jobTitle": "Directeur"})
    return id


async def test_nothing_names_an_erased_person_and_counts_stay_true(office: Office, owner: AsyncEngine) -> None:
    id = await a_person(office)
    count = select(func.count()).select_from(model.HistoryEntry)
    database = office.house.running.database
    async with database.read(office.organization) as read:
        before = await read.scalar(count)
    assert {word for _, word in await remains(owner, *NAMES)} == set(NAMES), "the traces are there at first"
    done = await erase(office, id, "Zébulon Quatrepoint")
    assert (done["__typename"], done["state"], done["dealsAt"]) == ("Erasure", "RUNNING", None)
    for service in ("deals", "notifier", "deals"):
        async with database.unit_of_work(Actor.system(office.organization)) as unit:
            await service_done(unit, parse_id("erasure", done["id"]), service)
    query = "query($id: ID!) { erasure(id: $id) { state dealsAt notifierAt } }"
    told = (await office.data(query, id=done["id"]))["erasure"]
    assert (told["state"], bool(told["dealsAt"]), bool(told["notifierAt"])) == ("DONE", True, True)
    left = await remains(owner, *NAMES)
    assert left == [], left
    lookalike = await office.data('{ contacts(filter: {familyName: {eq: "Quatrepwoinct"}}) { totalCount } }')
    assert lookalike["contacts"]["totalCount"] == 1, "another person is not forgotten"
    async with database.read(office.organization) as read:
        assert await read.scalar(count) >= before
    seen = await office.data("query($id: ID!) { contact(id: $id) { name emails { address } deletedAt } }", id=id)
    assert (seen["contact"]["name"], seen["contact"]["emails"]) == ("[erased]", [])


async def test_only_an_administrator_who_repeats_the_name_erases_and_only_once(office: Office) -> None:
    id = await office.a_contact(emails=[{"address": "zoe@port.example"}])
    assert (await erase(office, id, "Zoé Lefèvre", Role.COLLABORATOR))["__typename"] == "Forbidden"
    refused = await erase(office, id, "Zoé")
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["confirmation"])
    assert (await erase(office, id, "Zoé Lefèvre"))["__typename"] == "Erasure"
    assert (await erase(office, id, "[erased]"))["__typename"] == "WrongState"
    async with office.house.running.database.read(office.organization) as read:
        kept = await read.scalars(select(model.DoNotContact.digest))
    assert [bytes(each) for each in kept] == [digest(office.organization, "zoe@port.example")]


async def test_who_asked_not_to_be_taken_in_again_is_not_until_they_come_back(office: Office) -> None:
    id = await office.a_contact(emails=[{"address": "zoe@port.example"}], phones=[{"number": "06 99 88 77 66"}])
    await erase(office, id, "Zoé Lefèvre")
    other = await office.a_contact(givenName="Luc")
    again = {"givenName": "Zoé", "emails": [{"address": "z@port.example"}, {"address": "ZOE@port.example"}]}
    refused = await office.do("createContact", again)
    told = (refused["__typename"], refused["code"], refused["path"])
    assert told == ("WrongState", "DO_NOT_CONTACT", ["emails", "1", "address"])
    assert "liftDoNotContact" in refused["message"]
    changed = await office.do("updateContact", {"id": other, "phones": [{"number": "+33 6 99 88 77 66"}]})
    assert (changed["code"], changed["path"]) == ("DO_NOT_CONTACT", ["phones", "0", "number"])
    desk = Desk(office)
    done = await desk.done("Nom;E-mail\nLefèvre;zoe@port.example\nMartin;m@port.example\n", key="NONE")
    assert (done["created"], done["skipped"]) == (1, 1)
    shown = await desk.shown(done["id"], "problems { edges { node { line code excerpt } } }")
    assert [edge["node"] for edge in shown["problems"]["edges"]] == [
        {"line": 2, "code": "DO_NOT_CONTACT", "excerpt": ""}
    ]
    query = """mutation($input: LiftDoNotContactInput!) { result: liftDoNotContact(input: $input) { __typename
        ... on Error { code path } } }"""

    async def lift(role: Role = Role.ADMIN, **input: str) -> Any:
        return (await office.data(query, role, input=input))["result"]

    assert (await lift(Role.COLLABORATOR, email="zoe@port.example"))["__typename"] == "Forbidden"
    assert (await lift())["path"] == ["email"]
    assert (await lift(email="zoe@port.example"))["__typename"] == "DoNotContactLifted"
    assert (await lift(email="zoe@port.example"))["__typename"] == "NotFound"
    assert (await office.do("createContact", again))["__typename"] == "Contact"
