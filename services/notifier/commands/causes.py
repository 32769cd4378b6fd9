"""What is told, as it was at each revision: kept before anybody is told of it, and closed once it waits for nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import select, update

from chassis.arrays import add_rows, one_of
from chassis.copies import table_of
from chassis.database import UnitOfWork
from services.notifier.audience import Reason
from services.notifier.gate import Stopped
from services.notifier.inbox.commands import done_by_itself
from services.notifier.model import Cause, CauseKind, Status

FOLDED = frozenset({CauseKind.EVENT, CauseKind.ALERT, CauseKind.COMMENT, CauseKind.INVITATION_ANSWERED})
"""Whose newest revision stands for those before it."""

Key = tuple[CauseKind, UUID, int]


@dataclass(frozen=True)
class Told:
    """What is to be told: `content` is the protobuf message that the mails will be written from.

    `topic` is what digests group it by, `over` whether it says that something is over; for the reasons of `urgent_for`
    it is CRITICAL.
    """

    kind: CauseKind
    id: UUID
    revision: int
    content: bytes
    at: datetime
    topic: str | None = None
    over: bool = False
    urgent_for: frozenset[Reason] = frozenset()

    @property
    def key(self) -> Key:
        """What it is, at which revision."""
        return self.kind, self.id, self.revision


async def record(work: UnitOfWork, *told: Told, open: bool = True) -> None:
    """Keep what is told. Again changes nothing."""
    rows = [
        {
            "organization_id": work.organization,
            "kind": each.kind.value,
            "id": each.id,
            "revision": each.revision,
            "content": each.content,
            "at": each.at,
            "open": open,
        }
        for each in sorted(told, key=lambda each: each.key)
    ]
    await add_rows(work.session, table_of(Cause), rows)


async def recorded(work: UnitOfWork, told: Sequence[Told]) -> Mapping[Key, Stopped]:
    """Keep what is told. What of it is worth telling no more, and why, where its messages came in another order."""
    await record(work, *told)
    folded = sorted((each for each in told if each.kind in FOLDED), key=lambda each: each.kind)
    found: dict[Key, Stopped] = {}
    for kind, alike in groupby(folded, key=lambda each: each.kind):
        found |= await _overtaken(work, kind, [*alike])
    return found


async def _overtaken(work: UnitOfWork, kind: CauseKind, told: Sequence[Told]) -> dict[Key, Stopped]:
    these = one_of(Cause.id, [each.id for each in told])
    statement = select(Cause.id, Cause.revision, Cause.open).where(Cause.kind == kind.value, these)
    known: dict[UUID, list[tuple[int, bool]]] = {}
    for id, revision, open in await work.session.execute(statement):
        known.setdefault(id, []).append((revision, open))
    return {each.key: why for each in told if (why := _why_not(each, known[each.id])) is not None}


def _why_not(told: Told, known: Iterable[tuple[int, bool]]) -> Stopped | None:
    later = [(revision, open) for revision, open in known if revision >= told.revision]
    newest = max(revision for revision, _ in later)
    # Each version of a comment tells only those whom it is the first to name.
    if newest > told.revision and told.kind is not CauseKind.COMMENT:
        return Stopped(Status.SKIPPED, f"SUPERSEDED: revision {newest} came first")
    if not all(open for _, open in later):
        return Stopped(Status.SKIPPED, f"{told.kind.value.upper()}_NO_LONGER_WAITS")
    return None


async def close(work: UnitOfWork, kind: CauseKind, id: UUID, before: int | None = None) -> None:
    """What waits for nobody any more, or not at revisions `before` one: its mails still queued will be skipped."""
    statement = update(Cause).where(Cause.kind == kind.value, Cause.id == id).values(open=False)
    await work.session.execute(statement if before is None else statement.where(Cause.revision < before))


async def settle(work: UnitOfWork, told: Told, because: str) -> None:
    """What waits for nobody any more, even where the message that should have told it comes only later."""
    await record(work, told, open=False)
    await close(work, told.kind, told.id)
    await done_by_itself(work, told.kind, told.id, because)
