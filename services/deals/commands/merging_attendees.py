"""Contacts whom appointments invite, where they become part of another: one invitation and one answer each."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from services.deals.model import Attendee, Event, MergeMove

PLACE = "attendee.person_id"


async def move_attendees(work: UnitOfWork, loser: UUID, winner: UUID) -> None:
    """Invite the winner in the loser's place; where both are invited, the winner's answer stands."""
    both = set(await work.session.scalars(select(Attendee.event_id).where(Attendee.person_id == winner)))
    theirs = select(Attendee).where(Attendee.person_id == loser).order_by(Attendee.event_id).with_for_update()
    rows = list(await work.session.scalars(theirs))
    if not rows:
        return
    own = {"organization_id": work.organization, "loser_id": loser, "place": PLACE}
    moves = [{**own, "row_id": row.event_id, "detail": _left(row) if row.event_id in both else None} for row in rows]
    await work.session.execute(insert(MergeMove).on_conflict_do_nothing(), moves)
    await work.session.execute(delete(Attendee).where(Attendee.person_id == loser, Attendee.event_id.in_(both)))
    await work.session.execute(update(Attendee).where(Attendee.person_id == loser).values(person_id=winner))
    await _changed(work, [row.event_id for row in rows])


async def attendees_back(work: UnitOfWork, winner: UUID, loser: UUID) -> None:
    """Invite the loser again, with the answer that was given meanwhile; nobody who was left out since."""
    mine = select(MergeMove).where(MergeMove.loser_id == loser, MergeMove.place == PLACE)
    moves = list(await work.session.scalars(mine))
    moved = [move.row_id for move in moves if move.detail is None]
    theirs = (Attendee.person_id == winner, Attendee.event_id.in_(moved))
    await work.session.execute(update(Attendee).where(*theirs).values(person_id=loser))
    for move in moves:
        if move.detail is not None:
            row = {"organization_id": work.organization, "event_id": move.row_id, "person_id": loser}
            told = {**row, **_kept(move.detail)}
            await work.session.execute(insert(Attendee).values(told).on_conflict_do_nothing())
    await _changed(work, [move.row_id for move in moves])


def _left(row: Attendee) -> dict[str, Any]:
    at = row.answered_at.isoformat() if row.answered_at else None
    return {"answer": row.answer, "answered_at": at}


def _kept(detail: dict[str, Any]) -> dict[str, Any]:
    at = detail["answered_at"]
    return {"kind": "contact", "answer": detail["answer"], "answered_at": datetime.fromisoformat(at) if at else None}


async def _changed(work: UnitOfWork, ids: Iterable[UUID]) -> None:
    """The next version; nobody is told: for whoever is invited nothing changed."""
    values = {"version": Event.version + 1, "updated_at": work.now}
    await work.session.execute(update(Event).where(Event.id.in_(set(ids))).values(values))
