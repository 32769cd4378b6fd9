"""A message becomes, in the transaction that handles it, a delivery for each endpoint that wants it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import ARRAY, Row, Text, literal, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from chassis.inbox import Handler, Handlers
from chassis.messages import Received
from chassis.together import Together
from services.notifier.model import Cause, CauseKind, Delivery, Queue, Status
from services.notifier.webhooks.catalogue import BY_BODY
from services.notifier.webhooks.model import EndpointState, WebhookEndpoint
from services.notifier.webhooks.payload import Occasion, data_of, passes, payload

CHANNEL = "webhook"
_PRIORITY = 5
PING_PRIORITY = 0


def with_webhooks(copies: Handlers, reactions: Handlers) -> Handlers:
    """The reactions, with those of endpoints: of what has a copy, too, since a rebuilt copy is no news."""
    return {**reactions, **{body: _and_tell(reactions.get(body) or copies.get(body)) for body in BY_BODY}}


def _and_tell(handler: Handler | None) -> Handler:
    async def handle(work: UnitOfWork, message: Received[Any]) -> None:
        if handler is not None:
            await handler(work, message)
        await tell_endpoints(work, _told(message))

    async def handle_many(work: UnitOfWork, messages: Sequence[Received[Any]]) -> None:
        if isinstance(handler, Together):
            await handler.many(work, messages)
        await tell_endpoints(work, *map(_told, messages))

    return Together(handle_many) if handler is None or isinstance(handler, Together) else handle


def _told(message: Received[Any]) -> tuple[Occasion, Message]:
    kind = BY_BODY[type(message.body)]
    return Occasion(kind.name, message.id, message.time, message.organization, message.version), message.body


async def tell_endpoints(work: UnitOfWork, *told: tuple[Occasion, Message]) -> None:
    """Queue each for every endpoint that wants it. Again changes nothing."""
    wanting = select(WebhookEndpoint.id, WebhookEndpoint.filters, WebhookEndpoint.types).where(
        WebhookEndpoint.organization_id == work.organization,
        WebhookEndpoint.state == EndpointState.ACTIVE.value,
        WebhookEndpoint.deleted_at.is_(None),
        WebhookEndpoint.types.bool_op("&&")(literal(sorted({occasion.type for occasion, _ in told}), ARRAY(Text))),
    )
    endpoints = (await work.session.execute(wanting)).all()
    for occasion, body in told if endpoints else ():
        await _tell_of(work, occasion, body, endpoints)


async def _tell_of(work: UnitOfWork, occasion: Occasion, body: Message, endpoints: Sequence[Row[Any]]) -> None:
    data = data_of(body)
    chosen = [each.id for each in endpoints if occasion.type in each.types and passes(each.filters, data)]
    if chosen:
        await keep(work, occasion, data)
        rows = [_row(work, occasion.id, each, _PRIORITY) for each in chosen]
        await work.session.execute(insert(Delivery).values(rows).on_conflict_do_nothing())


async def tell_one(work: UnitOfWork, endpoint: UUID, occasion: Occasion, data: Mapping[str, Any]) -> UUID:
    """Queue something for one endpoint, before everything else; gives the delivery's id."""
    await keep(work, occasion, data)
    row = _row(work, occasion.id, endpoint, PING_PRIORITY)
    await work.session.execute(insert(Delivery), [row])
    id: UUID = row["id"]
    return id


async def keep(work: UnitOfWork, occasion: Occasion, data: Mapping[str, Any]) -> None:
    """Keep what is posted."""
    row = {
        "organization_id": work.organization,
        "kind": CauseKind.WEBHOOK.value,
        "id": occasion.id,
        "revision": 0,
        "content": payload(occasion, data),
        "at": occasion.at,
        "open": True,
    }
    await work.session.execute(insert(Cause).values(row).on_conflict_do_nothing())


def _row(work: UnitOfWork, message: UUID, endpoint: UUID, priority: int) -> dict[str, Any]:
    now: datetime = work.now
    return {
        "id": new_id(),
        "organization_id": work.organization,
        "cause_kind": CauseKind.WEBHOOK.value,
        "cause_id": message,
        "revision": 0,
        "endpoint_id": endpoint,
        "queue": Queue.WEBHOOK.value,
        "channel": CHANNEL,
        "reasons": [],
        "status": Status.QUEUED.value,
        "priority": priority,
        "attempts": 0,
        "next_attempt_at": now,
        "created_at": now,
        "changed_at": now,
    }
