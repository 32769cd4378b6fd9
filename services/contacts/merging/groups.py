"""Groups that the loser of a merge was put into: the winner is put into them, and taken out where it is undone.

The loser stays in them, unseen as what is deleted is, so that an unmerge finds it there.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from services.contacts.groups import membership
from services.contacts.model import Contact, DuplicateKind, Group, GroupKind, GroupMember


async def follow(work: UnitOfWork, kind: DuplicateKind, winner: UUID, loser: UUID) -> list[str]:
    """Put the winner into the loser's static groups; the ids of those that it was not in."""
    if kind is not DuplicateKind.CONTACT:
        return []
    there = select(GroupMember.group_id).where(GroupMember.contact_id == winner)
    mine = select(GroupMember.group_id).where(GroupMember.contact_id == loser, GroupMember.group_id.not_in(there))
    groups = await _locked(work, mine)
    for group in groups:
        await membership.add(work, group, select(Contact.id).where(Contact.id == winner))
    return [str(group.id) for group in groups]


async def leave(work: UnitOfWork, winner: UUID, ids: Sequence[str]) -> None:
    """Take the winner out of the groups that it came into by a merge."""
    for group in await _locked(work, [UUID(id) for id in ids]):
        await membership.remove(work, group, select(Contact.id).where(Contact.id == winner))


async def _locked(work: UnitOfWork, ids: object) -> Sequence[Group]:
    static = (Group.id.in_(ids), Group.kind == GroupKind.STATIC)  # type: ignore[arg-type]  # a statement or ids
    statement = select(Group).where(*static).order_by(Group.id).with_for_update()
    return (await work.session.scalars(statement)).all()
