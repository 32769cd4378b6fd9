"""Quotes through GraphQL: from a draft to an answer, with their numbers, versions and papers."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from chassis.auth import Actor, Role
from chassis.database import Database, utc_now
from proto.deals.v1 import messages_pb2 as pb
from services.deals.commands.quotes.sending import Office as Desk
from services.deals.commands.quotes.sending import Sending, send_quote
from services.deals.expiring import Expiry
from services.deals.model import Base
from services.deals.papers.quotes import Paper
from tests.deals.house import House, Office
from tests.deals.quotes.desk import (
    QUOTE,
    ROOF,
    a_draft,
    a_sent_quote,
    answered,
    causes,
    in_days,
    made,
    quote_of,
    run,
    sent_message,
    today,
    uuid_of,
    with_letterhead,
)


async def test_a_draft_is_priced_and_is_made_out_to_the_deal_s_account(office: Office) -> None:
    account = await office.an_account("Boulangerie du Port")
    deal = await office.a_deal(accountId=account)
    draft = await a_draft(office, dealId=deal, discountPercent="3")
    assert (draft["buyerName"], draft["status"], draft["number"], draft["revision"]) == (
        "Boulangerie du Port",
        "DRAFT",
        None,
        1,
    )
    assert (draft["subtotal"], draft["net"], draft["vat"], draft["gross"]) == (
        "6137.45",
        "5953.33",
        "735.98",
        "6689.31",
    )
    assert [share["rate"] for share in draft["vatShares"]] == ["10.00", "20.00"]
    assert draft["validUntil"] == in_days(office, 30)


async def test_lines_come_from_the_catalogue_and_from_the_deal(office: Office) -> None:
    values: dict[str, Any] = {
        "nameFr": "Pose",
        "nameEn": "Fitting",
        "unit": "h",
        "price": "45.5",
        "vatRate": "20",
        "sku": "POSE",
    }
    product = await made(office, "createProduct", "id sku price", **values)
    taken = await run(office, "createProduct", "id", **values)
    assert taken["code"] == "ALREADY_EXISTS"
    deal = await office.a_deal()
    lines = [{"productId": product["id"], "quantity": "3"}]
    told = await made(office, "setDealLines", "amount amountFollowsLines lines { label net }", id=deal, lines=lines)
    assert told == {
        "__typename": "Deal",
        "amount": "136.50",
        "amountFollowsLines": True,
        "lines": [{"label": "Pose", "net": "136.50"}],
    }
    await office.do("updateDeal", id=deal, amount="200", currency="EUR")
    asked = await office.data("query($id: ID!) { deal(id: $id) { amount amountFollowsLines } }", id=deal)
    assert asked["deal"] == {"amount": "200.00", "amountFollowsLines": False}
    draft = await made(office, "draftQuote", QUOTE, dealId=deal, locale="EN")
    assert [(line["label"], line["net"]) for line in draft["lines"]] == [("Pose", "136.50")]
    english = await made(office, "draftQuote", QUOTE, dealId=deal, locale="EN", lines=lines)
    assert english["lines"][0]["label"] == "Fitting"
    await made(office, "updateProduct", "archivedAt", id=product["id"], archived=True)
    again = await made(office, "createProduct", "id", **values)
    assert again["id"] != product["id"]


async def test_sending_gives_a_number_and_a_paper_and_has_it_mailed_to_the_deal_s_people(office: Office) -> None:
    contact, other = await office.a_contact(), await office.a_contact("Yann", "Le Goff")
    deal = await office.a_deal(primaryContactId=contact)
    await office.do("addParticipant", dealId=deal, contactId=other, part="conseil")
    quote = await a_sent_quote(office, dealId=deal)
    assert (quote["status"], quote["number"]) == ("SENT", f"D-{today(office).year}-00001")
    told = await sent_message(office, quote["id"])
    assert [one.contact_id for one in told.recipients] == [contact, other]
    assert told.quote.gross == "6896.20"
    fetched = await office.house.client.get(quote["paper"]["url"].removeprefix("http://127.0.0.1:8002"))
    assert fetched.headers["content-type"] == "application/pdf"
    assert sha256(fetched.content).hexdigest() == quote["paper"]["sha256"]
    forged = quote["paper"]["url"].removeprefix("http://127.0.0.1:8002")[:-1]
    assert (await office.house.client.get(forged)).status_code == 410


async def test_what_was_sent_is_not_edited_but_revised_and_the_new_version_supersedes_it(office: Office) -> None:
    first = await a_sent_quote(office)
    refused = await run(office, "updateQuote", QUOTE, id=first["id"], title="Autre")
    assert refused["code"] == "QUOTE_NOT_DRAFT"
    draft = await made(office, "reviseQuote", QUOTE, id=first["id"])
    twice = await run(office, "reviseQuote", QUOTE, id=first["id"])
    assert twice["code"] == "QUOTE_NOT_REVISABLE"
    assert (draft["revision"], draft["lines"]) == (2, first["lines"])
    changed = await made(office, "updateQuote", QUOTE, id=draft["id"], lines=[ROOF], expectedVersion=1)
    assert changed["net"] == "4687.45"
    stale = await run(office, "updateQuote", QUOTE, id=draft["id"], title="X", expectedVersion=1)
    assert stale["code"] == "VERSION_CONFLICT"
    second = await made(office, "sendQuote", QUOTE, id=draft["id"])
    assert second["number"] == f"{first['number']}-V2"
    assert [version["status"] for version in second["versions"]] == ["SUPERSEDED", "SENT"]
    late = await answered(office, first["id"])
    assert late["code"] == "QUOTE_NOT_REACHABLE"


async def test_an_accepted_offer_has_no_other_version(office: Office) -> None:
    first = await a_sent_quote(office)
    draft = await made(office, "reviseQuote", QUOTE, id=first["id"])
    await answered(office, first["id"])
    refused = await run(office, "sendQuote", QUOTE, id=draft["id"])
    assert (refused["code"], (await quote_of(office, draft["id"]))["status"]) == ("QUOTE_NOT_REACHABLE", "DRAFT")


async def test_numbers_have_no_gap_however_many_send_at_once_and_whoever_fails(office: Office) -> None:
    await with_letterhead(office)
    deal = await office.a_deal()
    drafts = [await a_draft(office, dealId=deal, lines=[ROOF]) for _ in range(6)]
    empty = await a_draft(office, dealId=deal, lines=[])
    results = await asyncio.gather(*(run(office, "sendQuote", QUOTE, id=one["id"]) for one in [*drafts, empty]))
    numbers = sorted(one["number"] for one in results if "number" in one)
    assert numbers == [f"D-{today(office).year}-{place:05}" for place in range(1, 7)]
    assert results[-1]["code"] == "INVALID_INPUT"


async def test_a_paper_that_cannot_be_made_leaves_no_gap(house: House, office: Office) -> None:
    await with_letterhead(office)
    draft = await a_draft(office)

    async def jammed(paper: Paper) -> bytes:
        raise RuntimeError("the printer is jammed")

    desk = Desk(jammed, house.tools.pages_url, house.tools.office.key)
    actor = Actor(office.organization, None, Role.ADMIN)
    order = Sending(id=uuid_of(draft["id"]), expected_version=None)
    with pytest.raises(RuntimeError, match="jammed"):
        async with house.running.database.unit_of_work(actor) as work:
            await send_quote(work, order, desk)
    sent = await made(office, "sendQuote", QUOTE, id=draft["id"])
    assert sent["number"].endswith("-00001")


async def test_a_quote_that_cannot_go_out_says_why_and_stays_a_draft(office: Office) -> None:
    draft = await a_draft(office)
    missing = await run(office, "sendQuote", QUOTE, id=draft["id"])
    await with_letterhead(office, vatNumber=None)
    taxed = await run(office, "sendQuote", QUOTE, id=draft["id"])
    past = await a_draft(office, validUntil=in_days(office, -1))
    await with_letterhead(office)
    over = await run(office, "sendQuote", QUOTE, id=past["id"])
    company = await office.a_deal(accountId=await office.an_account())
    nobody = await run(office, "sendQuote", QUOTE, id=(await a_draft(office, dealId=company))["id"])
    told = [(one["code"], one["path"]) for one in (missing, taxed, over, nobody)]
    assert told == [
        ("LETTERHEAD_MISSING", ["id"]),
        ("INVALID_INPUT", ["lines"]),
        ("INVALID_INPUT", ["validUntil"]),
        ("NOBODY_TO_SEND_TO", ["id"]),
    ]
    assert (await quote_of(office, draft["id"]))["status"] == "DRAFT"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"unitPrice": "1" * 30}, "lines.0.unitPrice"),
        ({"quantity": "1" * 30}, "lines.0.quantity"),
        ({"unitPrice": "999999999999999", "quantity": "999999999"}, "lines.0.quantity"),
        ({"quantity": "0"}, "lines.0.quantity"),
        ({"quantity": "NaN"}, "lines.0.quantity"),
        ({"unitPrice": "-1"}, "lines.0.unitPrice"),
        ({"unitPrice": "1.00001"}, "lines.0.unitPrice"),
        ({"vatRate": "100.01"}, "lines.0.vatRate"),
        ({"discountPercent": "10", "discountAmount": "1"}, "lines.0.discountAmount"),
        ({"discountAmount": "9999"}, "lines.0.discountAmount"),
        ({"label": "a\u202eb"}, "lines.0.label"),
    ],
)
async def test_a_line_that_cannot_be_is_refused_at_its_field(office: Office, line: dict[str, str], field: str) -> None:
    deal = await office.a_deal()
    told = await run(office, "draftQuote", QUOTE, dealId=deal, lines=[{**ROOF, "quantity": "1", **line}])
    assert (told["code"], ".".join(told["path"])) == ("INVALID_INPUT", field)


async def test_a_quote_ends_when_its_day_is_over_where_its_organization_is(house: House, office: Office) -> None:
    quote = await a_sent_quote(office, validUntil=in_days(office, 1))
    other = await a_sent_quote(office, validUntil=in_days(office, 40))
    assert await _expired(house, timedelta(days=1)) == 0
    assert await _expired(house, timedelta(days=2)) >= 1
    assert await _expired(house, timedelta(days=2)) == 0
    assert [(await quote_of(office, one["id"]))["status"] for one in (quote, other)] == ["EXPIRED", "SENT"]
    assert (await causes(office, quote["deal"]["id"]))["quote_expired"] == "calendar"
    late = await answered(office, quote["id"])
    assert late["code"] == "QUOTE_NOT_REACHABLE"


async def _expired(house: House, ahead: timedelta) -> int:
    """How many quotes one turn ends, as if so much time had passed."""
    url = str(house.running.settings.database_url)
    database = Database(url, Base, "deals", pool_size=2, clock=lambda: utc_now() + ahead)
    try:
        return await Expiry(house.running.system, database, 60).turn()
    finally:
        await database.close()


async def test_an_acceptance_signs_the_deal_and_drafts_the_contract_in_the_same_moment(office: Office) -> None:
    quote = await a_sent_quote(office)
    accepted = await answered(office, quote["id"])
    assert (accepted["status"], accepted["deal"]["phase"], accepted["deal"]["amount"]) == (
        "ACCEPTED",
        "SIGNED",
        quote["net"],
    )
    assert accepted["acceptance"]["status"] == "STARTED"
    assert accepted["acceptance"]["contract"]["status"] == "DRAFT"
    assert accepted["answer"]["paperSha256"] == quote["paper"]["sha256"]
    assert accepted["answer"]["recordedBy"] == {"id": office.id_of()}
    (told,) = await office.told(pb.QuoteAccepted)
    assert (told.quote.id, told.attempt, told.name) == (quote["id"], 1, "Zoé Lefèvre")
    facts = await office.data(
        """query($id: ID!) { deal(id: $id) { timeline(kinds: [NOTIFICATION]) { edges { node {
          ... on Notification { kind } } } } } }""",
        id=quote["deal"]["id"],
    )
    kinds = [edge["node"]["kind"] for edge in facts["deal"]["timeline"]["edges"]]
    assert {"quote_drafted", "quote_sent", "quote_accepted", "contract_drafted", "phase_changed"} <= set(kinds)


async def test_a_quote_accepted_twice_at_once_has_one_winner(office: Office) -> None:
    quote = await a_sent_quote(office)
    results = await asyncio.gather(*(answered(office, quote["id"], name=f"N° {place}") for place in range(5)))
    assert sorted(one.get("code", one.get("status")) for one in results) == ["ACCEPTED", *["QUOTE_NOT_REACHABLE"] * 4]
    assert len(await office.told(pb.QuoteAccepted)) == 1
    query = "query($f: ContractFilter) { contracts(filter: $f) { totalCount } }"
    assert (await office.data(query, f={"quoteId": {"eq": quote["id"]}}))["contracts"]["totalCount"] == 1


async def test_the_same_key_writes_once(office: Office) -> None:
    deal = await office.a_deal()
    values: dict[str, Any] = {"dealId": deal, "lines": [ROOF], "idempotencyKey": "devis-1"}
    one, two = [await made(office, "draftQuote", "id", **values) for _ in range(2)]
    assert one == two
    other = await run(office, "draftQuote", "id", **{**values, "lines": []})
    assert other["code"] == "IDEMPOTENCY_CONFLICT"


async def test_another_organization_s_quotes_and_products_are_not_there(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    quote = await a_sent_quote(other)
    product = await made(other, "createProduct", "id", nameFr="Pose", price="1")
    assert await quote_of(office, quote["id"]) is None
    deal = await office.a_deal()
    stolen = await run(office, "draftQuote", QUOTE, dealId=deal, lines=[{"productId": product["id"]}])
    assert (stolen["code"], stolen["path"]) == ("NOT_FOUND", ["lines", "0", "productId"])
    for mutation in ("sendQuote", "reviseQuote", "withdrawQuote"):
        assert (await run(office, mutation, "id", id=quote["id"]))["code"] == "NOT_FOUND"


async def test_a_list_is_filtered_ordered_and_summed(office: Office) -> None:
    quotes = [await a_sent_quote(office, by_email=False, lines=[{**ROOF, "quantity": str(n)}]) for n in (1, 3, 2)]
    await answered(office, quotes[0]["id"], accepted=False, reason="trop cher")
    query = """query($f: QuoteFilter) { quotes(filter: $f, orderBy: [{field: NET}]) { edges { node { net } } }
      quoteSums { status currency count net } }"""
    told = await office.data(query, f={"status": {"eq": "SENT"}})
    assert [edge["node"]["net"] for edge in told["quotes"]["edges"]] == ["77.80", "116.70"]
    assert told["quoteSums"] == [
        {"status": "REFUSED", "currency": "EUR", "count": 1, "net": "38.90"},
        {"status": "SENT", "currency": "EUR", "count": 2, "net": "194.50"},
    ]
