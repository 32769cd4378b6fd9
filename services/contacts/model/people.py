"""Natural persons: those who use Liant, and those whom they know."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from chassis import plans
from chassis.auth import Role
from chassis.plans import Plan
from chassis.sharing import Sharing
from chassis.text import folded
from services.contacts.model.base import (
    PARTS,
    Base,
    Kind,
    Mergeable,
    Named,
    Owned,
    Versioned,
    choice,
    forgetting,
    within,
)
from services.contacts.model.places import ContactAddress
from services.contacts.model.statuses import Related, Standing
from services.contacts.model.tags import ContactTag


class Organization(Versioned, Base):
    """The tenant: its id is every other row's organization_id."""

    __tablename__ = "organization"
    name: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    country: Mapped[str]
    sharing: Mapped[Sharing] = mapped_column(choice(Sharing))
    plan: Mapped[Plan] = mapped_column(choice(Plan))
    trial_ends_at: Mapped[datetime | None]
    subscribed_at: Mapped[datetime | None]

    @property
    def plan_standing(self) -> plans.Standing:
        """Its plan, as every service judges it."""
        return plans.Standing(self.plan, self.trial_ends_at, self.subscribed_at is not None)


class Collaborator(Owned, Named, Base):
    """Somebody with access to the back office."""

    __tablename__ = "collaborator"
    email: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    department: Mapped[str | None]
    locale: Mapped[str]
    time_zone: Mapped[str]
    disabled_at: Mapped[datetime | None]
    contact_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        forgetting("contact_id", "contact"),
        UniqueConstraint("organization_id", "id"),
        Index("collaborator_email", "organization_id", func.lower(text("email")), unique=True),
        Index("collaborator_sign_in", func.lower(text("email"))),
        Index("collaborator_contact", "organization_id", "contact_id", unique=True),
    )


class ContactEmail(Base):
    """One of a contact's addresses; position 0 is the primary one."""

    __tablename__ = "contact_email"
    organization_id: Mapped[UUID]
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    kind: Mapped[Kind] = mapped_column(choice(Kind))

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        Index("contact_email_address", "organization_id", func.lower(text("address"))),
    )


class ContactPhone(Base):
    """One of a contact's telephones, in E.164; position 0 is the primary one."""

    __tablename__ = "contact_phone"
    organization_id: Mapped[UUID]
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    kind: Mapped[Kind] = mapped_column(choice(Kind))

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        Index("contact_phone_number", "organization_id", "number"),
    )


class ContactOrigin(StrEnum):
    """How a contact came into the address book."""

    MANUAL = "MANUAL"
    IMPORT = "IMPORT"
    FIELD = "FIELD"
    BUSINESS_CARD = "BUSINESS_CARD"
    MOVED = "MOVED"


_PARTS = ("emails", "phones", "addresses", "tags", "languages", "relation_kinds", "social_links")


class Contact(Mergeable, Standing, Related, Base):
    """A natural person."""

    __tablename__ = "contact"
    given_name: Mapped[str | None]
    given_name_sort: Mapped[str | None]
    family_name: Mapped[str | None]
    family_name_sort: Mapped[str | None]
    language: Mapped[str | None]
    notes: Mapped[str | None]
    origin: Mapped[ContactOrigin] = mapped_column(choice(ContactOrigin), default=ContactOrigin.MANUAL)
    relationship_manager_id: Mapped[UUID | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    emails: Mapped[list[ContactEmail]] = relationship(order_by=ContactEmail.position, **PARTS)
    phones: Mapped[list[ContactPhone]] = relationship(order_by=ContactPhone.position, **PARTS)
    addresses: Mapped[list[ContactAddress]] = relationship(order_by=ContactAddress.position, **PARTS)
    tags: Mapped[list[ContactTag]] = relationship(**PARTS)

    def __init__(self, **values: Any) -> None:
        # A new row has no parts yet: none is to be looked for in the database.
        parts: dict[str, Any] = {name: [] for name in _PARTS}
        super().__init__(**{**parts, **values})

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("relationship_manager_id", "collaborator"),
        within("merged_into_id", "contact"),
        UniqueConstraint("organization_id", "id"),
        CheckConstraint("given_name IS NOT NULL OR family_name IS NOT NULL", name="contact_named"),
        Index("contact_family_name", "organization_id", "family_name_sort", "id"),
        Index("contact_given_name", "organization_id", "given_name_sort", "id"),
        Index("contact_updated_at", "organization_id", "updated_at", "id"),
        Index("contact_created_at", "organization_id", "created_at", "id"),
        Index("contact_status", "organization_id", "status", "id"),
        Index("contact_relationship_manager", "organization_id", "relationship_manager_id"),
        Index(
            "contact_merged_into",
            "organization_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )

    @validates("given_name", "family_name")
    def _sort_too(self, name: str, value: str | None) -> str | None:
        setattr(self, f"{name}_sort", value and folded(value))
        return value
