"""Asks one subgraph a GraphQL request over HTTP and gives back the JSON of its answer, or says why not."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from gateway.client.address import Address
from gateway.client.breaker import Breaker, BreakerPolicy
from gateway.client.budget import RetryBudget
from gateway.client.connection import Response
from gateway.client.errors import BadContentType, BadStatus, ExchangeFailed, Open
from gateway.client.pool import Pool, PoolLimits

ACCEPT = "application/graphql-response+json, application/json;q=0.9"
GRAPHQL_JSON = b"application/graphql-response+json"
JSON_TYPES = frozenset((GRAPHQL_JSON, b"application/json"))


@dataclass(frozen=True, slots=True)
class SubgraphPolicy:
    """How one subgraph is treated; times in seconds."""

    timeout: float = 10.0
    pool: PoolLimits = field(default_factory=PoolLimits)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    share_reads: bool = False


class Observer(Protocol):
    """Is told of each exchange when it ends."""

    def exchanged(self, seconds: float, outcome: str) -> None:
        """`outcome` is `ok` or an error code."""

    def retried(self) -> None:
        """A read is about to be sent once more."""


class Subgraph:
    """A subgraph as the executor sees it: bytes of a request in, bytes of an answer out."""

    def __init__(self, url: str, policy: SubgraphPolicy, observer: Observer) -> None:
        address = Address.parse(url)
        self.url = url
        self.breaker = Breaker(policy.breaker)
        self._head = address.head(ACCEPT)
        self._policy = policy
        self._observer = observer
        self._pool = Pool(address, policy.pool)
        self._budget = RetryBudget()
        self._now = asyncio.get_running_loop().time
        self._in_flight: dict[bytes, asyncio.Task[bytes]] = {}

    def ask(self, body: bytes, headers: bytes, *, mutation: bool, deadline: float) -> Coroutine[Any, Any, bytes]:
        """To await: send `body`; `headers` are ready header lines, `deadline` in loop time. Raises `ExchangeFailed`.

        Only reads are ever sent twice.
        """
        request = b"%sContent-Length: %d\r\n%s\r\n%s" % (self._head, len(body), headers, body)
        if mutation:
            return self._attempt(request, deadline, repeatable=False)
        if self._policy.share_reads:
            return self._shared(request, deadline)
        return self._read(request, deadline)

    async def _shared(self, request: bytes, deadline: float) -> bytes:
        """Let an identical read that is under way (same body, same identity) answer this one too."""
        task = self._in_flight.get(request)
        if task is None:
            task = self._in_flight[request] = asyncio.ensure_future(self._read(request, deadline))
            task.add_done_callback(lambda done: self._forget(request, done))
        return await asyncio.shield(task)

    def _forget(self, request: bytes, done: "asyncio.Task[bytes]") -> None:
        del self._in_flight[request]
        if not done.cancelled():
            done.exception()  # a failure whose askers all went away is nobody's to report

    async def _read(self, request: bytes, deadline: float) -> bytes:
        self._budget.earn()
        try:
            return await self._attempt(request, deadline, repeatable=True)
        except ExchangeFailed as error:
            if not (_worth_retrying(error) and self._now() < deadline and self._budget.spend()):
                raise
        self._observer.retried()
        return await self._attempt(request, deadline, repeatable=True)

    async def _attempt(self, request: bytes, deadline: float, *, repeatable: bool) -> bytes:
        started = self._now()
        if not self.breaker.admits(started):
            self._observer.exchanged(0.0, Open.code)
            raise Open
        try:
            deadline = min(deadline, started + self._policy.timeout)
            answer = _usable_body(await self._pool.send(request, deadline, repeatable=repeatable))
        except ExchangeFailed as error:
            self._failed(started, error)
            raise
        except BaseException:
            self.breaker.abandoned()
            raise
        now = self._now()
        self.breaker.succeeded(now)
        self._observer.exchanged(now - started, "ok")
        return answer

    def _failed(self, started: float, error: ExchangeFailed) -> None:
        now = self._now()
        client_error = isinstance(error, BadStatus) and error.status < 500
        if client_error:  # the subgraph is well, it is our request that it refused
            self.breaker.succeeded(now)
        else:
            self.breaker.failed(now)
        self._observer.exchanged(now - started, error.code)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def _worth_retrying(error: ExchangeFailed) -> bool:
    return error.transient or (isinstance(error, BadStatus) and error.is_overload)


def _usable_body(response: Response) -> bytes:
    """The body if it is a GraphQL response (GraphQL over HTTP, 7); many servers send errors with a 4xx or 5xx."""
    status, content_type, body = response
    if content_type == GRAPHQL_JSON or (status == 200 and content_type in JSON_TYPES):
        return body
    if content_type in JSON_TYPES and _holds_errors(body):
        return body
    if status // 100 != 2:
        raise BadStatus(status)
    if content_type in JSON_TYPES:
        return body
    raise BadContentType


def _holds_errors(body: bytes) -> bool:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(answer, dict) and isinstance(answer.get("errors"), list)
