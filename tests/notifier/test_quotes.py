"""Quotes in the mailbox: to those whom they are sent to, to suppliers, and to colleagues once they are answered."""

from typing import Any
from uuid import UUID

import pytest

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id, parse_id
from chassis.inbox import TryLater
from chassis.links import LinkKey
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.audience import Ties, of_quote
from services.notifier.model import Category, Queue
from services.notifier.preferences.commands import unsubscribe
from tests.notifier.house import House, an_event
from tests.support.smtp import Mailbox


def a_quote(sender: UUID, **more: Any) -> deals.Quote:
    """A quote as deals tells it."""
    return deals.Quote(
        id=format_id("quote", new_id()),
        number="D-2026-00042",
        status="SENT",
        locale="fr",
        title="Toiture de l’atelier",
        currency="EUR",
        net="5726.96",
        gross="6440.26",
        valid_until="2026-12-25",
        sent_by_id=format_id("collaborator", sender),
        subject=more.pop("subject", deals.Subject(deal_id=format_id("deal", new_id()), deal_title="Atelier")),
        **more,
    )


async def sent_to(house: House, quote: deals.Quote, *people: UUID) -> deals.QuoteSent:
    """A quote goes out to these contacts."""
    told = deals.QuoteSent(quote=quote, pages_url="https://deals.example/q/", words="Bonjour,\nvoici notre devis.")
    for contact in people:
        told.recipients.add(contact_id=format_id("contact", contact), link_id=str(new_id()))
    await house.receive(told, "quote", parse_id("quote", quote.id))
    return told


async def test_a_quote_is_mailed_to_each_recipient_with_a_link_of_their_own(house: House, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    people = [
        await house.contact(given_name="Zoé", family_name="Lefèvre", email="zoe@client.example"),
        await house.contact(given_name="Yann", email="yann@client.example"),
    ]
    told = await sent_to(house, a_quote(anne), *people)
    async with house.sending(Queue.EXTERNAL):
        await house.settled()
    assert sorted(mail.recipients for mail in mailbox.mails) == [("yann@client.example",), ("zoe@client.example",)]
    key = LinkKey(b"k" * 32)
    for mail, place in zip(sorted(mailbox.mails, key=lambda one: one.recipients, reverse=True), (0, 1), strict=True):
        message, text = mail.message, mail.body()
        assert f"https://deals.example/q/{key.token(UUID(told.recipients[place].link_id))}" in text
        assert "voici notre devis" in text and "6 440,26" in text.replace("\u202f", " ").replace("\xa0", " ")
        assert message["From"] == "Anne · Cabinet Morel <liant@localhost>"
        assert message["Reply-To"] == "Anne <anne@cabinet.example>"
        assert "List-Unsubscribe" not in message and "Auto-Submitted" not in message
    rows = await house.rows("SELECT contact_id, collaborator_id, queue, status FROM delivery")
    assert {row.contact_id for row in rows} == set(people)
    assert {(row.collaborator_id, row.queue, row.status) for row in rows} == {(None, "EXTERNAL", "SENT")}
    assert await house.rows("SELECT 1 FROM link") == []


async def test_the_same_message_again_mails_nothing_twice(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(email="zoe@client.example")
    told = deals.QuoteSent(quote=a_quote(anne), pages_url="https://deals.example/q/")
    told.recipients.add(contact_id=format_id("contact", zoe), link_id=str(new_id()))
    message = await house.receive(told, "quote", parse_id("quote", told.quote.id))
    await house.inbox.handle(message)
    async with house.sending(Queue.EXTERNAL):
        await house.settled()
    assert len(mailbox.mails) == 1


async def test_mails_to_contacts_do_not_wait_for_those_to_colleagues(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(email="zoe@client.example")
    event = an_event(anne, await house.collaborator("Paul"))
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    await sent_to(house, a_quote(anne), zoe)
    async with house.sending(Queue.EXTERNAL):
        await mailbox.wait_for(1)
    assert [mail.recipients for mail in mailbox.mails] == [("zoe@client.example",)]
    assert await house.statuses() == {"SENT": 1, "QUEUED": 1}


@pytest.mark.parametrize(
    ("contact", "why"),
    [({"email": ""}, "NO_ADDRESS"), ({"email": "zoe@client.example", "deleted": True}, "CONTACT_DELETED")],
)
async def test_a_contact_who_cannot_be_written_to_has_it_on_record(
    house: House, mailbox: Mailbox, contact: dict[str, Any], why: str
) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(**contact)
    await sent_to(house, a_quote(anne), zoe)
    [row] = await house.rows("SELECT status, detail FROM delivery")
    assert (row.status, row.detail) == ("SKIPPED", why)


async def test_without_the_key_of_links_a_quote_is_not_mailed_and_says_so(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(email="zoe@client.example")
    await sent_to(house, a_quote(anne), zoe)
    async with house.sending(Queue.EXTERNAL, quote_links_key_file=None):
        await house.settled()
    [row] = await house.rows("SELECT status, detail FROM delivery")
    assert (row.status, row.detail, mailbox.mails) == ("SKIPPED", "QUOTE_LINKS_OFF", [])


async def test_a_recipient_whose_copy_is_late_is_waited_for(house: House) -> None:
    anne = await house.collaborator("Anne")
    with pytest.raises(TryLater):
        await sent_to(house, a_quote(anne), new_id())


async def test_a_supplier_is_asked(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(email="zoe@ardoise.example")
    told = deals.QuoteRequestSent(
        id=format_id("quote_request", new_id()),
        title="Ardoise",
        description="120 m²",
        locale="en",
        answer_by="2026-12-10",
        contact_id=format_id("contact", zoe),
        sent_by_id=format_id("collaborator", anne),
    )
    await house.receive(told, "quote_request", parse_id("quote_request", told.id))
    async with house.sending(Queue.EXTERNAL):
        await house.settled()
    [mail] = mailbox.mails
    assert mail.subject == "Request for a quote: Ardoise · Cabinet Morel"
    assert "before Thursday, December 10, 2026" in mail.body()


async def test_owner_followers_and_sender_are_told_of_an_answer_each_once(house: House, mailbox: Mailbox) -> None:
    anne, paul, omar = [await house.collaborator(name) for name in ("Anne", "Paul", "Omar")]
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await unsubscribe(work, omar, Category.QUOTES)
    subject = deals.Subject(
        deal_id=format_id("deal", new_id()),
        deal_title="Atelier",
        owner_id=format_id("collaborator", anne),
        follower_ids=[format_id("collaborator", each) for each in (paul, omar)],
    )
    quote = a_quote(anne, subject=subject)
    for body in (
        deals.QuoteAccepted(quote=quote, name="Zoé Lefèvre", attempt=1),
        deals.QuoteAcceptanceCompensated(quote=quote, reason="DELETED"),
    ):
        await house.receive(body, "quote", parse_id("quote", quote.id))
    async with house.sending():
        await house.settled()
    told = sorted((mail.recipients[0], mail.subject) for mail in mailbox.mails)
    accepted, undone = (f"{what} : Toiture de l’atelier · Atelier" for what in ("Devis accepté", "Acceptation annulée"))
    assert told == [
        ("anne@cabinet.example", undone),
        ("anne@cabinet.example", accepted),
        ("paul@cabinet.example", undone),
        ("paul@cabinet.example", accepted),
    ]
    rows = await house.rows("SELECT status, detail FROM delivery WHERE collaborator_id = :id", id=omar)
    assert [(row.status, row.detail) for row in rows] == [("SKIPPED", "UNSUBSCRIBED")] * 2


def test_who_wrote_an_answer_down_is_not_told_of_it() -> None:
    anne, paul = UUID(int=1), UUID(int=2)
    found = of_quote(anne, anne, Ties(owner=anne, followers=(paul, anne)))
    assert [each.collaborator for each in found] == [paul]
