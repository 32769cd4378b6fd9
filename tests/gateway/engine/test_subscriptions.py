"""Events completed by federation: what a subgraph sends, or a bare entity representation."""

from typing import Any

import orjson
import pytest
from graphql import parse

from gateway.engine import Operation
from gateway.errors import VariablesInvalid
from tests.gateway.engine.suite import load
from tests.gateway.engine.world import Network

RUNNING = load("events")


def operation(query: str) -> Operation:
    return RUNNING.engine.prepare(parse(query), None)


async def complete(query: str, payload: dict[str, Any], network: Network | None = None, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(
        await operation(query).complete(payload, {}, network or RUNNING.suite.network(), **more)
    )
    return answer


def test_the_subscription_tells_whom_to_ask_and_what() -> None:
    source = operation(
        "subscription ($id: ID) { changed: dealChanged(id: $id) { title contact { name } } }"
    ).subscription
    assert (source.subgraph, source.field, source.key) == ("deals", "dealChanged", "changed")
    body = orjson.loads(source.body({"id": "d1"}))
    assert body["variables"] == {"id": "d1"}
    assert body["query"] == "subscription($id:ID){changed:dealChanged(id: $id){title contact{id}}}"
    with pytest.raises(VariablesInvalid):
        source.body({"id": {}})


async def test_what_the_subgraph_sends_is_completed_by_the_others() -> None:
    network = RUNNING.suite.network()
    payload = {"dealChanged": {"title": "new", "contact": {"id": "c1"}}}
    answer = await complete("subscription { dealChanged { title contact { name } } }", payload, network)
    assert answer == {"data": {"dealChanged": {"title": "new", "contact": {"name": "Ada"}}}}
    assert [name for name, _ in network.calls] == ["contacts"]


async def test_a_representation_is_completed_by_everybody() -> None:
    network = RUNNING.suite.network()
    event = {"__typename": "Deal", "id": "d1"}
    answer = await complete("subscription { dealChanged { key: id title contact { name } } }", event, network)
    assert answer == {"data": {"dealChanged": {"key": "d1", "title": "Lot 1", "contact": {"name": "Ada"}}}}
    assert [name for name, _ in network.calls] == ["deals", "contacts"]


async def test_a_representation_whose_key_is_all_that_is_asked_needs_nobody() -> None:
    network = RUNNING.suite.network()
    answer = await complete(
        "subscription { dealChanged { id __typename } }", {"__typename": "Deal", "id": "d1"}, network
    )
    assert answer == {"data": {"dealChanged": {"id": "d1", "__typename": "Deal"}}}
    assert network.calls == []


async def test_a_representation_of_an_abstract_type_is_completed_by_its_own() -> None:
    fields = "__typename id deal { title } ... on Note { text mails } ... on Call { minutes }"
    query = f"subscription {{ eventCreated {{ {fields} }} }}"
    note = await complete(query, {"__typename": "Note", "id": "n1"})
    assert note["data"]["eventCreated"] == {
        "__typename": "Note", "id": "n1", "deal": {"title": "Lot 1"}, "text": "hello", "mails": 3
    }  # fmt: skip
    call = await complete(query, {"__typename": "Call", "id": "k1"})
    assert call["data"]["eventCreated"] == {"__typename": "Call", "id": "k1", "deal": None, "minutes": None}


async def test_an_entity_that_is_gone_is_told() -> None:
    answer = await complete("subscription { dealChanged { title } }", {"__typename": "Deal", "id": "gone"})
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["dealChanged", "title"]


async def test_errors_of_the_event_come_through() -> None:
    told = {"message": "half", "path": ["dealChanged", "contact"]}
    answer = await complete(
        "subscription { dealChanged { title contact { name } } }",
        {"dealChanged": {"title": "new", "contact": None}},
        errors=[told],
    )
    assert answer["data"] == {"dealChanged": {"title": "new", "contact": None}}
    assert answer["errors"][0]["path"] == ["dealChanged", "contact"]
    assert answer["errors"][0]["extensions"]["serviceName"] == "deals"
