"""Photos in vCards, in and out."""

import base64
import io
import re

from services.contacts.exporting.vcard_file import folded
from services.contacts.importing.readers.card import Card
from services.contacts.importing.readers.vcard import read_vcards
from tests.contacts.importing.jobs import Desk
from tests.contacts.pictures.pictures import a_bomb, a_telling_jpeg
from tests.contacts.pictures.test_photos import PHOTO

JPEG = base64.b64encode(a_telling_jpeg()).decode()
SHOWN = f"{{ contacts(first: 50) {{ edges {{ node {{ givenName photo {PHOTO} }} }} }} }}"


def a_card(name: str, *photos: str) -> str:
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:Lefèvre;{name};;;",
        f"EMAIL:{name}@b.example".lower(),
        *photos,
        "END:VCARD",
    ]
    return "".join(folded(line) for line in lines)


async def seen(desk: Desk) -> dict[str, int | None]:
    edges = (await desk.office.data(SHOWN))["contacts"]["edges"]
    return {edge["node"]["givenName"]: edge["node"]["photo"] and edge["node"]["photo"]["width"] for edge in edges}


async def test_photos_of_every_version_come_in_and_what_is_none_is_told(desk: Desk) -> None:
    book = "".join([
        a_card("Trois", f"PHOTO;ENCODING=b;TYPE=JPEG:{JPEG}"),
        a_card("Deux", f"PHOTO;JPEG;ENCODING=BASE64:{JPEG}"),
        a_card("Quatre", f"PHOTO:data:image/jpeg;base64,{JPEG}"),
        a_card("Ailleurs", "PHOTO;VALUE=uri:http://127.0.0.1:9/never-fetched.jpg"),
        a_card("Bombe", f"PHOTO;ENCODING=b:{base64.b64encode(a_bomb()).decode()}"),
        a_card("Texte", "PHOTO;ENCODING=b:Pas une image"),
    ])  # fmt: skip
    done = await desk.done(book)
    assert (done["state"], done["created"]) == ("DONE", 6)
    assert await seen(desk) == {
        "Trois": 240,
        "Deux": 240,
        "Quatre": 240,
        "Ailleurs": None,
        "Bombe": None,
        "Texte": None,
    }
    told = await desk.download("exportImportProblems", id=done["id"])
    assert told.count("photo") >= 2
    await desk.act("revertImport", id=done["id"])
    await desk.work()
    assert await seen(desk) == {}


async def test_a_photo_that_somebody_chose_stays(desk: Desk) -> None:
    await desk.done(a_card("Zoé", f"PHOTO:data:image/jpeg;base64,{JPEG}"))
    before = (await desk.office.data(SHOWN))["contacts"]["edges"][0]["node"]["photo"]
    done = await desk.done(a_card("Zoé", f"PHOTO:data:image/jpeg;base64,{JPEG}"), key="EMAIL")
    assert (done["created"], done["unchanged"]) == (0, 1)
    assert (await desk.office.data(SHOWN))["contacts"]["edges"][0]["node"]["photo"] == before


async def test_a_card_of_a_thousand_photos_is_harmless(desk: Desk) -> None:
    done = await desk.done(a_card("Mille", *[f"PHOTO;ENCODING=b;TYPE=JPEG:{JPEG}"] * 1000))
    assert (done["created"], done["problemCount"]) == (1, 0)
    assert await seen(desk) == {"Mille": 240}


def test_a_photo_beyond_reason_is_not_held() -> None:
    text = a_card("Lourde", f"PHOTO;ENCODING=b:{'A' * 3_000_000}", "NOTE:la suite")
    [entry] = read_vcards(io.BytesIO(text.encode()), "utf-8")
    assert isinstance(entry.found, Card)
    assert (entry.found.photo, entry.found.notes) == (b"", "la suite")


async def test_photos_go_out_in_vcards_and_come_back(desk: Desk) -> None:
    await desk.done(a_card("Zoé", f"PHOTO:data:image/jpeg;base64,{JPEG}"))
    text = await desk.download("exportContacts", format="VCARD")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    unfolded = re.search(r"^PHOTO:data:image/jpeg;base64,(\S+)", text.replace("\r\n ", ""), re.MULTILINE)
    assert unfolded is not None
    content = base64.b64decode(unfolded[1], validate=True)
    assert content.startswith(b"\xff\xd8") and b"Secret" not in content
    [entry] = read_vcards(io.BytesIO(text.encode()), "utf-8")
    assert isinstance(entry.found, Card) and entry.found.photo == content
