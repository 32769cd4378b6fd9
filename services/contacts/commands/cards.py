"""Business cards, and the links that show them."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import func, select

from chassis.auth import Role
from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidInput, NotFound, WrongState
from chassis.identifiers import new_id
from chassis.links import hash_of, new_token
from services.contacts.commands.exchanging import tell_holders
from services.contacts.commands.loading import check_exists
from services.contacts.model import BusinessCard, CardLink, Collaborator
from services.contacts.values import Locale

MAX_CARDS = 20
MAX_LINKS = 50


class CardValues(TypedDict, total=False):
    """Parsed values of a card; what is absent stays as it is. `content` is a cards.content.Content as JSON."""

    label: str
    locale: Locale | None
    content: dict[str, Any]
    shows_photo: bool


async def create_card(work: UnitOfWork, collaborator: UUID, values: CardValues) -> UUID:
    """A card of a collaborator. Raises Forbidden for a colleague's, WrongState where there are MAX_CARDS."""
    _check_own(work, collaborator)
    await check_exists(work, "collaborator", Collaborator.id, collaborator, "collaboratorId")
    alive = (BusinessCard.collaborator_id == collaborator, BusinessCard.deleted_at.is_(None))
    if (await work.session.scalar(select(func.count()).where(*alive)) or 0) >= MAX_CARDS:
        raise WrongState(f"A collaborator has at most {MAX_CARDS} cards: delete one first.", "collaboratorId")
    card = BusinessCard(
        **values,
        id=new_id(),
        organization_id=work.organization,
        collaborator_id=collaborator,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(card)
    await work.session.flush()
    return card.id


async def update_card(work: UnitOfWork, id: UUID, values: CardValues, expected: int | None) -> UUID:
    """Change a card; those who hold it are offered the change. Raises NotFound, Forbidden, VersionConflict."""
    card = await own_card(work, id)
    card.change(expected, work.now, {**values})
    await work.session.flush()
    await tell_holders(work, card)
    return card.id


async def delete_card(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Show a card no more; those who hold it keep what they have. Raises NotFound, Forbidden, VersionConflict."""
    card = await own_card(work, id)
    card.change(expected, work.now, {"deleted_at": work.now})
    return card.id


async def open_link(work: UnitOfWork, card_id: UUID, expires_at: datetime | None) -> tuple[UUID, str]:
    """A new link to a card, and the token in it, which is never told again. Raises NotFound, Forbidden, WrongState."""
    card = await own_card(work, card_id, "cardId")
    if expires_at is not None and expires_at <= work.now:
        raise InvalidInput("expiresAt", "It has passed already.")
    opened = (CardLink.card_id == card.id, CardLink.revoked_at.is_(None))
    if (await work.session.scalar(select(func.count()).where(*opened)) or 0) >= MAX_LINKS:
        raise WrongState(f"A card has at most {MAX_LINKS} links: revoke one first.", "cardId")
    token = new_token()
    link = CardLink(
        id=new_id(),
        organization_id=work.organization,
        card_id=card.id,
        token_hash=hash_of(token),
        created_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(link)
    await work.session.flush()
    return link.id, token


async def revoke_link(work: UnitOfWork, id: UUID) -> UUID:
    """Let a link open nothing more; twice is once. Raises NotFound, Forbidden."""
    link = await work.session.scalar(select(CardLink).where(CardLink.id == id).with_for_update())
    if link is None:
        raise NotFound("card_link", id)
    await own_card(work, link.card_id, alive=False)
    link.revoked_at = link.revoked_at or work.now
    return link.id


async def own_card(work: UnitOfWork, id: UUID, field: str = "id", *, alive: bool = True) -> BusinessCard:
    """A card of the caller's, or of whomever for an administrator, locked. Raises NotFound, Forbidden."""
    card = await work.session.scalar(select(BusinessCard).where(BusinessCard.id == id).with_for_update())
    if card is None or (alive and card.deleted_at is not None):
        raise NotFound("business_card", id, field)
    _check_own(work, card.collaborator_id)
    return card


def _check_own(work: UnitOfWork, collaborator: UUID) -> None:
    if work.actor.collaborator != collaborator and work.actor.role is not Role.ADMIN:
        raise Forbidden("use a colleague's card")
