"""What is served beside GraphQL itself: health, metrics, the schema, public keys, GraphiQL."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from graphql import print_schema
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from chassis import health
from gateway.config import GatewaySettings
from gateway.pipeline.run import Pipeline

ASSETS = Path(__file__).parent.parent / "static" / "graphiql"
# The page runs its own scripts and talks to its own server; editors set styles as they type.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'"
)


def routes(
    settings: GatewaySettings, pipeline: Pipeline, checks: Mapping[str, health.Check], jwks: Any | None
) -> list[Any]:
    """The routes off the hot path, as the settings ask for them."""
    found: list[Any] = [*health.routes(checks)]
    if settings.introspection:
        found.append(Route("/schema.graphql", _schema(pipeline)))
    if jwks is not None:
        found.append(Route("/.well-known/jwks.json", _jwks(jwks)))
    if settings.graphiql:
        found.append(Route("/", graphiql))
        found.append(Mount("/graphiql", StaticFiles(directory=ASSETS)))
    return found


def _schema(pipeline: Pipeline) -> Callable[[Request], Response]:
    def schema(_: Request) -> Response:
        return PlainTextResponse(print_schema(pipeline.serving.engine.schema))

    return schema


def _jwks(jwks: Any) -> Callable[[Request], Response]:
    def keys(_: Request) -> Response:
        return JSONResponse(jwks, headers={"cache-control": "public, max-age=300"})

    return keys


async def graphiql(_: Request) -> Response:
    """GraphiQL, from files of ours alone."""
    headers = {"content-security-policy": CONTENT_SECURITY_POLICY, "x-content-type-options": "nosniff"}
    return HTMLResponse((ASSETS / "index.html").read_text("utf-8"), headers=headers)
