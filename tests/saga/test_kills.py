"""kill -9 within and right after the transactions of a merge, its undoing and an erasure, in all three services.

Whoever dies: nothing is half-written, the caller who asks again is answered, and in the end the counts are true
everywhere. The suite kills each within its transaction; `just fault` also right after, and while a merge is undone.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from chassis.auth import Actor, Role
from chassis.identifiers import new_id, parse_id
from services.notifier.publications.answering import unsubscribe
from tests.contacts.groups.sets import a_group
from tests.contacts.house import Office as AddressBook
from tests.deals.house import Office
from tests.saga.forked import Point
from tests.saga.three import SERVICES, Three, run_three
from tests.support.smtp import Mailbox

WHOLE = os.environ.get("FAULT") == "whole"
_ERASING = "services.{}.commands.erasing"


@dataclass(frozen=True)
class Act:
    """What contacts is asked, and a step within each service's transaction of it."""

    mutation: str
    makes: str
    role: Role
    contacts: Point
    deals: Point
    notifier: Point


MERGE = Act(
    "mergeContacts",
    "Contact",
    Role.COLLABORATOR,
    contacts=Point("services.contacts.merging.links", "move"),
    deals=Point("services.deals.commands.merging", "_copy_timeline"),
    notifier=Point("services.notifier.commands.merging", "_move", nth=2),
)
UNMERGE = Act(
    "unmerge",
    "Merge",
    Role.COLLABORATOR,
    contacts=Point("services.contacts.merging.links", "move_back"),
    deals=Point("services.deals.commands.merging", "_participants_back"),
    notifier=Point("services.notifier.commands.merging", "_move_back", nth=2),
)
ERASE = Act(
    "erasePerson",
    "Erasure",
    Role.ADMIN,
    contacts=Point("services.contacts.privacy.erasing", "_forget_files"),
    deals=Point(_ERASING.format("deals"), "_forget_messages"),
    notifier=Point(_ERASING.format("notifier"), "_forget_told"),
)


@pytest_asyncio.fixture(scope="module")
async def three(tmp_path_factory: pytest.TempPathFactory, session_mailbox: Mailbox) -> AsyncIterator[Three]:
    """The services; their workers are started by the tests."""
    async with run_three(tmp_path_factory.mktemp("three"), session_mailbox.port) as running:
        yield running


@dataclass
class Story:
    """Two records of one person, known to all three; what there is of deals, mails and wishes is the second's."""

    three: Three
    book: AddressBook
    office: Office
    winner: str
    loser: str
    names: tuple[str, str]
    """The second's family name and address, which nobody else has."""

    async def counts(self, *services: str) -> dict[str, Any]:
        """What each service counts for each of the two; the group is one that the second was put into."""
        ids = {parse_id("contact", id): name for name, id in (("winner", self.winner), ("loser", self.loser))}
        found: dict[str, Any] = {}
        for what, (service, statement) in COUNTED.items():
            if service in (services or SERVICES):
                rows = await self.three.rows(service, statement, ids=list(ids))
                found[what] = {ids[row.id]: row.many for row in rows}
        return found

    async def told(self, service: str) -> Any:
        """What a service counts, and what it knows of the second's name."""
        return await self.counts(service), (await self.three.names(*self.names))[service]

    async def act(self, act: Act, **input: Any) -> None:
        """Ask for it, while every process that has a part in it is killed; then let all of them work."""
        input = {**input, "idempotencyKey": f"{act.mutation}-once"}
        before = await self.three.state("contacts")
        assert await self._asked(act.contacts, act, **input) is None
        assert await self.three.state("contacts") == before, "nothing is half-written in contacts"
        if WHOLE:
            await self._web_dies_after_commit(act, **input)
        assert "id" in (await self._ask(self.book, act, **input)), "whoever asks again is answered"
        await self.three.work("contacts")
        await asyncio.gather(self._dies("deals", act.deals), self._dies("notifier", act.notifier))
        await self.three.work()
        await self.three.settled()
        await self.three.kill()

    async def _web_dies_after_commit(self, act: Act, **input: Any) -> None:
        before = await self.three.state("contacts")
        assert await self._asked(replace(act.contacts, committed=True), act, **input) is None
        done = await self.three.state("contacts")
        assert done != before
        await self._ask(self.book, act, **input)
        assert await self.three.state("contacts") == done, "nothing is done twice"

    async def _dies(self, service: str, point: Point) -> None:
        before = await self.told(service)
        await self.three.worker_dies(service, point)
        assert await self.told(service) == before, f"nothing is half-written in {service}"
        if not WHOLE:
            return
        await self.three.worker_dies(service, replace(point, committed=True))
        assert await self.told(service) != before, f"what was committed in {service} stays"

    async def _asked(self, point: Point, act: Act, **input: Any) -> Any:
        """The answer of a process that dies; None where none came."""
        async with self.three.web_of_contacts(point) as house:
            try:
                return await self._ask(replace(self.book, house=house), act, **input)
            except httpx.TransportError:
                return None

    async def _ask(self, book: AddressBook, act: Act, **input: Any) -> Any:
        name = act.mutation
        query = f"""mutation($input: {name[0].upper()}{name[1:]}Input!) {{ result: {name}(input: $input) {{
            ... on {act.makes} {{ id }} ... on Error {{ message }} }} }}"""
        return (await book.data(query, act.role, input=input))["result"]


COUNTED = {
    "deals": (
        "deals",
        "SELECT primary_contact_id AS id, count(*) AS many FROM deal WHERE primary_contact_id = ANY(:ids) GROUP BY 1",
    ),
    "participations": (
        "deals",
        "SELECT contact_id AS id, count(*) AS many FROM participant WHERE contact_id = ANY(:ids) GROUP BY 1",
    ),
    "invitations": (
        "deals",
        "SELECT person_id AS id, count(*) AS many FROM attendee WHERE person_id = ANY(:ids) GROUP BY 1",
    ),
    "events on timelines": (
        "deals",
        "SELECT subject_id AS id, count(*) AS many FROM timeline_entry"
        " WHERE subject_id = ANY(:ids) AND kind = 'event' GROUP BY 1",
    ),
    "mails": (
        "notifier",
        "SELECT contact_id AS id, count(*) AS many FROM delivery WHERE contact_id = ANY(:ids) GROUP BY 1",
    ),
    "wishes": (
        "notifier",
        "SELECT contact_id AS id, count(*) AS many FROM unsubscription WHERE contact_id = ANY(:ids) GROUP BY 1",
    ),
    "companies": (
        "contacts",
        "SELECT contact_id AS id, count(*) AS many FROM interlocutor WHERE contact_id = ANY(:ids) GROUP BY 1",
    ),
    "members": (
        "contacts",
        "SELECT contact_id AS id, count(*) AS many FROM group_member WHERE contact_id = ANY(:ids) GROUP BY 1",
    ),
}


@pytest_asyncio.fixture
async def story(three: Three) -> Story:
    """A fresh organization with such a person."""
    book = await three.contacts.organization()
    family, address = f"Quatrepoint{new_id().hex[-8:]}", f"zoe@{new_id().hex[-8:]}.example"
    winner = await book.a_contact(givenName="Zoé", familyName="Lefèvre", emails=[{"address": "zoe@port.example"}])
    loser = await book.a_contact(givenName="Zoé", familyName=family, emails=[{"address": address}])
    account = await book.an_account()
    await book.do("createInterlocutor", {"contactId": loser, "accountId": account, "jobTitle": "Gérante"})
    await a_group(book, contactIds=[loser])
    await three.work()
    office = Office(three.deals, book.organization, dict(book.actors))
    await three.settled()
    deal = await office.a_deal(primaryContactId=loser)
    await office.a_deal(primaryContactId=winner, participants=[{"contactId": loser, "part": "Signataire"}])
    await office.a_note(dealId=deal, description=f"Appeler Zoé {family}")
    await office.an_appointment(dealId=deal, contactIds=[loser])
    await office.do("writeMessage", dealId=deal, subject="Bonjour", body=f"Chère Zoé {family}")
    async with three.notifier.database.unit_of_work(Actor.system(book.organization)) as work:
        await unsubscribe(work, parse_id("contact", loser), "OFFERS")
    await three.settled()
    await three.kill()
    return Story(three, book, office, winner, loser, (family, address))


async def test_a_merge_and_its_undoing_come_out_whole_whoever_is_killed(story: Story) -> None:
    before = await story.counts()
    assert before["deals"] == {"loser": 1, "winner": 1}, before
    await story.act(MERGE, winnerId=story.winner, losers=[{"id": story.loser}])
    merged = await story.counts()
    assert merged == {what: {"winner": sum(each.values())} for what, each in before.items()} | {
        # What was on the loser's timeline and in its groups stays there, for its return; the winner has them, too.
        "events on timelines": {"winner": 2, "loser": 2},
        "members": {"winner": 1, "loser": 1},
    }
    query = f'{{ merges(filter: {{subjectId: "{story.loser}"}}) {{ edges {{ node {{ id }} }} }} }}'
    if not WHOLE:
        return
    [merge] = (await story.book.data(query))["merges"]["edges"]
    await story.act(UNMERGE, id=merge["node"]["id"])
    assert await story.counts() == before


async def test_an_erasure_comes_out_whole_whoever_is_killed(story: Story) -> None:
    before = await story.counts()
    assert all((await story.three.names(*story.names)).values()), "each service knows them at first"
    await story.act(ERASE, id=story.loser, confirmation=f"Zoé {story.names[0]}")
    assert await story.counts() == {**before, "wishes": {}}
    assert await story.three.names(*story.names) == {name: set() for name in SERVICES}
