"""A gateway before real subgraphs, all of them served over sockets of this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from chassis.asgi import bind
from gateway.app import Gateway, create
from gateway.config import GatewaySettings, Upstream
from gateway.transport.direct import DirectProtocol
from tests.gateway.front.library import BOOKS, REVIEWS, Shelf, Subgraph

SUPERGRAPH = Path(__file__).parent / "library.graphql"
GRAPHQL = "application/graphql-response+json"


@asynccontextmanager
async def served(*apps: Any) -> AsyncIterator[list[str]]:
    """Serve ASGI applications on free ports; gives their base URLs."""
    listeners = [bind("127.0.0.1", 0) for _ in apps]
    servers = [uvicorn.Server(_config(app)) for app in apps]
    tasks = [
        asyncio.create_task(server._serve([listener])) for server, listener in zip(servers, listeners, strict=True)
    ]
    while not all(server.started for server in servers):  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.005)
    try:
        yield [f"http://127.0.0.1:{listener.getsockname()[1]}" for listener in listeners]
    finally:
        for server in servers:
            server.should_exit = server.force_exit = True
        await asyncio.gather(*tasks)


def _config(app: Any) -> uvicorn.Config:
    http = getattr(app, "connect", "auto")
    return uvicorn.Config(app, interface="asgi3", log_config=None, lifespan="off", http=http)


@dataclass
class World:
    """Everything that a test may touch."""

    shelf: Shelf
    gateway: Gateway
    client: httpx.AsyncClient
    url: str
    subgraph_urls: dict[str, str] = field(default_factory=dict)

    async def ask(self, query: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """POST a GraphQL request as a specification-following client."""
        return await self.client.post(
            "/graphql", json={"query": query, **more}, headers={"accept": GRAPHQL, **(headers or {})}
        )


@asynccontextmanager
async def world(supergraph: Path = SUPERGRAPH, **settings: Any) -> AsyncIterator[World]:
    """The gateway over books and reviews, with the given settings."""
    shelf = Shelf()
    stopping = asyncio.Event()
    late = Late()
    async with served(Subgraph(BOOKS, shelf), Subgraph(REVIEWS, shelf), late) as (books, reviews, url):
        urls = {"books": f"{books}/graphql", "reviews": f"{reviews}/graphql"}
        upstream = settings.pop("upstream", {})
        upstream = Upstream(**{"subgraph_urls": urls, **upstream})
        gateway = await create(GatewaySettings(supergraph=supergraph, upstream=upstream, **settings), stopping)
        late.app, late.lane = gateway.app, gateway.lane
        watcher = asyncio.create_task(gateway.supergraph_file.watch(stopping))
        async with httpx.AsyncClient(base_url=url) as client:
            yield World(shelf, gateway, client, url, urls)
        stopping.set()
        await watcher
        await gateway.close()


class Late:
    """An application that is known only after its server started."""

    app: Any = None
    lane: Any = None

    def connect(self, **uvicorn: Any) -> asyncio.Protocol:
        """A connection as the gateway's own server makes them."""
        return DirectProtocol(self.lane, **uvicorn)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)
