"""Postal addresses and tags of files: read, completed, taken back, written."""

import asyncio
from typing import Any

import pytest

from chassis.auth import Actor
from services.contacts.commands.tags import make_tags
from services.contacts.importing.places import country_named
from services.contacts.importing.readers.columns import Target, proposed
from services.contacts.importing.worker import ImportWorker
from services.contacts.values import Country
from tests.contacts.importing.books import card, cards
from tests.contacts.importing.jobs import Desk

FRANCE = Country("FR")
GOOGLE = (
    "First Name,Last Name,Labels,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,"
    "Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,"
    "Address 2 - Label,Address 2 - Street,Address 2 - City\n"
    'Zoé,Lefèvre,* myContacts ::: Clients ::: VIP,Work,"5 rue X\n75001 Paris",5 rue X,Paris,BP 1,,75001,FR,,'
    "Home,8 quai Y,Lyon\n"
)
OUTLOOK = (
    "Prénom;Nom;Catégories;Rue (bureau);Rue (bureau) 2;Ville (bureau);Dép/Région (bureau);Code postal (bureau);"
    "Pays/Région (bureau);Rue (domicile);Ville (domicile)\n"
    "Zoé;Lefèvre;Clients;5 rue X;BP 1;Paris;;75001;France;8 quai Y;Lyon\n"
    "Ada;Martin;VIP;;;Rennes;;35000;;;\n"
)
THUNDERBIRD = (
    "First Name,Last Name,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Home Address,"
    "Home City\nZoé,Lefèvre,5 rue X,BP 1,Paris,,75001,Frankreich,8 quai Y,Lyon\n"
)
FIRM = "Nom;Prénom;Adresse 1;Adresse 2;CP;Ville\nLefèvre;Zoé;5 rue X;BP 1;75001;Paris\n"


@pytest.mark.parametrize("text", [GOOGLE, OUTLOOK, THUNDERBIRD, FIRM], ids=["google", "outlook", "thunderbird", "firm"])
def test_the_addresses_of_a_row_are_put_together(text: str) -> None:
    work, *others = cards(text)[0].addresses
    assert work[:4] == ("5 rue X\nBP 1", "75001", "Paris", "")
    assert country_named(work.country, FRANCE) == "FR"
    if text is not FIRM:
        assert work.kind == "WORK"
        assert [(each[:3], each.kind) for each in others] == [(("8 quai Y", "", "Lyon"), "HOME")]


def test_headings_of_addresses_and_tags_are_proposed() -> None:
    names = [
        "Home Street 3",
        "Business Postal Code",
        "Other Country/Region",
        "Ville (autre)",
        "Libellés",
        "E-mail",
        "Web",
    ]
    assert [column.target for column in proposed(names, [])] == [
        Target.STREET, Target.POSTAL_CODE, Target.COUNTRY, Target.CITY, Target.TAGS, Target.EMAIL, Target.PROFILE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "code"),
    [("", "FR"), ("de", "DE"), ("Deutschland", "DE"), ("ÉTATS-UNIS", "US"), ("U.S.A.", "US"), ("Côte d'Ivoire", "CI")],
)
def test_countries_are_known_by_code_and_by_name(told: str, code: str) -> None:
    assert country_named(told, FRANCE) == code
    assert country_named("Syldavie", FRANCE) is None


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_vcards_tell_addresses_and_categories(version: str) -> None:
    quoted = "ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;8 all=C3=A9e Y;Lyon;Rh=C3=B4ne;69001;"
    [zoe] = cards(
        card("N:Lefèvre;Zoé", quoted, "ADR;TYPE=WORK,pref:BP 1;Bât. A;5 rue X\\, bis;Paris;;75001;France",
             "CATEGORIES:Clients,A\\, B", "CATEGORIES:VIP", version=version)
    )  # fmt: skip
    by_kind = {each.kind: each[:5] for each in zoe.addresses}
    assert by_kind["WORK"] == ("5 rue X, bis\nBât. A\nBP 1", "75001", "Paris", "", "France")
    assert by_kind["HOME"] == ("8 allée Y", "69001", "Lyon", "Rhône", "")
    assert zoe.tags == ["Clients", "A, B", "VIP"]


async def test_they_complete_once_and_are_taken_back_exactly(desk: Desk) -> None:
    tag = (await desk.mutate("createTag", {"name": "clients"}, "... on Tag { id }"))["id"]
    place = {"lines": "1 rue Z", "city": "Nice", "kind": "HOME"}
    await desk.office.a_contact(emails=[{"address": "zoe@example.fr"}], addresses=[place], tagIds=[tag])
    before = await shown(desk)
    text = OUTLOOK.replace("Nom;", "Nom;E-mail;", 1).replace("Lefèvre;Cl", "Lefèvre;zoe@example.fr;Nouveau, Cl")
    text = text.replace("Martin;", "Martin;ada@example.fr;")
    done = await desk.done(text, key="EMAIL")
    zoe, ada = after = await shown(desk)
    assert [each["lines"] for each in zoe["addresses"]] == ["1 rue Z", "5 rue X\nBP 1", "8 quai Y"]
    assert zoe["addresses"][1] == {
        "kind": "WORK", "lines": "5 rue X\nBP 1", "postalCode": "75001", "city": "Paris", "country": "FR",
    }  # fmt: skip
    assert [each["name"] for each in zoe["tags"]] == ["clients", "Nouveau"]
    assert ([each["name"] for each in ada["tags"]], ada["addresses"]) == (["VIP"], [])
    assert ada["notes"] == "Ville (bureau): Rennes\nCode postal (bureau): 35000"
    again = await desk.done(text, key="EMAIL")
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert await shown(desk) == after
    await desk.act("revertImport", id=done["id"])
    await desk.work()
    assert await shown(desk) == before


@pytest.mark.parametrize("format", ["CSV", "VCARD"])
async def test_what_was_exported_is_read_as_the_same(desk: Desk, format: str) -> None:
    tags = [(await desk.mutate("createTag", {"name": name}, "... on Tag { id }"))["id"] for name in ("A, B", "Été")]
    places = [
        {"lines": "5 rue X; bis\nBP 1", "postalCode": "75001", "city": "Paris", "kind": "BILLING"},
        {"lines": "Hauptstr. 1", "country": "DE", "region": "Hessen"},
        {"lines": "Rua 1", "postalCode": "1000", "country": "PT"},
    ]
    mail = [{"address": "zoe@example.fr"}]
    await desk.office.a_contact(emails=mail, addresses=places, tagIds=tags[:1])
    await desk.office.a_contact(emails=[{"address": "b@example.fr"}], tagIds=tags)
    before, text = await shown(desk), await desk.download("exportContacts", format=format)
    done = await desk.done(text, key="EMAIL")
    assert (done["unchanged"], done["problemCount"]) == (2, 0)
    other = Desk(await desk.office.house.organization("Ailleurs"))
    await other.done(text)
    kinds = ("kind",) if format == "CSV" else ()
    assert [stripped(each, *kinds) for each in await shown(other)] == [stripped(each, *kinds) for each in before]


async def test_tags_beyond_the_organization_s_limit_stay_in_the_notes(desk: Desk) -> None:
    id = await desk.ready("Nom;Tags\nDurand;Un\nMartin;Deux, un, Trois\nPetit;Trois\n")
    await desk.act("runImport", id=id, key="NONE")
    running = desk.office.house.running
    worker = ImportWorker(running.database, running.system, max_tags=2)
    assert await worker.work_one(asyncio.Event())
    durand, martin, petit = await shown(desk)
    assert [each["name"] for each in (*durand["tags"], *martin["tags"])] == ["Un", "Deux", "Un"]
    assert (martin["notes"], petit["notes"], petit["tags"]) == ("Étiquette: Trois", "Étiquette: Trois", [])
    problems = (await desk.shown(id, "problems { edges { node { line code excerpt } } }"))["problems"]["edges"]
    assert [each["node"] for each in problems] == [
        {"line": line, "code": "TOO_MANY_TAGS", "excerpt": "Trois"} for line in (3, 4)
    ]


async def test_two_batches_at_once_make_a_tag_once(desk: Desk) -> None:
    async def make(most: int) -> set[str]:
        system = Actor.system(desk.office.organization)
        async with desk.office.house.running.database.unit_of_work(system) as work:
            return await make_tags(work, {"clients": "Clients", "vip": "VIP"}, most)

    assert await asyncio.gather(*(make(2) for _ in range(3))) == [{"clients", "vip"}] * 3
    assert await make(0) == {"clients", "vip"}
    tags = await desk.office.data("{ tags(first: 9) { edges { node { name color } } } }")
    assert sorted(edge["node"]["name"] for edge in tags["tags"]["edges"]) == ["Clients", "VIP"]


async def test_an_address_of_a_country_that_is_not_known_is_told(desk: Desk) -> None:
    text = card("N:A;B", "ADR:;;5 rue X;Klow;;1;Syldavie", "ADR:;;;Paris;;;")
    id = await desk.ready(text)
    [entry] = (await desk.shown(id, "preview { addresses tags notes problems { code } }"))["preview"]
    assert (entry["addresses"], entry["problems"]) == ([], [{"code": "ADDRESS_LEFT"}])
    assert entry["notes"] == "Adresse: 5 rue X, Klow, 1, Syldavie\nAdresse: Paris"


async def shown(desk: Desk) -> list[dict[str, Any]]:
    """Contacts with what is told here."""
    query = """{ contacts(first: 50) { edges { node { givenName familyName notes tags { name }
        addresses { kind lines postalCode city country } } } } }"""
    return [edge["node"] for edge in (await desk.office.data(query))["contacts"]["edges"]]


def stripped(person: dict[str, Any], *names: str) -> dict[str, Any]:
    """Without what a format does not tell of addresses."""
    places = [{key: value for key, value in each.items() if key not in names} for each in person["addresses"]]
    return {**person, "addresses": places}
