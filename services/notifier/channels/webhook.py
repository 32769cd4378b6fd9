"""Webhooks: a signed message to an endpoint, as many at a time as it takes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import UnitOfWork
from chassis.links import LinkKey
from services.notifier.channels import Going, Outcome, Ready
from services.notifier.commands import sending
from services.notifier.gate import Stopped
from services.notifier.model import Cause, Delivery, Queue, Status, Verdict
from services.notifier.queries import DELIVERY, Found
from services.notifier.settings import NotifierSettings
from services.notifier.webhooks import health, signing
from services.notifier.webhooks.model import EndpointState, WebhookEndpoint
from services.notifier.webhooks.posting import Poster

_JITTER = 0.1

# One endpoint's deliveries are leased by one worker at a time, up to what the endpoint may have under way, so that one
# that hangs holds up none of the others; one that failed last is tried with a single message, one that rests with none.
_CLAIM = text(
    """
    UPDATE delivery SET leased_by = :worker, leased_until = clock_timestamp() + :lease
    WHERE id IN (
        SELECT due.id
        FROM (
            SELECT id, CASE WHEN failures > 0 THEN 1 ELSE :each END AS room,
                (SELECT count(*) FROM delivery AS held
                 WHERE held.endpoint_id = endpoint.id AND held.leased_until > clock_timestamp()
                   AND held.status IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNKNOWN')) AS busy
            FROM webhook_endpoint AS endpoint
            WHERE (resting_until IS NULL OR resting_until <= clock_timestamp()) AND EXISTS (
                SELECT 1 FROM delivery AS any_due
                WHERE any_due.endpoint_id = endpoint.id AND any_due.next_attempt_at <= clock_timestamp()
                  AND any_due.status IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNKNOWN'))
            FOR UPDATE OF endpoint SKIP LOCKED
        ) AS ready
        CROSS JOIN LATERAL (
            SELECT locked.id, row_number() OVER (ORDER BY locked.priority, locked.next_attempt_at) AS place,
                locked.priority, locked.next_attempt_at
            FROM (
                SELECT id, priority, next_attempt_at FROM delivery
                WHERE endpoint_id = ready.id AND next_attempt_at <= clock_timestamp()
                  AND status IN ('QUEUED', 'SENDING', 'DEFERRED', 'UNKNOWN')
                  AND (leased_until IS NULL OR leased_until < clock_timestamp())
                ORDER BY priority, next_attempt_at LIMIT :each FOR UPDATE SKIP LOCKED
            ) AS locked
        ) AS due
        WHERE due.place <= ready.room - ready.busy
        ORDER BY due.priority, due.next_attempt_at LIMIT :most
    )
    RETURNING id, organization_id
    """
)


@dataclass(frozen=True)
class _Post:
    url: str
    headers: list[tuple[bytes, bytes]]
    body: bytes


class WebhookChannel:
    """Posts messages to endpoints."""

    def __init__(self, poster: Poster, key: LinkKey, settings: NotifierSettings) -> None:
        self._poster, self._key, self._settings = poster, key, settings
        self.queue, self.room, self.ahead = (
            Queue.WEBHOOK,
            settings.webhook_room,
            0,
        )  # what waits would hold up its endpoint's others
        self.success_is_all = False

    async def claim(self, system: AsyncEngine, worker: str, lease: timedelta, most: int) -> list[tuple[UUID, UUID]]:
        """See Channel."""
        told = {"worker": worker, "lease": lease, "most": most, "each": self._settings.webhook_endpoint_room}
        async with system.begin() as connection:
            return [(row.organization_id, row.id) for row in await connection.execute(_CLAIM, told)]

    async def prepare(self, work: UnitOfWork, deliveries: Sequence[UUID], worker: str) -> list[Ready]:
        """See Channel."""
        found = [await self._prepared(work, due) for due in await _due(work, deliveries, worker)]
        return [ready for ready in found if ready is not None]

    async def _prepared(self, work: UnitOfWork, due: Found) -> Ready | None:
        await sending.close_abandoned(work, due)
        if due.deleted_at is not None or due.state != EndpointState.ACTIVE.value:
            gone = "ENDPOINT_DELETED" if due.deleted_at is not None else "ENDPOINT_DISABLED"
            await sending.end(work, due, Stopped(Status.SKIPPED, gone))
            return None
        id = signing.message_id(due.cause_id)
        post = _Post(due.url, signing.headers(id, work.now, due.content, self._secrets(work, due)), due.content)
        return Ready(due, Going(message_id=id), post, work.now)

    def _secrets(self, work: UnitOfWork, due: Found) -> list[bytes]:
        overlaps = due.old_secret_until is not None and due.old_secret_until > work.now
        numbers = [due.secret_number, due.secret_number - 1] if overlaps else [due.secret_number]
        return [signing.secret_of(self._key, due.endpoint_id, number) for number in numbers]

    async def send(self, ready: Ready) -> Outcome:
        """See Channel."""
        post: _Post = ready.content
        return await self._poster.post(post.url, post.headers, post.body)

    async def answered(self, work: UnitOfWork, ready: Ready, outcome: Outcome) -> None:
        """See Channel."""
        await health.note(work, ready.due.endpoint_id, outcome, timedelta(days=self._settings.webhook_disable_days))

    def wait(self, verdict: Verdict, tries: int) -> timedelta | None:
        """See Channel."""
        waits = self._settings.webhook_retry_seconds
        if tries > len(waits):
            return None
        return timedelta(seconds=waits[tries - 1] * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311  # spreads load, hides nothing


async def _due(work: UnitOfWork, ids: Sequence[UUID], worker: str) -> Sequence[Found]:
    """Claimed deliveries with their endpoints and what is posted, without those that another worker has."""
    endpoint = WebhookEndpoint
    columns = (endpoint.url, endpoint.state, endpoint.deleted_at, endpoint.secret_number, endpoint.old_secret_until)
    same = (Cause.kind == Delivery.cause_kind) & (Cause.id == Delivery.cause_id)
    statement = (
        select(*DELIVERY, Delivery.endpoint_id, *columns, Cause.content)
        .join(endpoint, endpoint.id == Delivery.endpoint_id)
        .join(Cause, same & (Cause.organization_id == Delivery.organization_id))
        .where(Delivery.id.in_(ids), Delivery.leased_by == worker)
    )
    return (await work.session.execute(statement)).all()
