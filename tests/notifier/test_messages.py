"""Messages from deals in the mailbox: who sees whom, what they say, and what deals is told of each."""

from typing import Any
from uuid import UUID

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id, parse_id
from proto.deals.v1 import messages_pb2 as deals
from proto.notifier.v1.messages_pb2 import MessageDeliveryChanged
from services.notifier.commands.erasing import erase
from services.notifier.model import Queue
from tests.notifier.house import House
from tests.support.smtp import Mailbox


def a_message(author: UUID, to: UUID, *copies: UUID, **more: Any) -> deals.DealMessage:
    """A message as deals tells it."""
    told = deals.DealMessage(
        id=format_id("message", new_id()),
        author_id=format_id("collaborator", author),
        title="Votre toiture",
        **{"body": "Bonjour,\n\n**deux** pistes <b>", "format": deals.DealMessage.Format.MARKDOWN, **more},
    )
    for contact, copy in ((to, False), *((each, True) for each in copies)):
        told.recipients.add(contact_id=format_id("contact", contact), copy=copy, status="QUEUED")
    return told


async def sent(house: House, told: deals.DealMessage) -> Any:
    """The message goes out."""
    return await house.receive(deals.MessageWritten(message=told), "message", parse_id("message", told.id))


async def news(house: House) -> list[tuple[str, str, str]]:
    """What deals is told: contact, status and reason of each mail."""
    rows = await house.rows("SELECT payload FROM outbox WHERE aggregate = 'message_delivery' ORDER BY id")
    told = [MessageDeliveryChanged.FromString(row.payload).delivery for row in rows]
    return [(one.contact_id, one.status, one.reason) for one in told]


async def test_each_reader_gets_a_mail_of_their_own_and_sees_who_else_does(house: House, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    zoe = await house.contact(given_name="Zoé", family_name="Lefèvre", email="zoe@client.example")
    yann = await house.contact(given_name="Yann", email="yann@client.example")
    gone = await house.contact(given_name="Odile", email="odile@client.example", deleted=True)
    told = a_message(anne, zoe, yann, gone)
    told.attachments.add(title="Plan <1>", url="https://files.example/plan.pdf?a=1&b=2")
    message = await sent(house, told)
    await house.inbox.handle(message)
    async with house.sending(Queue.EXTERNAL):
        await house.settled()
    assert sorted(mail.recipients for mail in mailbox.mails) == [("yann@client.example",), ("zoe@client.example",)]
    for mail in mailbox.mails:
        head = mail.message
        assert (str(head["To"]), str(head["Cc"])) == ("Zoé Lefèvre <zoe@client.example>", "Yann <yann@client.example>")
        assert (head["Subject"], head["Reply-To"]) == ("Votre toiture", "Anne <anne@cabinet.example>")
        assert head["From"] == "Anne · Cabinet Morel <liant@localhost>"
        assert "Auto-Submitted" not in head and "List-Unsubscribe" not in head
        text, html = mail.body(), mail.body("html")
        assert "**deux** pistes <b>" in text and "https://files.example/plan.pdf?a=1&b=2" in text
        assert "<strong>deux</strong> pistes &lt;b&gt;" in html and "Plan &lt;1&gt;" in html
        assert "odile" not in str(head) and told.id in head["References"]
    assert sorted(await news(house)) == sorted(
        [
            (format_id("contact", zoe), "SENT", ""),
            (format_id("contact", yann), "SENT", ""),
            (format_id("contact", gone), "SKIPPED", "CONTACT_DELETED"),
        ]
    )


async def test_a_copy_alone_is_in_cc_when_nobody_else_can_be_shown(house: House, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    lost, yann = await house.contact(given_name="Zoé", email=""), await house.contact(email="yann@client.example")
    await sent(house, a_message(anne, lost, yann, format=deals.DealMessage.Format.PLAIN, body="*mot à mot*\n<i>"))
    async with house.sending(Queue.EXTERNAL):
        await house.settled()
    (mail,) = mailbox.mails
    assert str(mail.message["To"]) == "yann@client.example" and "*mot à mot*<br />&lt;i&gt;" in mail.body("html")
    assert (format_id("contact", lost), "SKIPPED", "NO_ADDRESS") in await news(house)


async def test_who_was_erased_meanwhile_is_neither_written_to_nor_named(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(given_name="Zoé", email="zoe@client.example")
    yann = await house.contact(email="yann@client.example")
    await sent(house, a_message(anne, yann, zoe, body="Chère Zoé, zoe@client.example"))
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await erase(work, new_id(), [zoe], ["Zoé", "zoe@client.example"])
    async with house.sending(Queue.EXTERNAL):
        await house.settled()
    (mail,) = mailbox.mails
    assert mail.recipients == ("yann@client.example",) and "zoe" not in mail.body().lower()
    assert "zoe" not in str(mail.message["Cc"]).lower()
    assert (format_id("contact", zoe), "SKIPPED", "NO_ADDRESS") in await news(house)


async def test_a_reader_whom_the_relay_refuses_is_told_of(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(email="zoe@client.example")
    mailbox.refused["zoe@client.example"] = "550 5.1.1 no such mailbox"
    await sent(house, a_message(anne, zoe))
    async with house.sending(Queue.EXTERNAL):
        await house.settled()
    [(contact, status, reason)] = await news(house)
    assert (contact, status) == (format_id("contact", zoe), "REJECTED") and reason.startswith("550")
