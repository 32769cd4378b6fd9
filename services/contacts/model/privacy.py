"""Erasures of persons: how far each service is; and whom not to take in again."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Owned, choice, within


class ErasureState(StrEnum):
    """How far an erasure is."""

    RUNNING = "RUNNING"
    DONE = "DONE"


class Erasure(Owned, Base):
    """A person who was erased: by whom, and when each service had done its part. It names nobody."""

    __tablename__ = "erasure"
    created_by_id: Mapped[UUID | None]
    contact_id: Mapped[UUID]
    state: Mapped[ErasureState] = mapped_column(choice(ErasureState))
    contacts_at: Mapped[datetime | None]
    deals_at: Mapped[datetime | None]
    notifier_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("created_by_id", "collaborator"),
        Index("erasure_created_at", "organization_id", "created_at", "id"),
        Index("erasure_contact", "organization_id", "contact_id", unique=True),
    )


class DoNotContact(Base):
    """The hash of an address or a number of somebody who was erased and does not want to be taken in again."""

    __tablename__ = "do_not_contact"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    since: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["organization_id"], ["organization.id"]),)
