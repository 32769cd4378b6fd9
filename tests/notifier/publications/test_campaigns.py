"""Campaigns: from a group of contacts to the mailbox, the page, and back."""

import asyncio
import re
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from chassis.bus import Bus
from chassis.database import UnitOfWork
from chassis.identifiers import format_id, new_id
from chassis.service import Running
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.model import Queue
from services.notifier.publications.rounds import RoundWorker
from services.notifier.service import SERVICE
from tests.notifier.asking import Ask
from tests.notifier.house import House
from tests.notifier.publications.words import (
    a_campaign,
    a_group,
    a_publication,
    ask_as,
    follows,
    publication,
    publish,
    told,
    write,
)
from tests.support.smtp import Mail, Mailbox

ASKS = {"question": "Viendrez-vous ?", "options": ["Oui", "Non"]}
READERS = """query($id: ID!, $filter: PublicationReaderFilter) { publication(id: $id) { readers(filter: $filter) {
  edges { node { contact { id } readAt answeredAt choice words unsubscribedAt } } } } }"""


async def clients(house: House, many: int = 3, **more: Any) -> list[UUID]:
    """Contacts `c0@client.example`…"""
    return [await house.contact(given_name=f"C{each}", email=f"c{each}@client.example", **more) for each in range(many)]


async def mailed(house: House) -> None:
    """Everything that waits is sent."""
    async with house.sending(Queue.EXTERNAL), house.sending():
        await house.settled()


def page_of(mail: Mail) -> str:
    """The address of the page, without the host."""
    found = re.search(r"https://liant\.example(/p/[A-Za-z0-9_-]{22})", mail.body())
    assert found, mail.body()
    return found[1]


def browser(house: House) -> httpx.AsyncClient:
    """Whoever opens links."""
    bus: Bus = None  # type: ignore[assignment]  # pages do not use it
    app = SERVICE.web_app(Running(house.settings, house.database, house.system, bus))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notifier")


@pytest.fixture(autouse=True)
def _web(house: House, tmp_path: Any) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_text('{"keys": []}')
    house.settings = house.settings.model_copy(update={"gateway_jwks_file": jwks})


async def test_each_contact_of_the_groups_gets_one_mail(house: House, ask: Ask, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    people = await clients(house)
    twin = await house.contact(given_name="Twin", email="C0@client.example")
    silent = await house.contact(given_name="Silent")
    gone = await house.contact(given_name="Gone", email="gone@client.example", deleted=True)
    one, other = await a_group(house, *people, twin, silent, gone), await a_group(house, people[0])
    made = await a_campaign(ask, anne, one, groupIds=[format_id("group", each) for each in (one, other)], **ASKS)
    await publish(ask, anne, made["id"])
    await told(house, page=2)
    await told(house, page=2)
    await mailed(house)
    assert sorted(mail.recipients[0].lower() for mail in mailbox.mails) == [
        f"c{each}@client.example" for each in range(3)
    ]
    rows = await house.rows("SELECT detail FROM delivery WHERE status = 'SKIPPED' ORDER BY detail")
    assert [row.detail for row in rows] == ["CONTACT_DELETED", "NO_ADDRESS", "SAME_ADDRESS"]
    counts = (await publication(ask, anne, made["id"]))["counts"]
    assert (counts["readers"], counts["sent"], counts["skipped"], counts["waiting"]) == (6, 3, 3, 0)
    mail = mailbox.mails[0]
    assert mail.message["Reply-To"] == "Anne <anne@cabinet.example>"
    assert "Anne · Cabinet Morel" in str(mail.message["From"])
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Venez **jeudi**." in mail.body()
    assert "Venez <strong>jeudi</strong>." in mail.body("html")
    assert "<img" not in mail.body("html")


async def test_a_death_at_any_page_loses_and_doubles_nobody(
    house: House, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne = await house.collaborator("Anne")
    group = await a_group(house, *await clients(house, 7))
    made = await a_campaign(ask, anne, group)
    await publish(ask, anne, made["id"])
    deaths, tell_own = 0, RoundWorker._tell_own

    async def dying(self: RoundWorker, work: UnitOfWork, *more: Any) -> None:
        nonlocal deaths
        await tell_own(self, work, *more)
        deaths += 1
        if deaths % 2:
            raise ConnectionResetError("killed before the commit")

    monkeypatch.setattr(RoundWorker, "_tell_own", dying)
    for _ in range(40):
        workers = [RoundWorker(house.database, house.system, 2).work_one(asyncio.Event()) for _ in range(2)]
        await asyncio.gather(*workers, return_exceptions=True)
    assert deaths > 4
    [round] = await house.rows("SELECT done_at FROM publication_round")
    assert round.done_at is not None
    assert await house.statuses() == {"QUEUED": 7}
    assert len(await house.rows("SELECT 1 FROM publication_reader")) == 7
    assert len(await house.rows("SELECT 1 FROM outbox WHERE type LIKE '%PublicationPublished'")) == 1


async def test_a_contact_reads_and_answers_on_the_page(house: House, ask: Ask, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    [person, _] = people = await clients(house, 2)
    made = await a_campaign(ask, anne, await a_group(house, *people), **ASKS)
    await publish(ask, anne, made["id"])
    await told(house)
    await mailed(house)
    page = page_of(mailbox.to("c0@client.example")[0])
    async with browser(house) as client:
        for _ in range(2):
            shown = await client.get(page)
            assert "Venez <strong>jeudi</strong>." in shown.text
            assert 'value="Oui"' in shown.text
        assert (await publication(ask, anne, made["id"]))["counts"]["read"] == 0, "a scanner that fetches reads nothing"
        assert (await client.post(f"{page}/read")).status_code == 204
        assert (await publication(ask, anne, made["id"]))["counts"]["read"] == 1
        wrong = await client.post(f"{page}/answer", data={"choice": "Peut-être", "words": "<b>"})
        assert (wrong.status_code, "Choisissez une réponse." in wrong.text) == (422, True)
        assert "&lt;b&gt;</textarea>" in wrong.text
        right = await client.post(f"{page}/answer", data={"choice": "Oui", "words": "À deux"})
        assert "Merci" in right.text
        for path in ("/p/AAAAAAAAAAAAAAAAAAAAAA", "/p/x"):
            assert (await client.get(path)).status_code == 404
        exchange = await client.post("/links/exchange", json={"token": page.removeprefix("/p/")})
        assert exchange.status_code == 404, "a contact's link signs nobody in"
    readers = await ask_as(ask, anne, READERS, id=made["id"], filter={"answeredAt": {"isNull": False}})
    [edge] = readers["publication"]["readers"]["edges"]
    assert (edge["node"]["contact"]["id"], edge["node"]["choice"], edge["node"]["words"]) == (
        format_id("contact", person),
        "Oui",
        "À deux",
    )
    [row] = await house.rows("SELECT subject FROM outbox WHERE type LIKE '%PublicationAnswered'")
    assert row.subject == "liant.notifier.v1.publication.answered"


async def test_one_click_stops_a_category_and_nothing_else(house: House, ask: Ask, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    [person] = people = await clients(house, 1)
    group = await a_group(house, *people)
    made = await a_campaign(ask, anne, group)
    await publish(ask, anne, made["id"])
    await told(house)
    await mailed(house)
    address = mailbox.mails[0].message["List-Unsubscribe"].strip("<>").removeprefix("https://liant.example")
    async with browser(house) as client:
        assert "offres" in (await client.get(address)).text
        assert await house.rows("SELECT 1 FROM unsubscription") == []
        for _ in range(2):
            one_click = await client.post(address, data={"List-Unsubscribe": "One-Click"})
            assert one_click.status_code == 200
        again = await a_campaign(ask, anne, group)
        news = await a_campaign(ask, anne, group, category="NEWS")
        for each in (again, news):
            await publish(ask, anne, each["id"])
        await told(house)
        await mailed(house)
        assert (await publication(ask, anne, again["id"]))["counts"]["skipped"] == 1
        assert (await publication(ask, anne, news["id"]))["counts"]["sent"] == 1
        assert (await publication(ask, anne, made["id"]))["counts"]["unsubscribed"] == 1
        await client.post(address, data={"what": "all"})
        listed = await ask_as(ask, anne, "{ campaignUnsubscriptions { edges { node { email category } } } }")
        assert [edge["node"]["category"] for edge in listed["campaignUnsubscriptions"]["edges"]] == ["OFFERS", None]
        await _a_quote(house, person, anne)
        await mailed(house)
        assert await house.rows("SELECT 1 FROM delivery WHERE status = 'SENT' AND cause_kind = 'quote'")
        assert "de nouveau" in (await client.post(address, data={"what": "again"})).text
        assert await house.rows("SELECT 1 FROM unsubscription") == []
    assert len(await house.rows("SELECT 1 FROM outbox WHERE subject LIKE '%contact.unsubscribed'")) == 2


async def _a_quote(house: House, contact: UUID, sender: UUID) -> None:
    quote = new_id()
    told = deals.Quote(
        id=format_id("quote", quote),
        number="D-1",
        title="Toiture",
        gross="10.00",
        currency="EUR",
        valid_until="2027-01-01",
        locale="fr",
        sent_by_id=format_id("collaborator", sender),
    )
    recipient = deals.QuoteRecipient(contact_id=format_id("contact", contact), link_id=str(new_id()))
    sent = deals.QuoteSent(quote=told, recipients=[recipient], pages_url="https://deals.example/q/")
    await house.receive(sent, "quote", quote)


async def test_whoever_unsubscribes_while_mails_wait_gets_none(house: House, ask: Ask, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    [person] = people = await clients(house, 1)
    made = await a_campaign(ask, anne, await a_group(house, *people))
    await publish(ask, anne, made["id"])
    await told(house)
    unsubscribe = """mutation($input: SetCampaignSubscriptionInput!) { result: setCampaignSubscription(input: $input) {
      ... on CampaignSubscription { subscribed } ... on Error { code } } }"""
    input = {"contactId": format_id("contact", person), "subscribed": False}
    assert (await ask_as(ask, anne, unsubscribe, input=input))["result"] == {"subscribed": False}
    await mailed(house)
    assert mailbox.mails == []
    [row] = await house.rows("SELECT detail FROM delivery")
    assert row.detail == "UNSUBSCRIBED"


async def test_a_withdrawn_campaign_is_mailed_no_further_and_its_page_says_so(
    house: House, ask: Ask, mailbox: Mailbox
) -> None:
    anne = await house.collaborator("Anne")
    made = await a_campaign(ask, anne, await a_group(house, *await clients(house, 1)), followUpDays=1, followUpTimes=2)
    await publish(ask, anne, made["id"])
    await told(house)
    await mailed(house)
    page = page_of(mailbox.mails[0])
    late = await a_campaign(ask, anne, await a_group(house, *await clients(house, 1)))
    await publish(ask, anne, late["id"])
    await told(house)
    for id in (made["id"], late["id"]):
        await write(ask, anne, "withdrawPublication", "PublicationInput", id=id)
    await mailed(house)
    assert len(mailbox.mails) == 1
    async with browser(house) as client:
        shown = await client.get(page)
        assert (shown.status_code, "retirée" in shown.text) == (410, True)
        assert (await client.post(f"{page}/answer", data={"words": "x"})).status_code == 410
    after = await publication(ask, anne, made["id"])
    assert all(each["doneAt"] for each in after["rounds"]), "no reminder is left"


async def test_those_who_did_not_answer_are_relaunched_by_hand_and_by_plan(
    house: House, ask: Ask, mailbox: Mailbox
) -> None:
    anne = await house.collaborator("Anne")
    group = await a_group(house, *await clients(house))
    made = await a_campaign(ask, anne, group, **ASKS, followUpDays=3, followUpTimes=1)
    await publish(ask, anne, made["id"])
    await told(house)
    await mailed(house)
    pages = {mail.recipients[0]: page_of(mail) for mail in mailbox.mails}
    async with browser(house) as client:
        await client.post(f"{pages['c0@client.example']}/answer", data={"choice": "Non"})
    first = len(mailbox.mails)
    await write(ask, anne, "relaunchPublication", id=made["id"])
    await told(house)
    await mailed(house)
    assert sorted(mail.recipients[0] for mail in mailbox.mails[first:]) == ["c1@client.example", "c2@client.example"]
    assert mailbox.mails[first].subject == "Rappel : Portes ouvertes"
    async with browser(house) as client:
        await client.post(f"{pages['c1@client.example']}/answer", data={"choice": "Oui"})
    second = len(mailbox.mails)
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE publication_round SET due_at = now() WHERE by_plan")
    await told(house)
    await mailed(house)
    assert [mail.recipients[0] for mail in mailbox.mails[second:]] == ["c2@client.example"]
    after = await publication(ask, anne, made["id"])
    assert (after["counts"]["sent"], after["counts"]["answered"], after["counts"]["readers"]) == (3, 2, 3)
    assert sorted((each["planned"], each["audience"]) for each in after["rounds"]) == [
        (False, "ALL"),
        (False, "UNANSWERED"),
        (True, "UNANSWERED"),
    ]


async def test_a_trial_goes_to_its_author_alone_and_counts_for_nothing(
    house: House, ask: Ask, mailbox: Mailbox
) -> None:
    anne = await house.collaborator("Anne")
    made = await a_campaign(ask, anne, await a_group(house, *await clients(house)), **ASKS)
    await write(ask, anne, "testPublication", id=made["id"])
    await mailed(house)
    [mail] = mailbox.mails
    assert (mail.recipients, mail.subject) == (("anne@cabinet.example",), "[Essai] Portes ouvertes")
    assert "List-Unsubscribe" not in mail.message
    async with browser(house) as client:
        assert "essai" in (await client.get(page_of(mail))).text
        assert (await client.post(f"{page_of(mail)}/answer", data={"choice": "Oui"})).status_code == 404
    assert (await publication(ask, anne, made["id"]))["counts"]["sent"] == 0


async def test_news_are_mailed_to_colleagues_and_to_those_who_follow(house: House, ask: Ask, mailbox: Mailbox) -> None:
    anne, _, zoe = [await house.collaborator(name) for name in ("Anne", "Paul", "Zoe")]
    follower = new_id()
    await house.found(follower)
    await house.collaborator("Fred", organization=follower, email="fred@follower.example")
    await follows(house, follower, house.organization)
    wanted = """mutation($input: SetNotificationPreferenceInput!) { result: setNotificationPreference(input: $input) {
      ... on NotificationPreference { email } } }"""
    await ask_as(ask, zoe, wanted, input={"category": "PUBLICATIONS", "email": False})
    made = await a_publication(ask, anne, email=True, **ASKS)
    await publish(ask, anne, made["id"])
    await told(house, page=1)
    await mailed(house)
    assert sorted(mail.recipients[0] for mail in mailbox.mails) == ["fred@follower.example", "paul@cabinet.example"]
    theirs = mailbox.to("fred@follower.example")[0]
    assert "Cabinet Morel" in theirs.body()
    assert theirs.message["Reply-To"] is None, "whoever wrote it is the publisher's own affair"
    counts = (await publication(ask, anne, made["id"]))["counts"]
    assert (counts["readers"], counts["sent"], counts["skipped"]) == (2, 1, 1)
    async with browser(house) as client:
        page = page_of(theirs)
        assert "Viendrez-vous" not in (await client.get(page)).text
        await client.post(f"{page}/read")
        mine = page_of(mailbox.to("paul@cabinet.example")[0])
        assert "Merci" in (await client.post(f"{mine}/answer", data={"choice": "Oui"})).text
        stop = mailbox.to("paul@cabinet.example")[0].message["List-Unsubscribe"].strip("<>")
        assert "publications" in (await client.post(stop.removeprefix("https://liant.example"))).text
    assert (await publication(ask, anne, made["id"]))["counts"]["read"] == 1
    await write(ask, anne, "relaunchPublication", id=made["id"], audience="UNREAD")
    await told(house)
    rows = await house.rows("SELECT detail FROM delivery WHERE revision = 1")
    assert [row.detail for row in rows] == ["UNSUBSCRIBED"], "Paul has answered, Zoe wants none"


async def test_an_answer_is_told_to_programs(house: House, ask: Ask, mailbox: Mailbox) -> None:
    from tests.notifier.webhooks.words import CREATE, as_admin, sent

    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    await as_admin(
        ask, CREATE, input={"url": "http://127.0.0.1:9/", "types": ["publication.published", "publication.answered"]}
    )
    made = await a_publication(ask, anne, **ASKS)
    await publish(ask, anne, made["id"])
    await told(house)
    answer = "mutation($input: AnswerPublicationInput!) { answerPublication(input: $input) { __typename } }"
    await ask_as(ask, paul, answer, input={"id": made["id"], "choice": "Oui"})
    posted = [orjson.loads(each["payload"]) for each in await sent(ask)]
    assert [each["type"] for each in posted] == ["publication.published", "publication.answered"]
    assert posted[1]["data"]["collaboratorId"] == format_id("collaborator", paul)


async def test_an_erased_contact_is_taken_out_of_what_they_said(house: House, ask: Ask, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    people = await clients(house, 1)
    made = await a_campaign(ask, anne, await a_group(house, *people), question="Quoi ?")
    await publish(ask, anne, made["id"])
    await told(house)
    await mailed(house)
    async with browser(house) as client:
        await client.post(f"{page_of(mailbox.mails[0])}/answer", data={"words": "Écrivez à c0@client.example"})
    erased = contacts.PersonErased(
        contact_ids=[format_id("contact", people[0])], identifiers=["c0@client.example", "C0"]
    )
    await house.receive(erased, "erasure", new_id())
    [row] = await house.rows("SELECT row_to_json(r)::text AS line FROM publication_reader r")
    assert "c0@client" not in row.line
