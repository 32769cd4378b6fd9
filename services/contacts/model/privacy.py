"""Erasures and exports of persons: how far each service is; whom not to take in again; and what was purged."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Owned, choice, within
from services.contacts.model.duplicates import DuplicateKind


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
    """The hash of an address or a number of somebody who was erased and does not want to be taken in again.

    Lifted by an administrator, once they came back by themselves.
    """

    __tablename__ = "do_not_contact"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("lifted_by_id", "collaborator"),
    )


class PersonExportState(StrEnum):
    """How far an export is."""

    PENDING = "PENDING"
    READY = "READY"
    REFUSED = "REFUSED"


class PersonExport(Owned, Base):
    """What every service keeps of a person, being put together; dropped with its parts after `expires_at`."""

    __tablename__ = "person_export"
    created_by_id: Mapped[UUID | None]
    contact_id: Mapped[UUID]
    state: Mapped[PersonExportState] = mapped_column(choice(PersonExportState))
    contacts_at: Mapped[datetime | None]
    deals_at: Mapped[datetime | None]
    notifier_at: Mapped[datetime | None]
    refusal: Mapped[str | None]
    kept_days: Mapped[int]
    expires_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("created_by_id", "collaborator"),
        within("contact_id", "contact", cascade=True),
        UniqueConstraint("organization_id", "id"),
        Index("person_export_contact", "organization_id", "contact_id"),
        Index("person_export_expires_at", "expires_at"),
    )


class PersonExportPart(Base):
    """A piece of one service's answer: joined in order, the pieces of an answer are a JSON object."""

    __tablename__ = "person_export_part"
    organization_id: Mapped[UUID]
    export_id: Mapped[UUID] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    answer_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    piece: Mapped[str]

    __table_args__ = (within("export_id", "person_export", cascade=True),)


class Purge(Base):
    """That a deleted contact or account was purged: which, when, by whom. It names nobody, and is kept for ever.

    Those that went at once have a `batch_id` in common.
    """

    __tablename__ = "purge"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    kind: Mapped[DuplicateKind] = mapped_column(choice(DuplicateKind))
    subject_id: Mapped[UUID]
    batch_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("by_id", "collaborator"),
        Index("purge_at", "organization_id", "at", "id"),
        Index("purge_batch", "organization_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
    )
