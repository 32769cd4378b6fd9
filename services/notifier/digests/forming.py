"""A digest that is due becomes one delivery of its own, in one transaction: a death in between changes nothing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier.digests.model import Digest
from services.notifier.model import Category, Cause, CauseKind, Delivery, Status
from services.notifier.preferences.cadence import Cadence, Channel, Source, for_reasons
from services.notifier.preferences.queries import done_in_inbox, wishes

_EMAIL = "email"
_PRIORITY = 4
_BUNDLED = (Status.AWAITING_DIGEST.value, Status.IN_DIGEST.value)


async def form(work: UnitOfWork, id: UUID) -> bool:
    """Queue a digest that is due; False where another replica has it, or where nothing is left to tell."""
    statement = select(Digest.collaborator_id, Digest.kind).where(
        Digest.id == id, Digest.formed_at.is_(None), Digest.due_at <= work.now
    )
    row = (await work.session.execute(statement.with_for_update(skip_locked=True))).first()
    if row is None:
        return False
    await work.session.execute(update(Digest).where(Digest.id == id).values(formed_at=work.now))
    if not await keep_wanted(work, id):
        return False
    waiting = (Delivery.digest_id == id, Delivery.status == Status.AWAITING_DIGEST.value)
    await work.session.execute(
        update(Delivery).where(*waiting).values(status=Status.IN_DIGEST.value, changed_at=work.now)
    )
    await _queue(work, id, row.collaborator_id)
    return True


async def keep_wanted(work: UnitOfWork, id: UUID) -> int:
    """Leave out what is closed, done or wanted no more, each with its reason; gives how much is left."""
    await _leave_out(work, id, _closed(), func.upper(Delivery.cause_kind).concat("_NO_LONGER_WAITS"))
    await _leave_out(work, id, done_in_inbox(), "DONE_IN_INBOX")
    await _leave_out_unwanted(work, id)
    left = select(func.count()).where(Delivery.digest_id == id, Delivery.status.in_(_BUNDLED))
    return int(await work.session.scalar(left) or 0)


def _closed() -> ColumnElement[bool]:
    return exists().where(
        Cause.organization_id == Delivery.organization_id,
        Cause.kind == Delivery.cause_kind,
        Cause.id == Delivery.cause_id,
        Cause.revision == Delivery.revision,
        Cause.open.is_(False),
    )


async def _leave_out(work: UnitOfWork, id: UUID, where: ColumnElement[bool], why: Any) -> None:
    bundled = (Delivery.digest_id == id, Delivery.status.in_(_BUNDLED))
    values = {"status": Status.SKIPPED.value, "detail": why, "changed_at": work.now}
    await work.session.execute(update(Delivery).where(*bundled, where).values(values))


async def _leave_out_unwanted(work: UnitOfWork, id: UUID) -> None:
    columns: tuple[Any, ...] = (Delivery.collaborator_id, Delivery.category, Delivery.reasons)
    bundled = (Delivery.digest_id == id, Delivery.status.in_(_BUNDLED))
    found: Sequence[Row[Any]] = (await work.session.execute(select(*columns).where(*bundled).distinct())).all()
    if not found:
        return
    reader = found[0].collaborator_id
    choices = (await wishes(work.session, [reader]))[reader].choices
    for row in found:
        wanted = for_reasons(choices, Category(row.category), Channel.EMAIL, row.reasons)
        if wanted.cadence is Cadence.NEVER:
            why = "UNSUBSCRIBED" if wanted.source is Source.OWN else "NOT_WANTED_BY_DEFAULT"
            alike = (Delivery.category == row.category) & (Delivery.reasons == row.reasons)
            await _leave_out(work, id, alike, why)


async def _queue(work: UnitOfWork, id: UUID, collaborator: UUID) -> None:
    same = {"organization_id": work.organization, "revision": 0}
    cause = {"kind": CauseKind.DIGEST.value, "id": id, "content": b"", "at": work.now, "open": True}
    await work.session.execute(insert(Cause).values({**same, **cause}))
    row = {
        "id": new_id(),
        "cause_kind": CauseKind.DIGEST.value,
        "cause_id": id,
        "collaborator_id": collaborator,
        "channel": _EMAIL,
        "reasons": [],
        "status": Status.QUEUED.value,
        "priority": _PRIORITY,
        "attempts": 0,
        "next_attempt_at": work.now,
        "created_at": work.now,
        "changed_at": work.now,
    }
    await work.session.execute(insert(Delivery).values({**same, **row}))
