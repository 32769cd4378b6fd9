"""Interlocutors follow a merge: each is an aggregate, so each gets its next version, history and message."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.messages import Outgoing
from services.contacts import events
from services.contacts.commands import history
from services.contacts.model import DuplicateKind, Interlocutor

_OWN = {DuplicateKind.CONTACT: "contact_id", DuplicateKind.ACCOUNT: "account_id"}
_OTHER = {DuplicateKind.CONTACT: "account_id", DuplicateKind.ACCOUNT: "contact_id"}


async def move(
    work: UnitOfWork, kind: DuplicateKind, winner: UUID, loser: UUID, cause: str
) -> tuple[list[str], list[Outgoing]]:
    """Give the loser's links to the winner; one that the winner has at present already stays with the loser.

    The ids of those that followed, and what to tell.
    """
    own, other = _OWN[kind], _OTHER[kind]
    present = {getattr(link, other) for link in await _locked(work, own, winner) if link.ended_at is None}
    following = [
        link
        for link in await _locked(work, own, loser)
        if link.ended_at is not None or getattr(link, other) not in present
    ]
    return [str(link.id) for link in following], await _give(work, following, own, winner, cause)


async def move_back(
    work: UnitOfWork, kind: DuplicateKind, winner: UUID, loser: UUID, moved: Sequence[str], cause: str
) -> list[Outgoing]:
    """Give the links that followed back to the loser; what to tell."""
    own = _OWN[kind]
    wanted = set(moved)
    going = [link for link in await _locked(work, own, winner) if str(link.id) in wanted]
    return await _give(work, going, own, loser, cause)


async def _locked(work: UnitOfWork, own: str, id: UUID) -> Sequence[Interlocutor]:
    column: Any = getattr(Interlocutor, own)
    statement = select(Interlocutor).where(column == id).order_by(Interlocutor.id).with_for_update()
    return (await work.session.scalars(statement)).all()


async def _give(work: UnitOfWork, links: Sequence[Interlocutor], own: str, to: UUID, cause: str) -> list[Outgoing]:
    history.watch(work, *links)
    for link in links:
        link.change(None, work.now, {own: to})
    await history.record(work, *links, cause=cause)
    return [events.interlocutor_changed(link) for link in links]
