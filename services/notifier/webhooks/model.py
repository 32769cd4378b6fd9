"""The addresses that an organization's programs listen at."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model import NotifierBase


class EndpointState(StrEnum):
    """Whether an endpoint is told anything."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class DisabledBecause(StrEnum):
    """Who or what stopped an endpoint."""

    BY_HAND = "BY_HAND"
    FAILING = "FAILING"
    GONE = "GONE"


class WebhookEndpoint(NotifierBase):
    """Where messages go, which ones, and how it has been answering. Its secret is made of a key, and stored nowhere.

    `failures`: in a row; `failing_since`: the first of them; `resting_until`: nothing is sent before.
    `secret_number` grows with each rotation; the number before it signs too until `old_secret_until`.
    """

    __tablename__ = "webhook_endpoint"
    organization_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    url: Mapped[str]
    description: Mapped[str]
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    filters: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str]
    disabled_because: Mapped[str | None]
    disabled_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    secret_number: Mapped[int] = mapped_column(Integer)
    old_secret_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(Integer)
    failing_since: Mapped[datetime | None]
    resting_until: Mapped[datetime | None]
    created_by_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("organization_id", "id", name="webhook_endpoint_within"),
        Index("webhook_endpoint_created", "organization_id", "created_at", "id"),
    )
