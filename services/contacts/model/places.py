"""Where contacts and companies are, and how companies are reached."""

from uuid import UUID

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Kind, choice, within


class Place:
    """A postal address; position 0 is the main one."""

    organization_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    lines: Mapped[str]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    country: Mapped[str]


class AccountAddress(Place, Base):
    """A place of a company."""

    __tablename__ = "account_address"
    account_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        within("account_id", "account", cascade=True),
        Index("account_address_city", "organization_id", "city"),
    )


class ContactAddress(Place, Base):
    """A place of a person."""

    __tablename__ = "contact_address"
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        Index("contact_address_city", "organization_id", "city"),
    )


class AccountEmail(Base):
    """One of a company's e-mail addresses; position 0 is the primary one."""

    __tablename__ = "account_email"
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    kind: Mapped[Kind] = mapped_column(choice(Kind))

    __table_args__ = (
        within("account_id", "account", cascade=True),
        Index("account_email_address", "organization_id", func.lower(text("address"))),
    )


class AccountPhone(Base):
    """One of a company's telephones, in E.164; position 0 is the primary one."""

    __tablename__ = "account_phone"
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    kind: Mapped[Kind] = mapped_column(choice(Kind))

    __table_args__ = (
        within("account_id", "account", cascade=True),
        Index("account_phone_number", "organization_id", "number"),
    )


class BankAccount(Base):
    """Bank details of a company, each part sealed by itself; position 0 is the main one."""

    __tablename__ = "bank_account"
    organization_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    iban_sealed: Mapped[bytes]
    bic_sealed: Mapped[bytes | None]
    holder_sealed: Mapped[bytes | None]

    __table_args__ = (within("account_id", "account", cascade=True),)
