"""What one side of an exchange tells the other, and what a side is shared."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.messages import Outgoing
from services.contacts import events
from services.contacts.commands.pictures import frozen_picture
from services.contacts.model import BusinessCard, CardExchange, ExchangeSide, ExchangeState, Picture, PictureRendition

# The largest size stays at home: a message is small.
_SHARED_SIDES = (320, 96)
_SHARING = (ExchangeState.PROPOSED, ExchangeState.ACCEPTED)


async def shared(work: UnitOfWork, card: BusinessCard) -> dict[str, Any]:
    """A card as the other side gets it: its content, with the photo where it shows it."""
    photo: list[dict[str, Any]] = []
    if card.shows_photo:
        photo = frozen_picture(await _renditions(work, card.collaborator_id))
    return {**card.content, "photo": photo}


async def told(work: UnitOfWork, row: CardExchange, link_id: UUID | None = None) -> Outgoing | None:
    """This side as it is now, for the other side's organization; None for a visitor without one."""
    waits = row.state is ExchangeState.PROPOSED and row.side is ExchangeSide.HOST
    if row.peer_organization_id is None or waits:
        return None
    card: Mapping[str, Any] | None = None
    # A guest shares by proposing, a host by accepting.
    if row.state in _SHARING:
        mine = await work.session.get(BusinessCard, row.card_id)
        card = await shared(work, mine) if mine is not None else None
    return events.card_exchange_moved(row, card, link_id)


async def tell_holders(work: UnitOfWork, card: BusinessCard) -> None:
    """Offer a changed card to everybody who holds it."""
    columns = CardExchange
    held = select(columns).where(columns.card_id == card.id, columns.state.in_(_SHARING)).order_by(columns.id)
    messages = []
    for row in await work.session.scalars(held.with_for_update()):
        row.change(None, work.now, {})
        if message := await told(work, row):
            messages.append(message)
    if messages:
        await work.emit(*messages)


async def _renditions(work: UnitOfWork, collaborator: UUID) -> Sequence[Any]:
    size = PictureRendition
    statement = (
        select(size.side, size.width, size.height, size.content)
        .join(Picture, Picture.id == size.picture_id)
        .where(Picture.collaborator_id == collaborator, size.side.in_(_SHARED_SIDES))
        .order_by(size.side.desc())
    )
    return (await work.session.execute(statement)).all()
