"""Companies, and who speaks for them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from services.contacts.errors import end_before_start, siret_of_another_company
from services.contacts.model.base import PARTS, Base, Deletable, Mergeable, Named, within
from services.contacts.model.places import AccountAddress, AccountEmail, AccountPhone
from services.contacts.model.statuses import Related, Standing
from services.contacts.model.tags import AccountTag

_PARTS = ("emails", "phones", "addresses", "tags", "relation_kinds", "social_links")


class Account(Mergeable, Named, Standing, Related, Base):
    """The file of a company."""

    __tablename__ = "account"
    siren: Mapped[str | None]
    siret: Mapped[str | None]
    vat_number: Mapped[str | None]
    parent_id: Mapped[UUID | None]
    website: Mapped[str | None]
    domain: Mapped[str | None]
    notes: Mapped[str | None]
    relationship_manager_id: Mapped[UUID | None]
    addresses: Mapped[list[AccountAddress]] = relationship(order_by=AccountAddress.position, **PARTS)
    emails: Mapped[list[AccountEmail]] = relationship(order_by=AccountEmail.position, **PARTS)
    phones: Mapped[list[AccountPhone]] = relationship(order_by=AccountPhone.position, **PARTS)
    tags: Mapped[list[AccountTag]] = relationship(**PARTS)

    def __init__(self, **values: Any) -> None:
        # A new row has no parts yet: none is to be looked for in the database.
        parts: dict[str, Any] = {name: [] for name in _PARTS}
        super().__init__(**{**parts, **values})

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("relationship_manager_id", "collaborator"),
        within("parent_id", "account"),
        within("merged_into_id", "account"),
        UniqueConstraint("organization_id", "id"),
        Index("account_name", "organization_id", "name_sort", "id"),
        Index("account_updated_at", "organization_id", "updated_at", "id"),
        Index("account_created_at", "organization_id", "created_at", "id"),
        Index("account_parent", "organization_id", "parent_id"),
        Index("account_domain", "organization_id", "domain"),
        Index("account_siren", "organization_id", "siren"),
        Index("account_status", "organization_id", "status", "id"),
        Index("account_relationship_manager", "organization_id", "relationship_manager_id"),
        Index(
            "account_merged_into",
            "organization_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )

    def settle_numbers(self) -> None:
        """Take the SIREN from the SIRET where only that is known. Raises InvalidInput where the two disagree."""
        if self.siret and not self.siren:
            self.siren = self.siret[:9]
        if self.siret and self.siren and not self.siret.startswith(self.siren):
            raise siret_of_another_company()


class Interlocutor(Deletable, Base):
    """The dated link between a contact and an account. A deleted one has ended, too: it counts nowhere."""

    __tablename__ = "interlocutor"
    contact_id: Mapped[UUID]
    account_id: Mapped[UUID]
    job_title: Mapped[str | None]
    decision_maker: Mapped[bool]
    started_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        within("contact_id", "contact"),
        within("account_id", "account"),
        Index(
            "interlocutor_current",
            "organization_id",
            "contact_id",
            "account_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("interlocutor_account", "organization_id", "account_id", "id"),
        Index("interlocutor_created_at", "organization_id", "created_at", "id"),
    )

    def delete(self, expected: int | None, now: datetime) -> None:
        """It ends with its deletion, unless it had. Raises WrongState, VersionConflict."""
        super().delete(expected, now)
        self.ended_at = self.ended_at or now

    def restore(self, expected: int | None, now: datetime) -> None:
        """It lasts again if its deletion ended it. Raises WrongState, VersionConflict."""
        if self.ended_at == self.deleted_at:
            self.ended_at = None
        super().restore(expected, now)

    def check_dates(self) -> None:
        """Raise InvalidInput where it ends before it starts."""
        if self.started_on and self.ended_at and self.ended_at.date() < self.started_on:
            raise end_before_start()
