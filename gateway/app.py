"""The composition root: from settings to an ASGI application and the loops beside it."""

import asyncio
from dataclasses import dataclass

from starlette.applications import Starlette

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
from gateway.subscriptions.results import Subscriptions
from gateway.transport import pages
from gateway.transport.asgi import App, Receive, Scope, Send
from gateway.transport.cors import Cors
from gateway.transport.http import GraphQLOverHTTP
from gateway.transport.sse import EventStreams


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway that is ready to be served."""

    app: App
    pipeline: Pipeline
    supergraph_file: SupergraphFile

    async def close(self) -> None:
        """Close what is open towards subgraphs and broker."""
        self.pipeline.serving.close()


async def create(settings: GatewaySettings, stopping: asyncio.Event) -> Gateway:
    """Build a gateway; within the loop that will run it.

    Raises `SupergraphInvalid`, OSError or ValueError where it could not serve.
    """
    badge = badge_with(settings.identity)
    pipeline = Pipeline(
        settings,
        serving.load(settings),
        Authenticator(verify_with(settings.identity), allow_anonymous=settings.identity.allow_anonymous),
        _persisted(settings),
        Badges(badge.sign if badge else None),
    )
    subscriptions = Subscriptions(pipeline, Passthrough(pipeline, settings.upstream), {})
    streams = EventStreams(subscriptions, stopping)
    graphql = GraphQLOverHTTP(pipeline, streams, settings.limits.max_body_bytes)
    rest = Starlette(routes=pages.routes(settings, pipeline, {}, badge.jwks if badge else None))
    app: App = Router(settings, graphql, rest)
    if settings.cors_origins:
        app = Cors(app, settings.cors_origins)
    return Gateway(app, pipeline, SupergraphFile(settings, pipeline))


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

    def __init__(self, settings: GatewaySettings, graphql: App, rest: App) -> None:
        self._path = settings.path
        self._graphiql = settings.graphiql
        self._graphql = graphql
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] == "http" and scope["path"] == self._path and not self._is_visit(scope):
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
