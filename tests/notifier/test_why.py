"""Why somebody did, or did not, get a mail: every reason that the notifier knows, asked as a collaborator asks."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import text

from chassis.auth import Actor, Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.inbox.commands import mark_all
from services.notifier.inbox.model import InboxState
from services.notifier.model import Category
from services.notifier.preferences.cadence import Cadence
from services.notifier.preferences.commands import Wanted, choose, set_rhythm
from services.notifier.preferences.rhythm import Rhythm
from tests.notifier.asking import Ask
from tests.notifier.house import House, an_alert, an_event
from tests.notifier.publications.words import a_publication, publish, told, write
from tests.support.smtp import Mailbox

WHY = "query($id: ID!, $who: ID) { whyTold(subjectId: $id, collaboratorId: $who) { outcome because reasons inInbox } }"


async def why(ask: Ask, who: UUID, subject: str) -> tuple[str, str | None]:
    """The outcome, and the code of what stood in the way."""
    # An administrator asks, since somebody who is disabled cannot.
    whole = await ask(WHY, role=Role.ADMIN, id=subject, who=format_id("collaborator", who))
    assert "errors" not in whole, whole
    answer = whole["data"]["whyTold"]
    because = answer["because"]
    return answer["outcome"], because and because.partition(":")[0]


async def event(house: House, body: deals.Event) -> str:
    """An event, or its next revision."""
    kind = deals.EventChanged if body.revision else deals.EventCreated
    await house.receive(kind(event=body), "event", parse_id("event", body.id))
    return body.id


async def sent(house: House) -> None:
    """Whatever is due goes."""
    async with house.sending():
        await house.settled(where="next_attempt_at <= now()")


async def test_what_stands_between_an_event_and_each_of_its_people(house: House, mailbox: Mailbox, ask: Ask) -> None:
    anne, paul, stranger = [await house.collaborator(name) for name in ("Anne", "Paul", "Etienne")]
    people = {
        "disabled": await house.collaborator("Dora", disabled=True),
        "nowhere": await house.collaborator("Nora", email=""),
        "impossible": await house.collaborator("Pia", email="p" * 65 + "@cabinet.example"),
        "suppressed": await house.collaborator("Sue"),
        "unsubscribed": await house.collaborator("Uma"),
        "quiet": await house.collaborator("Quinn"),
        "weekly": await house.collaborator("Will"),
    }
    async with house.owner.begin() as connection:
        suppressed = text(
            "INSERT INTO suppression (organization_id, email, id, reason, answer, since, until) VALUES "
            "(:own, 'sue@cabinet.example', :id, 'HARD_BOUNCE', '550 no such user', now(), now() + interval '1 day')"
        )
        await connection.execute(suppressed, {"own": house.organization, "id": new_id()})
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await choose(work, Wanted(Category.EVENTS, cadence=Cadence.NEVER), people["unsubscribed"])
        await choose(work, Wanted(Category.EVENTS, cadence=Cadence.WEEKLY), people["weekly"])
        now = datetime.now(UTC).hour
        night = Rhythm(time((now + 22) % 24), time((now + 5) % 24))
        await set_rhythm(work, night, people["quiet"])
    id = await event(house, an_event(anne, paul, *people.values()))
    await sent(house)
    assert {name: await why(ask, who, id) for name, who in people.items()} == {
        "disabled": ("NOT_TOLD", "COLLABORATOR_DISABLED"),
        "nowhere": ("NOT_TOLD", "NO_ADDRESS"),
        "impossible": ("NOT_TOLD", "ADDRESS_INVALID"),
        "suppressed": ("NOT_TOLD", "ADDRESS_SUPPRESSED"),
        "unsubscribed": ("NOT_TOLD", "UNSUBSCRIBED"),
        "quiet": ("WAITING", "QUIET_HOURS"),
        "weekly": ("WAITING", None),
    }
    assert [await why(ask, who, id) for who in (paul, anne, stranger)] == [
        ("TOLD", None),
        ("AUTHOR", None),
        ("NOT_CONCERNED", None),
    ]
    assert await why(ask, paul, format_id("event", new_id())) == ("UNKNOWN", None)
    asked = await ask(WHY, by=paul, id=id, who=format_id("collaborator", people["weekly"]))
    assert asked["errors"][0]["extensions"]["code"] == "FORBIDDEN", "what others want is theirs to know"
    by_admin = await ask(WHY, role=Role.ADMIN, id=id, who=format_id("collaborator", people["suppressed"]))
    assert by_admin["data"]["whyTold"]["because"] == "ADDRESS_SUPPRESSED: 550 no such user"
    assert [mail.recipients for mail in mailbox.mails] == [("paul@cabinet.example",)]


async def test_what_became_of_a_thing_before_it_was_told(house: House, mailbox: Mailbox, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await choose(work, Wanted(Category.COMMENTS, cadence=Cadence.NEVER), None)
    over = an_event(anne, paul)
    await event(house, over)
    over.revision, over.cancelled = 1, True
    changed = an_event(anne, paul)
    await event(house, changed)
    changed.revision, changed.title = 1, "Autrement"
    late = an_event(anne, paul, revision=2)
    await event(house, late)
    late.revision = 1
    found: dict[str, Any] = {"NEVER_TOLD": await event(house, over), "SUPERSEDED": await event(house, late)}
    settled = an_alert(paul)
    await house.receive(deals.AlertRaised(alert=settled), "alert", parse_id("alert", settled.id))
    settled.status = deals.Alert.Status.CLOSED
    await house.receive(deals.AlertChanged(alert=settled), "alert", parse_id("alert", settled.id))
    found["ALERT_NO_LONGER_WAITS"] = settled.id
    comment = deals.Comment(id=format_id("comment", new_id()), author_id=format_id("collaborator", anne), body="…")
    comment.mention_ids.append(format_id("collaborator", paul))
    await house.receive(deals.CommentWritten(comment=comment), "comment", parse_id("comment", comment.id))
    found["NOT_WANTED_BY_DEFAULT"] = comment.id
    withdrawn = await a_publication(ask, anne, email=True)
    await publish(ask, anne, withdrawn["id"])
    await told(house)
    await write(ask, anne, "withdrawPublication", takes="PublicationInput", id=withdrawn["id"])
    found["PUBLICATION_NO_LONGER_WAITS"] = withdrawn["id"]
    folded = await event(house, changed)
    await sent(house)
    by_reason = {name: (await why(ask, paul, id))[1] for name, id in found.items() if name != "SUPERSEDED"}
    assert by_reason == {name: name for name in by_reason}, by_reason
    rows = await house.rows("SELECT detail FROM delivery WHERE status = 'SKIPPED'")
    assert {row.detail.partition(":")[0] for row in rows} >= {"FOLDED", "SUPERSEDED"}
    for id in (folded, found["SUPERSEDED"]):
        assert await why(ask, paul, id) == ("TOLD", None), "the newest revision stands for those before it"
    assert len(mailbox.mails) == 2


async def test_what_is_done_in_the_inbox_needs_no_mail(house: House, mailbox: Mailbox, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    id = await event(house, an_event(anne, paul))
    async with house.database.unit_of_work(Actor(house.organization, paul, Role.COLLABORATOR)) as work:
        await mark_all(work, InboxState.DONE)
    await sent(house)
    assert (await why(ask, paul, id), mailbox.mails) == (("NOT_TOLD", "DONE_IN_INBOX"), [])
