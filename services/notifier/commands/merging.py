"""What names a contact who became part of another follows to the winner, and goes back when that is undone.

As deals does it: idempotent, in whatever order messages come, a step at a time along a chain of merges.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.notifier.model import Contact, Delivery, MergeMove, NotifierBase
from services.notifier.publications.model import PublicationReader, Unsubscription, table


@dataclass(frozen=True, slots=True)
class Place:
    """A table whose rows name a contact; `once`: columns that, with the contact, no two rows share.

    A row that the winner has already stays with the loser: who was told twice is told once.
    """

    kind: type[NotifierBase]
    once: tuple[str, ...] = ()

    @property
    def rows(self) -> Table:
        """The table."""
        rows: Table = table(self.kind)
        return rows

    def movable(self, loser: UUID, winner: UUID) -> ColumnElement[bool]:
        """The loser's rows that can follow."""
        mine = self.rows.c.contact_id == loser
        if not self.once:
            return mine
        twin = self.rows.alias("twin")
        same = [twin.c[name] == self.rows.c[name] for name in self.once]
        return and_(mine, not_(exists().where(twin.c.contact_id == winner, *same)))

    def given(self, taker: UUID) -> dict[str, Any]:
        """What a row says once it is somebody else's; a delivery keeps whom its cause named first."""
        if self.kind is not Delivery:
            return {"contact_id": taker}
        named = func.coalesce(self.rows.c.named_contact_id, self.rows.c.contact_id)
        return {"contact_id": taker, "named_contact_id": func.nullif(named, taker)}


PLACES = (
    Place(Delivery, once=("organization_id", "cause_kind", "cause_id", "revision", "channel")),
    Place(PublicationReader, once=("publication_id",)),
    Place(Unsubscription),
)
STAYING = {
    "delivery.named_contact_id": "whom the cause names",
    "address.person_id": "how mail to their address fares: who takes the address inherits it, see bouncing.py",
    "group_member.member_id": "a copy: contacts tells who is in a group",
    "interlocutor.contact_id": "a copy: contacts tells of each link that a merge moves",
    "merge_move.loser_id": "the moves themselves",
}


async def follow(work: UnitOfWork, loser: UUID) -> None:
    """Move everything that names a contact to the one that it is part of, and on to what that became part of since."""
    # The copy is held when it is asked: whoever merges it meanwhile waits, and then sees what was moved here.
    while (winner := await _merged_into(work, loser)) is not None:
        for place in PLACES:
            await _move(work, place, loser, winner)
        loser = winner


async def go_back(work: UnitOfWork, loser: UUID, winner: UUID) -> None:
    """Move what followed back to the loser, but for what is somebody else's since."""
    for place in PLACES:
        await _move_back(work, place, loser, winner)
    await work.session.execute(delete(MergeMove).where(MergeMove.loser_id == loser))


async def heirs(work: UnitOfWork, contacts: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Of those who became part of others, who they are now."""
    found = {id: id for id in contacts}
    while True:
        ends = set(found.values())
        part = select(Contact.id, Contact.merged_into_id).where(Contact.id.in_(ends))
        merged = {
            row.id: row.merged_into_id
            for row in await work.session.execute(part.where(Contact.merged_into_id.is_not(None)))
        }
        if not merged:
            return {id: end for id, end in found.items() if id != end}
        found = {id: merged.get(end, end) for id, end in found.items()}


async def _merged_into(work: UnitOfWork, id: UUID) -> UUID | None:
    statement = select(Contact.merged_into_id).where(Contact.id == id).with_for_update(read=True)
    found: UUID | None = await work.session.scalar(statement)
    return found


async def _move(work: UnitOfWork, place: Place, loser: UUID, winner: UUID) -> None:
    rows = place.rows
    # In the order of their ids, so that two merges never wait for each other.
    chosen = select(rows.c.id).where(place.movable(loser, winner)).order_by(rows.c.id).with_for_update()
    ids = list(await work.session.scalars(chosen))
    if ids:
        await work.session.execute(update(rows).where(rows.c.id.in_(ids)).values(place.given(winner)))
        own = {"organization_id": work.organization, "loser_id": loser, "place": rows.name}
        moves = [{**own, "row_id": id} for id in ids]
        await work.session.execute(insert(table(MergeMove)).on_conflict_do_nothing(), moves)


async def _move_back(work: UnitOfWork, place: Place, loser: UUID, winner: UUID) -> None:
    rows = place.rows
    followed = select(MergeMove.row_id).where(MergeMove.loser_id == loser, MergeMove.place == rows.name)
    theirs = (rows.c.contact_id == winner, rows.c.id.in_(followed))
    await work.session.execute(update(rows).where(*theirs).values(place.given(loser)))
