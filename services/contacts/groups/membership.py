"""The members of one group: changed by sets, counted, and told in messages that the broker takes.

Whoever changes members holds the group's row: its versions follow one another.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, delete, func, insert, literal, select
from sqlalchemy import update as change
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.arrays import one_of
from chassis.database import UnitOfWork
from services.contacts import events
from services.contacts.model import Contact, Group, GroupDue, GroupMember

# 5,000 ids are some 180 kB; the broker takes 900.
TOLD_AT_ONCE = 5_000
_Ids = Select[UUID]
_COLUMNS = ["organization_id", "group_id", "contact_id", "active", "since"]


async def add(work: UnitOfWork, group: Group, chosen: _Ids) -> None:
    """Take the chosen contacts in; those that are in stay."""
    rows = _rows(work, group, chosen.subquery().c.id)
    statement = upsert(GroupMember).from_select(_COLUMNS, rows).on_conflict_do_nothing()
    added = (await work.session.scalars(statement.returning(GroupMember.contact_id))).all()
    await tell(work, group, added, [])


async def remove(work: UnitOfWork, group: Group, chosen: _Ids) -> None:
    """Take the chosen contacts out."""
    members = delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.contact_id.in_(chosen))
    gone = (await work.session.execute(members.returning(GroupMember.contact_id, GroupMember.active))).all()
    await tell(work, group, [], [row.contact_id for row in gone if row.active])


async def replace(work: UnitOfWork, group: Group, come: Sequence[UUID], gone: Sequence[UUID]) -> None:
    """Take some contacts in and others out, at once."""
    if come:
        named = func.unnest(literal([*come], ARRAY(Uuid)))
        await work.session.execute(insert(GroupMember).from_select(_COLUMNS, _rows(work, group, named)))
    if gone:
        mine = GroupMember.group_id == group.id, one_of(GroupMember.contact_id, gone)
        await work.session.execute(delete(GroupMember).where(*mine))
    await tell(work, group, come, gone)


async def follow_deletions(work: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Deleted contacts leave the groups they were put into, those that were restored come back."""
    alive = Contact.deleted_at.is_(None)
    moved = GroupMember.active.is_distinct_from(alive)
    statement = change(GroupMember).where(GroupMember.contact_id == Contact.id, one_of(Contact.id, ids), moved)
    static = statement.where(GroupMember.group_id.in_(select(Group.id).where(Group.definition.is_(None))))
    told = static.values(active=alive).returning(GroupMember.group_id, GroupMember.contact_id, GroupMember.active)
    rows = (await work.session.execute(told, execution_options={"synchronize_session": False})).all()
    for id in sorted({row.group_id for row in rows}):
        group = await work.session.get_one(Group, id, with_for_update=True, populate_existing=True)
        mine = [row for row in rows if row.group_id == id]
        back, gone = ([row.contact_id for row in mine if row.active is active] for active in (True, False))
        await tell(work, group, back, gone)


async def retell(work: UnitOfWork, group: Group) -> None:
    """Tell all the members again, for copies that were lost: what was told before is forgotten."""
    statement = select(GroupMember.contact_id).where(GroupMember.group_id == group.id, GroupMember.active)
    members = (await work.session.scalars(statement.order_by(GroupMember.contact_id))).all()
    group.member_count, group.membership_version = len(members), group.membership_version + 1
    await work.emit(events.group_changed(group), events.group_members_changed(group, [], [], reset=True))
    await _emit(work, group, members, [])


def _rows(work: UnitOfWork, group: Group, ids: Any) -> Select[Any]:
    return select(literal(work.organization), literal(group.id), ids, literal(True), literal(work.now))


async def recount(work: UnitOfWork, group: Group) -> None:
    """Purged contacts left without a word: count those who are there."""
    members = select(func.count()).where(GroupMember.group_id == group.id, GroupMember.active)
    group.member_count = await work.session.scalar(members) or 0


async def tell(work: UnitOfWork, group: Group, added: Sequence[UUID], removed: Sequence[UUID]) -> None:
    """Count the change, tell it, and have the groups that are defined by this one looked at."""
    if not added and not removed:
        return
    group.member_count += len(added) - len(removed)
    await _emit(work, group, added, removed)
    if await work.session.scalar(select(Group.id).where(Group.uses.contains([group.id])).limit(1)) is not None:
        own = {"organization_id": work.organization, "aggregate": "contact"}
        await work.session.execute(insert(GroupDue), [{**own, "aggregate_id": id} for id in {*added, *removed}])


async def _emit(work: UnitOfWork, group: Group, added: Sequence[UUID], removed: Sequence[UUID]) -> None:
    for come, gone in zip_longest(_chunks(added), _chunks(removed), fillvalue=()):
        group.membership_version += 1
        await work.emit(events.group_members_changed(group, come, gone))


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), TOLD_AT_ONCE):
        yield ids[start : start + TOLD_AT_ONCE]
