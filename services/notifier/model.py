"""Tables of the notifier: copies of others' data, causes, deliveries with their attempts, links, preferences."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from chassis.idempotency import idempotency_table
from chassis.inbox import inbox_table
from chassis.outbox import outbox_table
from chassis.sets import SetCopies

DELIVERIES = "delivery"  # the channel that wakes senders


class CauseKind(StrEnum):
    """What a mail is about."""

    EVENT = "event"
    ALERT = "alert"
    INVITATION = "invitation"
    SIGN_IN = "sign_in"
    QUOTE = "quote"
    QUOTE_ANSWERED = "quote_answered"
    QUOTE_REQUEST = "quote_request"
    MESSAGE = "deal_message"
    APPOINTMENT = "appointment"  # as contacts who are invited are told of it
    WEBHOOK = "message"
    WEBHOOK_DISABLED = "webhook"
    PUBLICATION = "publication"
    PUBLICATION_TEST = "publication_test"
    TEST = "probe"  # of whoever runs the system; an affair of no collaborator
    COMMENT = "comment"
    DIGEST = "digest"

    @property
    def thing(self) -> str:
        """The kind of the id that it is about."""
        return _THINGS.get(self.value, self.value)


_THINGS = {"quote_answered": "quote", "deal_message": "message", "appointment": "event"}


class Category(StrEnum):
    """What a collaborator can unsubscribe from, CRITICAL excepted."""

    EVENTS = "EVENTS"
    ALERTS = "ALERTS"
    QUOTES = "QUOTES"
    PUBLICATIONS = "PUBLICATIONS"
    COMMENTS = "COMMENTS"
    CRITICAL = "CRITICAL"


class Queue(StrEnum):
    """Mails to colleagues, mails to the world outside, messages to programs: none waits for the others."""

    INTERNAL = "INTERNAL"
    EXTERNAL = "EXTERNAL"
    WEBHOOK = "WEBHOOK"


class Status(StrEnum):
    """Where a delivery is; every one that is not SENT has its reason in `detail`."""

    QUEUED = "QUEUED"
    SENDING = "SENDING"
    SENT = "SENT"
    DEFERRED = "DEFERRED"
    BOUNCED = "BOUNCED"
    REJECTED = "REJECTED"
    SUPPRESSED = "SUPPRESSED"
    SKIPPED = "SKIPPED"
    UNKNOWN = "UNKNOWN"
    AWAITING_DIGEST = "AWAITING_DIGEST"
    IN_DIGEST = "IN_DIGEST"


class Verdict(StrEnum):
    """What became of one attempt."""

    ACCEPTED = "ACCEPTED"  # the relay answered 250 to the message
    DEFERRED = "DEFERRED"  # 4xx for this mail
    REFUSED = "REFUSED"  # 5xx for this mail
    UNREACHABLE = "UNREACHABLE"  # the relay takes no mail at all now; nothing was sent
    UNKNOWN = "UNKNOWN"  # the connection, or the worker, ended within DATA; the relay may have taken it


WAITING = (Status.QUEUED, Status.SENDING, Status.DEFERRED, Status.UNKNOWN)


class NotifierBase(Base):
    """What the notifier's tables derive from."""

    __abstract__ = True
    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
        }
    )


OUTBOX = outbox_table(NotifierBase.metadata)
INBOX = inbox_table(NotifierBase.metadata)
IDEMPOTENCY = idempotency_table(NotifierBase.metadata)


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


class MergeMove(NotifierBase):
    """A row that named a contact who became part of another, and names the other since; `place` is its table."""

    __tablename__ = "merge_move"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    loser_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    row_id: Mapped[UUID] = mapped_column(primary_key=True)


class SuppressionReason(StrEnum):
    """Why an address is left alone."""

    HARD_BOUNCE = "HARD_BOUNCE"
    COMPLAINT = "COMPLAINT"


class Suppression(NotifierBase):
    """An address that refused mail, or whose reader called it spam; left alone until a moment."""

    __tablename__ = "suppression"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    reason: Mapped[str]
    answer: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]

    __table_args__ = (UniqueConstraint("organization_id", "id"),)
