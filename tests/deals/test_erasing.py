"""A person whom contacts erased is named no more by deals; no deal or event goes."""

from typing import Any

from chassis.database import create_engine
from chassis.identifiers import new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from proto.deals.v1 import messages_pb2 as deals
from tests.deals.house import House, Office
from tests.deals.quotes.desk import a_draft, a_sent_quote, page_of
from tests.deals.test_merging import Told, do
from tests.support.remains import remains

NAMES = ("Zébulon", "Quatrepoint", "quatrepoint@ancien.example", "+33699887766")


async def test_nothing_names_an_erased_person_and_sums_stay_true(house: House, office: Office) -> None:
    told = Told(office)
    contact = await office.a_contact("Zébulon", "Quatrepoint")
    await office.knows(contact)
    told.versions[contact] = 1
    money = {"amount": "1200.00", "currency": "EUR"}
    title = "Reprise Zébulon Quatrepoint"
    deal = (await do(office, "createDeal", {"title": title, "primaryContactId": contact, **money}))["id"]
    description = "Écrire à quatrepoint@ancien.example ou +33699887766"
    await do(office, "writeNote", {"title": "Appel de Quatrepoint Zébulon", "description": description, "dealId": deal})
    await office.told(deals.EventCreated)
    erasure = new_id()
    names = ["Zébulon Quatrepoint", "Quatrepoint Zébulon", *NAMES[2:]]
    body = pb.PersonErased(erasure_id="", contact_ids=[contact], identifiers=names)
    body.erasure_id = f"erasure_{contact.partition('_')[2]}"
    for _ in range(2):
        await office.tell("erasure", erasure, body)
    done = await office.told(deals.ErasureDone, count=2)
    assert parse_id("erasure", done[0].erasure_id) == erasure
    owner = create_engine(house.owner_url)
    try:
        assert await remains(owner, *NAMES) == []
    finally:
        await owner.dispose()
    seen = await office.data("query($id: ID!) { deal(id: $id) { title amount } }", id=deal)
    assert (seen["deal"]["title"], float(seen["deal"]["amount"])) == ("Reprise [erased]", 1200)


async def test_drafts_are_redacted_and_papers_that_were_sent_are_kept_with_their_term(office: Office) -> None:
    contact = await office.a_contact("Zébulon", "Quatrepoint")
    deal = await office.a_deal(primaryContactId=contact)
    buyer: dict[str, Any] = {"buyerName": "Zébulon Quatrepoint", "introduction": "Pour Zébulon Quatrepoint"}
    sent = await a_sent_quote(office, dealId=deal, **buyer)
    draft = await a_draft(office, dealId=deal, **buyer)
    path = await page_of(office, sent["id"])
    assert (await office.house.client.get(path)).status_code == 200
    body = pb.PersonErased(contact_ids=[contact], identifiers=["Zébulon Quatrepoint"])
    body.erasure_id = f"erasure_{contact.partition('_')[2]}"
    await office.tell("erasure", new_id(), body)
    await office.told(deals.ErasureDone)
    query = "query($id: ID!) { quote(id: $id) { buyerName introduction keptUntil sentAt } }"
    kept, redacted = [(await office.data(query, id=one["id"]))["quote"] for one in (sent, draft)]
    assert (kept["buyerName"], kept["keptUntil"]) == ("Zébulon Quatrepoint", f"{int(kept['sentAt'][:4]) + 10}-12-31")
    assert (redacted["buyerName"], redacted["introduction"]) == ("[erased]", "Pour [erased]")
    assert redacted["keptUntil"] is None
    assert (await office.house.client.get(path)).status_code == 404, "the link shows the name to nobody any more"
