"""Imports of address books: the job, its file, what each of its entries did, and how files come and go."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Owned, choice, within


class ImportState(StrEnum):
    """How far an import is."""

    UPLOADING = "UPLOADING"
    INSPECTING = "INSPECTING"
    READY = "READY"
    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    REVERTING = "REVERTING"
    REVERTED = "REVERTED"
    FAILED = "FAILED"


WORKED = (ImportState.INSPECTING, ImportState.RUNNING, ImportState.REVERTING)


class ImportKey(StrEnum):
    """By what an entry is recognized as a contact that is there already."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    EXTERNAL_ID = "EXTERNAL_ID"
    NONE = "NONE"


class ImportAction(StrEnum):
    """What an entry did to a contact."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"


class ImportedKind(StrEnum):
    """What an import made besides contacts."""

    ACCOUNT = "ACCOUNT"
    INTERLOCUTOR = "INTERLOCUTOR"


class ContactImport(Owned, Base):
    """One import. `position` entries are done; it is written in the transaction that does them."""

    __tablename__ = "contact_import"
    created_by_id: Mapped[UUID | None]
    file_name: Mapped[str]
    state: Mapped[ImportState] = mapped_column(choice(ImportState))
    size_bytes: Mapped[int | None]
    book: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    sample: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    mapping: Mapped[list[list[Any]] | None] = mapped_column(JSONB(none_as_null=True))
    key: Mapped[ImportKey] = mapped_column(choice(ImportKey))
    total: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    created_count: Mapped[int] = mapped_column(default=0)
    updated_count: Mapped[int] = mapped_column(default=0)
    unchanged_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    problem_count: Mapped[int] = mapped_column(default=0)
    reverted_count: Mapped[int] = mapped_column(default=0)
    kept_count: Mapped[int] = mapped_column(default=0)
    companies: Mapped[bool] = mapped_column(default=True)
    accounts_count: Mapped[int] = mapped_column(default=0)
    interlocutors_count: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("created_by_id", "collaborator"),
        UniqueConstraint("organization_id", "id"),
        Index("contact_import_created_at", "organization_id", "created_at", "id"),
        Index("contact_import_state", "state"),
    )


class ContactImportChunk(Base):
    """A piece of an import's file."""

    __tablename__ = "contact_import_chunk"
    organization_id: Mapped[UUID]
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]

    __table_args__ = (within("import_id", "contact_import", cascade=True),)


class ContactImportProblem(Base):
    """What was wrong with an entry, and what of it could not be kept."""

    __tablename__ = "contact_import_problem"
    organization_id: Mapped[UUID]
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    code: Mapped[str]
    field: Mapped[str]
    excerpt: Mapped[str]

    __table_args__ = (within("import_id", "contact_import", cascade=True),)


class ContactImportRow(Base):
    """What an entry did: to which contact, giving which of its versions, and how the contact was before."""

    __tablename__ = "contact_import_row"
    organization_id: Mapped[UUID]
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID]
    action: Mapped[ImportAction] = mapped_column(choice(ImportAction))
    contact_version: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        within("import_id", "contact_import", cascade=True),
        within("contact_id", "contact", cascade=True),
        Index("contact_import_row_contact", "import_id", "contact_id", "entry"),
    )


class ContactImportCompany(Base):
    """An account or a link that an import made or changed, the version it gave it, and a link's columns before."""

    __tablename__ = "contact_import_company"
    organization_id: Mapped[UUID]
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[ImportedKind] = mapped_column(choice(ImportedKind))
    subject_version: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        within("import_id", "contact_import", cascade=True),
        Index("contact_import_company_order", "import_id", "kind", "subject_id"),
    )


class ContactExternalId(Base):
    """What another program calls a contact."""

    __tablename__ = "contact_external_id"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (within("contact_id", "contact", cascade=True),)


class TransferPurpose(StrEnum):
    """What a ticket opens."""

    UPLOAD = "UPLOAD"
    CONTACTS = "CONTACTS"
    PROBLEMS = "PROBLEMS"
    PHOTO = "PHOTO"
    PERSON = "PERSON"


class TransferTicket(Base):
    """The right to send or fetch one file over HTTP, for a while. The secret itself is not kept."""

    __tablename__ = "transfer_ticket"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    collaborator_id: Mapped[UUID]
    secret_hash: Mapped[bytes]
    purpose: Mapped[TransferPurpose] = mapped_column(choice(TransferPurpose))
    what: Mapped[dict[str, Any]] = mapped_column(JSONB)
    expires_at: Mapped[datetime]

    __table_args__ = (
        within("collaborator_id", "collaborator", cascade=True),
        Index("transfer_ticket_expires_at", "expires_at"),
    )
