"""Timelines: everything in one order, each entry once, and what was there stays."""

from typing import Any

import pytest

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


async def a_busy_deal(house: House, office: Office) -> str:
    """A deal with events, facts and an alert."""
    deal = await office.a_deal()
    await office.a_note(dealId=deal)
    await house.sweep_once(LATER)
    for number in range(3):
        await office.do("updateDeal", id=deal, title=f"Titre {number}")
        await office.an_appointment(24 + number, dealId=deal)
    return deal


async def test_a_timeline_has_events_facts_and_alerts_newest_first(house: House, office: Office) -> None:
    deal = await a_busy_deal(house, office)
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
