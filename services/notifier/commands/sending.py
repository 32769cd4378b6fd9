"""A delivery's way through the sender: claimed, begun (before DATA), finished (after the answer)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.digests.forming import keep_wanted
from services.notifier.events import delivery_failed, delivery_sent, message_news
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.model import Attempt, Category, CauseKind, Delivery, Status, Verdict
from services.notifier.preferences.cadence import AT_ONCE, Cadence, Channel, Effective, Source, for_reasons
from services.notifier.preferences.queries import choices_in, rhythm_in
from services.notifier.queries import Found
from services.notifier.zones import zone_of

_DETAIL_LENGTH = 500

_RENEW = text(
    "UPDATE delivery SET leased_until = clock_timestamp() + :lease WHERE leased_by = :worker AND id IN :ids"
).bindparams(bindparam("ids", expanding=True))

# Each is one statement for what happens with every mail: the two that decide how many mails a second there are.
_WRITE_DOWN = text(
    """
    WITH began AS (
        INSERT INTO attempt (id, organization_id, delivery_id, worker, started_at)
        VALUES (:attempt, :organization, :id, :worker, :now)
    ), linked AS (
        INSERT INTO link (token_hash, organization_id, delivery_id, expires_at)
        SELECT CAST(:token_hash AS bytea), :organization, :id, :expires_at WHERE CAST(:token_hash AS bytea) IS NOT NULL
    )
    UPDATE delivery
    SET status = 'SENDING', email = :email, subject = :subject, message_id = :message_id, changed_at = :now
    WHERE id = :id
    """
)
_SENT = text(
    """
    WITH ended AS (
        UPDATE attempt SET ended_at = :now, verdict = 'ACCEPTED', code = :code, answer = :answer WHERE id = :attempt
    )
    UPDATE delivery SET status = 'SENT', detail = NULL, sent_at = :now, attempts = attempts + 1, changed_at = :now,
        next_attempt_at = NULL, leased_by = NULL, leased_until = NULL
    WHERE id = :id
    """
)
_LET_GO = text("UPDATE delivery SET leased_by = NULL, leased_until = NULL WHERE id = :id AND leased_by = :worker")


@dataclass(frozen=True)
class Outgoing:
    """What goes out, as it is written down before DATA."""

    subject: str
    message_id: str
    token_hash: bytes | None
    expires_at: datetime


@dataclass(frozen=True)
class Answer:
    """What the relay said to an attempt."""

    verdict: Verdict
    code: int | None = None
    text: str = ""


def words(code: int | None, text: str) -> str:
    """What was answered, in one line."""
    return " ".join(str(word) for word in (code, text) if word)


async def renew(engine: AsyncEngine, worker: str, lease: timedelta, ids: list[UUID]) -> None:
    """Keep what a worker is still sending."""
    async with engine.begin() as connection:
        await connection.execute(_RENEW, {"worker": worker, "lease": lease, "ids": ids})


async def begin(work: UnitOfWork, id: UUID, worker: str) -> Found | None:
    """Take up a claimed delivery. None where another worker has it now, or where it is not to go."""
    due = await queries.due(work.session, id, worker)
    if due is None:
        return None
    await close_abandoned(work, due)
    why_not = stopped(_circumstances(due))
    if why_not is None and due.cause_kind == CauseKind.DIGEST.value and not await keep_wanted(work, due.cause_id):
        why_not = Stopped(Status.SKIPPED, "NOTHING_LEFT")
    if why_not is not None:
        await end(work, due, why_not)
        return None
    if (quiet_end := _quiet_end(due, work.now)) is not None:
        await put_off(work, due.id, Status.QUEUED, "QUIET_HOURS", quiet_end - work.now, tries=0)
        return None
    return due


def _circumstances(due: Found) -> Circumstances:
    wanted = _wanted(due)
    return Circumstances(
        due.reader_email,
        due.reader_disabled,
        bool(due.unsubscribed) or wanted.cadence is Cadence.NEVER,
        due.suppressed,
        due.waits,
        due.cause_kind,
        outside=due.contact_id is not None,
        by_default=wanted.source is Source.ORGANIZATION,
        done=due.done,
    )


def _wanted(due: Found) -> Effective:
    if due.category is None:
        return AT_ONCE
    category = Category(due.category)
    return for_reasons(choices_in(category, due.choices), category, Channel.EMAIL, due.reasons)


def _quiet_end(due: Found, now: datetime) -> datetime | None:
    if due.category in (None, Category.CRITICAL.value):
        return None
    return rhythm_in(due.quiet_hours).quiet_end(zone_of(due.reader_time_zone or "", due.organization_time_zone), now)


async def close_abandoned(work: UnitOfWork, due: Found) -> None:
    """An attempt whose worker went away ends without an answer."""
    if due.status != Status.SENDING.value:
        return
    await work.session.execute(
        update(Attempt)
        .where(Attempt.delivery_id == due.id, Attempt.ended_at.is_(None))
        .values(ended_at=work.now, verdict=Verdict.UNKNOWN.value, answer="the worker went away")
    )


async def let_go(engine: AsyncEngine, worker: str, id: UUID) -> None:
    """Give a claimed delivery back as it was."""
    async with engine.begin() as connection:
        await connection.execute(_LET_GO, {"id": id, "worker": worker})


async def write_down(work: UnitOfWork, due: Found, outgoing: Outgoing, worker: str) -> UUID:
    """The delivery is SENDING from here on, with what goes out. Gives the attempt's id."""
    attempt = new_id()
    row = {"attempt": attempt, "organization": work.organization, "id": due.id, "worker": worker, "now": work.now}
    told = {"email": due.reader_email, "subject": outgoing.subject, "message_id": outgoing.message_id}
    link = {"token_hash": outgoing.token_hash, "expires_at": outgoing.expires_at}
    await work.session.execute(_WRITE_DOWN, {**row, **told, **link})
    return attempt


async def begin_try(work: UnitOfWork, due: Found, worker: str, **told: str) -> UUID:
    """An attempt begins: the delivery says SENDING, and what goes out. Gives the attempt's id."""
    attempt = new_id()
    row = {"id": attempt, "organization_id": work.organization, "delivery_id": due.id, "worker": worker}
    await work.session.execute(insert(Attempt).values(started_at=work.now, **row))
    await _change(work, due.id, status=Status.SENDING.value, **told)
    return attempt


async def end(work: UnitOfWork, delivery: Found, why_not: Stopped) -> None:
    """A delivery that will not be sent."""
    await _change(work, delivery.id, status=why_not.status.value, detail=why_not.detail, **_FINAL)
    if why_not.status is not Status.SKIPPED and _is_told(delivery):
        await work.emit(delivery_failed(delivery, why_not.status, why_not.detail, work.now))
    await work.emit(*message_news(delivery, why_not.status, why_not.detail, work.now))


async def sent(work: UnitOfWork, delivery: Found, attempt: UUID, answer: Answer) -> None:
    """The relay took it: from here on it is the relay's to bring."""
    told = {"code": answer.code, "answer": answer.text[:_DETAIL_LENGTH]}
    await work.session.execute(_SENT, {"id": delivery.id, "attempt": attempt, "now": work.now, **told})
    if _is_told(delivery):
        await work.emit(delivery_sent(delivery, work.now), *message_news(delivery, Status.SENT, "", work.now))


async def put_off(work: UnitOfWork, id: UUID, status: Status, detail: str, wait: timedelta, tries: int = 1) -> None:
    """To be tried again after a wait; `tries` is 0 where the relay took no mail at all."""
    await _change(
        work,
        id,
        status=status.value,
        detail=detail[:_DETAIL_LENGTH],
        attempts=Delivery.attempts + tries,
        next_attempt_at=work.now + wait,
        leased_by=None,
        leased_until=None,
    )


async def give_up(work: UnitOfWork, delivery: Found, status: Status, detail: str) -> None:
    """Tried, and not to be tried again."""
    await _change(
        work,
        delivery.id,
        status=status.value,
        detail=detail[:_DETAIL_LENGTH],
        attempts=Delivery.attempts + 1,
        **_FINAL,
    )
    if _is_told(delivery):
        told = (delivery, status, detail[:_DETAIL_LENGTH], work.now)
        await work.emit(delivery_failed(*told), *message_news(*told))


def _is_told(delivery: Found) -> bool:
    """Whether others hear of it: what became of a message to a program would else be a message to programs."""
    return bool(delivery.cause_kind != CauseKind.WEBHOOK.value)


async def close_attempt(work: UnitOfWork, attempt: UUID, answer: Answer) -> None:
    """Keep what the relay said to an attempt."""
    await work.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt)
        .values(ended_at=work.now, verdict=answer.verdict.value, code=answer.code, answer=answer.text[:_DETAIL_LENGTH])
    )


async def came_back(work: UnitOfWork, delivery: Found, words: str) -> None:
    """The relay had taken it, and could not bring it."""
    detail = f"CAME_BACK: {words}"[:_DETAIL_LENGTH]
    await _change(work, delivery.id, status=Status.BOUNCED.value, detail=detail)
    told = (delivery, Status.BOUNCED, detail, work.now)
    await work.emit(delivery_failed(*told), *message_news(*told))


_FINAL: dict[str, Any] = {"next_attempt_at": None, "leased_by": None, "leased_until": None}


async def _change(work: UnitOfWork, id: UUID, **values: Any) -> None:
    await work.session.execute(update(Delivery).where(Delivery.id == id).values(changed_at=work.now, **values))
