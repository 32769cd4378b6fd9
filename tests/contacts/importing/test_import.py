"""An import from its file to its contacts, and back."""

from typing import Any

import pytest
from sqlalchemy import text

from chassis.auth import Role
from tests.contacts.importing.books import card
from tests.contacts.importing.jobs import Desk

FRENCH = (
    "Nom;Prénom;Société;Fonction;Téléphone;E-mail;Code client\r\n"
    "Lefèvre;Zoé;Cabinet;Notaire;06 39 98 00 01;zoe@example.fr;C1\r\n"
    "Durand;Paul;;;12;pas une adresse;C2\r\n"
    ";;Sans nom;;;;C3\r\n"
).encode("cp1252")


async def test_a_file_is_looked_at_before_anything_is_written(desk: Desk) -> None:
    id = await desk.ready(FRENCH)
    found = await desk.shown(
        id, "preview { line name emails phones company jobTitle notes problems { field message } }"
    )
    assert (found["state"], found["total"]) == ("READY", 3)
    assert (found["format"], found["encoding"], found["delimiter"], found["source"]) == ("CSV", "cp1252", ";", "FREE")
    assert [column["target"] for column in found["columns"]] == [
        "FAMILY_NAME", "GIVEN_NAME", "ORGANIZATION", "JOB_TITLE", "PHONE", "EMAIL", "EXTERNAL_ID",
    ]  # fmt: skip
    zoe, paul, nobody = found["preview"]
    assert (zoe["name"], zoe["emails"], zoe["phones"]) == ("Zoé Lefèvre", ["zoe@example.fr"], ["+33639980001"])
    assert (zoe["company"], zoe["jobTitle"], zoe["notes"]) == ("Cabinet", "Notaire", None)
    assert [problem["field"] for problem in paul["problems"]] == ["adresse e-mail", "téléphone"]
    assert nobody["name"] is None
    assert nobody["problems"][0]["message"].startswith("Ni nom")
    assert await desk.people() == []


async def test_another_mapping_is_tried_and_run(desk: Desk) -> None:
    id = await desk.ready("a;b\nDurand;Paul\n")
    mapping = [{"position": 0, "target": "FAMILY_NAME"}, {"position": 1, "target": "GIVEN_NAME"}]
    query = """query($id: ID!, $mapping: [ImportColumnInput!]) {
        contactImport(id: $id) { preview(mapping: $mapping) { name } } }"""
    shown = await desk.office.data(query, id=id, mapping=mapping)
    assert shown["contactImport"]["preview"] == [{"name": "Paul Durand"}]
    await desk.act("runImport", id=id, key="NONE", mapping=mapping)
    await desk.work()
    assert [(each["givenName"], each["familyName"]) for each in await desk.people()] == [("Paul", "Durand")]


async def test_contacts_are_written_and_told(desk: Desk) -> None:
    done = await desk.done(FRENCH)
    assert (done["state"], done["position"], done["created"], done["skipped"]) == ("DONE", 3, 2, 1)
    zoe, paul = await desk.people()
    assert zoe["emails"] == [{"address": "zoe@example.fr", "kind": "OTHER"}]
    assert paul["notes"] == "E-mail: pas une adresse\nTéléphone: 12"
    types = await messages(desk)
    assert types == ["liant.contacts.v1.ContactCreated"] * 2


async def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    await desk.done(FRENCH, key="EXTERNAL_ID")
    before = await desk.people()
    again = await desk.done(FRENCH, key="EXTERNAL_ID")
    assert (again["created"], again["updated"], again["unchanged"], again["skipped"]) == (0, 0, 2, 1)
    assert await desk.people() == before


@pytest.mark.parametrize("key", ["EMAIL", "PHONE"])
async def test_who_is_there_already_is_completed(desk: Desk, key: str) -> None:
    await desk.office.a_contact(
        givenName="Zoe", notes="Cliente", emails=[{"address": "ZOE@example.fr"}], phones=[{"number": "0612345678"}]
    )
    rows = "Prénom;Nom;E-mail;E-mail 2;Mobile;Notes\nZoé;;zoe@example.fr;zoe@autre.example;06 12 34 56 78;Notaire\n"
    done = await desk.done(rows + rows.split("\n", 1)[1].replace("Notaire", "Avocate"), key=key)
    assert (done["created"], done["updated"]) == (0, 2)
    [zoe] = await desk.people()
    assert (zoe["givenName"], zoe["familyName"], zoe["notes"]) == ("Zoé", "Lefèvre", "Cliente\n\nNotaire\n\nAvocate")
    assert [each["address"] for each in zoe["emails"]] == ["ZOE@example.fr", "zoe@autre.example"]
    assert zoe["version"] == 3


async def test_two_rows_of_one_file_are_one_contact_by_key(desk: Desk) -> None:
    done = await desk.done("Nom;E-mail\nDurand;p@d.example\nDurand;P@d.example\n", key="EMAIL")
    assert (done["created"], done["unchanged"]) == (1, 1)


async def test_an_import_is_taken_back_whole(desk: Desk) -> None:
    before = await desk.office.a_contact(notes="Cliente", emails=[{"address": "zoe@example.fr"}])
    done = await desk.done(
        "Nom;E-mail;Notes\nLefevre;zoe@example.fr;x\nDurand;p@d.example;\nMartin;m@d.example;\n", "EMAIL"
    )
    assert (done["created"], done["updated"]) == (2, 1)
    martin = next(each for each in await desk.people() if each["familyName"] == "Martin")
    await desk.office.do("updateContact", {"id": martin["id"], "notes": "Rappeler"})
    assert (await desk.act("revertImport", id=done["id"]))["state"] == "REVERTING"
    await desk.work()
    after = await desk.shown(done["id"])
    assert (after["state"], after["reverted"], after["kept"]) == ("REVERTED", 2, 1)
    left = {each["id"]: (each["familyName"], each["notes"]) for each in await desk.people()}
    assert left == {before: ("Lefèvre", "Cliente"), martin["id"]: ("Martin", "Rappeler")}
    assert (await messages(desk))[-2:] == ["liant.contacts.v1.ContactChanged"] * 2


async def test_a_cancelled_import_writes_no_more(desk: Desk) -> None:
    id = await desk.ready(FRENCH)
    await desk.act("runImport", id=id, key="NONE")
    assert (await desk.act("cancelImport", id=id))["state"] == "CANCELLED"
    await desk.work()
    assert await desk.people() == []
    refused = await desk.act("runImport", id=id, key="NONE")
    assert (refused["__typename"], refused["code"]) == ("WrongState", "WRONG_STATE")


async def test_vcards_are_imported_with_their_uid(desk: Desk) -> None:
    text = card("N:Lefèvre;Zoé", "UID:urn:1", "TEL;CELL:06 39 98 00 01", version="3.0")
    await desk.done(text, key="EXTERNAL_ID")
    again = await desk.done(text.replace("Zoé", "Zoë"), key="EXTERNAL_ID")
    assert (again["format"], again["updated"]) == ("VCARD", 1)
    assert [each["givenName"] for each in await desk.people()] == ["Zoë"]


async def test_problems_are_listed_and_downloaded_in_the_reader_s_language(desk: Desk) -> None:
    done = await desk.done(FRENCH)
    more = "problems(first: 1) { totalCount edges { node { line code message } } pageInfo { hasNextPage } }"
    listed = (await desk.shown(done["id"], more))["problems"]
    assert (listed["totalCount"], listed["pageInfo"]["hasNextPage"]) == (3, True)
    assert listed["edges"][0]["node"]["line"] == 3
    told = await desk.download("exportImportProblems", id=done["id"])
    assert told.splitlines()[0] == "Ligne,Champ,Problème,Extrait"
    assert (
        "3,adresse e-mail,Ce n'est pas une adresse e-mail ; elle est conservée dans les notes.,pas une adresse" in told
    )


async def test_a_reader_imports_nothing(desk: Desk) -> None:
    for name, input in (("startImport", {"fileName": "x"}), ("exportContacts", {"format": "CSV"})):
        refused = await desk.mutate(name, input, "", Role.READER)
        assert (refused["__typename"], refused["code"]) == ("Forbidden", "FORBIDDEN")


async def test_an_import_is_of_its_organization_alone(desk: Desk) -> None:
    id = await desk.ready(FRENCH)
    other = Desk(await desk.office.house.organization("Ailleurs"))
    assert (await other.office.data("query($id: ID!) { contactImport(id: $id) { id } }", id=id))[
        "contactImport"
    ] is None
    assert (await other.act("runImport", id=id, key="NONE"))["code"] == "NOT_FOUND"
    made = await other.mutate("exportImportProblems", {"id": id}, "... on Download { url }")
    told = (await desk.office.house.client.get(made["url"])).text
    assert len(told.splitlines()) == 1


async def messages(desk: Desk) -> list[Any]:
    """Types of the messages about contacts, in order."""
    async with desk.office.house.running.database.read(desk.office.organization) as read:
        return await read.scalars(text("SELECT type FROM outbox WHERE aggregate = 'contact' ORDER BY position"))
