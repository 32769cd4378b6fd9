"""Exchanging business cards: both consent, both get a contact, either can end it.

Each organization writes its own row, in its own scope; what happened on one side reaches the other as a message
(`move`). Both rows are a function of what each side did, whatever the order in which the messages come.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.auth import Role
from chassis.database import UnitOfWork
from chassis.errors import DomainError, Forbidden, NotFound, WrongState
from chassis.identifiers import new_id
from services.contacts.commands.cards import own_card
from services.contacts.commands.exchanging import told
from services.contacts.commands.received_cards import complete, receive
from services.contacts.model import BusinessCard, CardExchange, CardLink, ExchangeSide, ExchangeState

MAX_PROPOSALS_A_DAY = 100
MAX_OPEN_OF_VISITORS = 50
MAX_OPEN_OF_AN_ADDRESS = 3
PROPOSAL_DAYS = 30
_OPEN = (ExchangeState.PROPOSED, ExchangeState.ACCEPTED)


class TooManyProposals(DomainError):
    """More proposals than anybody could mean; the message says how many are taken."""

    code = "TOO_MANY_PROPOSALS"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that opens: whose card, of which organization."""

    organization_id: UUID
    link_id: UUID
    card_id: UUID
    collaborator_id: UUID


async def propose(work: UnitOfWork, link: Opened, card_id: UUID, message: str | None) -> UUID:
    """Offer a card to whom a link shows; the exchange that there is already, where there is one.

    Raises NotFound, Forbidden, WrongState for a colleague's link, TooManyProposals.
    """
    card = await own_card(work, card_id, "cardId")
    if link.organization_id == work.organization:
        raise WrongState("This is the card of a colleague: you are in the same address book.", "link")
    for row in await _with(work, link.organization_id, link.collaborator_id, card.collaborator_id):
        if row.side is ExchangeSide.HOST and row.state is ExchangeState.PROPOSED:
            await accept(work, row.id, card_id, None)  # they proposed first: both want it
        return row.id
    await _check_rate(work, card.collaborator_id)
    row = _row(work, card, new_id(), ExchangeSide.GUEST, message)
    row.peer_organization_id, row.peer_collaborator_id = link.organization_id, link.collaborator_id
    work.session.add(row)
    await _tell(work, row, link.link_id)
    return row.id


async def propose_as_visitor(
    work: UnitOfWork, link: Opened, content: dict[str, Any], message: str | None, visitor_hash: bytes
) -> UUID:
    """Keep the card of somebody without an account until it is answered; the same form twice is once.

    Raises NotFound for a deleted card, TooManyProposals.
    """
    card = await work.session.get(BusinessCard, link.card_id, with_for_update=True)
    if card is None or card.deleted_at is not None:
        raise NotFound("business_card", link.card_id)
    columns = CardExchange
    known = await work.session.scalar(select(columns.id).where(columns.visitor_hash == visitor_hash))
    if known is not None:
        return known
    await _check_visitors(work, card, content)
    row = _row(work, card, new_id(), ExchangeSide.HOST, message)
    row.link_id, row.visitor_hash, row.peer = link.link_id, visitor_hash, {**content, "photo": []}
    work.session.add(row)
    await work.session.flush()
    return row.id


async def accept(work: UnitOfWork, id: UUID, card_id: UUID | None, expected: int | None) -> UUID:
    """Share a card in return; the other becomes a contact. Raises NotFound, Forbidden, WrongState, VersionConflict."""
    row = await _own(work, id)
    if row.state is ExchangeState.ACCEPTED:
        return row.id
    _check_open(work, row)
    card = await own_card(work, card_id or row.card_id, "cardId")
    row.change(expected, work.now, {"card_id": card.id})
    await _accepted(work, row)
    await _tell(work, row)
    return row.id


async def decline(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Share nothing; the other's card is forgotten. Raises NotFound, Forbidden, WrongState, VersionConflict."""
    row = await _own(work, id)
    _check_open(work, row)
    row.change(expected, work.now, {"state": ExchangeState.DECLINED, "answered_at": work.now, "peer": None})
    await _tell(work, row)
    return row.id


async def end(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a proposal back, or share no more updates. Raises NotFound, Forbidden, WrongState, VersionConflict."""
    row = await _own(work, id)
    if row.state not in _OPEN or (row.side is ExchangeSide.HOST and row.state is ExchangeState.PROPOSED):
        raise WrongState("There is nothing of yours to take back in this exchange.", "id")
    row.change(expected, work.now, {})
    _end(work, row, by_peer=False)
    await _tell(work, row)
    return row.id


async def end_as_visitor(work: UnitOfWork, id: UUID) -> UUID:
    """What `end` is for somebody without an account: an unanswered card is forgotten. Twice is once."""
    row = await work.session.get_one(CardExchange, id, with_for_update=True)
    if row.state in _OPEN:
        row.change(None, work.now, {})
        _end(work, row, by_peer=True)
    return row.id


async def take_update(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Bring the contact up to the card that was offered. Raises NotFound, Forbidden, WrongState, VersionConflict."""
    row = await _own(work, id)
    if row.offered is None or row.contact_id is None:
        raise WrongState("No newer card was offered.", "id")
    before, row.peer = row.peer or {}, row.offered
    row.change(expected, work.now, {"offered": None})
    await complete(work, row, row.contact_id, before, row.peer)
    return row.id


async def leave_update(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Keep the contact as it is. Raises NotFound, Forbidden, VersionConflict."""
    row = await _own(work, id)
    row.change(expected, work.now, {"offered": None})
    return row.id


@dataclass(frozen=True, slots=True)
class Move:
    """What the other side did, as its message tells."""

    exchange_id: UUID
    version: int
    organization_id: UUID
    collaborator_id: UUID
    to_collaborator_id: UUID
    link_id: UUID | None
    state: ExchangeState
    card: dict[str, Any] | None
    message: str | None


async def move(work: UnitOfWork, done: Move) -> None:
    """Do on this side what the other side's act means here; an older act than one that was heard means nothing."""
    columns = CardExchange
    row = await work.session.scalar(select(columns).where(columns.exchange_id == done.exchange_id).with_for_update())
    if row is None:
        await _begin(work, done)
        return
    if done.version <= row.peer_version or row.peer_organization_id != done.organization_id:
        return
    row.peer_version = done.version
    if done.state is ExchangeState.ACCEPTED and done.card is not None:
        await _hear_card(work, row, done.card)
    elif done.state is ExchangeState.DECLINED and row.state is ExchangeState.PROPOSED:
        row.change(None, work.now, {"state": ExchangeState.DECLINED, "answered_at": work.now})
    elif done.state in (ExchangeState.WITHDRAWN, ExchangeState.REVOKED) and row.state in _OPEN:
        row.change(None, work.now, {})
        _end(work, row, by_peer=True)
    elif done.state is ExchangeState.PROPOSED and row.state is ExchangeState.PROPOSED and done.card is not None:
        row.change(None, work.now, {"peer": done.card})


async def _hear_card(work: UnitOfWork, row: CardExchange, card: dict[str, Any]) -> None:
    if row.state is ExchangeState.PROPOSED:
        row.change(None, work.now, {"peer": card})
        await _accepted(work, row)
    elif row.state is ExchangeState.ACCEPTED and card != row.peer:
        row.change(None, work.now, {"offered": card})


async def _begin(work: UnitOfWork, done: Move) -> None:
    """A proposal came. What was taken back before it was heard leaves a trace, so that it cannot come to life."""
    card = await _card_of(work, done)
    if card is None or (done.card is None and done.state is ExchangeState.PROPOSED):
        return
    crossing = [
        each
        for each in await _with(work, done.organization_id, done.collaborator_id, card.collaborator_id)
        if each.state is ExchangeState.PROPOSED and each.side is ExchangeSide.GUEST
    ]
    row = _row(work, card, done.exchange_id, ExchangeSide.HOST, done.message)
    row.peer_organization_id, row.peer_collaborator_id = done.organization_id, done.collaborator_id
    row.peer, row.peer_version, row.link_id = done.card, done.version, done.link_id
    work.session.add(row)
    if done.state is not ExchangeState.PROPOSED:
        _end(work, row, by_peer=True)
    elif crossing:  # each proposed to the other before hearing of it: both consented
        row.card_id = crossing[0].card_id
        row.version += 1
        await _accepted(work, row)
        await _tell(work, row)
    await work.session.flush()


async def _card_of(work: UnitOfWork, done: Move) -> BusinessCard | None:
    """The card of the link that a proposal came by, while it is shown; what came by no such link is not heard."""
    statement = (
        select(BusinessCard)
        .join(CardLink, CardLink.card_id == BusinessCard.id)
        .where(CardLink.id == done.link_id, BusinessCard.collaborator_id == done.to_collaborator_id)
    )
    return await work.session.scalar(statement)


async def _accepted(work: UnitOfWork, row: CardExchange) -> None:
    row.state, row.answered_at = ExchangeState.ACCEPTED, work.now
    await work.session.flush()
    row.contact_id = await receive(work, row)


def _end(work: UnitOfWork, row: CardExchange, *, by_peer: bool) -> None:
    if row.state is ExchangeState.ACCEPTED:
        row.state = ExchangeState.REVOKED
    else:
        # Nobody accepted: nothing of it is kept.
        row.state, row.peer, row.message = ExchangeState.WITHDRAWN, None, None
    row.ended_at, row.ended_by_peer, row.offered = work.now, by_peer, None


def _row(
    work: UnitOfWork, card: BusinessCard, exchange_id: UUID, side: ExchangeSide, message: str | None
) -> CardExchange:
    return CardExchange(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        exchange_id=exchange_id,
        side=side,
        state=ExchangeState.PROPOSED,
        collaborator_id=card.collaborator_id,
        card_id=card.id,
        peer_version=0,
        ended_by_peer=False,
        message=message,
        expires_at=work.now + timedelta(days=PROPOSAL_DAYS),
    )


async def _tell(work: UnitOfWork, row: CardExchange, link_id: UUID | None = None) -> None:
    await work.session.flush()
    message = await told(work, row, link_id)
    if message is not None:
        await work.emit(message)


async def _own(work: UnitOfWork, id: UUID) -> CardExchange:
    async with work.as_seen():
        row = await work.session.scalar(select(CardExchange).where(CardExchange.id == id).with_for_update())
    if row is None:
        raise NotFound("card_exchange", id)
    if work.actor.collaborator != row.collaborator_id and work.actor.role is not Role.ADMIN:
        raise Forbidden("answer for a colleague")
    return row


def _check_open(work: UnitOfWork, row: CardExchange) -> None:
    if row.state is not ExchangeState.PROPOSED or row.side is not ExchangeSide.HOST:
        raise WrongState("This exchange does not await your answer.", "id")
    if row.expires_at <= work.now:
        raise WrongState(f"This proposal has expired: {PROPOSAL_DAYS} days have passed.", "id")


async def _with(work: UnitOfWork, organization: UUID, collaborator: UUID, mine: UUID) -> list[CardExchange]:
    """Open exchanges of a collaborator of this organization with one of another."""
    columns = CardExchange
    statement = select(columns).where(
        columns.peer_organization_id == organization,
        columns.peer_collaborator_id == collaborator,
        columns.collaborator_id == mine,
        columns.state.in_(_OPEN),
        columns.expires_at > work.now,
    )
    return [*await work.session.scalars(statement.order_by(columns.state, columns.id).with_for_update())]


async def _check_rate(work: UnitOfWork, collaborator: UUID) -> None:
    columns = CardExchange
    recent = (
        columns.collaborator_id == collaborator,
        columns.side == ExchangeSide.GUEST,
        columns.created_at > work.now - timedelta(days=1),
    )
    if (await work.session.scalar(select(func.count()).where(*recent)) or 0) >= MAX_PROPOSALS_A_DAY:
        raise TooManyProposals(f"At most {MAX_PROPOSALS_A_DAY} proposals a day are taken: go on tomorrow.")


async def _check_visitors(work: UnitOfWork, card: BusinessCard, content: dict[str, Any]) -> None:
    columns = CardExchange
    waiting = select(columns.peer["emails"]).where(
        columns.card_id == card.id,
        columns.visitor_hash.is_not(None),
        columns.state == ExchangeState.PROPOSED,
        columns.expires_at > work.now,
    )
    open_ones = (await work.session.scalars(waiting)).all()
    mine = {each["value"] for each in content["emails"]}
    of_mine = sum(any(each["value"] in mine for each in emails or ()) for emails in open_ones)
    if len(open_ones) >= MAX_OPEN_OF_VISITORS or of_mine >= MAX_OPEN_OF_AN_ADDRESS:
        raise TooManyProposals("Too many proposals await an answer here: come back later.")
