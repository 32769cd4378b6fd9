"""The way of a request through the stages."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
import structlog

from gateway.config import GatewaySettings
from gateway.metrics import FAULTS, REQUESTS
from gateway.pipeline import csrf, respond
from gateway.pipeline.authenticate import Authenticator, Caller
from gateway.pipeline.badge import Badges
from gateway.pipeline.execute import Context, execute
from gateway.pipeline.limits import BatchTooLarge, RateLimiter, check_cost
from gateway.pipeline.negotiate import Media, NotAcceptable, negotiate
from gateway.pipeline.persisted import Persisted
from gateway.pipeline.plan import UNTRUSTED, Prepared
from gateway.pipeline.read import Parameters, from_body, from_query_string
from gateway.pipeline.refused import Refused
from gateway.pipeline.respond import Answer
from gateway.pipeline.serving import Serving

_log = structlog.get_logger(__name__)


class Request(NamedTuple):
    """What came in over HTTP, its body read."""

    method: str
    headers: Mapping[bytes, bytes]
    query_string: bytes
    address: str
    body: bytes


class Ready(NamedTuple):
    """An operation that may be carried out now."""

    prepared: Prepared
    variables: dict[str, Any]
    context: Context
    wants_plan: bool


class Stream(NamedTuple):
    """The answer is a stream of results: whoever sent the request takes `text/event-stream`."""

    ready: Ready
    cursor: str | None


class MethodNotAllowed(Refused):
    """Neither GET nor POST, or a GET for what is not a query."""

    code = "METHOD_NOT_ALLOWED"
    status = 405
    headers = ((b"allow", b"GET, POST"),)

    def __init__(self, message: str = "Use POST, or GET for a query.") -> None:
        super().__init__(message)


class NeedsStream(NotAcceptable):
    """A subscription over plain HTTP."""

    code = "SUBSCRIPTION_NEEDS_STREAM"

    def __init__(self) -> None:
        Refused.__init__(self, "Subscribe over WebSocket (graphql-transport-ws), or with Accept: text/event-stream.")


class Pipeline:
    """Takes requests through the stages; `serving` is replaced when the supergraph changes."""

    context: type[Context] = Context

    def __init__(
        self,
        settings: GatewaySettings,
        serving: Serving,
        authenticator: Authenticator,
        persisted: Persisted,
        badges: Badges,
    ) -> None:
        self.serving = serving
        self.timeout = settings.timeout
        self._settings = settings
        self._authenticator = authenticator
        self._persisted = persisted
        self._badges = badges
        self._actors = RateLimiter(settings.limits.max_rate)
        self._addresses = RateLimiter(settings.limits.max_address_rate)
        self._outgoing = respond.Outgoing(settings.compress_above, settings.cache_max_age)
        self._forwarded = [name.lower().encode("ascii") for name in settings.upstream.forward_headers]
        self._now = asyncio.get_running_loop().time

    async def answer(self, request: Request) -> Answer | Stream:
        """The answer to a request, whatever becomes of it."""
        started = self._now()
        media, label, outcome = Media.JSON, UNTRUSTED, "ok"
        try:
            media = negotiate(request.headers.get(b"accept"))
            self._check_site(request)
            caller = await self.caller(request.headers, request.address)
            parameters = self._read(request)
            if isinstance(parameters, list):
                return await self._batch(parameters, caller, request, media)
            ready = self.admit(parameters, caller, request.headers)
            label = ready.prepared.label
            if request.method == "GET" and ready.prepared.operation.kind == "mutation":
                raise MethodNotAllowed("A GET writes nothing: use POST.")
            if media is Media.EVENTS:
                return Stream(ready, _cursor(parameters, request.headers))
            body = await self._once(ready)
            return self._respond(body, media, request, parameters, caller)
        except Refused as refused:
            outcome = refused.code
            return respond.refusal(refused, media)
        except Exception:  # one request's fault must not end the others: told in the log, counted, masked
            outcome = "INTERNAL_SERVER_ERROR"
            FAULTS.inc()
            _log.exception("request failed", operation=label)
            return respond.fault(media)
        finally:
            REQUESTS.observe(label, outcome, self._now() - started)

    async def caller(self, headers: Mapping[bytes, bytes], address: str) -> Caller:
        """Who asks, let in at their rate. Raises a `Refused`."""
        caller = await self._authenticator.caller(headers.get(b"authorization"), address)
        (self._actors if caller.claims else self._addresses).admit(caller.key, self._now())
        return caller

    def admit(self, parameters: Parameters, caller: Caller, headers: Mapping[bytes, bytes]) -> Ready:
        """The operation, if it may be carried out with these variables. Raises a `Refused`."""
        serving, settings = self.serving, self._settings
        document = self._persisted.document(parameters)
        prepared = serving.documents.prepared(document, parameters.operation_name)
        check_cost(prepared.estimate.of(parameters.variables), settings.limits)
        context = self.context(
            serving.subgraphs,
            self._badges,
            caller,
            self._now() + settings.timeout,
            self._forward(headers),
            expose_subgraph_errors=settings.expose_subgraph_errors,
        )
        return Ready(prepared, parameters.variables, context, self._wants_plan(parameters, caller))

    async def execute(self, ready: Ready) -> bytes:
        """The encoded response of a query or mutation. Raises `Refused`."""
        operation = ready.prepared.operation
        body = await execute(operation, ready.variables, ready.context)
        return with_plan(body, operation.plan.as_json()) if ready.wants_plan else body

    async def _once(self, ready: Ready) -> bytes:
        if ready.prepared.operation.kind == "subscription":
            raise NeedsStream
        return await self.execute(ready)

    async def _batch(self, batch: list[Parameters], caller: Caller, request: Request, media: Media) -> Answer:
        limit = self._settings.limits.max_batch
        if not 1 <= len(batch) <= limit:
            raise BatchTooLarge(limit)
        bodies = await asyncio.gather(*(self._one_of_batch(item, caller, request) for item in batch))
        encoding = request.headers.get(b"accept-encoding")
        return respond.result(b"[%s]" % b",".join(bodies), media, encoding, self._outgoing)

    async def _one_of_batch(self, parameters: Parameters, caller: Caller, request: Request) -> bytes:
        try:
            return await self._once(self.admit(parameters, caller, request.headers))
        except Refused as refused:
            return orjson.dumps({"errors": refused.as_errors()})

    def _check_site(self, request: Request) -> None:
        if request.method == "POST":
            csrf.check_post(request.headers)
        elif request.method != "GET":
            raise MethodNotAllowed
        elif self._settings.csrf_on_get:
            csrf.require_preflight(request.headers)

    def _read(self, request: Request) -> Parameters | list[Parameters]:
        if request.method == "POST":
            return from_body(request.body, batching=self._settings.batching)
        return from_query_string(request.query_string)

    def _respond(self, body: bytes, media: Media, request: Request, parameters: Parameters, caller: Caller) -> Answer:
        answer = respond.result(body, media, request.headers.get(b"accept-encoding"), self._outgoing)
        if request.method == "GET" and parameters.query is None:
            tag = request.headers.get(b"if-none-match")
            return respond.cacheable(answer, tag, self._outgoing.max_age, private=bool(caller.claims))
        return answer

    def _forward(self, headers: Mapping[bytes, bytes]) -> bytes:
        if not self._forwarded:
            return b""
        return b"".join(b"%s: %s\r\n" % (name, headers[name]) for name in self._forwarded if name in headers)

    def _wants_plan(self, parameters: Parameters, caller: Caller) -> bool:
        if not parameters.extensions or self._settings.query_plan == "never":
            return False
        allowed = self._settings.query_plan == "always" or caller.claims.get("query_plan") is True
        return allowed and parameters.extensions.get("queryPlan") is True


def _cursor(parameters: Parameters, headers: Mapping[bytes, bytes]) -> str | None:
    """Where a client that reconnects left off: the browser's own header, else the request's extensions."""
    last = headers.get(b"last-event-id")
    cursor = last.decode("latin-1") if last else parameters.extensions.get("cursor")
    return cursor if isinstance(cursor, str) else None


def with_plan(body: bytes, plan: Any) -> bytes:
    """The response with its plan among the extensions."""
    response = orjson.loads(body)
    response["extensions"] = {**response.get("extensions", {}), "queryPlan": plan}
    return orjson.dumps(response)
