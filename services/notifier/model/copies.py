"""Copies of others' data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, Index, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from chassis.sets import SetCopies
from services.notifier.model.base import NotifierBase


class Organization(NotifierBase):
    """Copy: the tenant, its language and time zone."""

    __tablename__ = "organization"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    sharing: Mapped[str | None]
    plan: Mapped[str | None]
    trial_ends_at: Mapped[datetime | None]
    subscribed: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(BigInteger)


class Collaborator(NotifierBase):
    """Copy: who can be told."""

    __tablename__ = "collaborator"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    department: Mapped[str] = mapped_column(server_default="")
    locale: Mapped[str]
    time_zone: Mapped[str]
    disabled: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(BigInteger)


class Team(NotifierBase):
    """Copy: a set of collaborators."""

    __tablename__ = "team"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    members: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    deleted: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(BigInteger)


GROUPS = SetCopies(NotifierBase.metadata, "group", "contact")


class Contact(NotifierBase):
    """Copy: who manages the relation with a contact, and where to write to them."""

    __tablename__ = "contact"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    deleted: Mapped[bool] = mapped_column(Boolean, server_default=false())
    relationship_manager_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("contact_email", "organization_id", "email"),)


class Account(NotifierBase):
    """Copy: who manages the relation with a company."""

    __tablename__ = "account"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    relationship_manager_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(BigInteger)


class Interlocutor(NotifierBase):
    """Copy: who speaks for a company, or spoke."""

    __tablename__ = "interlocutor"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID]
    account_id: Mapped[UUID]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        Index("interlocutor_contact", "organization_id", "contact_id"),
        Index("interlocutor_account", "organization_id", "account_id"),
    )


class MergeMove(NotifierBase):
    """A row that named a contact who became part of another, and names the other since; `place` is its table."""

    __tablename__ = "merge_move"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    loser_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)
