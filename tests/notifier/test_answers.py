"""Whoever planned an appointment is told who comes: at once of the first answer, of others together."""

from typing import Any
from uuid import UUID

from chassis.identifiers import format_id, new_id, parse_id
from proto.deals.v1 import messages_pb2 as deals
from tests.notifier.asking import Ask
from tests.notifier.house import House, an_appointment
from tests.support.smtp import Mailbox

INBOX = "{ inbox { items { edges { node { title event { id } } } } } }"
WHY = "query($id: ID!) { whyTold(subjectId: $id) { outcome reasons } }"


async def answered(house: House, event: deals.Event, who: deals.Attendee, answer: str, actor: str = "") -> None:
    """An answer, as deals tells it."""
    who.answer, event.actor_id = answer, actor
    name = {"contact": "Hélène Garnier", "collaborator": "Paul"}[who.id.partition("_")[0]]
    told = deals.InvitationAnswered(event=event, answerer_id=who.id, name=name)
    await house.receive(told, "event", parse_id("event", event.id))


async def test_an_author_is_told_who_comes(house: House, mailbox: Mailbox, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    garnier = await house.contact(given_name="Hélène", family_name="Garnier", email="helene@client.example")
    event = an_appointment(anne, title="Bilan de fin d’année")
    contact = event.attendees.add(id=format_id("contact", garnier), answer="NONE")
    colleague = event.attendees.add(id=format_id("collaborator", paul), answer="NONE")
    await house.bundling(fold_seconds=120)
    await answered(house, event, contact, "DECLINED")
    async with house.sending():
        await house.settled()
    (mail,) = mailbox.mails
    assert mail.recipients == ("anne@cabinet.example",)
    assert mail.subject.startswith("Hélène Garnier ne vient pas : Bilan de fin d’année · ")
    assert mail.message["Reply-To"] == "Hélène Garnier <helene@client.example>"
    assert "Ne viennent pas : Hélène Garnier" in mail.body().replace("\xa0", " ")
    assert [part.get_content_type() for part in mail.message.walk()].count("text/calendar") == 0
    await answered(house, event, colleague, "TENTATIVE", actor=colleague.id)
    await answered(house, event, contact, "ACCEPTED")
    await answered(house, event, contact, "NONE")
    rows = await house.rows("SELECT status, detail FROM delivery ORDER BY revision")
    assert [row.status for row in rows] == ["SENT", "SKIPPED", "QUEUED"], "two answers within the window are one mail"
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql("UPDATE delivery SET next_attempt_at = now() WHERE status = 'QUEUED'")
    async with house.sending():
        await house.settled()
    body = mailbox.mails[-1].body().replace("\xa0", " ")
    assert len(mailbox.mails) == 2 and "Viennent : Hélène Garnier" in body and "Peut-être : Paul" in body
    (item,) = [edge["node"] for edge in (await ask(INBOX, by=anne))["data"]["inbox"]["items"]["edges"]]
    assert item == {"title": "Hélène Garnier vient · Bilan de fin d’année", "event": {"id": event.id}}
    assert (await ask(WHY, by=anne, id=event.id))["data"]["whyTold"] == {"outcome": "TOLD", "reasons": ["AUTHOR"]}


async def test_nobody_is_told_of_an_answer_that_they_wrote_down(house: House) -> None:
    anne = await house.collaborator("Anne")
    garnier: UUID = await house.contact()
    event = an_appointment(anne)
    contact: Any = event.attendees.add(id=format_id("contact", garnier), answer="NONE")
    await answered(house, event, contact, "ACCEPTED", actor=format_id("collaborator", anne))
    assert await house.rows("SELECT 1 FROM delivery") == []


async def test_a_comment_on_an_event_says_which(house: House, mailbox: Mailbox) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    comment = deals.Comment(
        id=format_id("comment", new_id()),
        author_id=format_id("collaborator", anne),
        body="D’accord.",
        mention_ids=[format_id("collaborator", paul)],
        event_title="Bilan de fin d’année",
    )
    await house.receive(deals.CommentWritten(comment=comment), "comment", parse_id("comment", comment.id))
    async with house.sending():
        await house.settled()
    (mail,) = mailbox.mails
    assert mail.subject == "Anne vous mentionne · Bilan de fin d’année"
    assert "Événement : Bilan de fin d’année" in mail.body().replace("\xa0", " ")
