"""A subgraph over HTTP: takes the gateway's tokens and nothing else."""

import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, Final

import orjson
import strawberry
import structlog
from graphql import GraphQLError
from opentelemetry import propagate, trace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import MaxTokensLimiter, ParserCache, QueryDepthLimiter
from strawberry.types import ExecutionContext

from chassis import metrics
from chassis.admission import Look, everybody
from chassis.auth import INTERNAL_ISSUER, Actor, TokenRefused, TokenVerifier, TrustedIssuer
from chassis.config import ServiceSettings
from chassis.database import Database
from chassis.graphql.context import Context
from chassis.graphql.documents import CACHED_DOCUMENTS, Known, ValidatedOnce
from chassis.graphql.errors import INTERNAL_CODE, MaskErrors
from chassis.graphql.limits import Limits, limit

MAX_TOKENS = 20_000
MAX_DEPTH = 24
# The newest that the composer knows (npm's @theguild/federation-composition).
FEDERATION: Final = "2.9"

_log = structlog.get_logger(__name__)
_tracer = trace.get_tracer(__name__)


def extensions() -> list[Any]:
    """The extensions of every subgraph's schema."""
    known: Known = OrderedDict()
    return [
        MaskErrors,
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
        lambda: QueryDepthLimiter(max_depth=MAX_DEPTH),
        lambda: ParserCache(maxsize=CACHED_DOCUMENTS),
        lambda: ValidatedOnce(known),
    ]


class _Schema(strawberry.federation.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to MaskErrors: an expected refusal is no fault, and a fault is told once."""


def subgraph_schema(
    query: type, mutation: type, types: Iterable[type] = (), subscription: type | None = None
) -> strawberry.federation.Schema:
    """A subgraph's executable schema, with what every subgraph has."""
    return _Schema(query, mutation, subscription, types=types, extensions=extensions(), federation_version=FEDERATION)


def verifier(settings: ServiceSettings) -> TokenVerifier:
    """Accepts the gateway's internal tokens for this service."""
    return TokenVerifier(
        [
            TrustedIssuer(
                INTERNAL_ISSUER,
                audience=settings.part,
                jwks_file=settings.gateway_jwks_file,
                jwks_url=settings.gateway_jwks_url,
            )
        ]
    )


class NotAdmitted(Exception):
    """What is known of the caller could not be read."""


def _refusal(status: int, code: str, message: str) -> Response:
    return JSONResponse({"errors": [{"message": message, "extensions": {"code": code}}]}, status_code=status)


class _View(GraphQL[Context, None]):
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        context: Context = request.scope["liant.context"]
        return context

    async def get_root_value(self, request: Request | WebSocket) -> None:
        return None

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data)


class Subgraph:
    """ASGI: authenticates, opens the request's context, answers, closes it."""

    def __init__(
        self,
        schema: strawberry.federation.Schema,
        database: Database,
        tokens: TokenVerifier,
        service: str,
        tools: Any = None,
        limits: Limits | None = None,
        look: Look = everybody,
    ) -> None:
        self._limits = limits or Limits()
        self._view = _View(schema, graphql_ide=None, allow_queries_via_get=False)
        self._database = database
        self._tokens = tokens
        self._service = service
        self._tools = tools
        self._look = look

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; 401 with a code for a caller without the gateway's token, or who was disabled."""
        request = Request(scope, receive)
        try:
            actor = await self._actor(request)
            await self._answer(Context(actor, self._database, self._tools), request, send)
        except TokenRefused as refused:
            await _refusal(401, refused.code, refused.message)(scope, receive, send)
        except NotAdmitted:
            await _refusal(503, INTERNAL_CODE, "Internal error.")(scope, receive, send)

    async def _answer(self, context: Context, request: Request, send: Send) -> None:
        limit(self._limits)
        request.scope["liant.context"] = context
        started = time.perf_counter()
        try:
            with self._told(request, context.actor), self._span(request):
                await self._admit(context)
                await self._view(request.scope, request.receive, send)
        finally:
            await context.close()
            metrics.GRAPHQL_SECONDS.labels(self._service).observe(time.perf_counter() - started)

    async def _admit(self, context: Context) -> None:
        try:
            await context.admit(self._look)
        except TokenRefused:
            raise
        except Exception as error:
            # Nobody comes in unseen; and nothing could be read for them anyway.
            _log.error("caller not looked up", exc_info=error)
            raise NotAdmitted from error

    async def _actor(self, request: Request) -> Actor:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("TOKEN_MISSING", "This subgraph answers the gateway: send its token.")
        return Actor.from_claims(await self._tokens.verify(token))

    def _told(self, request: Request, actor: Actor) -> Any:
        return structlog.contextvars.bound_contextvars(organization=actor.claims()["org"])

    def _span(self, request: Request) -> Any:
        return _tracer.start_as_current_span("graphql", context=propagate.extract(dict(request.headers)))


def subgraph_app(subgraph: Subgraph, routes: list[Route]) -> Starlette:
    """The subgraph at /graphql beside the health routes and a service's own."""
    return Starlette(routes=[Route("/graphql", endpoint=subgraph, methods=["POST"]), *routes])
