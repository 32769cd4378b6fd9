"""What the executor leaves out when all is as it should be, and that it notices when it is not."""

import asyncio
from typing import Any

import orjson
import pytest
from graphql import parse

from tests.gateway.engine.suite import load
from tests.gateway.engine.world import Network, Object

RUNNING = load("stubs")
PEOPLE = "{ messages { author { id name nickname } } }"
MOODS = "{ messages { reader { id name mood } } }"


class Slow(Network):
    """Some subgraphs answer last."""

    def __init__(self, slow: str) -> None:
        super().__init__(RUNNING.suite.network().services)
        self.slow = slow

    async def fetch(self, subgraph: str, body: bytes, mutation: bool) -> bytes:
        for _ in range(50 if subgraph == self.slow else 0):
            await asyncio.sleep(0)
        return await super().fetch(subgraph, body, mutation)


def telling(network: Network, subgraph: str, change: Any) -> Network:
    """The network with one subgraph's entities changed."""

    def answer(request: Object) -> bytes:
        answered = network.services[subgraph].answer(request)
        answered["data"]["_entities"] = change(answered["data"]["_entities"])
        return orjson.dumps(answered)

    network.answers[subgraph] = answer
    return network


async def test_equal_stubs_are_asked_about_once() -> None:
    network = RUNNING.suite.network()
    await RUNNING.ask(PEOPLE, network=network)
    (_, (subgraph, request)) = network.calls
    representations = next(iter(request["variables"].values()))
    assert (subgraph, [one["id"] for one in representations]) == ("people", ["ann", "bob"])


@pytest.mark.parametrize("slow", ["people", "moods"])
async def test_fields_come_in_the_clients_order_whoever_answers_first(slow: str) -> None:
    operation = RUNNING.engine.prepare(parse(MOODS))
    answer = orjson.loads(await operation.execute({}, Slow(slow)))
    assert [list(message["reader"]) for message in answer["data"]["messages"]] == [["id", "name", "mood"]] * 4


async def test_a_null_that_may_be_is_no_error() -> None:
    answer = await RUNNING.ask(PEOPLE)
    assert [message["author"] and message["author"]["nickname"] for message in answer["data"]["messages"]] == [
        None,
        None,
        None,
        "B",
    ]
    assert "errors" not in answer


async def test_a_null_that_may_not_be_takes_its_object_along_wherever_it_is() -> None:
    network = telling(RUNNING.suite.network(), "people", lambda found: [{**found[0], "name": None}, *found[1:]])
    answer = await RUNNING.ask(PEOPLE, network=network)
    assert [message["author"] for message in answer["data"]["messages"]] == [
        None,
        None,
        None,
        {"id": "bob", "name": "Bob", "nickname": "B"},
    ]
    assert [error["path"] for error in answer["errors"]] == [
        ["messages", 0, "author", "name"],
        ["messages", 1, "author", "name"],
    ]


@pytest.mark.parametrize("change", [lambda found: [None, *found[1:]], lambda found: found[:-1], lambda _: None])
async def test_an_entity_that_is_missing_is_noticed(change: Any) -> None:
    network = telling(RUNNING.suite.network(), "moods", change)
    answer = await RUNNING.ask(MOODS, network=network)
    assert answer["data"] is None
    assert answer["errors"]


async def test_a_field_that_is_missing_is_noticed() -> None:
    network = telling(RUNNING.suite.network(), "people", lambda found: [{"nickname": None} for _ in found])
    answer = await RUNNING.ask(PEOPLE, network=network)
    assert [message["author"] for message in answer["data"]["messages"]] == [None] * 4
    assert answer["errors"]


async def test_a_field_that_may_be_null_is_there_all_the_same() -> None:
    network = telling(RUNNING.suite.network(), "people", lambda found: [{"name": one["name"]} for one in found])
    answer = await RUNNING.ask(PEOPLE, network=network)
    assert answer["data"]["messages"][0]["author"] == {"id": "ann", "name": "Ann", "nickname": None}
