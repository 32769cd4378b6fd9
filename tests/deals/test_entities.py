"""What the gateway asks for: entities, in as few statements as there are tables."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from tests.deals.house import House, Office
from tests.deals.test_alerts import LATER

ENTITIES = """query($r: [_Any!]!) { _entities(representations: $r) { __typename
  ... on Deal { id title stage { name } pipeline { name } participants { part } followers { id } alerts { id } }
  ... on Event { id title task { id } concerned { id } deal { title } }
  ... on Alert { id reason suggestions { label } deal { title } } ... on Task { id event { id } }
  ... on Stage { id name } ... on Pipeline { id name } ... on Notification { id kind }
  ... on Contact { id } ... on Account { id } } }"""


# What looks the caller up, once a request.
ADMISSION = "FROM organization LEFT OUTER JOIN collaborator"


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """The SELECTs sent during the block, those that open a transaction aside."""
    seen: list[str] = []

    def saw(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "set_config" not in statement and ADMISSION not in statement:
            seen.append(statement)

    engine = house.running.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", saw)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", saw)


async def entities(office: Office, kind: str, ids: list[str]) -> list[Any]:
    """The entities of these keys."""
    found = await office.data(ENTITIES, r=[{"__typename": kind, "id": id} for id in ids])
    entities: list[Any] = found["_entities"]
    return entities


async def test_entities_come_in_one_statement_per_table_however_many(house: House, office: Office) -> None:
    contact = await office.a_contact()
    deals = [await office.a_deal(title=str(place), primaryContactId=contact) for place in range(12)]
    await office.sweep_once(LATER)
    alerts = [
        edge["node"]["id"] for edge in (await office.data("{ alerts { edges { node { id } } } }"))["alerts"]["edges"]
    ]
    events = await asyncio.gather(*(office.an_instruction(dealId=deal) for deal in deals))
    for kind, ids, most in (("Deal", deals, 6), ("Event", list(events), 4), ("Alert", alerts, 3)):
        with statements(house) as seen:
            found = await entities(office, kind, ids)
        assert [one["id"] for one in found] == ids
        assert len(seen) == most, seen


async def test_an_entity_that_is_not_there_is_null_and_the_others_are(office: Office, house: House) -> None:
    mine, other = await office.a_deal(), await (await house.organization("Autre")).a_deal()
    found = await entities(office, "Deal", [mine, other, "deal_01h455vb4pex5vsknk084sn02q"])
    assert [one and one["id"] for one in found] == [mine, None, None]


async def test_every_kind_of_entity_is_found_by_its_key(office: Office) -> None:
    deal = await office.a_deal()
    event = await office.an_instruction(dealId=deal)
    await office.sweep_once(LATER)
    query = """query($d: ID!, $e: ID!) { event(id: $e) { task { id } } deal(id: $d) { stage { id } pipeline { id }
      primaryContact { id } timeline(kinds: [NOTIFICATION]) { edges { node { ... on Notification { id } } } } } }"""
    told = await office.data(query, d=deal, e=event)
    ids = {
        "Task": told["event"]["task"]["id"],
        "Stage": told["deal"]["stage"]["id"],
        "Pipeline": told["deal"]["pipeline"]["id"],
        "Notification": told["deal"]["timeline"]["edges"][0]["node"]["id"],
        "Contact": told["deal"]["primaryContact"]["id"],
        "Account": "account_01h455vb4pex5vsknk084sn02q",
    }
    for kind, id in ids.items():
        (found,) = await entities(office, kind, [id])
        assert (found["__typename"], found["id"]) == (kind, id)
