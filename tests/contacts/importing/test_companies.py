"""Companies that a file names: accounts found or opened, contacts linked, and all of it taken back."""

from typing import Any

from sqlalchemy import text

from tests.contacts.importing.jobs import Desk

STAFF = (
    "Nom;Prénom;Société;Fonction;E-mail\n"
    "Lefèvre;Zoé;Cabinet Lumière;Notaire;zoe@lumiere.example\n"
    "Durand;Paul;CABINET LUMIERE;Clerc;paul@lumiere.example\n"
    "Martin;Luc;;Retraité;luc@example.fr\n"
)
COUNTS = "accounts interlocutors"


async def companies(desk: Desk) -> dict[str, list[tuple[str, str | None, bool]]]:
    """Each account's people: name, job title, whether they still speak for it."""
    query = """{ accounts(first: 50) { edges { node { name status } } }
        interlocutors(first: 50) { edges { node { jobTitle endedAt contact { familyName } account { name } } } } }"""
    told = await desk.office.data(query)
    found: dict[str, Any] = {edge["node"]["name"]: [] for edge in told["accounts"]["edges"]}
    for edge in told["interlocutors"]["edges"]:
        link = edge["node"]
        if link["account"] and link["contact"]:
            told_of = (link["contact"]["familyName"], link["jobTitle"], link["endedAt"] is None)
            found.setdefault(link["account"]["name"], []).append(told_of)
    return found


async def test_people_of_one_company_speak_for_one_account(desk: Desk) -> None:
    id = await desk.ready(STAFF)
    preview = (await desk.shown(id, "preview { company jobTitle notes }"))["preview"]
    assert preview[0] == {"company": "Cabinet Lumière", "jobTitle": "Notaire", "notes": None}
    assert preview[2] == {"company": None, "jobTitle": None, "notes": "Fonction: Retraité"}
    await desk.act("runImport", id=id, key="EMAIL")
    await desk.work()
    done = await desk.shown(id, COUNTS)
    assert (done["created"], done["accounts"], done["interlocutors"]) == (3, 1, 2)
    assert await companies(desk) == {"Cabinet Lumière": [("Lefèvre", "Notaire", True), ("Durand", "Clerc", True)]}


async def test_an_account_that_is_there_is_found_by_its_name(desk: Desk) -> None:
    await desk.office.an_account(name="Cabinet lumière")
    done = await desk.done(STAFF, key="EMAIL")
    counts = await desk.shown(done["id"], COUNTS)
    assert (counts["accounts"], counts["interlocutors"]) == (0, 2)
    assert [*await companies(desk)] == ["Cabinet lumière"]


async def test_the_same_file_links_nobody_twice_and_a_new_title_wins(desk: Desk) -> None:
    await desk.done(STAFF, key="EMAIL")
    again = await desk.done(STAFF, key="EMAIL")
    assert (again["unchanged"], again["updated"]) == (3, 0)
    promoted = await desk.done(STAFF.replace("Clerc", "Notaire associé"), key="EMAIL")
    assert (promoted["unchanged"], promoted["updated"]) == (2, 1)
    assert (await companies(desk))["Cabinet Lumière"][1] == ("Durand", "Notaire associé", True)
    await desk.act("revertImport", id=promoted["id"])
    await desk.work()
    assert (await companies(desk))["Cabinet Lumière"][1] == ("Durand", "Clerc", True)


async def test_companies_stay_in_the_notes_where_no_accounts_are_wanted(desk: Desk) -> None:
    id = await desk.ready(STAFF)
    shown = (await desk.shown(id, "preview(companies: false) { company notes }"))["preview"]
    assert shown[0] == {"company": None, "notes": "Société: Cabinet Lumière\nFonction: Notaire"}
    await desk.act("runImport", id=id, key="NONE", companies=False)
    await desk.work()
    assert await companies(desk) == {}
    assert (await desk.people())[0]["notes"] == "Société: Cabinet Lumière\nFonction: Notaire"


async def test_a_revert_takes_back_links_and_the_accounts_nobody_else_speaks_for(desk: Desk) -> None:
    there = await desk.office.a_contact(familyName="Petit")
    done = await desk.done(STAFF + "Roux;Anne;Boulangerie Roux;Gérante;anne@roux.example\n", key="EMAIL")
    accounts = await desk.office.data("{ accounts(first: 9) { edges { node { id name } } } }")
    lumiere = next(e["node"]["id"] for e in accounts["accounts"]["edges"] if e["node"]["name"] == "Cabinet Lumière")
    await desk.office.do("createInterlocutor", {"contactId": there, "accountId": lumiere})
    await desk.act("revertImport", id=done["id"])
    await desk.work()
    after = await desk.shown(done["id"])
    # Four contacts, three links and the bakery are taken back; the office that somebody else speaks for stays.
    assert (after["state"], after["reverted"], after["kept"]) == ("REVERTED", 8, 1)
    left = await desk.office.data("{ accounts(first: 9) { edges { node { name } } } }")
    assert [edge["node"]["name"] for edge in left["accounts"]["edges"]] == ["Cabinet Lumière"]
    assert [each["familyName"] for each in await desk.people()] == ["Petit"]


async def test_accounts_and_links_are_told_to_the_other_services(desk: Desk) -> None:
    await desk.done(STAFF, key="EMAIL")
    async with desk.office.house.running.database.read(desk.office.organization) as read:
        statement = text("SELECT type FROM outbox WHERE aggregate IN ('account', 'interlocutor') ORDER BY position")
        told = await read.scalars(statement)
    kinds = [each.removeprefix("liant.contacts.v1.") for each in told]
    assert kinds == ["AccountCreated", "InterlocutorChanged", "InterlocutorChanged"]


async def test_a_name_that_nobody_could_find_again_stays_in_the_notes(desk: Desk) -> None:
    await desk.done(f"Nom;Société\nDurand;***\nMartin;{'a' * 300}\n")
    assert await companies(desk) == {}
    assert [each["notes"] for each in await desk.people()] == ["Société: ***", f"Société: {'a' * 300}"]
