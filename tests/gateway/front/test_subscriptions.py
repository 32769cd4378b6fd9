import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.gateway.front.world import World, world

COUNT = "subscription { countdown(start: 3) }"


@asynccontextmanager
async def socket(w: World, init: dict[str, Any] | None = None) -> AsyncIterator[ClientConnection]:
    url = w.url.replace("http", "ws") + "/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as ws:
        if init is not None:
            await say(ws, type="connection_init", payload=init)
            assert (await hear(ws))["type"] == "connection_ack"
        yield ws


async def say(ws: ClientConnection, **message: Any) -> None:
    await ws.send(json.dumps(message))


async def hear(ws: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(ws.recv(), 15))
    return message


async def hear_all(ws: ClientConnection) -> list[Any]:
    """Payloads until the operation is complete."""
    payloads = []
    while (message := await hear(ws))["type"] == "next":
        payloads.append(message["payload"])
    assert message["type"] == "complete"
    return payloads


async def sse(w: World, query: str, headers: dict[str, str] | None = None) -> AsyncIterator[tuple[str, Any]]:
    """Events as (name, data)."""
    request = {"accept": "text/event-stream", **(headers or {})}
    async with w.client.stream("POST", "/graphql", json={"query": query}, headers=request) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream"), await answer.aread()
        event: dict[str, str] = {}
        async for line in answer.aiter_lines():
            name, _, value = line.partition(":")
            if name:
                event[name] = value.strip()
            elif event:
                yield event["event"], json.loads(event["data"]) if event.get("data") else None
                event = {}


async def test_a_subgraphs_subscription_comes_through_a_websocket() -> None:
    async with world() as w, socket(w, {}) as ws:
        await say(ws, type="subscribe", id="1", payload={"query": COUNT})
        assert await hear_all(ws) == [{"data": {"countdown": n}} for n in (3, 2, 1)]


async def test_a_subgraphs_subscription_comes_as_server_sent_events() -> None:
    async with world() as w:
        events = [event async for event in sse(w, COUNT)]
    assert events == [*(("next", {"data": {"countdown": n}}) for n in (3, 2, 1)), ("complete", None)]


async def test_each_event_is_completed_from_other_subgraphs() -> None:
    async with world() as w, socket(w, {}) as ws:
        query = "subscription { bookAdded { title reviews { stars } } }"
        await say(ws, type="subscribe", id="a", payload={"query": query})
        async with asyncio.timeout(5):
            while not w.shelf.added:  # noqa: ASYNC110  # the subgraph has no event for it
                await asyncio.sleep(0.01)
        await w.ask('mutation { addBook(title: "Bel-Ami") { id } }')
        book = {"title": "Bel-Ami", "reviews": [{"stars": 5}]}
        assert (await hear(ws))["payload"] == {"data": {"bookAdded": book}}
        await say(ws, type="complete", id="a")
        async with asyncio.timeout(5):
            while w.shelf.added:  # noqa: ASYNC110  # as above: completing ends it in the subgraph too
                await asyncio.sleep(0.01)


async def test_queries_run_over_a_websocket_and_over_sse() -> None:
    async with world() as w:
        async with socket(w, {}) as ws:
            await say(ws, type="subscribe", id="q", payload={"query": "{ book(id: 1) { title } }"})
            assert await hear_all(ws) == [{"data": {"book": {"title": "Candide"}}}]
            await say(ws, type="subscribe", id="q", payload={"query": "{ nothing }"})
            refused = await hear(ws)
            assert refused["type"] == "error"
            assert refused["payload"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        events = [event async for event in sse(w, "{ book(id: 1) { title } }")]
        assert events == [("next", {"data": {"book": {"title": "Candide"}}}), ("complete", None)]


async def test_plain_http_tells_where_to_subscribe() -> None:
    async with world() as w:
        answer = await w.ask(COUNT)
        assert answer.status_code == 406
        assert answer.json()["errors"][0]["extensions"]["code"] == "SUBSCRIPTION_NEEDS_STREAM"


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["nonsense"], 4400),
        (["[]"], 4400),
        (['{"type":"subscribe","id":"1","payload":{"query":"{__typename}"}}'], 4401),
        (['{"type":"connection_init"}', '{"type":"connection_init"}'], 4429),
        (['{"type":"connection_init"}', '{"type":"dance"}'], 4400),
        (['{"type":"connection_init"}', '{"type":"subscribe","payload":{"query":"{__typename}"}}'], 4400),
        (
            [
                '{"type":"connection_init"}',
                '{"type":"subscribe","id":"1","payload":{"query":"subscription { bookAdded { id } }"}}',
                '{"type":"subscribe","id":"1","payload":{"query":"subscription { bookAdded { id } }"}}',
            ],
            4409,
        ),
    ],
)
async def test_a_client_that_breaks_the_protocol_is_closed_with_its_code(messages: list[str], code: int) -> None:
    async with world() as w, socket(w) as ws:
        for message in messages:
            await ws.send(message)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await hear(ws)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code


async def test_another_subprotocol_is_not_spoken() -> None:
    async with world() as w, connect(w.url.replace("http", "ws") + "/graphql", proxy=None) as ws:
        with pytest.raises(ConnectionClosed) as closed:
            await ws.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4406


async def test_a_client_that_leaves_ends_its_subscription_in_the_subgraph() -> None:
    async with world() as w:
        async with w.client.stream(
            "POST",
            "/graphql",
            json={"query": "subscription { bookAdded { id } }"},
            headers={"accept": "text/event-stream"},
        ):
            async with asyncio.timeout(5):
                while not w.shelf.added:  # noqa: ASYNC110  # the subgraph has no event for it
                    await asyncio.sleep(0.01)
        async with asyncio.timeout(5):
            while w.shelf.added:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.01)


async def test_a_get_streams_and_writes_nothing() -> None:
    events = {"accept": "text/event-stream"}
    async with world() as w:
        got = await w.client.get("/graphql", params={"query": COUNT}, headers=events)
        assert got.text.count("event: next") == 3
        mutation = 'mutation { addBook(title: "x") { id } }'
        refused = await w.client.get("/graphql", params={"query": mutation}, headers=events)
        assert refused.status_code == 405
        assert len(w.shelf.titles) == 3


@pytest.mark.parametrize(
    ("origin", "let_in"), [("https://evil.example", False), ("https://app.example", True), ("own", True), (None, True)]
)
async def test_pages_of_other_sites_cannot_open_a_websocket_where_no_token_is_needed(
    origin: str | None, let_in: bool
) -> None:
    async with world(cors_origins=("https://app.example",)) as w:
        url = w.url.replace("http", "ws") + "/graphql"
        sent = Origin(w.url if origin == "own" else origin) if origin else None
        opening = connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None, origin=sent)
        if not let_in:
            with pytest.raises(InvalidStatus, match="403"):
                await opening
        else:
            async with opening as ws:
                await say(ws, type="connection_init")
                assert (await hear(ws))["type"] == "connection_ack"
