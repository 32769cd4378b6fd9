"""Timelines: everything in one order, each entry once, and what was there stays."""

from typing import Any

import pytest

from chassis.auth import Role
from tests.deals.house import House, Office
from tests.deals.test_alerts import LATER

PAGE = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $kinds: [TimelineKind!]) {
  deal(id: $id) { timeline(first: $first, after: $after, last: $last, before: $before, kinds: $kinds) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { node { __typename ... on Event { id } ... on Notification { id kind } ... on Alert { id } } } } } }"""
ENTITIES = """query($r: [_Any!]!) { _entities(representations: $r) {
  ... on Contact { timeline { edges { node { __typename ... on Event { id } ... on Notification { kind } } } } }
  ... on Account { timeline { edges { node { __typename ... on Event { id } ... on Notification { kind } } } } } } }"""


async def page(office: Office, deal: str, **arguments: Any) -> Any:
    """One page of a deal's timeline."""
    return (await office.data(PAGE, id=deal, **arguments))["deal"]["timeline"]


async def nodes(office: Office, kind: str, id: str) -> list[Any]:
    """The timeline of a contact or account, as the gateway asks for it."""
    (entity,) = (await office.data(ENTITIES, r=[{"__typename": kind, "id": id}]))["_entities"]
    return [edge["node"] for edge in entity["timeline"]["edges"]]


async def a_busy_deal(office: Office) -> str:
    """A deal with events, facts and an alert."""
    deal = await office.a_deal()
    await office.a_note(dealId=deal)
    await office.sweep_once(LATER)
    for number in range(3):
        await office.do("updateDeal", id=deal, title=f"Titre {number}")
        await office.an_appointment(24 + number, dealId=deal)
    return deal


async def test_a_timeline_has_events_facts_and_alerts_newest_first(office: Office) -> None:
    deal = await a_busy_deal(office)
    told = await page(office, deal)
    names = [edge["node"]["__typename"] for edge in told["edges"]]
    assert sorted(set(names)) == ["Alert", "Event", "Notification"]
    assert told["totalCount"] == len(names)
    oldest = told["edges"][-1]["node"]
    assert (oldest["__typename"], oldest["kind"]) == ("Notification", "deal_created")
    only = await page(office, deal, kinds=["EVENT"])
    assert [edge["node"]["__typename"] for edge in only["edges"]] == ["Event"] * 4


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_pages_give_each_entry_once_in_both_directions_whatever_is_written_meanwhile(
    office: Office, size: int
) -> None:
    deal = await office.a_deal()
    for number in range(4):
        await office.do("updateDeal", id=deal, title=f"Titre {number}")
        await office.a_note(dealId=deal)
    whole = [edge["node"]["id"] for edge in (await page(office, deal, first=200))["edges"]]
    forwards: list[str] = []
    cursor, more = None, True
    while more:
        told = await page(office, deal, first=size, after=cursor)
        forwards += [edge["node"]["id"] for edge in told["edges"]]
        cursor, more = told["pageInfo"]["endCursor"], told["pageInfo"]["hasNextPage"]
        await office.a_note(dealId=deal)
    assert forwards == whole
    now = [edge["node"]["id"] for edge in (await page(office, deal, first=200))["edges"]]
    backwards: list[str] = []
    cursor, more = None, True
    while more:
        told = await page(office, deal, last=size, before=cursor)
        backwards = [edge["node"]["id"] for edge in told["edges"]] + backwards
        cursor, more = told["pageInfo"]["startCursor"], told["pageInfo"]["hasPreviousPage"]
    assert backwards == now
    assert set(now) > set(whole)


async def test_a_contact_and_an_account_have_what_happened_on_their_deals_and_on_them_alone(office: Office) -> None:
    contact, other, account = await office.a_contact(), await office.a_contact("Max"), await office.an_account()
    people = {"primaryContactId": contact, "participants": [{"contactId": other, "part": "conseil"}]}
    deal = await office.a_deal(accountId=account, **people)
    on_deal, alone = await office.a_note(dealId=deal), await office.a_note(contactId=contact)
    created = {"__typename": "Notification", "kind": "deal_created"}
    event = {"__typename": "Event", "id": on_deal}
    assert await nodes(office, "Contact", contact) == [{"__typename": "Event", "id": alone}, event, created]
    assert await nodes(office, "Contact", other) == [event, created]
    assert await nodes(office, "Account", account) == [event, created]


async def test_what_was_on_a_timeline_stays_there(office: Office) -> None:
    before, after = await office.a_contact(), await office.a_contact("Max")
    deal = await office.a_deal(primaryContactId=before)
    note = await office.a_note(dealId=deal)
    await office.do("updateDeal", id=deal, primaryContactId=after)
    later = await office.a_note(dealId=deal)
    assert {"__typename": "Event", "id": note} in await nodes(office, "Contact", before)
    assert {"__typename": "Event", "id": later} not in await nodes(office, "Contact", before)
    assert (await nodes(office, "Contact", after))[0] == {"__typename": "Event", "id": later}


async def test_a_timeline_of_another_organization_is_empty(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    contact = await office.a_contact()
    await office.a_note(contactId=contact)
    assert await nodes(other, "Contact", contact) == []


async def test_a_cursor_of_another_list_is_refused(office: Office) -> None:
    deal = await office.a_deal()
    answer = await office.ask(PAGE, id=deal, first=1, after="WzFd")
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


BURST = """query($id: ID!, $people: [ID!]) { deal(id: $id) { timeline(people: $people) { totalCount edges { node {
  __typename ... on Event { id } ... on Notification { id kind times cause at lastAt shownAs actor { id }
  changes { field before after } } } } } } }"""


async def burst(office: Office, deal: str, **variables: Any) -> list[Any]:
    """The entries of a deal's timeline, facts with what they are shown with."""
    told = (await office.data(BURST, id=deal, **variables))["deal"]["timeline"]
    assert told["totalCount"] == len(told["edges"])
    return [edge["node"] for edge in told["edges"]]


async def test_changes_of_one_person_within_minutes_are_shown_as_one(office: Office) -> None:
    deal = await office.a_deal(title="A")
    for title in "BCD":
        await office.do("updateDeal", id=deal, title=title)
    await office.do("updateDeal", id=deal, title="D", amount="5", currency="EUR")
    newest, oldest = await burst(office, deal)
    assert (newest["kind"], newest["times"], oldest["kind"]) == ("deal_changed", 4, "deal_created")
    assert newest["changes"] == [
        {"field": "title", "before": "A", "after": "D"},
        {"field": "amount", "before": None, "after": "5"},
        {"field": "currency", "before": None, "after": "EUR"},
    ]
    assert newest["lastAt"] > newest["at"]
    assert (newest["cause"], newest["shownAs"]) == ("mutation updateDeal", newest["id"])


async def test_a_burst_ends_where_somebody_else_or_something_else_comes_between(office: Office) -> None:
    deal = await office.a_deal()
    await office.do("updateDeal", id=deal, title="B")
    await office.do("updateDeal", Role.ADMIN, id=deal, title="C")
    await office.do("updateDeal", id=deal, title="D")
    await office.a_note(dealId=deal)
    await office.do("updateDeal", id=deal, title="E")
    entries = await burst(office, deal)
    assert [entry.get("times") for entry in entries] == [1, None, 1, 1, 1, 1]


async def test_a_burst_that_another_timeline_does_not_know_begins_anew(office: Office) -> None:
    deal = await office.a_deal()
    await office.do("updateDeal", id=deal, title="B")
    heir = await office.a_contact("Max")
    await office.do("updateDeal", id=deal, primaryContactId=heir)
    assert [entry["times"] for entry in await burst(office, deal)] == [1, 1, 1]
    assert [one["kind"] for one in await nodes(office, "Contact", heir)] == ["deal_changed"]


async def test_a_timeline_is_filtered_by_who_wrote_or_did_it(office: Office) -> None:
    deal = await office.a_deal()
    note = await office.a_note(dealId=deal)
    await office.do("updateDeal", Role.ADMIN, id=deal, title="B")
    (mine,) = await burst(office, deal, people=[office.id_of(Role.ADMIN)])
    assert mine["actor"] == {"id": office.id_of(Role.ADMIN)}
    theirs = await burst(office, deal, people=[office.id_of()])
    assert [one.get("kind") or one["id"] for one in theirs] == [note, "deal_created"]
    refused = await office.ask(BURST, id=deal, people=["contact_x"])
    assert refused["errors"][0]["extensions"]["code"] == "INVALID_ID"
