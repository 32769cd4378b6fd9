"""Causes, deliveries with their attempts, links, and the pace of sending."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model.base import NotifierBase
from services.notifier.model.kinds import WAITING, Queue


class Cause(NotifierBase):
    """An event or an alert as it was at one revision: the protobuf message that its mails are written from.

    `open` is false once an alert waits for nobody any more; mails not yet sent are then skipped.
    """

    __tablename__ = "cause"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes]
    at: Mapped[datetime]
    open: Mapped[bool] = mapped_column(Boolean)


class Delivery(NotifierBase):
    """One telling of one cause to one collaborator, or one contact, by one channel, and what became of it.

    `named_contact_id`: whom the cause names, where that contact became part of the reader since.
    """

    __tablename__ = "delivery"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    cause_kind: Mapped[str]
    cause_id: Mapped[UUID]
    revision: Mapped[int] = mapped_column(Integer)
    collaborator_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    named_contact_id: Mapped[UUID | None]
    endpoint_id: Mapped[UUID | None]
    queue: Mapped[str] = mapped_column(server_default=Queue.INTERNAL.value)
    channel: Mapped[str]
    category: Mapped[str | None]
    topic: Mapped[str | None]
    digest_id: Mapped[UUID | None]
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str]
    detail: Mapped[str | None]
    priority: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(Integer)
    next_attempt_at: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    email: Mapped[str | None]
    subject: Mapped[str | None]
    message_id: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint(
            "organization_id", "cause_kind", "cause_id", "revision", "collaborator_id", "channel", name="delivery_once"
        ),
        CheckConstraint("num_nonnulls(collaborator_id, contact_id, endpoint_id) = 1", name="delivery_reader"),
        ForeignKeyConstraint(
            ["organization_id", "endpoint_id"],
            ["webhook_endpoint.organization_id", "webhook_endpoint.id"],
            name="delivery_endpoint_fkey",
        ),
        Index(
            "delivery_once_endpoint",
            "organization_id",
            "cause_kind",
            "cause_id",
            "endpoint_id",
            unique=True,
            postgresql_where=text("endpoint_id IS NOT NULL"),
        ),
        Index(
            "delivery_endpoint",
            "organization_id",
            "endpoint_id",
            "created_at",
            postgresql_where=text("endpoint_id IS NOT NULL"),
        ),
        Index(
            "delivery_once_contact",
            "organization_id",
            "cause_kind",
            "cause_id",
            "revision",
            "contact_id",
            "channel",
            unique=True,
            postgresql_where=text("contact_id IS NOT NULL"),
        ),
        Index("delivery_contact", "organization_id", "contact_id", "created_at"),
        Index("delivery_collaborator", "organization_id", "collaborator_id", "created_at"),
        ForeignKeyConstraint(
            ["organization_id", "digest_id"], ["digest.organization_id", "digest.id"], name="delivery_digest_fkey"
        ),
        Index("delivery_digest", "digest_id", postgresql_where=text("digest_id IS NOT NULL")),
        Index("delivery_created", "organization_id", "created_at"),
    )


Index(
    "delivery_due",
    Delivery.queue,
    Delivery.priority,
    Delivery.organization_id,
    Delivery.next_attempt_at,
    postgresql_where=Delivery.status.in_([status.value for status in WAITING]),
)
Index("delivery_swept", Delivery.created_at, postgresql_where=text("queue = 'WEBHOOK'"))
Index("cause_swept", Cause.at, postgresql_where=text("kind = 'message'"))
Index(
    "delivery_endpoint_due",
    Delivery.endpoint_id,
    Delivery.priority,
    Delivery.next_attempt_at,
    postgresql_where=Delivery.endpoint_id.is_not(None) & Delivery.status.in_([status.value for status in WAITING]),
)


class Pace(NotifierBase):
    """When the next mail may go: of one organization, or to one domain (then of nobody's organization).

    `slowness`: how many times slower than its rate a domain is served for now.
    """

    __tablename__ = "pace"
    queue: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(primary_key=True)
    bulk: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    next_at: Mapped[datetime]
    slowness: Mapped[float] = mapped_column(Double)
    slowed_at: Mapped[datetime]


class Attempt(NotifierBase):
    """One try at handing a mail to the relay; without an end where the worker died in it."""

    __tablename__ = "attempt"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"), index=True)
    worker: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    code: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[str | None]


class Link(NotifierBase):
    """A token that was written into a mail: its SHA-256, never itself."""

    __tablename__ = "link"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("delivery.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
