"""Deliveries: one per concerned collaborator, in the transaction of the message that caused them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from chassis.arrays import columns_of, insert_of
from chassis.copies import table_of
from chassis.database import UnitOfWork
from chassis.identifiers import new_id
from services.notifier import queries
from services.notifier.audience import Concerned, Reason
from services.notifier.commands.causes import FOLDED, Key, Told, record, recorded
from services.notifier.commands.folding import Change, Digests, bundle_waiting, fold, open_digests
from services.notifier.commands.merging import follow, heirs
from services.notifier.commands.planning import Plan, Surroundings, plan, surroundings
from services.notifier.events import message_news
from services.notifier.gate import Circumstances, Stopped, stopped
from services.notifier.inbox.commands import Item, put_in_inbox, seen_again
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
_NOT_IN_INBOX = frozenset({CauseKind.INVITATION, CauseKind.SIGN_IN, CauseKind.PUBLICATION_TEST, CauseKind.TEST})


@dataclass(frozen=True)
class Telling:
    """Something that is told, and whom it concerns; `email` is the address of somebody who is no collaborator yet."""

    told: Told
    concerned: Sequence[Concerned]
    email: str | None = None


Plans = Mapping[UUID, Plan]


async def tell(work: UnitOfWork, told: Told, concerned: Sequence[Concerned], email: str | None = None) -> None:
    """Plan one mail per concerned collaborator, or record why there is none; put it in their inboxes. Once."""
    await tell_all(work, [Telling(told, concerned, email)])


async def tell_all(work: UnitOfWork, tellings: Sequence[Telling]) -> None:
    """Tell many things, each of another cause, as if one after the other."""
    why_none = await recorded(work, [each.told for each in tellings])
    planned = await _planned(work, [each for each in tellings if each.concerned], why_none)
    if not planned:
        return
    digests = await open_digests(work, [pair for _, plans in planned for pair in plans.items()])
    new = await _queue(work, [row for each, plans in planned for row in _deliveries(work, each, plans, digests)])
    await bundle_waiting(work, digests)
    items = [_items(each, plans, new) for each, plans in planned if each.told.key not in why_none]
    await put_in_inbox(work, [item for found in items for item in found])


async def _planned(
    work: UnitOfWork, tellings: Sequence[Telling], why_none: Mapping[Key, Stopped]
) -> list[tuple[Telling, Plans]]:
    if not tellings:
        return []
    people = {one.collaborator for each in tellings for one in each.concerned}
    signing_in = all(each.told.kind is CauseKind.SIGN_IN for each in tellings)
    around = await surroundings(work, sorted(people), signing_in=signing_in)
    planned = []
    for each in tellings:
        plans = await _plans(work, each, around, why_none.get(each.told.key))
        around.count(plans)
        planned.append((each, plans))
    return planned


async def _plans(work: UnitOfWork, telling: Telling, around: Surroundings, why_none: Stopped | None) -> Plans:
    told = telling.told
    plans = {
        each.collaborator: plan(told.kind, _category(told, each), each, around, work.now) for each in telling.concerned
    }
    if why_none is not None:
        return {id: plan.stopped(why_none) for id, plan in plans.items()}
    if told.kind in FOLDED:
        return await fold(work, Change(told.kind, told.id, told.revision, told.over), telling.concerned, plans)
    return plans


def _category(told: Told, each: Concerned) -> Category:
    return Category.CRITICAL if told.urgent_for.intersection(each.reasons) else CATEGORY[told.kind]


def _deliveries(work: UnitOfWork, telling: Telling, plans: Plans, digests: Digests) -> Iterator[dict[str, object]]:
    for each in telling.concerned:
        made = plans[each.collaborator]
        digest = digests[each.collaborator, made.digest] if made.digest else None
        yield {**_delivery(work, telling.told, each, made, digest), "email": telling.email}


async def _queue(work: UnitOfWork, rows: Sequence[Mapping[str, object]]) -> set[tuple[UUID, UUID | None]]:
    """The causes and readers of those deliveries that were not there."""
    table, names = table_of(Delivery), tuple(rows[0])
    statement = insert_of(table, names).on_conflict_do_nothing().returning(table.c.cause_id, table.c.collaborator_id)
    return {
        (row.cause_id, row.collaborator_id)
        for row in await work.session.execute(statement, columns_of(table, names, rows))
    }


def _items(telling: Telling, plans: Plans, new: Collection[tuple[UUID, UUID | None]]) -> list[Item]:
    told = telling.told
    if told.kind in _NOT_IN_INBOX:
        return []
    return [
        Item(each, told.kind, told.id, told.revision, plan.category, told.topic)
        for each in telling.concerned
        if (told.id, each.collaborator) in new
        and (plan := plans[each.collaborator]).inbox.cadence is not Cadence.NEVER
        and plan.detail != "COLLABORATOR_DISABLED"
    ]


async def write_to(
    work: UnitOfWork, told: Told, contacts: Sequence[UUID], reasons: Mapping[UUID, tuple[Reason, ...]] | None = None
) -> None:
    """Queue one delivery per contact, apart from colleagues' mails and their preferences. Again changes nothing."""
    await record(work, told)
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


async def come_back(work: UnitOfWork, told: Told, whom: UUID | None) -> None:
    """What waited and does so no more is to be seen again: by one, or by all who were told of it."""
    await record(work, told)
    same = (Cause.kind == told.kind.value, Cause.id == told.id, Cause.revision == told.revision)
    await work.session.execute(update(Cause).where(*same).values(open=True))
    if whom is not None:
        item = Item(
            Concerned(whom, (Reason.ADDRESSEE,)), told.kind, told.id, told.revision, CATEGORY[told.kind], told.topic
        )
        await put_in_inbox(work, [item])
    await seen_again(work, told.kind, told.id, told.revision, whom)


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
