"""What administrators do with endpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound, VersionConflict, WrongState
from chassis.identifiers import format_id, new_id
from chassis.text import clean
from services.notifier.model import Cause, CauseKind, Delivery, Queue, Status
from services.notifier.webhooks.catalogue import CATALOGUE, PING, has_path
from services.notifier.webhooks.errors import TooManyEndpoints
from services.notifier.webhooks.model import DisabledBecause, EndpointState, WebhookEndpoint
from services.notifier.webhooks.payload import Occasion
from services.notifier.webhooks.telling import tell_one

MAX_FILTERS = 10
MAX_VALUES = 100
_MAX_TEXT = 200


@dataclass(frozen=True)
class EndpointValues:
    """Parsed values of an endpoint; what is None stays as it is."""

    url: str | None = None
    description: str | None = None
    types: tuple[str, ...] | None = None
    filters: tuple[dict[str, Any], ...] | None = None


def parse_types(names: Sequence[str]) -> tuple[str, ...]:
    """Names of the catalogue, each once. Raises InvalidInput."""
    if not names:
        raise InvalidInput("types", "Choose at least one: webhookMessageTypes lists them.")
    if unknown := [name for name in names if name not in CATALOGUE]:
        raise InvalidInput("types", f"There is no message {unknown[0][:80]!r}: webhookMessageTypes lists them.")
    return tuple(dict.fromkeys(names))


def parse_filters(filters: Sequence[tuple[str, Sequence[str]]]) -> tuple[dict[str, Any], ...]:
    """Conditions on the JSON of `data`. Raises InvalidInput."""
    if len(filters) > MAX_FILTERS:
        raise InvalidInput("filters", f"At most {MAX_FILTERS} are taken.")
    for place, (path, values) in enumerate(filters):
        if not 0 < len(values) <= MAX_VALUES or any(len(each) > _MAX_TEXT for each in (path, *values)):
            told = f"A filter has 1 to {MAX_VALUES} values, each of at most {_MAX_TEXT} characters."
            raise InvalidInput(f"filters.{place}", told)
    return tuple({"path": path, "values": [*values]} for path, values in filters)


async def create_endpoint(work: UnitOfWork, values: EndpointValues, most: int) -> UUID:
    """An endpoint, active at once. Raises InvalidInput, TooManyEndpoints."""
    alive = select(func.count()).where(WebhookEndpoint.deleted_at.is_(None))
    if (await work.session.execute(alive)).scalar_one() >= most:
        raise TooManyEndpoints(most)
    row = WebhookEndpoint(
        organization_id=work.organization,
        id=new_id(),
        version=1,
        url=values.url,
        description=clean(values.description or "", "description", most=_MAX_TEXT),
        types=list(values.types or ()),
        filters=list(values.filters or ()),
        state=EndpointState.ACTIVE.value,
        secret_number=1,
        failures=0,
        created_by_id=work.actor.collaborator,
        created_at=work.now,
        updated_at=work.now,
    )
    _check_paths(row)
    work.session.add(row)
    await work.session.flush()
    return row.id


async def update_endpoint(work: UnitOfWork, id: UUID, values: EndpointValues, expected: int | None) -> UUID:
    """Change it; what is queued goes to the new address. Raises NotFound, VersionConflict, InvalidInput."""
    row = await _changed(work, id, expected)
    if values.url is not None:
        row.url = values.url
        _healthy(row)
    if values.description is not None:
        row.description = clean(values.description, "description", most=_MAX_TEXT)
    row.types = row.types if values.types is None else list(values.types)
    row.filters = row.filters if values.filters is None else list(values.filters)
    _check_paths(row)
    return id


async def rotate_secret(work: UnitOfWork, id: UUID, expected: int | None, overlap: timedelta) -> UUID:
    """A new secret; the one before signs, too, for a while. Raises NotFound, VersionConflict."""
    row = await _changed(work, id, expected)
    row.secret_number += 1
    row.old_secret_until = work.now + overlap
    return id


async def enable_endpoint(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Send again from now on; what was missed can be replayed. Raises NotFound, VersionConflict."""
    row = await _changed(work, id, expected)
    row.state, row.disabled_because, row.disabled_at = EndpointState.ACTIVE.value, None, None
    _healthy(row)
    return id


async def disable_endpoint(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Send nothing any more; what is queued is skipped. Raises NotFound, VersionConflict."""
    row = await _changed(work, id, expected)
    if row.state == EndpointState.ACTIVE.value:
        row.state, row.disabled_at = EndpointState.DISABLED.value, work.now
        row.disabled_because = DisabledBecause.BY_HAND.value
    return id


async def delete_endpoint(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take it away; it can be restored. Raises NotFound, VersionConflict, WrongState."""
    row = await _changed(work, id, expected)
    row.deleted_at = work.now
    return id


async def restore_endpoint(work: UnitOfWork, id: UUID, expected: int | None, most: int) -> UUID:
    """Bring a deleted one back. Raises NotFound, VersionConflict, WrongState, TooManyEndpoints."""
    row = await _changed(work, id, expected, deleted=True)
    alive = select(func.count()).where(WebhookEndpoint.deleted_at.is_(None))
    if (await work.session.execute(alive)).scalar_one() >= most:
        raise TooManyEndpoints(most)
    row.deleted_at = None
    return id


async def ping(work: UnitOfWork, id: UUID) -> UUID:
    """Queue a message that says nothing; gives its delivery. Raises NotFound, WrongState."""
    row = await locked_endpoint(work, id)
    if row.state != EndpointState.ACTIVE.value:
        raise WrongState("It is disabled: enable it first.", "id")
    row.resting_until = None
    occasion = Occasion(PING, new_id(), work.now, work.organization)
    return await tell_one(work, id, occasion, {"endpointId": format_id("webhook", id)})


async def replay_one(work: UnitOfWork, delivery: UUID) -> UUID:
    """Send a message again, with the same id and the same bytes. Raises NotFound, WrongState."""
    row = (await work.session.execute(select(Delivery.endpoint_id).where(*_ours(Delivery.id == delivery)))).first()
    if row is None:
        raise NotFound("delivery", delivery)
    await _check_active(work, row.endpoint_id)
    if not await _again(work, Delivery.id == delivery):
        raise WrongState("It is still being sent: wait until it is over.", "id")
    return delivery


@dataclass(frozen=True)
class Range:
    """Deliveries of one endpoint by when they were queued, and what became of them."""

    endpoint: UUID
    since: datetime
    until: datetime | None = None
    statuses: tuple[Status, ...] = ()


async def replay_range(work: UnitOfWork, chosen: Range) -> int:
    """Send all of them again; how many. Raises NotFound, WrongState, InvalidInput."""
    if chosen.until is not None and chosen.until <= chosen.since:
        raise InvalidInput("until", "It must be after `since`.")
    await _check_active(work, chosen.endpoint)
    clauses = [Delivery.endpoint_id == chosen.endpoint, Delivery.created_at >= chosen.since]
    if chosen.until is not None:
        clauses.append(Delivery.created_at < chosen.until)
    if chosen.statuses:
        clauses.append(Delivery.status.in_([each.value for each in chosen.statuses]))
    return await _again(work, *clauses)


async def locked_endpoint(work: UnitOfWork, id: UUID, *, deleted: bool = False) -> WebhookEndpoint:
    """An endpoint to change. Raises NotFound, WrongState."""
    statement = select(WebhookEndpoint).where(WebhookEndpoint.id == id).with_for_update()
    row = await work.session.scalar(statement)
    if row is None:
        raise NotFound("webhook", id)
    if deleted != (row.deleted_at is not None):
        told = "It is not deleted." if deleted else "It is deleted: restore it first."
        raise WrongState(told, "id")
    return row


def secret_number(id: UUID) -> Select[int]:
    """The number of an endpoint's newest secret."""
    return select(WebhookEndpoint.secret_number).where(WebhookEndpoint.id == id)


async def _changed(work: UnitOfWork, id: UUID, expected: int | None, *, deleted: bool = False) -> WebhookEndpoint:
    row = await locked_endpoint(work, id, deleted=deleted)
    if expected is not None and expected != row.version:
        raise VersionConflict(expected, row.version)
    row.version += 1
    row.updated_at = work.now
    return row


def _healthy(row: WebhookEndpoint) -> None:
    row.failures, row.failing_since, row.resting_until = 0, None, None


def _check_paths(row: WebhookEndpoint) -> None:
    """Raise InvalidInput for a filter that a chosen message has no value for: it would let nothing through."""
    for place, each in enumerate(row.filters):
        for name in row.types:
            if not has_path(CATALOGUE[name].body, each["path"]):
                told = f"{name} has no value at {each['path']!r}: webhookMessageTypes tells its fields."
                raise InvalidInput(f"filters.{place}.path", told)


async def _check_active(work: UnitOfWork, id: UUID) -> None:
    row = await locked_endpoint(work, id)
    if row.state != EndpointState.ACTIVE.value:
        raise WrongState("Its endpoint is disabled: enable it first.", "endpointId")


async def _again(work: UnitOfWork, *clauses: ColumnElement[bool]) -> int:
    """What is over begins anew; its earlier attempts stay on record."""
    kept = select(Cause.id).where(Cause.kind == CauseKind.WEBHOOK.value, Cause.id == Delivery.cause_id).exists()
    values = {"attempts": 0, "detail": None, "sent_at": None, "next_attempt_at": work.now, "changed_at": work.now}
    statement = update(Delivery).where(*_ours(*clauses), Delivery.next_attempt_at.is_(None), kept)
    told = statement.values(status=Status.QUEUED.value, **values).returning(Delivery.id)
    return len((await work.session.execute(told)).all())


def _ours(*clauses: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (Delivery.queue == Queue.WEBHOOK.value, *clauses)
