"""What collaborators record outside, on devices that are offline at times."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, choice, within


class FieldWorkKind(StrEnum):
    """What a record from the field says."""

    SUSPECT = "SUSPECT"
    UPDATE = "UPDATE"
    NOTE = "NOTE"


class FieldRecord(Base):
    """One record of a device, by the device's own id; kept for ever, so that it is never taken twice.

    `subject` is the client id of the suspect it is about. A record that comes before its suspect waits: it has no
    `applied_at`, and `content` holds what it says.
    """

    __tablename__ = "field_record"
    organization_id: Mapped[UUID]
    client_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[FieldWorkKind] = mapped_column(choice(FieldWorkKind))
    subject: Mapped[UUID]
    collaborator_id: Mapped[UUID | None]
    fingerprint: Mapped[bytes]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    captured_at: Mapped[datetime]
    received_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    account_created: Mapped[bool] = mapped_column(default=False)
    kept: Mapped[list[str]] = mapped_column(JSONB, default=list)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    accuracy_meters: Mapped[float | None]
    positioned_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("collaborator_id", "collaborator"),
        within("contact_id", "contact", cascade=True),
        within("account_id", "account", cascade=True),
        Index("field_record_client", "organization_id", "client_id", unique=True),
        Index("field_record_subject", "organization_id", "subject"),
        Index("field_record_contact", "organization_id", "contact_id"),
    )
