"""Contacts and accounts that became part of another: what named them follows, and goes back."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import func, select, text

from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.deals import model
from services.deals.commands.merging import PLACES, STAYING
from tests.deals.house import Office
from tests.deals.quotes.desk import post
from tests.deals.test_invitation_page import page_of
from tests.support.control import until


@dataclass
class Told:
    """What contacts tells of contacts and merges."""

    office: Office
    versions: dict[str, int] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Any] = field(default_factory=dict)

    async def contact(self, name: str) -> str:
        id = await self.office.a_contact(name, "Durand")
        self.versions[id] = 1
        await self.office.knows(id)
        return id

    async def changed(self, id: str, into: str = "", version: int = 0) -> None:
        self.versions[id] = version or self.versions[id] + 1
        body = pb.Contact(id=id, given_name="Zoé", family_name="Durand", deleted=bool(into), merged_into_id=into)
        await self.office.tell("contact", parse_id("contact", id), pb.ContactChanged(contact=body), self.versions[id])

    async def merge(self, winner: str, loser: str) -> None:
        await self.changed(loser, winner)
        await self.is_part_of(loser, winner)

    async def pair(self, first: str, second: str, state: str = "OPEN", version: int = 1) -> None:
        """A pair that may be the same, and wait until it is copied."""
        id = self.pairs.setdefault((first, second), new_id())
        body = pb.Duplicate(id=format_id("duplicate", id), first_id=first, second_id=second, score=0.93)
        body.state = pb.Duplicate.State.Value(state)
        kind = pb.DuplicateFound if state == "OPEN" else pb.DuplicateSettled
        await self.office.tell("duplicate", id, kind(duplicate=body), version)
        wanted = (state == "OPEN", 0.93)

        async def copied() -> bool:
            async with self.office.house.running.database.read(self.office.organization) as read:
                row = await read.first(select(model.Duplicate.open, model.Duplicate.score))
                return row is not None and (row.open, row.score) == wanted

        await until(copied, what=f"a copy that is {state}")

    async def unmerge(self, loser: str) -> None:
        await self.changed(loser)
        await self.is_part_of(loser, None)

    async def is_part_of(self, loser: str, winner: str | None) -> None:
        contact = model.Contact
        chosen = select(contact.merged_into_id).where(contact.id == parse_id("contact", loser))
        wanted = parse_id("contact", winner) if winner else None

        async def known() -> bool:
            async with self.office.house.running.database.read(self.office.organization) as read:
                return bool(await read.scalar(chosen) == wanted)

        await until(known, what=f"{loser} is part of {winner}")


@pytest.fixture
def told(office: Office) -> Told:
    """In a fresh organization."""
    return Told(office)


async def do(office: Office, mutation: str, input: dict[str, Any], show: str = "") -> Any:
    return await office.do(mutation, show=show, **input)


SEEN = """query($d: ID!, $c: [_Any!]!) { deal(id: $d) { version primaryContact { id }
    participants { contact { id } part } } _entities(representations: $c) { ... on Contact {
    deals { totalCount } timeline(first: 100) { totalCount edges { node { __typename
      ... on Event { title contact { id } } ... on Notification { kind contact { id } } } } } } } }"""


async def seen(office: Office, deal: str, contact: str) -> Any:
    answer = await office.data(SEEN, d=deal, c=[{"__typename": "Contact", "id": contact}])
    return {**answer["deal"], **answer["_entities"][0]}


def titles(found: Any) -> list[str]:
    nodes = [edge["node"] for edge in found["timeline"]["edges"]]
    return sorted(node.get("title") or node["kind"] for node in nodes)


async def test_deals_events_and_the_timeline_follow_and_go_back_and_what_came_after_stays(
    office: Office, told: Told
) -> None:
    winner, loser, other = [await told.contact(name) for name in ("Zoé", "Zoe", "Luc")]
    deal = (await do(office, "createDeal", {"title": "Reprise", "primaryContactId": loser}))["id"]
    second = (
        await do(
            office,
            "createDeal",
            {
                "title": "Bail",
                "primaryContactId": other,
                "participants": [{"contactId": loser, "part": "Notaire"}],
            },
        )
    )["id"]
    await do(office, "writeNote", {"title": "Appel", "contactId": loser})
    before = await seen(office, deal, loser)
    await told.merge(winner, loser)
    merged = await seen(office, deal, winner)
    assert (merged["primaryContact"]["id"], merged["deals"]["totalCount"]) == (winner, 2)
    assert merged["version"] == before["version"] + 1
    assert titles(merged) == titles(before)
    assert [each["contact"]["id"] for each in (await seen(office, second, winner))["participants"]] == [winner]
    late = (await do(office, "createDeal", {"title": "Après", "primaryContactId": winner}))["id"]
    await told.unmerge(loser)
    back = await seen(office, deal, loser)
    assert (back["primaryContact"]["id"], back["deals"]["totalCount"]) == (loser, 2)
    assert titles(back) == titles(before)
    kept = await seen(office, late, winner)
    assert (kept["primaryContact"]["id"], titles(kept), kept["deals"]["totalCount"]) == (winner, ["deal_created"], 1)


async def test_a_deal_of_both_keeps_one_participant_and_gets_the_other_back(office: Office, told: Told) -> None:
    winner, loser, main = [await told.contact(name) for name in ("Zoé", "Zoe", "Luc")]
    people = [{"contactId": winner, "part": "Gérante"}, {"contactId": loser, "part": "Signataire"}]
    deal = (await do(office, "createDeal", {"title": "Bail", "primaryContactId": main, "participants": people}))["id"]
    await told.merge(winner, loser)
    assert [each["part"] for each in (await seen(office, deal, winner))["participants"]] == ["Gérante"]
    await told.unmerge(loser)
    parts = {each["contact"]["id"]: each["part"] for each in (await seen(office, deal, winner))["participants"]}
    assert parts == {winner: "Gérante", loser: "Signataire"}


ATTENDEES = "query($id: ID!) { event(id: $id) { version attendees { contact { id } answer } } }"


async def test_an_appointment_invites_one_of_both_and_each_again_when_it_is_undone(office: Office, told: Told) -> None:
    winner, loser = await told.contact("Zoé"), await told.contact("Zoe")
    deal = (await do(office, "createDeal", {"title": "Bail", "primaryContactId": winner}))["id"]
    alone = await office.an_appointment(dealId=deal, contactIds=[loser])
    both = await office.an_appointment(dealId=deal, contactIds=[winner, loser])
    for event in (alone, both):
        await post(office, page_of(office, event, loser), answer="accept")

    async def answers(event: str) -> dict[str, str]:
        found = (await office.data(ATTENDEES, id=event))["event"]["attendees"]
        return {each["contact"]["id"]: each["answer"] for each in found}

    await told.merge(winner, loser)
    assert (await answers(alone), await answers(both)) == ({winner: "ACCEPTED"}, {winner: "NONE"})
    # The page of the loser's mail is the winner's now.
    await post(office, page_of(office, alone, loser), answer="decline")
    assert await answers(alone) == {winner: "DECLINED"}
    await told.unmerge(loser)
    assert await answers(alone) == {loser: "DECLINED"}
    assert await answers(both) == {winner: "NONE", loser: "ACCEPTED"}


async def test_what_is_written_about_the_loser_after_the_merge_follows_to_the_winner(
    office: Office, told: Told
) -> None:
    winner, loser = await told.contact("Zoé"), await told.contact("Zoe")
    await told.merge(winner, loser)
    deal = await do(office, "createDeal", {"title": "Tard", "primaryContactId": loser}, show="primaryContact { id }")
    assert deal["primaryContact"]["id"] == winner
    note = await do(office, "writeNote", {"title": "Tard aussi", "contactId": loser}, show="contact { id }")
    assert note["contact"]["id"] == winner
    assert titles(await seen(office, deal["id"], winner)) == ["Tard aussi", "deal_created"]


async def test_a_chain_is_followed_whichever_step_comes_first_and_undone_from_its_end(
    office: Office, told: Told
) -> None:
    first, second, last = [await told.contact(name) for name in ("A", "B", "C")]
    deal = (await do(office, "createDeal", {"title": "Chaîne", "primaryContactId": first}))["id"]
    await told.merge(last, second)
    await told.merge(second, first)
    assert (await seen(office, deal, last))["primaryContact"]["id"] == last
    await told.unmerge(second)
    assert (await seen(office, deal, last))["primaryContact"]["id"] == second
    await told.unmerge(first)
    assert (await seen(office, deal, last))["primaryContact"]["id"] == first


async def test_an_older_message_and_a_repeated_one_change_nothing(office: Office, told: Told) -> None:
    winner, loser = await told.contact("Zoé"), await told.contact("Zoe")
    deal = (await do(office, "createDeal", {"title": "Une fois", "primaryContactId": loser}))["id"]
    await told.merge(winner, loser)
    merged = await seen(office, deal, winner)
    await told.changed(loser, winner, version=2)
    await told.changed(loser, "", version=1)
    await office.knows(await told.contact("Repère"))
    assert await seen(office, deal, winner) == merged


async def test_a_merge_and_its_undoing_are_facts_on_the_timelines(office: Office, told: Told) -> None:
    winner, loser = await told.contact("Zoé"), await told.contact("Zoe")
    deal = (await do(office, "createDeal", {"title": "Faits", "primaryContactId": winner}))["id"]
    merge = pb.Merge(id=format_id("merge", new_id()), winner_id=winner, loser_id=loser, actor_id=office.id_of())
    merge.at.GetCurrentTime()
    for undone in (False, True):
        merge.undone = undone
        body = pb.MergeChanged(merge=merge)
        await office.tell("merge", parse_id("merge", merge.id), body, 1 + undone)

    async def both() -> bool:
        return titles(await seen(office, deal, winner)) == ["contact_merged", "contact_unmerged", "deal_created"]

    await until(both, what="both facts")
    assert titles(await seen(office, deal, loser)) == ["contact_unmerged"]


async def test_a_purge_is_a_fact_on_the_timelines_of_the_deals_that_stay(office: Office, told: Told) -> None:
    contact = await told.contact("Zoé")
    deal = (await do(office, "createDeal", {"title": "Reste", "primaryContactId": contact}))["id"]
    gone = pb.Contact(id=contact, family_name="[purged]", deleted=True, purged=True)
    await office.tell("contact", parse_id("contact", contact), pb.ContactChanged(contact=gone), 2)
    purge = pb.Purge(id=format_id("purge", new_id()), subject_id=contact, actor_id=office.id_of())
    purge.at.GetCurrentTime()
    await office.tell("purge", parse_id("purge", purge.id), pb.PurgeMade(purge=purge), 1)
    query = """query($d: ID!) { deal(id: $d) { primaryContact { id }
        timeline { edges { node { ... on Notification { kind } } } } } }"""

    async def on_the_deal() -> bool:
        found = (await office.data(query, d=deal))["deal"]
        kinds = [edge["node"].get("kind") for edge in found["timeline"]["edges"]]
        return found["primaryContact"]["id"] == contact and sorted(kinds) == ["contact_purged", "deal_created"]

    await until(on_the_deal, what="the fact")
    assert titles(await seen(office, deal, contact)) == ["contact_purged", "deal_created"]


async def test_pairs_that_may_be_the_same_are_copied_until_they_are_settled(office: Office, told: Told) -> None:
    first, second = await told.contact("Zoé"), await told.contact("Zoe")
    await told.pair(first, second)
    await told.pair(first, second, "MERGED", version=2)


async def test_the_application_takes_nothing_from_a_timeline_but_what_a_merge_put_there(
    office: Office, told: Told
) -> None:
    winner, loser = await told.contact("Zoé"), await told.contact("Zoe")
    await do(office, "writeNote", {"title": "Appel", "contactId": loser})
    await told.merge(winner, loser)
    count = select(func.count()).select_from(model.TimelineEntry)
    async with office.house.running.database.unit_of_work(_system(office)) as work:
        assert await work.session.scalar(count) == 2
        await work.session.execute(text("DELETE FROM timeline_entry"))
        assert await work.session.scalar(count) == 1


def _system(office: Office) -> Any:
    from chassis.auth import Actor

    return Actor.system(office.organization)


def test_every_column_that_names_a_contact_or_an_account_follows_or_says_why_not() -> None:
    known = {place.name for place in PLACES} | set(STAYING)
    naming = {
        f"{table.name}.{column.name}"
        for table in model.Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(("contact_id", "account_id", "person_id"))
    }
    assert naming == known
