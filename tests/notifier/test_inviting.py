"""Contacts whom appointments invite: one invitation that follows the appointment, and nothing that is not theirs."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import icalendar

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id, parse_id
from chassis.links import LinkKey
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.commands.erasing import erase
from services.notifier.model import Queue
from tests.notifier.house import House, an_appointment
from tests.support.smtp import Mail, Mailbox

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
KEY = LinkKey(b"k" * 32)


def invite(author: UUID, *contacts: UUID, **more: Any) -> deals.Event:
    """An appointment in three days to which contacts are invited."""
    times = {"starts_at": SOON, "ends_at": SOON + timedelta(hours=1)}
    told = {"title": "Visite du chantier", "description": "Il hésite : ne rien céder.", **times, **more}
    event = an_appointment(author, **told)
    event.attendees.extend(deals.Attendee(id=format_id("contact", one), answer="NONE") for one in contacts)
    event.attendees.add(id=format_id("collaborator", new_id()), answer="NONE")
    return event


async def change(house: House, event: deals.Event, **values: Any) -> None:
    """The event's next revision."""
    event.revision += 1
    for name, value in values.items():
        setattr(event, name, value)
    await house.receive(deals.EventChanged(event=event), "event", parse_id("event", event.id))


async def mailed(house: House, mailbox: Mailbox) -> list[Mail]:
    """What goes to contacts now."""
    mailbox.clear()
    async with house.sending(Queue.EXTERNAL):
        await house.outside_settled()
    return mailbox.mails


def calendar(mail: Mail) -> tuple[str, Any]:
    """Its method and its event."""
    (part,) = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    parsed = icalendar.Calendar.from_ical(part.get_content())
    assert part.get_param("method") == parsed["METHOD"]
    return str(parsed["METHOD"]), parsed.walk("VEVENT")[0]


async def test_an_invitation_follows_its_appointment(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(given_name="Zoé", email="zoe@client.example")
    event = invite(anne, zoe)
    message = await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    await house.inbox.handle(message)
    (mail,) = await mailed(house, mailbox)
    method, told = calendar(mail)
    assert (method, told["SEQUENCE"], told["UID"]) == ("REQUEST", 0, f"{event.id}@liant.localhost")
    assert [str(told["ATTENDEE"]), str(told["ORGANIZER"])] == [
        "mailto:zoe@client.example",
        "mailto:anne@cabinet.example",
    ]
    assert mail.message["Reply-To"] == "Anne <anne@cabinet.example>"
    for words in ("hésite", "Reprise"):
        assert words not in mail.body() and words not in mail.body("html") and words not in str(told["DESCRIPTION"])
    address = mail.body().partition("/i/")[2].split()[0]
    ids = KEY.passed("invitation", address, SOON.timestamp())
    assert ids == [house.organization, parse_id("event", event.id), zoe]
    assert (
        KEY.passed("ticket", address, 0) is None
        and KEY.passed("invitation", address, SOON.timestamp() + 90_001) is None
    )
    await change(house, event, description="Il cède.")
    assert await mailed(house, mailbox) == [], "what is not theirs to read changes nothing for them"
    yann = await house.contact(given_name="Yann", email="yann@client.example")
    event.attendees.add(id=format_id("contact", yann), answer="NONE")
    await change(house, event)
    (mail,) = await mailed(house, mailbox)
    assert mail.recipients == ("yann@client.example",) and "modifié" not in mail.subject
    await change(house, event, place="Angers")
    both = await mailed(house, mailbox)
    assert [calendar(one)[1]["SEQUENCE"] for one in both] == [3, 3] and all("modifié" in one.subject for one in both)
    del event.attendees[-1]
    await change(house, event)
    (mail,) = await mailed(house, mailbox)
    method, told = calendar(mail)
    assert (mail.recipients, method, told["SEQUENCE"], told["STATUS"]) == (
        ("yann@client.example",),
        "CANCEL",
        4,
        "CANCELLED",
    )
    assert "/i/" not in mail.body()
    await change(house, event, cancelled=True)
    (mail,) = await mailed(house, mailbox)
    assert (mail.recipients, calendar(mail)[0]) == (("zoe@client.example",), "CANCEL")


async def test_the_record_of_a_meeting_invites_nobody(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(email="zoe@client.example")
    past = datetime(2026, 1, 5, 9, tzinfo=UTC)
    event = invite(anne, zoe, starts_at=past, ends_at=past + timedelta(hours=1))
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    assert await mailed(house, mailbox) == []


async def test_without_a_key_an_invitation_has_no_page(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(email="zoe@client.example")
    event = invite(anne, zoe)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    async with house.sending(Queue.EXTERNAL, quote_links_key_file=None):
        await house.outside_settled()
    (mail,) = mailbox.mails
    assert "/i/" not in mail.body() and calendar(mail)[0] == "REQUEST"


async def test_who_was_erased_is_invited_no_more_and_named_nowhere(house: House, mailbox: Mailbox) -> None:
    anne, zoe = await house.collaborator("Anne"), await house.contact(given_name="Zoé", email="zoe@client.example")
    event = invite(anne, zoe, title="Visite de Zoé Lefèvre")
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await erase(work, new_id(), [zoe], ["Zoé Lefèvre", "zoe@client.example"])
    assert await mailed(house, mailbox) == []
    [row] = await house.rows("SELECT content FROM cause WHERE kind = 'appointment'")
    assert "Lefèvre".encode() not in row.content


async def test_colleagues_read_which_contacts_are_invited(house: House, mailbox: Mailbox) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    zoe = await house.contact(given_name="Zoé", family_name="Martin", email="zoe@client.example")
    event = invite(anne, zoe)
    event.concerned_ids.append(format_id("collaborator", paul))
    event.attendees[0].answer = "TENTATIVE"
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    async with house.sending():
        await mailbox.wait_for(1)
    (mail,) = mailbox.mails
    assert mail.recipients == ("paul@cabinet.example",)
    assert "Avec : Zoé Martin" in mail.body().replace("\xa0", " ")
    people = {str(one): one.params["PARTSTAT"] for one in calendar(mail)[1]["ATTENDEE"]}
    assert people == {"mailto:paul@cabinet.example": "NEEDS-ACTION", "mailto:zoe@client.example": "TENTATIVE"}
