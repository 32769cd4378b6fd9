"""Business cards of collaborators, the links they are shown by, and their exchanges."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identifiers import new_id
from services.contacts.model.base import Base, Owned, choice, within


class BusinessCard(Owned, Base):
    """What a collaborator chose to show of themselves: `content` is a cards.content.Content as JSON."""

    __tablename__ = "business_card"
    collaborator_id: Mapped[UUID]
    label: Mapped[str]
    locale: Mapped[str | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    shows_photo: Mapped[bool]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("collaborator_id", "collaborator"),
        UniqueConstraint("organization_id", "id"),
        Index("business_card_collaborator", "organization_id", "collaborator_id", "id"),
    )


class CardLink(Base):
    """An address by which a card is seen. The token in it is kept only as a hash."""

    __tablename__ = "card_link"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    card_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        within("card_id", "business_card", cascade=True),
        UniqueConstraint("organization_id", "id"),
        Index("card_link_token", "token_hash", unique=True),
        Index("card_link_card", "organization_id", "card_id", "id"),
    )


class ExchangeSide(StrEnum):
    """Whose link an exchange began with."""

    HOST = "HOST"
    GUEST = "GUEST"


class ExchangeState(StrEnum):
    """How far an exchange is, as one side sees it."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    REVOKED = "REVOKED"


class CardExchange(Owned, Base):
    """One side's view of an exchange: each organization has a row of its own, under the same `exchange_id`.

    `peer` is what the other shared. `offered` is their newer card, until it is taken or left. `peer_version` is the
    version of their side that was heard last. A visitor without an account has no `peer_collaborator_id`, and follows
    the exchange by a token of their own.
    """

    __tablename__ = "card_exchange"
    exchange_id: Mapped[UUID]
    side: Mapped[ExchangeSide] = mapped_column(choice(ExchangeSide))
    state: Mapped[ExchangeState] = mapped_column(choice(ExchangeState))
    collaborator_id: Mapped[UUID]
    card_id: Mapped[UUID]
    link_id: Mapped[UUID | None]
    peer_organization_id: Mapped[UUID | None]
    peer_collaborator_id: Mapped[UUID | None]
    peer_version: Mapped[int] = mapped_column(default=0)
    peer: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    offered: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    message: Mapped[str | None]
    visitor_hash: Mapped[bytes | None]
    contact_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_peer: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("collaborator_id", "collaborator"),
        within("card_id", "business_card"),
        within("link_id", "card_link"),
        within("contact_id", "contact"),
        Index("card_exchange_once", "organization_id", "exchange_id", unique=True),
        Index("card_exchange_visitor", "visitor_hash", unique=True),
        Index("card_exchange_collaborator", "organization_id", "collaborator_id", "id"),
        Index("card_exchange_contact", "organization_id", "contact_id"),
        Index("card_exchange_card", "organization_id", "card_id"),
    )
