"""Companies, and who speaks for them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.contacts.errors import end_before_start, siret_of_another_company
from services.contacts.model.base import Base, Deletable, Kind, Named, Owned, choice, within
from services.contacts.model.statuses import Standing


class AccountAddress(Base):
    """A place of a company."""

    __tablename__ = "account_address"
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    lines: Mapped[str]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str]

    __table_args__ = (within("account_id", "account", cascade=True),)


class Account(Deletable, Named, Standing, Base):
    """The file of a company."""

    __tablename__ = "account"
    siren: Mapped[str | None]
    siret: Mapped[str | None]
    vat_number: Mapped[str | None]
    iban_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    notes: Mapped[str | None]
    relationship_manager_id: Mapped[UUID | None]
    addresses: Mapped[list[AccountAddress]] = relationship(
        order_by=AccountAddress.position, cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("relationship_manager_id", "collaborator"),
        UniqueConstraint("organization_id", "id"),
        Index("account_name", "organization_id", "name_sort", "id"),
        Index("account_created_at", "organization_id", "created_at", "id"),
        Index("account_siren", "organization_id", "siren"),
        Index("account_status", "organization_id", "status", "id"),
        Index("account_relationship_manager", "organization_id", "relationship_manager_id"),
    )

    def settle_numbers(self) -> None:
        """Take the SIREN from the SIRET where only that is known. Raises InvalidInput where the two disagree."""
        if self.siret and not self.siren:
            self.siren = self.siret[:9]
        if self.siret and self.siren and not self.siret.startswith(self.siren):
            raise siret_of_another_company()


class Interlocutor(Owned, Base):
    """The dated link between a contact and an account."""

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

    def check_dates(self) -> None:
        """Raise InvalidInput where it ends before it starts."""
        if self.started_on and self.ended_at and self.ended_at.date() < self.started_on:
            raise end_before_start()
