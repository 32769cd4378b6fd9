"""The composition root: from settings to an ASGI application and the loops beside it."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from chassis import health
from gateway.config import GatewaySettings
from gateway.identity import badge_with, verify_with
from gateway.pipeline import serving
from gateway.pipeline.authenticate import Authenticator
from gateway.pipeline.badge import Badges
from gateway.pipeline.negotiate import Media, accepted_media
from gateway.pipeline.persisted import Persisted, read_manifest
from gateway.pipeline.run import Pipeline
from gateway.reload import SupergraphFile
from gateway.subscriptions.passthrough import Passthrough
from gateway.subscriptions.results import Source, Subscriptions
from gateway.tracing import TracedPipeline
from gateway.transport import pages
from gateway.transport.asgi import App, Receive, Scope, Send
from gateway.transport.cors import Cors
from gateway.transport.direct import Lane
from gateway.transport.http import GraphQLOverHTTP
from gateway.transport.sse import EventStreams
from gateway.transport.websocket import WebSockets

if TYPE_CHECKING:
    from gateway.subscriptions.broadcast import Broadcasts

# Queries are answered without the broker; what it feeds begins once it is there.
BROKER_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that is ready to be served."""

    app: App
    lane: Lane
    pipeline: Pipeline
    supergraph_file: SupergraphFile
    broadcasts: "Broadcasts | None"

    async def close(self) -> None:
        """Close what is open towards subgraphs and broker."""
        self.pipeline.serving.close()
        if self.broadcasts is not None:
            await self.broadcasts.close()


async def create(settings: GatewaySettings, stopping: asyncio.Event) -> Gateway:
    """Build a gateway; within the loop that will run it.

    Raises `SupergraphInvalid`, OSError or ValueError where it could not serve.
    """
    badge = badge_with(settings.identity)
    pipeline = (TracedPipeline if settings.otlp_endpoint else Pipeline)(
        settings,
        serving.load(settings),
        Authenticator(verify_with(settings.identity), allow_anonymous=settings.identity.allow_anonymous),
        _persisted(settings),
        Badges(badge.sign if badge else None),
    )
    broadcasts = await _broadcasts(settings)
    fed = _feeds(settings, broadcasts) if broadcasts else {}
    subscriptions = Subscriptions(pipeline, Passthrough(pipeline, settings.upstream), fed)
    streams = EventStreams(subscriptions, stopping)
    graphql = GraphQLOverHTTP(pipeline, streams, settings.limits.max_body_bytes)
    rest = Starlette(
        routes=pages.routes(settings, pipeline, _checks(settings, pipeline), badge.jwks if badge else None)
    )
    tokens_needed = bool(settings.identity.all_issuers()) and not settings.identity.allow_anonymous
    origins = None if tokens_needed else settings.cors_origins
    websockets = WebSockets(pipeline, subscriptions, settings.limits, stopping, origins)
    app: App = Router(settings, graphql, websockets, rest)
    if settings.cors_origins:
        app = Cors(app, settings.cors_origins)
    lane = Lane(
        pipeline, settings.path.encode(), settings.limits.max_body_bytes, heeds_origin=bool(settings.cors_origins)
    )
    return Gateway(app, lane, pipeline, SupergraphFile(settings, pipeline), broadcasts)


async def _broadcasts(settings: GatewaySettings) -> "Broadcasts | None":
    if settings.subscriptions_file is None:
        return None
    from chassis.bus import Bus  # NATS is loaded by those alone who have something fed by it
    from gateway.subscriptions.broadcast import Broadcasts

    return Broadcasts(await Bus.connect(settings, "liant-gateway", wait_seconds=BROKER_SECONDS))


def _feeds(settings: GatewaySettings, broadcasts: "Broadcasts") -> dict[str, Source]:
    from gateway.subscriptions.feed import Feed
    from gateway.subscriptions.mapping import read_mappings

    mappings = read_mappings(settings.subscriptions_file) if settings.subscriptions_file else {}
    return {field: Feed(mapping, broadcasts) for field, mapping in mappings.items()}


def _checks(settings: GatewaySettings, pipeline: Pipeline) -> dict[str, health.Check]:
    """What `/readyz` looks at: a supergraph is always there once the gateway listens, its subgraphs may not be."""

    async def subgraphs() -> None:
        deadline = asyncio.get_running_loop().time() + health.CHECK_SECONDS
        question = b'{"query":"{__typename}"}'
        found = pipeline.serving.subgraphs.values()
        await asyncio.gather(*(each.ask(question, b"", mutation=False, deadline=deadline) for each in found))

    return {"subgraphs": subgraphs} if settings.readiness == "subgraphs" else {}


def _persisted(settings: GatewaySettings) -> Persisted:
    manifest = read_manifest(settings.persisted_manifest) if settings.persisted_manifest else {}
    return Persisted(
        manifest,
        only=settings.persisted_only,
        automatic=settings.automatic_persisted_entries if settings.automatic_persisted_queries else 0,
        max_bytes=settings.limits.max_document_bytes,
    )


class Router:
    """GraphQL first, everything else through Starlette."""

    def __init__(self, settings: GatewaySettings, graphql: App, websockets: App, rest: App) -> None:
        self._path = settings.path
        self._graphiql = settings.graphiql
        self._graphql = graphql
        self._websockets = websockets
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] == "websocket" and scope["path"] == self._path:
            await self._websockets(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == self._path and not self._is_visit(scope):
            await self._graphql(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == self._path:
            await self._rest({**scope, "path": "/", "raw_path": b"/"}, receive, send)
        else:
            await self._rest(scope, receive, send)

    def _is_visit(self, scope: Scope) -> bool:
        """Whether a person opens the GraphQL address in a browser."""
        if not self._graphiql or scope["method"] != "GET" or b"query=" in scope["query_string"]:
            return False
        return accepted_media(dict(scope["headers"]).get(b"accept"))[:1] == (Media.HTML,)
