"""Sets of contacts: static ones, whose members people choose, and dynamic ones, which have a definition."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text

from chassis.arrays import one_of
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import new_id
from chassis.wake import notify
from services.contacts import events
from services.contacts.commands.loading import locked, locked_alive
from services.contacts.errors import GroupInUse, GroupIsDynamic, GroupUsesItself
from services.contacts.groups import membership
from services.contacts.groups.fields import missing
from services.contacts.model import Contact, Group, GroupKind

CHANNEL = "group_due"
MAX_USED = 20


class GroupValues(TypedDict, total=False):
    """Parsed values of a group; what is absent stays as it is."""

    name: str
    description: str | None
    definition: Mapping[str, Any]
    uses: Collection[UUID]


async def create_group(work: UnitOfWork, values: GroupValues, members: Sequence[UUID]) -> UUID:
    """Make a group: dynamic where it has a definition. Raises InvalidInput, NotFound, AlreadyExists."""
    dynamic = "definition" in values
    if dynamic and members:
        raise InvalidInput("contactIds", "A group with a definition finds its members itself: leave them out.")
    group = Group(
        **{"uses": [], **values},
        id=new_id(),
        organization_id=work.organization,
        kind=GroupKind.DYNAMIC if dynamic else GroupKind.STATIC,
        member_count=0,
        membership_version=0,
        refresh_due_at=work.now if dynamic else None,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    await _check_used(work, group)
    work.session.add(group)
    await work.emit(events.group_changed(group))
    await _add(work, group, members)
    await _wake(work)
    return group.id


async def update_group(work: UnitOfWork, id: UUID, values: GroupValues, expected: int | None) -> UUID:
    """Change a group; a new definition is computed at once. Raises NotFound, WrongState, VersionConflict."""
    group = await locked_alive(work, Group, id)
    if "definition" in values and group.kind is GroupKind.STATIC:
        raise InvalidInput("definition", "This group has the members that people put into it: make another one.")
    redefined = "definition" in values and values["definition"] != group.definition
    group.change(expected, work.now, {**values})
    if redefined:
        await _check_used(work, group)
        group.refresh_due_at, group.refresh_after, group.refreshed_at, group.problem = work.now, None, None, None
    await work.emit(events.group_changed(group))
    await _wake(work)
    return id


async def add_members(work: UnitOfWork, id: UUID, members: Sequence[UUID], expected: int | None) -> UUID:
    """Put contacts into a static group; those that are in stay. Raises NotFound, WrongState, VersionConflict."""
    group = await _static(work, id, expected)
    await _add(work, group, members)
    return id


async def add_matching(
    work: UnitOfWork, id: UUID, chosen: Sequence[ColumnElement[bool]], most: int, expected: int | None
) -> UUID:
    """Put those into a static group who match now. Raises NotFound, WrongState, InvalidInput for over `most`."""
    group = await _static(work, id, expected)
    matching = select(Contact.id).where(*chosen).limit(most + 1)
    async with work.as_seen():
        if (await work.session.scalar(select(func.count()).select_from(matching.subquery())) or 0) > most:
            raise InvalidInput("filter", f"Over {most} contacts match: narrow it down, or define a group by it.")
        await membership.add(work, group, matching)
    return id


async def remove_members(work: UnitOfWork, id: UUID, members: Sequence[UUID], expected: int | None) -> UUID:
    """Take contacts out of a static group. Raises NotFound, WrongState, VersionConflict."""
    group = await _static(work, id, expected)
    async with work.as_seen():
        await membership.remove(work, group, select(Contact.id).where(one_of(Contact.id, members)))
    return id


async def remove_matching(
    work: UnitOfWork, id: UUID, chosen: Sequence[ColumnElement[bool]], expected: int | None
) -> UUID:
    """Take the contacts out of a static group that match now. Raises NotFound, WrongState, VersionConflict."""
    group = await _static(work, id, expected)
    async with work.as_seen():
        await membership.remove(work, group, select(Contact.id).where(*chosen))
    return id


async def delete_group(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a group out of every list; it can be restored. Raises NotFound, WrongState, VersionConflict, GroupInUse."""
    group = await locked(work, Group, id)
    users = select(Group.name).where(Group.uses.contains([id]), Group.deleted_at.is_(None)).order_by(Group.name_sort)
    if names := (await work.session.scalars(users)).all():
        raise GroupInUse(names)
    group.delete(expected, work.now)
    await work.emit(events.group_changed(group))
    return id


async def restore_group(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a deleted group back; a dynamic one is computed anew. Raises NotFound, WrongState, VersionConflict."""
    group = await locked(work, Group, id)
    group.restore(expected, work.now)
    await _check_used(work, group)
    if group.kind is GroupKind.DYNAMIC:
        group.refresh_due_at, group.refresh_after, group.refreshed_at = work.now, None, None
    await work.emit(events.group_changed(group))
    await _wake(work)
    return id


async def _static(work: UnitOfWork, id: UUID, expected: int | None) -> Group:
    group = await locked_alive(work, Group, id)
    if group.kind is GroupKind.DYNAMIC:
        raise GroupIsDynamic
    group.change(expected, work.now, {})
    await work.emit(events.group_changed(group))
    return group


async def _add(work: UnitOfWork, group: Group, members: Sequence[UUID]) -> None:
    if not members:
        return
    chosen = select(Contact.id).where(one_of(Contact.id, members), Contact.deleted_at.is_(None))
    async with work.as_seen():
        missing = set(members) - set(await work.session.scalars(chosen))
    if missing:
        raise NotFound("contact", min(missing), "contactIds")
    await membership.add(work, group, chosen)


async def _check_used(work: UnitOfWork, group: Group) -> None:
    """What a definition names is there, and no group of it is defined by this one in its turn."""
    if group.definition is not None and (gone := await missing(work, group.definition)):
        raise InvalidInput("definition", f"Your organization has no field {min(gone)[1]!r}: see customFields.")
    if len(group.uses) > MAX_USED:
        raise InvalidInput("definition", f"A definition names at most {MAX_USED} groups.")
    # Two definitions must not close a circle between them at the same moment.
    if group.uses:
        await work.session.execute(
            text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": str(work.organization)}
        )
    statement = select(Group.id, Group.uses).where(Group.deleted_at.is_(None), Group.id != group.id)
    known = {row.id: row.uses for row in await work.session.execute(statement)} if group.uses else {}
    for id in group.uses:
        if id == group.id or group.id in _reached(known, id):
            raise GroupUsesItself
        if id not in known:
            raise NotFound("group", id, "definition")


def _reached(known: Mapping[UUID, Sequence[UUID]], start: UUID) -> set[UUID]:
    found, ahead = set[UUID](), [start]
    while ahead:
        id = ahead.pop()
        if id not in found:
            found.add(id)
            ahead += known.get(id, ())
    return found


async def _wake(work: UnitOfWork) -> None:
    await notify(work.session, CHANNEL)
