"""The page of a quote, as its recipient's browser and their mail's scanners see it."""

import asyncio
from uuid import UUID

from sqlalchemy import text

from chassis.links import LinkKey
from services.deals.model import QuoteLink
from tests.deals.house import House, Office
from tests.deals.quotes.desk import a_sent_quote, answered, causes, made, page_of, post, quote_of, seen, uuid_of

AGREED = {"answer": "accept", "agreed": "yes", "name": "Zoé Lefèvre"}


async def test_a_recipient_reads_and_accepts(office: Office) -> None:
    contact = await office.a_contact("Zoé", "Lefèvre")
    deal = await office.a_deal(primaryContactId=contact)
    quote = await a_sent_quote(office, dealId=deal)
    path = await page_of(office, quote["id"])
    page = await office.house.client.get(path)
    assert page.status_code == 200
    assert "Devis n° " + quote["number"] in seen(page)
    assert "6 896,20 €" in seen(page).replace("\u202f", " ").replace("\xa0", " ")
    assert 'lang="fr"' in page.text and 'value="Zoé Lefèvre"' in page.text
    assert (await office.house.client.get(f"{path}/pdf")).content.startswith(b"%PDF")
    thanks = await post(office, path, **AGREED)
    assert (thanks.status_code, "votre accord est enregistré" in seen(thanks)) == (200, True)
    now = await quote_of(office, quote["id"])
    assert (now["status"], now["answer"]["contact"], now["answer"]["recordedBy"]) == ("ACCEPTED", {"id": contact}, None)
    assert now["answer"]["address"] == "127.0.0.1"
    assert "bon pour accord" in now["answer"]["consent"]
    assert now["answer"]["paperSha256"] == quote["paper"]["sha256"]
    told = await causes(office, deal)
    assert {told[kind] for kind in ("quote_accepted", "phase_changed", "contract_drafted")} == {"page of quotes"}
    assert all(told.values()), "every fact tells its cause"


async def test_looking_changes_nothing_however_often_a_scanner_does(office: Office) -> None:
    quote = await a_sent_quote(office)
    path = await page_of(office, quote["id"])
    for address in (path, f"{path}/pdf", f"{path}?answer=accept&agreed=yes&name=X"):
        for method in ("GET", "HEAD"):
            assert (await office.house.client.request(method, address)).status_code == 200
    now = await quote_of(office, quote["id"])
    assert (now["status"], now["version"]) == ("SENT", quote["version"])


async def test_two_recipients_who_accept_at_once_see_one_winner(office: Office) -> None:
    deal = await office.a_deal(primaryContactId=await office.a_contact())
    await office.do("addParticipant", dealId=deal, contactId=await office.a_contact("Yann", "Le Goff"), part="associé")
    quote = await a_sent_quote(office, dealId=deal)
    paths = [await page_of(office, quote["id"], place) for place in (0, 1)]
    names = ("Zoé", "Yann")
    pages = await asyncio.gather(
        *(post(office, path, **{**AGREED, "name": name}) for path, name in zip(paths, names, strict=True))
    )
    assert sorted(page.status_code for page in pages) == [200, 409]
    winner = names[[page.status_code for page in pages].index(200)]
    (loser,) = [page for page in pages if page.status_code == 409]
    assert "avait déjà été accepté" in seen(loser)
    assert f"Accepté par {winner}" in seen(loser)


async def test_an_acceptance_needs_the_box_and_a_name(office: Office) -> None:
    quote = await a_sent_quote(office, locale="EN")
    path = await page_of(office, quote["id"])
    for fields, told in (
        ({"answer": "accept", "name": "Zoé"}, "Tick the box"),
        ({"answer": "accept", "agreed": "yes", "name": " "}, "Write your name"),
        ({"answer": "accept", "agreed": "yes", "name": "a\u202eb"}, "Write your name"),
        ({"answer": "refuse", "name": "Zoé", "reason": "x" * 1001}, "too long"),
        ({}, "Write your name"),
    ):
        page = await post(office, path, **fields)
        assert (page.status_code, told in seen(page)) == (422, True), (fields, seen(page))
    too_large = await post(office, path, **AGREED, reason="x" * 10_000)
    assert too_large.status_code == 422
    assert (await quote_of(office, quote["id"]))["status"] == "SENT"


async def test_what_a_person_wrote_is_text_on_the_page(office: Office) -> None:
    evil = "<script>alert(1)</script>"
    quote = await a_sent_quote(
        office, title=evil, conditions=evil, lines=[{"label": evil, "unitPrice": "1", "vatRate": "20"}]
    )
    path = await page_of(office, quote["id"])
    page = await post(office, path, answer="refuse", name=evil, reason=evil)
    assert page.status_code == 200
    assert evil not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")


async def test_a_page_says_what_became_of_its_quote(office: Office) -> None:
    withdrawn, superseded, refused = [await a_sent_quote(office) for _ in range(3)]
    paths = [await page_of(office, one["id"]) for one in (withdrawn, superseded, refused)]
    await made(office, "withdrawQuote", "id", id=withdrawn["id"])
    draft = await made(office, "reviseQuote", "id", id=superseded["id"])
    await made(office, "sendQuote", "id", id=draft["id"])
    await answered(office, refused["id"], accepted=False)
    for path, told in zip(paths, ("a retiré ce devis", "version plus récente", "est refusé"), strict=True):
        page = await office.house.client.get(path)
        assert (page.status_code, told in seen(page), "<form" in page.text) == (200, True, False)
        late = await post(office, path, **AGREED)
        assert (late.status_code, "<form" in late.text) == (409, False)


async def test_a_guessed_cut_or_old_link_opens_nothing(house: House, office: Office) -> None:
    quote = await a_sent_quote(office)
    path = await page_of(office, quote["id"])
    for wrong in ("/q/" + "A" * 22, path[:-1], path + "A", "/q/x"):
        answer = await house.client.get(wrong, headers={"Accept-Language": "en"})
        assert (answer.status_code, "Unknown link" in seen(answer)) == (404, True)
    async with house.running.system.begin() as connection:
        await connection.execute(
            text("UPDATE quote_link SET expires_at = now() WHERE quote_id = :id"), {"id": uuid_of(quote["id"])}
        )
    old = await post(office, path, **AGREED)
    assert (old.status_code, "a expiré" in seen(old)) == (410, True)
    assert (await quote_of(office, quote["id"]))["status"] == "SENT"


async def test_a_token_is_stored_nowhere_and_told_to_nobody(house: House, office: Office) -> None:
    quote = await a_sent_quote(office)
    token = (await page_of(office, quote["id"])).rpartition("/")[2]
    async with house.running.database.read(office.organization) as session:
        rows = await session.rows(QuoteLink.__table__.select())
    assert all(token not in repr(row) for row in rows)
    async for message in house.running.bus.replay("LIANT_DEALS", ["liant.deals.v1.quote.>"]):
        assert token.encode() not in message.payload


async def test_a_key_makes_one_token_of_a_link_and_another_key_another() -> None:
    link = UUID(int=7)
    one, two = LinkKey(b"a" * 32), LinkKey(b"b" * 32)
    assert one.token(link) == one.token(link) != two.token(link)
    ticket = one.ticket(link, link, 100)
    assert one.opened(ticket, 100) == (link, link)
    assert one.opened(ticket, 101) is None
    assert two.opened(ticket, 100) is None
    assert one.opened("x" + ticket, 100) is None
