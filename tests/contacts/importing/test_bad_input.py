"""Files that are too large, too strange, or meant to do harm."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from chassis.auth import Actor
from services.contacts.importing.transfers import forget_old
from services.contacts.model import ContactImport, ContactImportChunk, TransferTicket
from tests.contacts.importing.books import card
from tests.contacts.importing.jobs import Desk


async def test_one_byte_too_many_is_refused_in_the_collaborator_s_language(desk: Desk) -> None:
    made = await start(desk)
    client = desk.office.house.client
    answer = await client.put(made["uploadUrl"], content=b"x", headers={"Content-Length": str(made["maxBytes"] + 1)})
    assert answer.status_code == 413
    assert answer.json()["error"]["message"].startswith("Le fichier est trop gros (50 Mo au plus)")


async def test_a_file_that_lies_about_its_size_is_stopped(desk: Desk) -> None:
    made = await start(desk)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(made["maxBytes"] // 65536 + 2):
            yield b"x" * 65536

    answer = await desk.office.house.client.put(made["uploadUrl"], content=endless())
    assert answer.status_code == 413
    assert (await desk.shown(made["import"]["id"]))["state"] == "UPLOADING"
    again = await desk.office.house.client.put(made["uploadUrl"], content=b"Nom;E-mail\nDurand;p@d.example\n")
    assert again.status_code == 200
    await desk.work()
    assert (await desk.shown(made["import"]["id"]))["total"] == 1


async def test_a_ticket_opens_one_thing_and_expires(desk: Desk) -> None:
    url = (await start(desk))["uploadUrl"]
    client = desk.office.house.client
    assert (await client.get(url.replace("upload", "contacts"))).status_code == 404
    assert (await client.put(url[:-3] + "xyz", content=b"x")).status_code == 404
    assert (await client.put("/transfers/upload/nonsense", content=b"x")).status_code == 404
    async with desk.office.house.running.database.unit_of_work(Actor.system(desk.office.organization)) as work:
        await work.session.execute(update(TransferTicket).values(expires_at=work.now - timedelta(seconds=1)))
    assert (await client.put(url, content=b"x")).status_code == 404


@pytest.mark.parametrize(
    ("content", "beginning"),
    [
        (b"", "Le fichier est vide"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "Ce n'est ni un fichier vCard"),
        (b"Nom;E-mail\r\n", "Il n'y a personne"),
    ],
)
async def test_what_is_no_address_book_fails_with_a_sentence(desk: Desk, content: bytes, beginning: str) -> None:
    found = await desk.shown(await desk.ready(content))
    assert found["state"] == "FAILED"
    assert found["failure"].startswith(beginning)


async def test_a_thousand_photos_are_passed_over(desk: Desk) -> None:
    photo = "PHOTO;ENCODING=b:" + "\r\n ".join(["A" * 75] * 100)
    done = await desk.done(card("N:Lefèvre;Zoé", *[photo] * 1000, "EMAIL:zoe@example.fr"))
    assert (done["created"], (await desk.people())[0]["emails"][0]["address"]) == (1, "zoe@example.fr")


async def test_names_that_do_harm_are_refused_or_made_harmless(desk: Desk) -> None:
    done = await desk.done(f"Nom;Prénom\n{'x' * 10_000};Paul\nDu\u202erand\x07;Paul\n<script>;=cmd()\nA\x00B;\n")
    assert (done["created"], done["skipped"]) == (3, 1)
    people = [(each["familyName"], each["givenName"]) for each in await desk.people()]
    assert people == [("Du rand", "Paul"), ("<script>", "=cmd()"), ("AB", None)]
    more = "problems { edges { node { line code message } } }"
    told = [edge["node"] for edge in (await desk.shown(done["id"], more))["problems"]["edges"]]
    assert [(each["line"], each["code"]) for each in told] == [(2, "NAME_TOO_LONG"), (3, "CHARACTERS_REMOVED")]
    assert told[0]["message"] == "Le nom dépasse 200 caractères : non importé."


async def test_a_mapping_that_names_nobody_is_refused(desk: Desk) -> None:
    id = await desk.ready("a;b\nDurand;Paul\n")
    for mapping in ([{"position": 0, "target": "NOTES"}], [{"position": 9, "target": "EMAIL"}]):
        refused = await desk.act("runImport", id=id, key="NONE", mapping=mapping)
        assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["mapping"])


async def test_forgotten_files_are_cleared_away(desk: Desk) -> None:
    id = await desk.ready("Nom;E-mail\nDurand;p@d.example\n")
    running = desk.office.house.running
    async with running.database.unit_of_work(Actor.system(desk.office.organization)) as work:
        await work.session.execute(update(ContactImport).values(updated_at=work.now - timedelta(days=8)))
    await forget_old(running.system)
    async with running.database.read(desk.office.organization) as read:
        assert await read.rows(ContactImportChunk.__table__.select()) == []
    refused = await desk.act("runImport", id=id, key="NONE")
    assert refused["message"].startswith("Le fichier n'est plus conservé")


async def start(desk: Desk) -> dict[str, Any]:
    made: dict[str, Any] = await desk.mutate(
        "startImport", {"fileName": "x.csv"}, "... on ImportStart { import { id } uploadUrl maxBytes }"
    )
    return made
