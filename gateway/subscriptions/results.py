"""The results of an operation as they come: one of a query or mutation, any number of a subscription."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple, Protocol

import orjson
import structlog

from gateway.errors import FetchFailed, VariablesInvalid
from gateway.metrics import FAULTS
from gateway.pipeline.execute import Context, VariablesRefused
from gateway.pipeline.refused import Refused
from gateway.pipeline.respond import masked_fault
from gateway.pipeline.run import Pipeline, Ready

_VISIBLE = b'{"query":"query($r:[_Any!]!){_entities(representations:$r){__typename}}","variables":{"r":%s}}'
_log = structlog.get_logger(__name__)


class Result(NamedTuple):
    """An encoded result; whoever reconnects with `cursor` goes on after it."""

    body: bytes
    cursor: str | None = None


class Event(NamedTuple):
    """What a source tells: the data of the root field or an entity's representation, and its place in the source.

    `unchecked`: nobody has yet asked a subgraph whether the caller may see the entity.
    """

    payload: Mapping[str, Any] | None
    errors: Sequence[Any] = ()
    cursor: str | None = None
    unchecked: bool = False


class Source(Protocol):
    """Where the events of a subscription come from."""

    def events(self, ready: Ready, cursor: str | None) -> AsyncGenerator[Event, None]:
        """The events from now on, or after the cursor; ends when the source does. Raises `Refused`, `FetchFailed`."""


class Subscriptions:
    """Opens an operation; `fed` are the root fields with a source of their own, by name."""

    def __init__(self, pipeline: Pipeline, subgraphs: Source, fed: Mapping[str, Source]) -> None:
        self._pipeline = pipeline
        self._subgraphs = subgraphs
        self._fed = fed

    async def results(self, ready: Ready, cursor: str | None) -> AsyncGenerator[Result, None]:
        """The results; whatever goes wrong becomes the last of them."""
        try:
            async with aclosing(self._results(ready, cursor)) as results:
                async for result in results:
                    yield result
        except VariablesInvalid as invalid:
            yield _last(VariablesRefused(invalid.errors).as_errors())
        except Refused as refused:
            yield _last(refused.as_errors())
        except FetchFailed as failed:
            yield _last([{"message": failed.message, "extensions": {"code": failed.code}}])
        except Exception:  # one subscription's fault must not end the connection: told, counted, masked
            FAULTS.inc()
            _log.exception("subscription failed", operation=ready.prepared.label)
            yield Result(orjson.dumps(masked_fault()))

    async def _results(self, ready: Ready, cursor: str | None) -> AsyncGenerator[Result, None]:
        operation = ready.prepared.operation
        if operation.kind != "subscription":
            yield Result(await self._pipeline.execute(ready))
            return
        source = self._fed.get(operation.subscription.field, self._subgraphs)
        async with aclosing(source.events(ready, cursor)) as events:
            async for event in events:
                ready.context.caller.check_current()  # a token may end while its subscription lasts
                if (result := await self._completed(ready, event)) is not None:
                    yield result

    async def _completed(self, ready: Ready, event: Event) -> Result | None:
        operation = ready.prepared.operation
        deadline = asyncio.get_running_loop().time() + self._pipeline.timeout
        context = ready.context.until(deadline)
        if event.unchecked and not await _is_visible(operation.subscription.subgraph, event.payload, context):
            return None
        body = await operation.complete(event.payload, ready.variables, context, event.errors)
        if event.cursor is None:
            return Result(body)
        response = orjson.loads(body)
        response["extensions"] = {**response.get("extensions", {}), "cursor": event.cursor}
        return Result(orjson.dumps(response), event.cursor)


async def _is_visible(subgraph: str, entity: Mapping[str, Any] | None, context: Context) -> bool:
    """Whether the subgraph shows the entity to the caller: it may select nothing but what the message says already.

    Raises `FetchFailed`: what cannot be checked is not shown, and the subscriber comes back with the last cursor.
    """
    answer = orjson.loads(await context.fetch(subgraph, _VISIBLE % orjson.dumps([entity]), False))
    return bool(((answer.get("data") or {}).get("_entities") or [None])[0])


def _last(errors: list[dict[str, Any]]) -> Result:
    return Result(orjson.dumps({"errors": errors}))
