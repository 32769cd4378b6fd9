"""Subscriptions fed by NATS: a real broker, real tokens, real subgraphs."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest_asyncio

from chassis.bus import Bus
from chassis.config import BrokerSettings
from chassis.topology import Stream, Topology
from tests.gateway.front.test_subscriptions import hear, say, socket
from tests.gateway.front.tokens import Issuer
from tests.gateway.front.world import World, world
from tests.support.nats import Nats, run_nats

MAPPING = {
    "bookChanged": {
        "stream": "LIBRARY",
        "subjects": ["library.book.changed.{argument:shelf}"],
        "where": [{"header:organization": "{claim:org}"}],
        "entity": [{"__typename": "Book", "id": "{payload:book.id}"}],
    }
}
CHANGES = "subscription($shelf: String) { bookChanged(shelf: $shelf) { id title reviews { stars } } }"


@pytest_asyncio.fixture(scope="module")
async def nats(tmp_path_factory: Any) -> AsyncIterator[Nats]:
    async with run_nats(tmp_path_factory.mktemp("nats")) as server:
        yield server


class Library:
    """Publishes changes of books."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def change(self, book: str, organization: str = "acme", shelf: str = "a") -> None:
        payload = json.dumps({"book": {"id": book}}).encode()
        await self._bus.publish(f"library.book.changed.{shelf}", payload, {"organization": organization})


@asynccontextmanager
async def fed_world(nats: Nats, folder: Path) -> AsyncIterator[tuple[World, Library, Issuer]]:
    bus = await Bus.connect(BrokerSettings(nats_url=nats.url), "test")
    await bus.apply(Topology(streams=[Stream("LIBRARY", ["library.>"])]))
    mapping = folder / "subscriptions.json"
    mapping.write_text(json.dumps(MAPPING))
    issuer = Issuer(folder)
    async with world(subscriptions_file=mapping, nats_url=nats.url, identity=issuer.trusted()) as w:
        yield w, Library(bus), issuer
    await bus.close()


async def subscribe(ws: Any, shelf: str | None = None, cursor: str | None = None, name: str = "1") -> None:
    payload = {"query": CHANGES, "variables": {"shelf": shelf}, "extensions": {"cursor": cursor} if cursor else {}}
    await say(ws, type="subscribe", id=name, payload=payload)
    await asyncio.sleep(0.3)  # the consumer at the broker is being made


async def titles(ws: Any, number: int) -> list[str]:
    return [(await hear(ws))["payload"]["data"]["bookChanged"]["title"] for _ in range(number)]


async def test_a_message_is_completed_by_federation(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer), socket(w, issuer.headers()) as ws:
        await subscribe(ws)
        await library.change("2")
        event = (await hear(ws))["payload"]
        assert event["data"] == {"bookChanged": {"id": "2", "title": "Germinal", "reviews": [{"stars": 3}]}}
        assert event["extensions"]["cursor"].isdigit()


async def test_another_organizations_messages_do_not_come(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer), socket(w, issuer.headers()) as ws:
        await subscribe(ws)
        await library.change("1", organization="rival")
        await library.change("3")
        assert await titles(ws, 1) == ["Nana"]


async def test_what_the_subgraph_hides_from_the_caller_does_not_come(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer), socket(w, issuer.headers()) as ws:
        w.shelf.hidden.add("1")
        await subscribe(ws)
        await say(ws, type="subscribe", id="2", payload={"query": "subscription { bookChanged { id } }"})
        await library.change("1")
        await library.change("2")
        assert {(await hear(ws))["payload"]["data"]["bookChanged"]["id"] for _ in range(2)} == {"2"}


async def test_an_argument_chooses_the_subject_and_wildcards_in_it_choose_nothing_more(
    nats: Nats, tmp_path: Path
) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer), socket(w, issuer.headers()) as ws:
        await subscribe(ws, shelf="b")
        await library.change("1", shelf="a")
        await library.change("2", shelf="b")
        assert await titles(ws, 1) == ["Germinal"]


async def test_a_client_that_comes_back_with_its_cursor_misses_nothing(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer):
        async with socket(w, issuer.headers()) as ws:
            await subscribe(ws)
            await library.change("1")
            cursor = (await hear(ws))["payload"]["extensions"]["cursor"]
        await library.change("2")
        await library.change("3")
        async with socket(w, issuer.headers()) as ws:
            await subscribe(ws, cursor=cursor)
            assert await titles(ws, 2) == ["Germinal", "Nana"]
            await library.change("1")
            assert await titles(ws, 1) == ["Candide"]


async def test_server_sent_events_resume_by_their_last_id(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer):
        async with socket(w, issuer.headers()) as ws:
            await subscribe(ws)
            await library.change("1")
            cursor = (await hear(ws))["payload"]["extensions"]["cursor"]
        await library.change("3")
        headers = {"accept": "text/event-stream", "last-event-id": cursor, **issuer.headers()}
        async with w.client.stream("POST", "/graphql", json={"query": CHANGES}, headers=headers) as answer:
            lines = answer.aiter_lines()
            event = [await anext(lines) for _ in range(3)]
        assert event[0] == "event: next"
        assert int(event[1].removeprefix("id: ")) > int(cursor)
        assert json.loads(event[2].removeprefix("data: "))["data"]["bookChanged"]["title"] == "Nana"


async def test_a_cursor_that_is_none_is_told(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, _, issuer), socket(w, issuer.headers()) as ws:
        await subscribe(ws, cursor="yesterday")
        assert (await hear(ws))["payload"]["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


async def test_a_token_that_ends_ends_its_subscription_at_the_next_message(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer), socket(w, issuer.headers(seconds=1)) as ws:
        await subscribe(ws)
        await asyncio.sleep(1.2)
        await library.change("1")
        assert (await hear(ws))["payload"]["errors"][0]["extensions"]["code"] == "TOKEN_EXPIRED"


async def test_many_subscribers_share_one_consumer(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer), socket(w, issuer.headers()) as ws:
        for number in range(20):
            await say(ws, type="subscribe", id=str(number), payload={"query": CHANGES})
        await asyncio.sleep(0.4)
        await library.change("1")
        assert sorted([(await hear(ws))["id"] for _ in range(20)], key=int) == [str(number) for number in range(20)]


async def test_a_broker_that_was_away_costs_no_message(nats: Nats, tmp_path: Path) -> None:
    async with fed_world(nats, tmp_path) as (w, library, issuer), socket(w, issuer.headers()) as ws:
        await subscribe(ws)
        await library.change("1")
        assert await titles(ws, 1) == ["Candide"]
        await nats.control.stop()
        await nats.control.start()
        async with asyncio.timeout(20):
            while True:
                try:
                    await library.change("2")
                    break
                except Exception:
                    await asyncio.sleep(0.2)
        assert await titles(ws, 1) == ["Germinal"]
