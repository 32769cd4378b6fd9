"""What deals keeps of the contacts service's data: upserts guarded by the aggregate's version."""

from sqlalchemy import BigInteger, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Organization(Base):
    """The tenant."""

    __tablename__ = "organization"

    id: Mapped[Id]
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[String]
    locale: Mapped[String]
    time_zone: Mapped[String]
    sharing: Mapped[String | None]
    plan: Mapped[String | None]
    trial_ends_at: Mapped[Moment | None]
    subscribed: Mapped[bool]


class Collaborator(Base):
    """Who may own, follow and be assigned."""

    __tablename__ = "collaborator"
    __table_args__ = (Index("collaborator_department", "organization_id", "department"),)

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[String]
    role: Mapped[String]
    department: Mapped[String]
    time_zone: Mapped[String] = mapped_column(server_default="")
    disabled: Mapped[bool]


class Contact(Base):
    """A natural person."""

    __tablename__ = "contact"

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[String]
    relationship_manager_id: Mapped[Ref | None]
    status: Mapped[String]
    status_since: Mapped[Moment]
    origin: Mapped[String]
    reachable: Mapped[bool]
    """Whether it has an e-mail address or a telephone number."""
    deleted: Mapped[bool]
    merged_into_id: Mapped[Ref | None]
    supplier: Mapped[bool] = mapped_column(server_default=false())


class Account(Base):
    """The file of a company."""

    __tablename__ = "account"

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[String]
    relationship_manager_id: Mapped[Ref | None]
    status: Mapped[String]
    status_since: Mapped[Moment]
    deleted: Mapped[bool]
    merged_into_id: Mapped[Ref | None]
    supplier: Mapped[bool] = mapped_column(server_default=false())


class Duplicate(Base):
    """Two contacts, or two accounts, that may be the same; `open` until somebody settles it."""

    __tablename__ = "duplicate"
    __table_args__ = (
        Index("duplicate_first", "organization_id", "first_id"),
        Index("duplicate_open", "first_id", postgresql_where=text("open")),
        Index("duplicate_open_second", "second_id", postgresql_where=text("open")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    first_id: Mapped[Ref]
    second_id: Mapped[Ref]
    score: Mapped[float]
    open: Mapped[bool]
    found_at: Mapped[Moment]


class Interlocutor(Base):
    """The dated link between a contact and an account."""

    __tablename__ = "interlocutor"
    __table_args__ = (
        Index("interlocutor_account", "organization_id", "account_id"),
        Index("interlocutor_contact", "organization_id", "contact_id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    contact_id: Mapped[Ref]
    account_id: Mapped[Ref]
    job_title: Mapped[String]
    decision_maker: Mapped[bool]
    ended_at: Mapped[Moment | None]
