"""Contacts who became part of another: their mails, answers and wishes follow, and go back when it is undone."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from chassis.auth import Actor
from chassis.identifiers import format_id, new_id
from services.notifier.bounces.reports import ReportKind
from services.notifier.commands import bouncing
from services.notifier.commands.merging import PLACES, STAYING
from services.notifier.model import NotifierBase, Queue
from services.notifier.publications import answering
from tests.notifier.asking import Ask
from tests.notifier.house import House
from tests.notifier.publications.words import a_campaign, a_group, publish, told
from tests.notifier.test_inviting import calendar, change, invite, mailed
from tests.notifier.test_messages import a_message, news, sent
from tests.notifier.test_quotes import a_quote, sent_to
from tests.support.smtp import Mailbox

EMAILS = {"winner": "zoe@port.example", "loser": "zoe@perso.example"}


@dataclass
class Told:
    """What contacts tells of two people who are one."""

    house: House
    ids: dict[str, UUID] = field(default_factory=lambda: {name: new_id() for name in EMAILS})

    async def changed(self, name: str, into: UUID | None = None, email: str | None = None) -> None:
        """Their copy, as it is now."""
        part: dict[str, Any] = {"merged_into_id": format_id("contact", into), "deleted": True} if into else {}
        shown = EMAILS[name] if email is None else email
        await self.house.contact(id=self.ids[name], given_name=name, email=shown, **part)

    async def merge(self) -> None:
        """The loser becomes part of the winner."""
        await self.changed("loser", self.ids["winner"])

    async def whose(self, name: str, column: str = "contact_id") -> dict[str, int]:
        """How many rows of a table are each one's."""
        rows = await self.house.rows(f"SELECT {column} AS id, count(*) AS many FROM {name} GROUP BY 1")
        names = {id: name for name, id in self.ids.items()}
        return {names[row.id]: row.many for row in rows}


@pytest.fixture
async def both(house: House) -> Told:
    """Both are known here."""
    both = Told(house)
    for name in EMAILS:
        await both.changed(name)
    return both


async def sending(house: House) -> None:
    async with house.sending(Queue.EXTERNAL):
        await house.outside_settled()


async def test_what_waits_goes_to_the_winner_and_what_was_sent_is_theirs_until_it_is_undone(
    house: House, both: Told, mailbox: Mailbox
) -> None:
    anne, loser = await house.collaborator("Anne"), both.ids["loser"]
    await sent(house, a_message(anne, loser))
    await sending(house)
    await sent(house, a_message(anne, loser))
    quote = await sent_to(house, a_quote(anne), loser)
    await both.merge()
    assert await both.whose("delivery") == {"winner": 3}
    await sending(house)
    assert [mail.recipients for mail in mailbox.mails] == [(EMAILS["loser"],), *[(EMAILS["winner"],)] * 2]
    assert any(quote.pages_url in mail.body() for mail in mailbox.mails), (
        "the quote's page is the one that it was sent with"
    )
    assert {contact for contact, *_ in await news(house)} == {format_id("contact", loser)}, "as deals sent them"
    await both.changed("loser")
    assert await both.whose("delivery") == {"loser": 3}
    assert (
        await house.rows("SELECT 1 FROM merge_move UNION ALL SELECT 1 FROM delivery WHERE named_contact_id IS NOT NULL")
        == []
    )


async def test_a_message_to_both_is_mailed_once_after_they_are_one(house: House, both: Told, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    await sent(house, a_message(anne, both.ids["winner"], both.ids["loser"]))
    await both.merge()
    await sending(house)
    assert [mail.recipients for mail in mailbox.mails] == [(EMAILS["winner"],)]
    rows = await house.rows("SELECT contact_id, status, detail FROM delivery ORDER BY status")
    assert [(row.contact_id, row.detail) for row in rows if row.status == "SKIPPED"] == [
        (both.ids["loser"], "CONTACT_DELETED")
    ]


async def test_what_is_told_of_the_loser_after_the_merge_is_the_winner_s(
    house: House, both: Told, mailbox: Mailbox
) -> None:
    anne = await house.collaborator("Anne")
    await both.merge()
    message = await sent(house, a_message(anne, both.ids["loser"]))
    await house.inbox.handle(message)
    await sending(house)
    assert [mail.recipients for mail in mailbox.mails] == [(EMAILS["winner"],)]
    assert await both.whose("delivery") == {"winner": 1}
    await both.changed("loser")
    assert await both.whose("delivery") == {"loser": 1}


async def test_an_invitation_stays_one_invitation(house: House, both: Told, mailbox: Mailbox) -> None:
    anne = await house.collaborator("Anne")
    event = invite(anne, both.ids["loser"])
    await change(house, event)
    [first] = await mailed(house, mailbox)
    await both.merge()
    await change(house, event, place="Au port")
    [moved] = await mailed(house, mailbox)
    assert (moved.recipients, calendar(moved)[1]["UID"]) == ((EMAILS["winner"],), calendar(first)[1]["UID"])


async def test_readers_and_who_wants_no_more_campaigns_follow_the_person(
    house: House, both: Told, ask: Ask, mailbox: Mailbox
) -> None:
    anne, (winner, loser) = await house.collaborator("Anne"), (both.ids["winner"], both.ids["loser"])
    one, other = await a_group(house, loser), await a_group(house, winner)
    await publish(ask, anne, (await a_campaign(ask, anne, one))["id"])
    await told(house)
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await answering.unsubscribe(work, loser, "OFFERS")
    await both.merge()
    assert await both.whose("publication_reader") == await both.whose("unsubscription") == {"winner": 1}
    await publish(ask, anne, (await a_campaign(ask, anne, other))["id"])
    await told(house)
    await sending(house)
    assert mailbox.mails == [], "neither what waited nor what came after"
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await answering.unsubscribe(work, loser, "EVENTS")
    assert await both.whose("unsubscription") == {"winner": 2}, "an old link unsubscribes who they are now"
    await both.changed("loser")
    assert await both.whose("unsubscription") == {"loser": 1, "winner": 1}
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await answering.subscribe_again(work, winner)
    assert await both.whose("unsubscription") == {"loser": 1}


@pytest.mark.parametrize("order", [("winner", "loser"), ("loser", "winner")])
async def test_an_address_that_bounced_is_known_of_whoever_takes_it(
    house: House, both: Told, order: tuple[str, str]
) -> None:
    await both.changed("winner", email="")
    async with house.database.unit_of_work(Actor.system(house.organization)) as work:
        await bouncing.bounced(work, EMAILS["loser"], ReportKind.HARD, "550 no such user", bouncing.Terms())
    steps: dict[str, dict[str, Any]] = {"winner": {"email": EMAILS["loser"]}, "loser": {"into": both.ids["winner"]}}
    for name in order:
        await both.changed(name, **steps[name])
    assert await both.whose("address", "person_id") == {"winner": 1, "loser": 1}
    statement = "SELECT type FROM outbox WHERE aggregate = 'address' AND aggregate_id = :id ORDER BY id"
    winner = both.ids["winner"]
    assert [row.type for row in await house.rows(statement, id=winner)] == ["liant.notifier.v1.AddressBounced"]
    assert [row.email for row in await house.rows("SELECT email FROM suppression")] == [EMAILS["loser"]]
    await both.changed("winner", email="")
    assert (await house.rows(statement, id=winner))[-1].type == "liant.notifier.v1.AddressRecovered"


async def test_a_chain_is_followed_whichever_step_comes_first_and_undone_from_its_end(house: House, both: Told) -> None:
    anne, last = await house.collaborator("Anne"), both.ids.setdefault("last", new_id())
    await house.contact(id=last, given_name="last", email="last@port.example")
    await sent(house, a_message(anne, both.ids["loser"]))
    await both.changed("winner", into=last)
    await both.merge()
    assert await both.whose("delivery") == {"last": 1}
    await sent(house, a_message(anne, both.ids["loser"]))
    assert await both.whose("delivery") == {"last": 2}
    await both.changed("winner")
    assert await both.whose("delivery") == {"winner": 2}
    await both.changed("loser")
    assert await both.whose("delivery") == {"loser": 2}


async def test_an_older_message_and_a_repeated_one_change_nothing(house: House, both: Told) -> None:
    anne, loser = await house.collaborator("Anne"), both.ids["loser"]
    await sent(house, a_message(anne, loser))
    await both.merge()
    version, house.versions[loser] = house.versions[loser], 0
    await both.changed("loser")
    house.versions[loser] = version - 1
    await both.merge()
    assert await both.whose("delivery") == {"winner": 1}


def test_every_column_that_names_a_contact_follows_or_says_why_not() -> None:
    known = {f"{place.rows.name}.contact_id" for place in PLACES} | set(STAYING)
    naming = {
        f"{table.name}.{column.name}"
        for table in NotifierBase.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(("contact_id", "person_id", "member_id", "loser_id"))
    }
    assert naming == known
