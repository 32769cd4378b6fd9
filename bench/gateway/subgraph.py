"""The three static subgraphs in one process: `python -m bench.gateway.subgraph contacts:4101 deals:4102 …`.

Any query is executed for what it is, once; the same body again gets the same bytes, so that the
subgraphs cost next to nothing while a gateway is measured, whatever queries it writes.
"""

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import httptools
import orjson
import uvloop
from graphql import GraphQLSchema, build_schema, execute_sync, parse

from bench.gateway import data

HERE = Path(__file__).parent / "subgraphs"
FEDERATION = """
directive @link(url: String!, import: [String!]) repeatable on SCHEMA
directive @key(fields: String!) repeatable on OBJECT
schema { query: Query }
scalar _Any
type _Service { sdl: String! }
extend type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }
"""

Loader = Callable[[str], data.Entity]
LOADERS: dict[str, dict[str, Loader]] = {
    "contacts": {"Contact": data.contact, "Account": data.account},
    "deals": {"Contact": data.contact_deals, "Account": data.account_deals, "Deal": data.deal},
    "notifier": {"Contact": data.contact_inbox, "Deal": data.deal_messages, "Message": data.message},
}


class Subgraph:
    """Answers GraphQL requests from the tables in `data`."""

    def __init__(self, name: str) -> None:
        self._loaders = LOADERS[name]
        self._sdl = (HERE / f"{name}.graphql").read_text()
        self._schema = self._build()
        self._answers: dict[bytes, bytes] = {}

    def _build(self) -> GraphQLSchema:
        union = f"union _Entity = {' | '.join(self._loaders)}"
        schema = build_schema(self._sdl + FEDERATION + union)
        assert schema.query_type is not None
        roots = schema.query_type.fields
        roots["_entities"].resolve = self._entities
        roots["_service"].resolve = lambda _root, _info: {"sdl": self._sdl}
        if "contacts" in roots:
            roots["contacts"].resolve = lambda _root, _info, page: data.page(page)
        return schema

    def _entities(self, _root: object, _info: object, representations: list[data.Entity]) -> list[data.Entity]:
        return [self._loaders[each["__typename"]](each["id"]) for each in representations]

    def answer(self, body: bytes) -> bytes:
        """The whole HTTP response to a POST of `body`."""
        answer = self._answers.get(body)
        if answer is None:
            answer = self._answers[body] = self._execute(orjson.loads(body))
        return answer

    def _execute(self, request: dict[str, Any]) -> bytes:
        result = execute_sync(
            self._schema,
            parse(request["query"]),
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
        )
        content = orjson.dumps(result.formatted)
        return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
            len(content),
            content,
        )


class Connection(asyncio.Protocol):
    """An HTTP/1.1 keep-alive connection of a gateway."""

    def __init__(self, subgraph: Subgraph) -> None:
        self._subgraph = subgraph
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports do not subclass asyncio's

    def data_received(self, chunk: bytes) -> None:
        self._parser.feed_data(chunk)

    def on_message_begin(self) -> None:
        self._body = b""

    def on_body(self, part: bytes) -> None:
        self._body = self._body + part if self._body else part

    def on_message_complete(self) -> None:
        self._transport.write(self._subgraph.answer(self._body))


async def serve(ports: dict[str, int]) -> None:
    """Serve each named subgraph on its port until the process is ended."""
    loop = asyncio.get_running_loop()
    for name, port in ports.items():
        subgraph = Subgraph(name)
        await loop.create_server(partial(Connection, subgraph), "127.0.0.1", port, backlog=512)
    print("listening", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve({name: int(port) for name, port in (argument.split(":") for argument in sys.argv[1:])}))
