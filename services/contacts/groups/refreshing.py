"""Dynamic groups: who joins and who leaves, after a change of contacts, and over all of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import DBAPIError

from chassis.arrays import one_of
from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.outages import is_outage
from services.contacts.errors import DefinitionUnreadable
from services.contacts.groups import membership
from services.contacts.groups.fields import missing
from services.contacts.model import Contact, Group, GroupKind, GroupMember
from services.contacts.schema import definitions

# How many contacts of either side a step looks at: a transaction is short, and memory flat, however large the group.
STEP = 5_000
RETRY = timedelta(hours=1)
_log = structlog.get_logger(__name__)
_DYNAMIC = (Group.kind == GroupKind.DYNAMIC, Group.deleted_at.is_(None), Group.problem.is_(None))


async def follow(work: UnitOfWork, ids: Sequence[UUID]) -> None:
    """Find out for some contacts in which dynamic groups they are now."""
    groups = (await work.session.scalars(select(Group).where(*_DYNAMIC).order_by(Group.id))).all()
    members = select(GroupMember.group_id, GroupMember.contact_id).where(one_of(GroupMember.contact_id, ids))
    present: dict[UUID, set[UUID]] = defaultdict(set)
    for row in await work.session.execute(members):
        present[row.group_id].add(row.contact_id)
    for group in groups:
        wanted = await _matching(work, group, one_of(Contact.id, ids))
        if wanted is not None and set(wanted) != present[group.id]:
            await _settle(work, group, set(wanted), present[group.id])


async def step(work: UnitOfWork, group: Group, every: timedelta) -> bool:
    """Compute the next part of a group's members; whether there is more. It is due again after `every`.

    Those who match and those who are members are two lists in one order: each step takes the beginning of both.
    """
    after = group.refresh_after
    wanted = await _matching(work, group, *([] if after is None else [Contact.id > after]), most=STEP)
    if wanted is None:
        return False
    chosen = select(GroupMember.contact_id).where(GroupMember.group_id == group.id)
    ordered = chosen.order_by(GroupMember.contact_id).limit(STEP)
    beyond = ordered if after is None else ordered.where(GroupMember.contact_id > after)
    present = list(await work.session.scalars(beyond))
    ends = [page[-1] for page in (wanted, present) if len(page) == STEP]
    end = min(ends, default=None)
    here = (set(page) if end is None else {id for id in page if id <= end} for page in (wanted, present))
    await _settle(work, group, *here)
    group.refresh_after, group.problem = end, None
    if end is None:
        await membership.recount(work, group)
        group.refreshed_at, group.refresh_due_at = work.now, work.now + every
    return end is not None


async def _matching(
    work: UnitOfWork, group: Group, *also: ColumnElement[bool], most: int | None = None
) -> list[UUID] | None:
    """Contacts that match; None where that cannot be told: the members stay as they are, and the group says why."""
    # The organization is named although row-level security holds: its index then gives the order, too.
    mine = select(Contact.id).where(Contact.organization_id == work.organization, *also)
    ordered = mine.order_by(Contact.organization_id, Contact.id).limit(most) if most else mine
    try:
        chosen = ordered.where(*definitions.clauses(group.definition or {}))
        if gone := await missing(work, group.definition or {}):
            raise DefinitionUnreadable(f"there is no field {min(gone)[1]!r} any more")
        async with work.session.begin_nested():  # what one definition breaks must not stop the others
            return list(await work.session.scalars(chosen))
    except (DefinitionUnreadable, DBAPIError, TimeoutError) as error:
        if is_outage(error) and not isinstance(error, TimeoutError):  # too slow is the definition's fault
            raise
        why = error.message if isinstance(error, DefinitionUnreadable) else f"it failed: {type(error).__name__}"
        _log.warning("group not computed", group_id=format_id("group", group.id), problem=why, error=repr(error)[:300])
        group.problem, group.refresh_due_at, group.refresh_after = why, work.now + RETRY, None
        return None


async def _settle(work: UnitOfWork, group: Group, wanted: set[UUID], present: set[UUID]) -> None:
    if wanted == present:
        return
    await work.session.refresh(group, with_for_update=True)
    await membership.replace(work, group, sorted(wanted - present), sorted(present - wanted))
