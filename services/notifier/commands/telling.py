"""Causes and their deliveries: one per concerned collaborator, in the transaction of the message that caused them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.audience import Concerned, Reason
from services.notifier.commands.folding import Change, bundle_waiting, fold, open_digests
from services.notifier.commands.merging import follow, heirs
from services.notifier.commands.planning import Plan, plan, surroundings
from services.notifier.events import message_news
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.inbox.commands import Item, done_by_itself, put_in_inbox
from services.notifier.model import Category, Cause, CauseKind, Delivery, Queue, Status
from services.notifier.preferences.cadence import Cadence

EMAIL = "email"
PRIORITY = {
    CauseKind.SIGN_IN: 0,
    CauseKind.INVITATION: 1,
    CauseKind.ALERT: 1,
    CauseKind.EVENT: 2,
    CauseKind.QUOTE_ANSWERED: 2,
    CauseKind.INVITATION_ANSWERED: 2,
    CauseKind.QUOTE: 1,
    CauseKind.QUOTE_REQUEST: 2,
    CauseKind.MESSAGE: 1,
    CauseKind.APPOINTMENT: 1,
    CauseKind.WEBHOOK_DISABLED: 2,
    CauseKind.PUBLICATION: 5,
    CauseKind.PUBLICATION_TEST: 1,
    CauseKind.TEST: 0,
    CauseKind.COMMENT: 2,
    CauseKind.DIGEST: 4,
}
CATEGORY = {
    CauseKind.ALERT: Category.ALERTS,
    CauseKind.EVENT: Category.EVENTS,
    CauseKind.QUOTE_ANSWERED: Category.QUOTES,
    CauseKind.INVITATION_ANSWERED: Category.EVENTS,
    CauseKind.PUBLICATION: Category.PUBLICATIONS,
    CauseKind.COMMENT: Category.COMMENTS,
    CauseKind.INVITATION: Category.CRITICAL,
    CauseKind.SIGN_IN: Category.CRITICAL,
    CauseKind.WEBHOOK_DISABLED: Category.CRITICAL,
    CauseKind.PUBLICATION_TEST: Category.CRITICAL,
    CauseKind.TEST: Category.CRITICAL,
}
"""What a collaborator can have enough of, CRITICAL excepted; mails to contacts are of none."""
FOLDED = frozenset({CauseKind.EVENT, CauseKind.ALERT, CauseKind.COMMENT, CauseKind.INVITATION_ANSWERED})
"""Whose newest revision stands for those before it."""
_NOT_IN_INBOX = frozenset({CauseKind.INVITATION, CauseKind.SIGN_IN, CauseKind.PUBLICATION_TEST, CauseKind.TEST})


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


async def tell(work: UnitOfWork, told: Told, concerned: Sequence[Concerned], email: str | None = None) -> None:
    """Plan one mail per concerned collaborator, or record why there is none; put it in their inboxes. Once.

    `email` is the address of somebody who is no collaborator yet.
    """
    why_none = await _recorded(work, told)
    if not concerned:
        return
    plans = await _plans(work, told, concerned)
    if why_none is not None:
        plans = {id: plan.stopped(why_none) for id, plan in plans.items()}
    elif told.kind in FOLDED:
        plans = await fold(work, Change(told.kind, told.id, told.revision, told.over), concerned, plans)
    digests = await open_digests(work, plans)
    rows = [
        {**_delivery(work, told, each, plans[each.collaborator], digests.get(each.collaborator)), "email": email}
        for each in concerned
    ]
    statement = insert(Delivery).values(rows).on_conflict_do_nothing().returning(Delivery.collaborator_id)
    new = {id for id in await work.session.scalars(statement) if id is not None}
    await bundle_waiting(work, digests, plans)
    if why_none is None and told.kind not in _NOT_IN_INBOX:
        await put_in_inbox(work, _items(told, [each for each in concerned if each.collaborator in new], plans))


async def _plans(work: UnitOfWork, told: Told, concerned: Sequence[Concerned]) -> dict[UUID, Plan]:
    around = await surroundings(work, told.kind, [each.collaborator for each in concerned])
    return {each.collaborator: plan(told.kind, _category(told, each), each, around, work.now) for each in concerned}


def _category(told: Told, each: Concerned) -> Category:
    return Category.CRITICAL if told.urgent_for.intersection(each.reasons) else CATEGORY[told.kind]


def _items(told: Told, concerned: Sequence[Concerned], plans: Mapping[UUID, Plan]) -> list[Item]:
    return [
        Item(each, told.kind, told.id, told.revision, plan.category, told.topic)
        for each in concerned
        if (plan := plans[each.collaborator]).inbox.cadence is not Cadence.NEVER
        and plan.detail != "COLLABORATOR_DISABLED"
    ]


async def close(work: UnitOfWork, kind: CauseKind, id: UUID, before: int | None = None) -> None:
    """What waits for nobody any more, or not at revisions `before` one: its mails still queued will be skipped."""
    statement = update(Cause).where(Cause.kind == kind.value, Cause.id == id).values(open=False)
    await work.session.execute(statement if before is None else statement.where(Cause.revision < before))


async def write_to(
    work: UnitOfWork, told: Told, contacts: Sequence[UUID], reasons: Mapping[UUID, tuple[Reason, ...]] | None = None
) -> None:
    """Queue one delivery per contact, apart from colleagues' mails and their preferences. Again changes nothing."""
    await _record(work, told)
    now = await heirs(work, contacts)
    people = await queries.contacts(work.session, work.organization, {now.get(each, each) for each in contacts})
    refused = await queries.suppressed(work.session, work.organization, [each.email for each in people.values()])
    rows = []
    for named in contacts:
        if (each := people.get(now.get(named, named))) is None:
            continue
        about = Circumstances(each.email, each.deleted, False, refused.get(each.email), outside=True)
        row = _delivery(work, told, Concerned(each.id, (reasons or {}).get(named, ())), _outside(work, about))
        rows.append({**row, "collaborator_id": None, "contact_id": named, "queue": Queue.EXTERNAL.value})
    if rows:
        statement = insert(Delivery).values(rows).on_conflict_do_nothing()
        for made in (await work.session.execute(statement.returning(*queries.DELIVERY))).all():
            if made.status != Status.QUEUED.value:
                await work.emit(*message_news(made, Status(made.status), made.detail, work.now))
    for named in now:
        await follow(work, named)


def _outside(work: UnitOfWork, about: Circumstances) -> Plan:
    why_not, mailed = stopped(about), Plan(None, due_at=work.now)
    return mailed.stopped(why_not) if why_not else mailed


async def settle(work: UnitOfWork, told: Told, because: str) -> None:
    """What waits for nobody any more, even where the message that should have told it comes only later."""
    await _record(work, told, open=False)
    await close(work, told.kind, told.id)
    await done_by_itself(work, told.kind, told.id, because)


async def left_out(work: UnitOfWork, event: UUID, concerned: Sequence[Concerned]) -> list[Concerned]:
    """Who was told of an event before, and is concerned no more."""
    statement = (
        select(Delivery.collaborator_id, Delivery.reasons)
        .ext(distinct_on(Delivery.collaborator_id))
        .where(
            Delivery.cause_kind == CauseKind.EVENT.value,
            Delivery.cause_id == event,
            Delivery.status != Status.SKIPPED.value,
            Delivery.collaborator_id.not_in([each.collaborator for each in concerned]),
        )
        .order_by(Delivery.collaborator_id, Delivery.revision.desc())
    )
    last_told = await work.session.execute(statement)
    return [
        Concerned(row.collaborator_id, (Reason.REMOVED,)) for row in last_told if row.reasons != [Reason.REMOVED.value]
    ]


async def _recorded(work: UnitOfWork, told: Told) -> Stopped | None:
    """Keep what is told. Why it is worth telling no more, where its messages came in another order."""
    await _record(work, told)
    if told.kind not in FOLDED:
        return None
    same = (Cause.kind == told.kind.value, Cause.id == told.id, Cause.revision >= told.revision)
    known = (await work.session.execute(select(Cause.revision, Cause.open).where(*same))).all()
    newest = max(row.revision for row in known)
    # Each version of a comment tells only those whom it is the first to name.
    if newest > told.revision and told.kind is not CauseKind.COMMENT:
        return Stopped(Status.SKIPPED, f"SUPERSEDED: revision {newest} came first")
    if not all(row.open for row in known):
        return Stopped(Status.SKIPPED, f"{told.kind.value.upper()}_NO_LONGER_WAITS")
    return None


async def _record(work: UnitOfWork, told: Told, *, open: bool = True) -> None:
    row = {
        "organization_id": work.organization,
        "kind": told.kind.value,
        "id": told.id,
        "revision": told.revision,
        "content": told.content,
        "at": told.at,
        "open": open,
    }
    await work.session.execute(insert(Cause).values(row).on_conflict_do_nothing())


def _delivery(
    work: UnitOfWork, told: Told, each: Concerned, plan: Plan, digest: UUID | None = None
) -> dict[str, object]:
    return {
        "id": new_id(),
        "organization_id": work.organization,
        "cause_kind": told.kind.value,
        "cause_id": told.id,
        "revision": told.revision,
        "collaborator_id": each.collaborator,
        "channel": EMAIL,
        "category": plan.category.value if plan.category else None,
        "topic": told.topic,
        "digest_id": digest if plan.digest else None,
        "reasons": [reason.value for reason in each.reasons],
        "status": plan.status.value,
        "detail": plan.detail,
        "priority": PRIORITY[told.kind],
        "attempts": 0,
        "next_attempt_at": plan.due_at if plan.status is Status.QUEUED else None,
        "created_at": work.now,
        "changed_at": work.now,
    }
