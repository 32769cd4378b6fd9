"""A card as whoever has its link sees it."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import vobject
import zxingcpp
from PIL import Image
from sqlalchemy import text

from chassis.auth import Role
from chassis.links import new_token
from services.contacts.cards import qr
from services.contacts.cards.wording import chosen
from services.contacts.importing.readers.book import read_file
from tests.contacts.cards.desk import CONTENT, SHOWN, Side, a_browser
from tests.contacts.house import House, Office
from tests.contacts.pictures.pictures import a_jpeg
from tests.contacts.pictures.test_photos import given


@pytest_asyncio.fixture
async def side(office: Office) -> Side:
    return Side(office)


@pytest_asyncio.fixture
async def browser(house: House) -> Any:
    async with a_browser(house) as client:
        yield client


async def rows(house: House, office: Office) -> list[Any]:
    """Every row that a page could have changed."""
    async with house.running.database.read(office.organization) as read:
        return [
            [*await read.rows(text(f"SELECT * FROM {table} ORDER BY id"))]
            for table in ("business_card", "card_link", "card_exchange", "contact", "outbox")
        ]


async def test_a_card_shows_what_was_chosen_escaped_in_the_readers_language(side: Side, browser: Any) -> None:
    evil = {**CONTENT, "title": "<script>alert(1)</script>", "links": [{"url": 'https://a.example/"><b>'}]}
    refused = await side.do("createBusinessCard", "", label="x", content=evil)
    assert (refused["code"], refused["path"]) == ("INVALID_INPUT", ["links", "0", "url"])
    link = await side.a_link(await side.a_card(content={**CONTENT, "title": "<script>alert(1)</script>"}))
    french, english = await browser.get(link["url"]), await browser.get(link["url"], headers={"Accept-Language": "en"})
    assert (french.status_code, french.headers["content-language"]) == (200, "fr")
    assert "&lt;script&gt;" in french.text and "<script" not in french.text
    for told in (
        "Zoé Lefèvre",
        "Cabinet Lumière, Lyon",
        "+33 6 12 34 56 78",
        "mailto:zoe@lumiere.example",
        "a=1&amp;b=2",
    ):
        assert told in french.text
    assert "Ajouter à mes contacts" in french.text and "Add to my contacts" in english.text


async def test_nothing_may_run_or_be_remembered(side: Side, browser: Any) -> None:
    link = await side.a_link(await side.a_card())
    answer = await browser.get(link["url"])
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
    assert (await browser.get("/cards/card.css")).headers["content-type"].startswith("text/css")


async def test_what_fetches_links_changes_nothing(house: House, side: Side, browser: Any) -> None:
    link = await side.a_link(await side.a_card())
    before = await rows(house, side.office)
    for path in ("", "/card.vcf", "/qr.svg", "/qr.png"):
        assert (await browser.get(link["url"] + path)).status_code == 200
        assert (await browser.head(link["url"] + path)).status_code == 200
    assert (await browser.get(f"{link['url']}/exchange")).status_code == 405
    assert await rows(house, side.office) == before


async def test_the_vcard_is_read_by_a_library_and_by_our_own_reader(side: Side, browser: Any, tmp_path: Path) -> None:
    await given(side.office, side.office.id_of(Role.COLLABORATOR), a_jpeg())
    link = await side.a_link(await side.a_card())
    answer = await browser.get(link["vcardUrl"])
    assert answer.headers["content-type"] == "text/vcard; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="ZoLefvre.vcf"'
    read = vobject.readOne(answer.text)
    assert (read.version.value, read.fn.value, read.n.value.family) == ("4.0", "Zoé Lefèvre", "Lefèvre")
    assert (read.title.value, read.org.value) == ("Avocate; associée", ["Cabinet Lumière, Lyon"])
    assert (read.email.value, read.tel.value) == ("zoe@lumiere.example", "tel:+33612345678")
    assert read.url.value == "https://lumiere.example/zoe?a=1&b=2"
    file = tmp_path / "card.vcf"
    file.write_bytes(answer.content)
    [ours] = read_file(file).cards
    assert (ours.given_name, ours.family_name, ours.job_title) == ("Zoé", "Lefèvre", "Avocate; associée")
    assert [each.value for each in ours.phones] == ["+33612345678", "+33472401234"]
    assert ours.photo is not None and ours.photo.startswith(b"\xff\xd8")


async def test_the_qr_code_is_read_as_the_pages_address(side: Side, browser: Any) -> None:
    link = await side.a_link(await side.a_card())
    png = await browser.get(link["qrPngUrl"])
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(png.content)).convert("L"))
    assert found.text == f"http://cards.example{link['url']}"
    svg = await browser.get(link["qrSvgUrl"])
    assert svg.headers["content-type"].startswith("image/svg+xml") and b"<script" not in svg.content
    assert re.search(rb"<svg[^>]*>", qr.svg("https://x.example"))


async def test_the_photo_is_shown_only_where_it_was_chosen(side: Side, browser: Any) -> None:
    await given(side.office, side.office.id_of(Role.COLLABORATOR), a_jpeg())
    first, second = [await side.a_link(await side.a_card(showsPhoto=shows)) for shows in (True, False)]
    assert f"{first['url']}/photo" in (await browser.get(first["url"])).text
    assert (await browser.get(f"{first['url']}/photo")).headers["content-type"] == "image/jpeg"
    assert "/photo" not in (await browser.get(second["url"])).text
    assert (await browser.get(f"{second['url']}/photo")).status_code == 404


async def test_a_revoked_an_expired_and_a_guessed_link_open_nothing(house: House, side: Side, browser: Any) -> None:
    card = await side.a_card()
    revoked, rotated = await side.a_link(card), await side.a_link(card)
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    expiring = await side.a_link(card, expiresAt=soon)
    for _ in range(2):
        done = await side.do("revokeCardLink", "... on CardLink { revokedAt }", id=revoked["link"]["id"])
        assert done["revokedAt"]
    fresh = await side.a_link(card, replacesId=rotated["link"]["id"])
    clock = house.running.database.clock
    house.running.database.clock = lambda: clock() + timedelta(days=2)
    try:
        answers = [await browser.get(each["url"]) for each in (revoked, rotated, expiring, fresh)]
    finally:
        house.running.database.clock = clock
    assert [each.status_code for each in answers] == [410, 410, 410, 200]
    assert "Zoé" not in answers[0].text and "demandez-en un nouveau" in answers[0].text
    assert (await browser.get(f"{revoked['url']}/card.vcf")).status_code == 410
    for wrong in (new_token(), "x", "a" * 500):
        answer = await browser.get(f"/c/{wrong}")
        assert answer.status_code == 404 and "introuvable" in answer.text


async def test_a_deleted_card_and_a_disabled_collaborators_card_are_gone(side: Side, browser: Any) -> None:
    card = await side.a_card()
    link = await side.a_link(card)
    await side.office.do(
        "updateCollaborator", {"id": side.office.id_of(Role.COLLABORATOR), "disabled": True}, Role.ADMIN
    )
    assert (await browser.get(link["url"])).status_code == 410
    other = await side.a_card(Role.ADMIN)
    link = await side.do("createCardLink", "... on CardLinkMade { url }", Role.ADMIN, cardId=other)
    await side.do("deleteBusinessCard", "", Role.ADMIN, id=other)
    assert (await browser.get(link["url"])).status_code == 410


async def test_whoever_guesses_is_slowed_down_and_harms_no_other(house: House, side: Side) -> None:
    link = await side.a_link(await side.a_card())
    async with a_browser(house, "203.0.113.99") as guesser:
        codes = [(await guesser.get(f"/c/{new_token()}")).status_code for _ in range(25)]
        assert codes[0] == 404 and codes[-1] == 429
        assert (await guesser.get(link["url"])).status_code == 429
    async with a_browser(house, "203.0.113.98") as other:
        # Each application has limiters of its own: this one is asked as often as the first was.
        assert (await other.get(link["url"])).status_code == 200


async def test_cards_are_kept_by_their_owner_and_administrators(house: House, side: Side) -> None:
    card = await side.a_card()
    told = await side.office.data(f"{{ businessCards {{ edges {{ node {{ label {SHOWN} }} }} }} }}")
    [edge] = told["businessCards"]["edges"]
    assert edge["node"]["content"]["phones"][0] == {"number": "+33612345678", "kind": "MOBILE"}
    ada = await side.a_card(Role.ADMIN)
    for mutation, input in (
        ("updateBusinessCard", {"id": ada, "label": "x"}),
        ("deleteBusinessCard", {"id": ada}),
        ("createCardLink", {"cardId": ada}),
        ("createBusinessCard", {"collaboratorId": side.office.id_of(Role.ADMIN), "label": "x", "content": CONTENT}),
    ):
        assert (await side.do(mutation, "", **input))["__typename"] == "Forbidden", mutation
    assert (await side.do("updateBusinessCard", "", Role.ADMIN, id=card, label="Y"))["__typename"] == "BusinessCard"
    other = Side(await house.organization("Autre"))
    assert (await other.do("createCardLink", "", cardId=card))["__typename"] == "NotFound"


@pytest.mark.parametrize(("values", "path"), [
    ({"givenName": None, "familyName": None}, ["familyName"]),
    ({"emails": [{"address": "x"}]}, ["emails", "0", "address"]),
    ({"phones": [{"number": "1"}]}, ["phones", "0", "number"]),
    ({"links": [{"url": "javascript:alert(1)"}]}, ["links", "0", "url"]),
    ({"links": [{"url": "https://"}]}, ["links", "0", "url"]),
    ({"languages": ["fr"] * 11}, ["languages"]),
    ({"company": "x" * 10_000}, ["company"]),
    ({"title": "a\u202eb"}, ["title"]),
])  # fmt: skip
async def test_bad_content_is_refused_with_its_field(side: Side, values: dict[str, Any], path: list[str]) -> None:
    refused = await side.do("createBusinessCard", "", label="x", content={**CONTENT, **values})
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", path)


@pytest.mark.parametrize(("card", "accepted", "locale"), [
    (None, "", "fr"),
    (None, "en-GB,en;q=0.9,fr;q=0.8", "en"),
    (None, "de, fr;q=0.5, en;q=0.7", "en"),
    (None, "en;q=oops,fr", "fr"),
    ("fr", "en", "fr"),
])  # fmt: skip
def test_the_language_is_the_cards_then_the_readers(card: str | None, accepted: str, locale: str) -> None:
    assert chosen(card, accepted) == locale
