"""SENDING before DATA and SENT after the answer, of many deliveries and organizations in one statement each.

As the system's role: what they say of a delivery was read and decided in its organization's scope.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notifier.channels import Outcome, Ready
from services.notifier.commands.sending import DETAIL_LENGTH

# Said again, after a connection broke within the commit, each changes nothing.
# Whoever locks several deliveries locks them in the order of their ids.
_BEGIN = text(
    """
    WITH told AS (
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:organizations AS uuid[]), CAST(:attempts AS uuid[]), CAST(:emails AS text[]),
            CAST(:subjects AS text[]), CAST(:message_ids AS text[]), CAST(:token_hashes AS bytea[]),
            CAST(:expiries AS timestamptz[])
        ) AS t (id, organization_id, attempt, email, subject, message_id, token_hash, expires_at)
    ), mine AS (
        UPDATE delivery
        SET status = 'SENDING', email = coalesce(told.email, delivery.email), subject = told.subject,
            message_id = told.message_id, changed_at = :now
        FROM told WHERE delivery.id = told.id AND delivery.leased_by = :worker
        RETURNING delivery.id
    ), began AS (
        INSERT INTO attempt (id, organization_id, delivery_id, worker, started_at)
        SELECT attempt, organization_id, id, :worker, :now FROM told JOIN mine USING (id)
    ), linked AS (
        INSERT INTO link (token_hash, organization_id, delivery_id, expires_at)
        SELECT token_hash, organization_id, id, expires_at FROM told JOIN mine USING (id) WHERE token_hash IS NOT NULL
    )
    SELECT id FROM mine
    """
)
_NEWS = ("id", "organization_id", "partition", "aggregate", "aggregate_id", "aggregate_version", "type", "subject")
# Apart: even an insert of nothing wakes the outbox's relay.
_TELL = """, news AS (
        INSERT INTO outbox (id, organization_id, partition, aggregate, aggregate_id, aggregate_version, type, subject,
                            payload, headers, created_at)
        SELECT id, organization_id, partition, aggregate, aggregate_id, aggregate_version, type, subject, payload,
            CAST(headers AS jsonb), :now
        FROM unnest(
            CAST(:news_id AS uuid[]), CAST(:news_organization_id AS uuid[]), CAST(:news_partition AS smallint[]),
            CAST(:news_aggregate AS text[]), CAST(:news_aggregate_id AS uuid[]),
            CAST(:news_aggregate_version AS bigint[]), CAST(:news_type AS text[]), CAST(:news_subject AS text[]),
            CAST(:news_payload AS bytea[]), CAST(:news_headers AS text[])
        ) AS t (id, organization_id, partition, aggregate, aggregate_id, aggregate_version, type, subject, payload,
                headers)
        ON CONFLICT (id) DO NOTHING
    )"""


def _marking(besides: str) -> TextClause:
    return text(
        f"""
    WITH told AS (
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:attempts AS uuid[]), CAST(:codes AS integer[]), CAST(:answers AS text[])
        ) AS t (id, attempt, code, answer)
    ), ended AS (
        UPDATE attempt SET ended_at = :now, verdict = 'ACCEPTED', code = told.code, answer = told.answer
        FROM told WHERE attempt.id = told.attempt
    ){besides}
    UPDATE delivery SET status = 'SENT', detail = NULL, sent_at = :now, attempts = attempts + 1, changed_at = :now,
        next_attempt_at = NULL, leased_by = NULL, leased_until = NULL
    FROM told WHERE delivery.id = told.id AND delivery.status <> 'SENT'
    """  # noqa: S608  # of constants
    )


_SENT, _SENT_AND_TOLD = _marking(""), _marking(_TELL)
_HELD = "SELECT id FROM delivery WHERE leased_by = :worker AND id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE"
_RENEW = text(
    f"WITH held AS ({_HELD})"  # noqa: S608  # of constants
    " UPDATE delivery SET leased_until = clock_timestamp() + :lease FROM held WHERE delivery.id = held.id"
)
_LET_GO = text(
    f"WITH held AS ({_HELD})"  # noqa: S608  # of constants
    " UPDATE delivery SET leased_by = NULL, leased_until = NULL FROM held WHERE delivery.id = held.id"
)


@dataclass(frozen=True)
class Taken:
    """What was handed over, and what the other side said; `news` are the outbox rows that tell others."""

    ready: Ready
    outcome: Outcome
    news: Sequence[Mapping[str, Any]] = ()


async def begin(connection: AsyncConnection, batch: Sequence[Ready], worker: str, now: datetime) -> set[UUID]:
    """These are SENDING from here on; gives those that are still the worker's."""
    rows = sorted(batch, key=lambda ready: ready.due.id)
    going = [ready.going for ready in rows]
    told: dict[str, Any] = {
        "ids": [ready.due.id for ready in rows],
        "organizations": [ready.due.organization_id for ready in rows],
        "attempts": [ready.attempt for ready in rows],
        "emails": [each.email for each in going],
        "subjects": [each.subject for each in going],
        "message_ids": [each.message_id for each in going],
        "token_hashes": [each.token_hash for each in going],
        "expiries": [each.expires_at for each in going],
    }
    return set(await connection.scalars(_BEGIN, {**told, "worker": worker, "now": now}))


async def sent(connection: AsyncConnection, batch: Sequence[Taken], now: datetime) -> None:
    """The other side took these: from here on they are its to bring."""
    rows = sorted(batch, key=lambda taken: taken.ready.due.id)
    told: dict[str, Any] = {
        "ids": [taken.ready.due.id for taken in rows],
        "attempts": [taken.ready.attempt for taken in rows],
        "codes": [taken.outcome.code for taken in rows],
        "answers": [taken.outcome.text[:DETAIL_LENGTH] for taken in rows],
    }
    news = [row for taken in rows for row in taken.news]
    if not news:
        await connection.execute(_SENT, {**told, "now": now})
        return
    told |= {f"news_{name}": [row[name] for row in news] for name in (*_NEWS, "payload")}
    told["news_headers"] = [orjson.dumps(row["headers"]).decode() for row in news]
    await connection.execute(_SENT_AND_TOLD, {**told, "now": now})


async def renew(engine: AsyncEngine, worker: str, lease: timedelta, ids: Collection[UUID]) -> None:
    """Keep what a worker has in hand."""
    async with engine.begin() as connection:
        await connection.execute(_RENEW, {"worker": worker, "lease": lease, "ids": list(ids)})


async def let_go(engine: AsyncEngine, worker: str, ids: Collection[UUID]) -> None:
    """Give claimed deliveries back as they were."""
    async with engine.begin() as connection:
        await connection.execute(_LET_GO, {"worker": worker, "ids": list(ids)})
