"""Several tellings in one mail: changes of one thing into the newest, many things into a digest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier.audience import Concerned, Reason
from services.notifier.commands.planning import Plan
from services.notifier.digests.model import Digest, DigestKind
from services.notifier.gate import Stopped
from services.notifier.model import Category, CauseKind, Delivery, Status
from services.notifier.preferences.queries import bounds

_GATHERED = (CauseKind.EVENT, CauseKind.INVITATION_ANSWERED)
"""Whose changes wait for the next."""
_UNTOLD = (Status.SKIPPED, Status.SUPPRESSED, Status.REJECTED, Status.QUEUED, Status.AWAITING_DIGEST)
_NOT_IN_HAND = or_(Delivery.leased_until.is_(None), Delivery.leased_until < func.clock_timestamp())


@dataclass(frozen=True)
class Change:
    """A revision that stands for those before it; `over`: it says that the thing is over."""

    kind: CauseKind
    id: UUID
    revision: int
    over: bool

    def before(self, ids: Sequence[UUID]) -> tuple[object, ...]:
        """Deliveries of earlier revisions to these collaborators."""
        return (
            Delivery.cause_kind == self.kind.value,
            Delivery.cause_id == self.id,
            Delivery.revision < self.revision,
            Delivery.collaborator_id.in_(ids),
        )


async def fold(
    work: UnitOfWork, change: Change, concerned: Sequence[Concerned], plans: Mapping[UUID, Plan]
) -> dict[UUID, Plan]:
    """Take earlier revisions that are not sent yet into this one, and let a change wait for the next.

    A window begins with its first change, whatever follows. That something is over is told at once, and to nobody who
    was never told of it.
    """
    if change.revision == 0:
        return dict(plans)
    ids = sorted(plans)
    taken = await _take(work, change, ids)
    seen = await _seen(work, change, ids)
    window = work.now + (await bounds(work.session)).fold
    reasons = {each.collaborator: each.reasons for each in concerned}

    def folded(id: UUID, plan: Plan) -> Plan:
        gone = change.over or reasons[id] == (Reason.REMOVED,)
        if plan.status not in (Status.QUEUED, Status.AWAITING_DIGEST):
            return plan
        if gone and id not in seen:
            return plan.stopped(Stopped(Status.SKIPPED, "NEVER_TOLD: it was over before it was told"))
        if plan.digest or gone or plan.due_at is None or change.kind not in _GATHERED:
            return plan
        begun = taken.get(id)
        if begun is None and id not in seen:
            return plan
        return replace(plan, due_at=max(plan.due_at, min(window, begun or window)))

    return {id: folded(id, plan) for id, plan in plans.items()}


async def _take(work: UnitOfWork, change: Change, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Skip what waits still; gives when it would have gone, for each reader of whom it was mailed alone."""
    waiting = (Delivery.status.in_([Status.QUEUED.value, Status.AWAITING_DIGEST.value]), _NOT_IN_HAND)
    statement = (
        update(Delivery)
        .where(*change.before(ids), *waiting)  # type: ignore[arg-type]  # clauses, as `before` says
        .values(
            status=Status.SKIPPED.value,
            detail=f"FOLDED: into revision {change.revision}",
            changed_at=work.now,
            # RETURNING gives new values: when it would have gone is kept.
            leased_by=None,
            leased_until=None,
        )
        .returning(Delivery.id, Delivery.collaborator_id, Delivery.next_attempt_at)
    )
    rows = (await work.session.execute(statement)).all()
    if rows:
        over = Delivery.id.in_([row.id for row in rows])
        await work.session.execute(update(Delivery).where(over).values(next_attempt_at=None))
    return {row.collaborator_id: row.next_attempt_at for row in rows if row.next_attempt_at is not None}


async def _seen(work: UnitOfWork, change: Change, ids: Sequence[UUID]) -> set[UUID]:
    told = Delivery.status.not_in([status.value for status in _UNTOLD])
    in_hand = (Delivery.status == Status.QUEUED.value) & ~_NOT_IN_HAND
    statement = select(Delivery.collaborator_id).where(*change.before(ids), or_(told, in_hand)).distinct()  # type: ignore[arg-type]  # clauses, as `before` says
    return {id for id in await work.session.scalars(statement) if id is not None}


Digests = Mapping[tuple[UUID, DigestKind], UUID]
"""Open digests, by collaborator and kind."""


async def open_digests(work: UnitOfWork, plans: Iterable[tuple[UUID, Plan]]) -> Digests:
    """The open digests of the collaborators whose mails wait for one; a burst's waits on while it lasts."""
    due_at = {(id, plan.digest): plan.due_at for id, plan in plans if plan.digest is not None}
    rows = [
        {
            "organization_id": work.organization,
            "id": new_id(),
            "collaborator_id": id,
            "kind": kind.value,
            "opened_at": work.now,
            "due_at": due_at[id, kind],
        }
        # In one order, so that two transactions do not wait for each other.
        for id, kind in sorted(due_at)
    ]
    if not rows:
        return {}
    statement = insert(Digest).values(rows)
    longest = Digest.opened_at + (await bounds(work.session)).longest
    lasting = func.least(longest, statement.excluded.due_at)
    due = case((Digest.kind == DigestKind.BURST.value, lasting), else_=Digest.due_at)
    opened = statement.on_conflict_do_update(
        index_elements=["organization_id", "collaborator_id", "kind"],
        index_where=Digest.formed_at.is_(None),
        set_={"due_at": due},
    ).returning(Digest.id, Digest.collaborator_id, Digest.kind)
    return {(row.collaborator_id, DigestKind(row.kind)): row.id for row in await work.session.execute(opened)}


async def bundle_waiting(work: UnitOfWork, digests: Digests) -> None:
    """A burst takes in what waits still of the mails before it."""
    bursts = {id: digest for (id, kind), digest in digests.items() if kind is DigestKind.BURST}
    if not bursts:
        return
    window = (await bounds(work.session)).burst
    for id, digest in bursts.items():
        await work.session.execute(
            update(Delivery)
            .where(
                Delivery.organization_id == work.organization,
                Delivery.collaborator_id == id,
                Delivery.created_at > work.now - window,
                Delivery.status == Status.QUEUED.value,
                Delivery.attempts == 0,
                Delivery.category != Category.CRITICAL.value,
                _NOT_IN_HAND,
            )
            .values(
                status=Status.AWAITING_DIGEST.value,
                digest_id=digest,
                detail=None,
                next_attempt_at=None,
                changed_at=work.now,
            )
        )
