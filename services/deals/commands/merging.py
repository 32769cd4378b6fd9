"""What names a contact or account that became part of another follows to the winner, and goes back when that is undone.

Idempotent, in whatever order messages come: what names a loser is moved whenever it is seen, a step at a time along a
chain of merges, so that undoing one step takes back what followed in that step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.deals import events, model
from services.deals.commands.history import subject_of
from services.deals.commands.merging_attendees import attendees_back, move_attendees
from services.deals.model import Account, Contact, Deal, MergeMove, Participant, TimelineEntry

Kind = Literal["contact", "account"]
COPIES: Mapping[Kind, type[Contact] | type[Account]] = {"contact": Contact, "account": Account}


@dataclass(frozen=True, slots=True)
class Place:
    """A column that names a contact or an account, in a table whose rows have an id."""

    table: type[model.Base]
    column: str
    kind: Kind

    @property
    def name(self) -> str:
        """As the moves remember it."""
        return f"{self.table.__tablename__}.{self.column}"


PLACES = (
    Place(Deal, "primary_contact_id", "contact"),
    Place(Deal, "account_id", "account"),
    Place(model.Event, "contact_id", "contact"),
    Place(model.Notification, "contact_id", "contact"),
    Place(model.Notification, "account_id", "account"),
    *(
        Place(paper, f"{kind}_id", kind)
        for paper in (model.Contract, model.Invoice, model.QuoteRequest)
        for kind in COPIES
    ),
)
STAYING = {
    "alert.contact_id": "its cause is gone with the loser: it closes by itself, and the winner's are raised anew",
    "alert.account_id": "its cause is gone with the loser: it closes by itself, and the winner's are raised anew",
    "quote_link.contact_id": "a link that was sent opens for whom it was sent to",
    "quote_answer.contact_id": "who answered is on record as they answered",
    "message_recipient.contact_id": "whom a message was sent to is on record as it was sent",
    "participant.contact_id": "moved apart: a deal has a contact once among its participants",
    "attendee.person_id": "moved apart: an appointment invites a contact once, see merging_attendees.py",
    "interlocutor.contact_id": "a copy: contacts tells each link anew",
    "interlocutor.account_id": "a copy: contacts tells each link anew",
}
_PARTICIPANT = "participant.contact_id"


async def follow(work: UnitOfWork, kind: Kind, loser: UUID, winner: UUID) -> None:
    """Move everything that names the loser to the winner, and on to what that became part of since."""
    while True:
        after = await _merged_into(work, kind, winner)
        await _move(work, kind, loser, winner)
        if after is None:
            return
        loser, winner = winner, after


async def go_back(work: UnitOfWork, kind: Kind, loser: UUID, winner: UUID) -> None:
    """Move what followed back to the loser, but for what was given to somebody else since."""
    touched: set[UUID] = set()
    for place in (place for place in PLACES if place.kind == kind):
        ids = await _remembered(work, loser, place.name)
        touched |= _deals(place, await _give(work, place, winner, loser, ids))
    if kind == "contact":
        touched |= await _participants_back(work, winner, loser)
        await attendees_back(work, winner, loser)
    await work.session.execute(delete(MergeMove).where(MergeMove.loser_id == loser))
    entry = TimelineEntry
    await work.session.execute(delete(entry).where(entry.subject_id == winner, entry.merged_from_id == loser))
    await _tell(work, touched)


async def _merged_into(work: UnitOfWork, kind: Kind, id: UUID) -> UUID | None:
    """Locked, so that whoever merges the winner meanwhile sees what was moved here."""
    copy = COPIES[kind]
    statement = select(copy.merged_into_id).where(copy.id == id).with_for_update(read=True)
    found: UUID | None = await work.session.scalar(statement)
    return found


async def _move(work: UnitOfWork, kind: Kind, loser: UUID, winner: UUID) -> None:
    touched: set[UUID] = set()
    for place in (place for place in PLACES if place.kind == kind):
        ids = await _give(work, place, loser, winner)
        touched |= _deals(place, ids)
        await _remember(work, loser, place.name, [(id, None) for id in ids])
    if kind == "contact":
        touched |= await _move_participants(work, loser, winner)
        await move_attendees(work, loser, winner)
    await _copy_timeline(work, loser, winner)
    await _tell(work, touched)


async def _give(
    work: UnitOfWork, place: Place, giver: UUID, taker: UUID, only: Sequence[UUID] | None = None
) -> list[UUID]:
    await work.session.flush()
    table: Any = place.table.__table__
    column = table.c[place.column]
    mine = (column == giver,) if only is None else (column == giver, table.c.id.in_(only))
    # In the order of their ids, so that two merges never wait for each other.
    ids = list(await work.session.scalars(select(table.c.id).where(*mine).order_by(table.c.id).with_for_update()))
    if ids:
        await work.session.execute(update(table).where(table.c.id.in_(ids)).values({place.column: taker}))
    return ids


def _deals(place: Place, ids: Iterable[UUID]) -> set[UUID]:
    return set(ids) if place.table is Deal else set()


async def _move_participants(work: UnitOfWork, loser: UUID, winner: UUID) -> set[UUID]:
    mine = select(Participant).where(Participant.contact_id == loser).order_by(Participant.deal_id).with_for_update()
    rows = list(await work.session.scalars(mine))
    for row in rows:
        own = {"deal_id": row.deal_id, "organization_id": work.organization, "part": row.part}
        statement = insert(Participant).values(**own, contact_id=winner).on_conflict_do_nothing()
        added = await work.session.scalar(statement.returning(Participant.deal_id))
        detail = {"part": row.part, "left_out": added is None}
        await _remember(work, loser, _PARTICIPANT, [(row.deal_id, detail)])
        await work.session.delete(row)
    await work.session.flush()
    return {row.deal_id for row in rows}


async def _participants_back(work: UnitOfWork, winner: UUID, loser: UUID) -> set[UUID]:
    moves = select(MergeMove).where(MergeMove.loser_id == loser, MergeMove.place == _PARTICIPANT)
    touched = set()
    for move in await work.session.scalars(moves.order_by(MergeMove.row_id)):
        detail = move.detail or {}
        mine = (Participant.deal_id == move.row_id, Participant.contact_id == winner)
        there = await work.session.scalar(select(literal(1)).where(*mine))
        if there is None and not detail.get("left_out"):
            continue  # somebody left the winner out of the deal since
        if not detail.get("left_out"):
            await work.session.execute(delete(Participant).where(*mine))
        own = {"deal_id": move.row_id, "organization_id": work.organization, "part": detail.get("part", "")}
        await work.session.execute(insert(Participant).values(**own, contact_id=loser).on_conflict_do_nothing())
        touched.add(move.row_id)
    return touched


async def _remember(
    work: UnitOfWork, loser: UUID, place: str, rows: Sequence[tuple[UUID, dict[str, Any] | None]]
) -> None:
    if rows:
        own = {"organization_id": work.organization, "loser_id": loser, "place": place}
        values = [{**own, "row_id": id, "detail": detail} for id, detail in rows]
        await work.session.execute(insert(MergeMove).on_conflict_do_nothing(), values)


async def _remembered(work: UnitOfWork, loser: UUID, place: str) -> list[UUID]:
    mine = (MergeMove.loser_id == loser, MergeMove.place == place)
    return list(await work.session.scalars(select(MergeMove.row_id).where(*mine)))


async def _copy_timeline(work: UnitOfWork, loser: UUID, winner: UUID) -> None:
    """The winner's timeline gets what is on the loser's; the copies know whence, to be taken away again."""
    entry = TimelineEntry
    same = (entry.organization_id, entry.at, entry.entry_id, entry.kind, entry.actor_id)
    columns = (*same, literal(winner), literal(loser))
    names = [*(column.key for column in same), "subject_id", "merged_from_id"]
    there = select(*columns).where(entry.organization_id == work.organization, entry.subject_id == loser)
    await work.session.execute(insert(entry).from_select(names, there).on_conflict_do_nothing())


async def _tell(work: UnitOfWork, deals: Iterable[UUID]) -> None:
    """The next version of each deal whose people became others; the fact itself is told once, with the merge."""
    statement = select(Deal).where(Deal.id.in_(set(deals))).order_by(Deal.id).with_for_update(key_share=True)
    for deal in await work.session.scalars(statement, execution_options={"populate_existing": True}):
        deal.version += 1
        deal.updated_at = work.now
        await work.emit(events.deal_changed(deal, await subject_of(work, deal.id, None)))
