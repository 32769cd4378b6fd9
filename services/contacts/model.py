"""Tables and invariants. Every row belongs to one organization, and every reference stays within it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Enum,
    ForeignKeyConstraint,
    Index,
    MetaData,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from chassis import database
from chassis.auth import Role
from chassis.errors import VersionConflict
from chassis.idempotency import idempotency_table
from chassis.identifiers import new_id
from chassis.inbox import inbox_table
from chassis.outbox import outbox_table
from chassis.text import folded
from services.contacts.errors import StatusNotReachable, end_before_start, siret_of_another_company


class Base(database.Base):
    """The tables of the contacts service."""

    __abstract__ = True
    metadata = MetaData()


outbox = outbox_table(Base.metadata)
inbox = inbox_table(Base.metadata)
idempotency = idempotency_table(Base.metadata)


class AccountStatus(StrEnum):
    """Where the firm stands with a company."""

    SUSPECT = "SUSPECT"
    PROSPECT = "PROSPECT"
    CLIENT = "CLIENT"
    FORMER_CLIENT = "FORMER_CLIENT"


REACHABLE = {
    AccountStatus.SUSPECT: [AccountStatus.PROSPECT, AccountStatus.CLIENT],
    AccountStatus.PROSPECT: [AccountStatus.SUSPECT, AccountStatus.CLIENT],
    AccountStatus.CLIENT: [AccountStatus.FORMER_CLIENT],
    AccountStatus.FORMER_CLIENT: [AccountStatus.PROSPECT, AccountStatus.CLIENT],
}


class Kind(StrEnum):
    """What an e-mail address, a telephone or a place is used for."""

    WORK = "WORK"
    MOBILE = "MOBILE"
    HOME = "HOME"
    BILLING = "BILLING"
    OTHER = "OTHER"


def _choice(values: type[StrEnum]) -> Enum:
    return Enum(values, native_enum=False, create_constraint=False, length=20)


def _within(column: str, table: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    """A reference that cannot cross the organization's border: foreign keys are checked without row-level security."""
    ondelete = "CASCADE" if cascade else None
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete
    )


class Versioned:
    """What every aggregate has: whose it is, its version, its dates."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def change(self, expected: int | None, now: datetime, values: dict[str, Any]) -> None:
        """Take new values and the next version. Raises VersionConflict where the caller saw another version."""
        if expected is not None and expected != self.version:
            raise VersionConflict(expected, self.version)
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1
        self.updated_at = now


class Named:
    """What is sorted by its name."""

    name: Mapped[str]
    name_sort: Mapped[str]

    @validates("name")
    def _sort_too(self, _: str, value: str) -> str:
        self.name_sort = folded(value)
        return value


class Organization(Versioned, Base):
    """The tenant: its id is every other row's organization_id."""

    __tablename__ = "organization"
    name: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    country: Mapped[str]


class Owned(Versioned):
    """An aggregate of one organization."""

    organization_id: Mapped[UUID]


class Collaborator(Owned, Named, Base):
    """Somebody with access to the back office."""

    __tablename__ = "collaborator"
    email: Mapped[str]
    role: Mapped[Role] = mapped_column(_choice(Role))
    department: Mapped[str | None]
    locale: Mapped[str]
    time_zone: Mapped[str]
    disabled_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        UniqueConstraint("organization_id", "id"),
        Index("collaborator_email", "organization_id", func.lower(text("email")), unique=True),
    )


class ContactEmail(Base):
    """One of a contact's addresses; position 0 is the primary one."""

    __tablename__ = "contact_email"
    organization_id: Mapped[UUID]
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    kind: Mapped[Kind] = mapped_column(_choice(Kind))

    __table_args__ = (
        _within("contact_id", "contact", cascade=True),
        Index("contact_email_address", "organization_id", func.lower(text("address"))),
    )


class ContactPhone(Base):
    """One of a contact's telephones, in E.164; position 0 is the primary one."""

    __tablename__ = "contact_phone"
    organization_id: Mapped[UUID]
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    kind: Mapped[Kind] = mapped_column(_choice(Kind))

    __table_args__ = (
        _within("contact_id", "contact", cascade=True),
        Index("contact_phone_number", "organization_id", "number"),
    )


class Contact(Owned, Base):
    """A natural person."""

    __tablename__ = "contact"
    given_name: Mapped[str | None]
    given_name_sort: Mapped[str | None]
    family_name: Mapped[str | None]
    family_name_sort: Mapped[str | None]
    language: Mapped[str | None]
    notes: Mapped[str | None]
    relationship_manager_id: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]
    emails: Mapped[list[ContactEmail]] = relationship(
        order_by=ContactEmail.position, cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )
    phones: Mapped[list[ContactPhone]] = relationship(
        order_by=ContactPhone.position, cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        _within("relationship_manager_id", "collaborator"),
        UniqueConstraint("organization_id", "id"),
        CheckConstraint("given_name IS NOT NULL OR family_name IS NOT NULL", name="contact_named"),
        Index("contact_family_name", "organization_id", "family_name_sort", "id"),
        Index("contact_created_at", "organization_id", "created_at", "id"),
        Index("contact_relationship_manager", "organization_id", "relationship_manager_id"),
    )

    @validates("given_name", "family_name")
    def _sort_too(self, name: str, value: str | None) -> str | None:
        setattr(self, f"{name}_sort", value and folded(value))
        return value


class AccountAddress(Base):
    """A place of a company."""

    __tablename__ = "account_address"
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(_choice(Kind))
    lines: Mapped[str]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str]

    __table_args__ = (_within("account_id", "account", cascade=True),)


class AccountStatusChange(Base):
    """A step in a company's commercial history; never changed afterwards."""

    __tablename__ = "account_status_change"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID]
    status: Mapped[AccountStatus] = mapped_column(_choice(AccountStatus))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]

    __table_args__ = (
        _within("account_id", "account", cascade=True),
        _within("by_id", "collaborator"),
        Index("account_status_change_account", "organization_id", "account_id", "id"),
    )


class Account(Owned, Named, Base):
    """The file of a company."""

    __tablename__ = "account"
    siren: Mapped[str | None]
    siret: Mapped[str | None]
    vat_number: Mapped[str | None]
    iban_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    status: Mapped[AccountStatus] = mapped_column(_choice(AccountStatus))
    notes: Mapped[str | None]
    relationship_manager_id: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None]
    addresses: Mapped[list[AccountAddress]] = relationship(
        order_by=AccountAddress.position, cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        _within("relationship_manager_id", "collaborator"),
        UniqueConstraint("organization_id", "id"),
        Index("account_name", "organization_id", "name_sort", "id"),
        Index("account_created_at", "organization_id", "created_at", "id"),
        Index("account_siren", "organization_id", "siren"),
        Index("account_relationship_manager", "organization_id", "relationship_manager_id"),
    )

    def settle_numbers(self) -> None:
        """Take the SIREN from the SIRET where only that is known. Raises InvalidInput where the two disagree."""
        if self.siret and not self.siren:
            self.siren = self.siret[:9]
        if self.siret and self.siren and not self.siret.startswith(self.siren):
            raise siret_of_another_company()

    def check_transition(self, wanted: AccountStatus) -> None:
        """Raise StatusNotReachable where the status cannot become `wanted`."""
        if wanted not in REACHABLE[self.status]:
            raise StatusNotReachable(self.status, wanted, [*REACHABLE[self.status]])


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
        _within("contact_id", "contact"),
        _within("account_id", "account"),
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
