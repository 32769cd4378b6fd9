"""A delivery's way through the sender: claimed, begun (before DATA), finished (after the answer)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from chassis.database import UnitOfWork
from services.notifier import queries
from services.notifier.digests.forming import keep_wanted
from services.notifier.events import delivery_failed, is_told, message_news
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.model import Attempt, Category, CauseKind, Delivery, Status, Verdict
from services.notifier.preferences.cadence import AT_ONCE, Cadence, Channel, Effective, Source, for_reasons
from services.notifier.preferences.queries import choices_in, rhythm_in
from services.notifier.queries import Found
from services.notifier.zones import zone_of

DETAIL_LENGTH = 500
"""Characters kept of what was answered."""


@dataclass(frozen=True)
class Answer:
    """What the relay said to an attempt."""

    verdict: Verdict
    code: int | None = None
    text: str = ""


def words(code: int | None, text: str) -> str:
    """What was answered, in one line."""
    return " ".join(str(word) for word in (code, text) if word)


async def begin(work: UnitOfWork, ids: Sequence[UUID], worker: str) -> list[Found]:
    """Take up claimed deliveries, in this order; without those that are not to go, or that another worker has now."""
    rows = {row.id: row for row in await queries.due(work.session, ids, worker)}
    return [rows[id] for id in ids if id in rows and await _goes(work, rows[id])]


async def _goes(work: UnitOfWork, due: Found) -> bool:
    await close_abandoned(work, due)
    why_not = stopped(_circumstances(due))
    if why_not is None and due.cause_kind == CauseKind.DIGEST.value and not await keep_wanted(work, due.cause_id):
        why_not = Stopped(Status.SKIPPED, "NOTHING_LEFT")
    if why_not is not None:
        await end(work, due, why_not)
        return False
    if (quiet_end := _quiet_end(due, work.now)) is not None:
        await put_off(work, due.id, Status.QUEUED, "QUIET_HOURS", quiet_end - work.now, tries=0)
        return False
    return True


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


async def end(work: UnitOfWork, delivery: Found, why_not: Stopped) -> None:
    """A delivery that will not be sent."""
    await _change(work, delivery.id, status=why_not.status.value, detail=why_not.detail, **_FINAL)
    if why_not.status is not Status.SKIPPED and is_told(delivery):
        await work.emit(delivery_failed(delivery, why_not.status, why_not.detail, work.now))
    await work.emit(*message_news(delivery, why_not.status, why_not.detail, work.now))


async def sent(work: UnitOfWork, delivery: Found) -> None:
    """The other side took it: from here on it is its to bring."""
    values = {"status": Status.SENT.value, "detail": None, "sent_at": work.now, **_FINAL}
    await _change(work, delivery.id, attempts=Delivery.attempts + 1, **values)
    await work.emit(*message_news(delivery, Status.SENT, "", work.now))


async def put_off(work: UnitOfWork, id: UUID, status: Status, detail: str, wait: timedelta, tries: int = 1) -> None:
    """To be tried again after a wait; `tries` is 0 where the relay took no mail at all."""
    await _change(
        work,
        id,
        status=status.value,
        detail=detail[:DETAIL_LENGTH],
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
        detail=detail[:DETAIL_LENGTH],
        attempts=Delivery.attempts + 1,
        **_FINAL,
    )
    if is_told(delivery):
        told = (delivery, status, detail[:DETAIL_LENGTH], work.now)
        await work.emit(delivery_failed(*told), *message_news(*told))


async def close_attempt(work: UnitOfWork, attempt: UUID, answer: Answer) -> None:
    """Keep what the relay said to an attempt."""
    await work.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt)
        .values(ended_at=work.now, verdict=answer.verdict.value, code=answer.code, answer=answer.text[:DETAIL_LENGTH])
    )


async def came_back(work: UnitOfWork, delivery: Found, words: str) -> None:
    """The relay had taken it, and could not bring it."""
    detail = f"CAME_BACK: {words}"[:DETAIL_LENGTH]
    await _change(work, delivery.id, status=Status.BOUNCED.value, detail=detail)
    told = (delivery, Status.BOUNCED, detail, work.now)
    await work.emit(delivery_failed(*told), *message_news(*told))


_FINAL: dict[str, Any] = {"next_attempt_at": None, "leased_by": None, "leased_until": None}


async def _change(work: UnitOfWork, id: UUID, **values: Any) -> None:
    await work.session.execute(update(Delivery).where(Delivery.id == id).values(changed_at=work.now, **values))
