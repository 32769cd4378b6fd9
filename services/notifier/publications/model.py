"""Publications, their editions, the rounds in which they are told, and what became of each reader."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.notifier.model import NotifierBase

ROUNDS = "publication_round"  # the channel that wakes whoever tells


class PublicationKind(StrEnum):
    """News for colleagues and followers, or a campaign: mails to groups of contacts."""

    NEWS = "NEWS"
    CAMPAIGN = "CAMPAIGN"


class PublicationStatus(StrEnum):
    """Where a publication is."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


class PublicationCategory(StrEnum):
    """What a contact can unsubscribe from."""

    NEWS = "NEWS"
    OFFERS = "OFFERS"
    EVENTS = "EVENTS"
    SURVEYS = "SURVEYS"


class Whom(StrEnum):
    """Which readers a round is for."""

    ALL = "ALL"
    UNREAD = "UNREAD"
    UNANSWERED = "UNANSWERED"


class Phase(StrEnum):
    """What a round works through, in this order."""

    COLLABORATORS = "COLLABORATORS"
    CONTACTS = "CONTACTS"
    FOLLOWERS = "FOLLOWERS"


EVERYTHING = "*"
"""In place of a category: who wants none of them."""


def within(column: str, table: str) -> ForeignKeyConstraint:
    """A reference that cannot cross the organization's border."""
    return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.id"])


class Publication(NotifierBase):
    """A publication as it is now. `publisher` is the organization's name as it was published, for followers."""

    __tablename__ = "publication"
    organization_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    status: Mapped[str]
    category: Mapped[str]
    locale: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    question: Mapped[str]
    options: Mapped[list[str]] = mapped_column(ARRAY(Text))
    edition: Mapped[int] = mapped_column(Integer)
    publisher: Mapped[str]
    to_network: Mapped[bool] = mapped_column(Boolean)
    team_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    group_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    feed: Mapped[bool] = mapped_column(Boolean)
    email: Mapped[bool] = mapped_column(Boolean)
    follow_up_days: Mapped[int | None] = mapped_column(Integer)
    follow_up_times: Mapped[int] = mapped_column(Integer)
    author_id: Mapped[UUID | None]
    scheduled_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("organization_id", "id", name="publication_within"),
        Index("publication_created", "organization_id", "created_at", "id"),
        Index("publication_feed", "organization_id", "published_at", "id", postgresql_where=text("feed")),
    )


class Edition(NotifierBase):
    """What a publication said once it was published, and after each change since."""

    __tablename__ = "publication_edition"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    publication_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    question: Mapped[str]
    options: Mapped[list[str]] = mapped_column(ARRAY(Text))
    by_id: Mapped[UUID | None]
    at: Mapped[datetime]

    __table_args__ = (within("publication_id", "publication"),)


class Round(NotifierBase):
    """One telling of a publication: the first, or a reminder. `cursor` is the last reader of `phase` that was queued.

    What has no `done_at` is worked from `due_at` on, a page a transaction, by whoever holds the lease.
    """

    __tablename__ = "publication_round"
    organization_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    publication_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(Integer)
    whom: Mapped[str]
    by_plan: Mapped[bool] = mapped_column(Boolean)
    by_id: Mapped[UUID | None]
    due_at: Mapped[datetime]
    phase: Mapped[str]
    cursor: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]

    __table_args__ = (
        within("publication_id", "publication"),
        UniqueConstraint("organization_id", "publication_id", "number", name="publication_round_once"),
        Index("publication_round_due", "due_at", postgresql_where=text("done_at IS NULL")),
    )


class PublicationReader(NotifierBase):
    """Somebody of the organization, or one of its contacts, whom a publication is addressed to."""

    __tablename__ = "publication_reader"
    organization_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    publication_id: Mapped[UUID]
    collaborator_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    email: Mapped[str]
    added_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    choice: Mapped[str | None]
    words: Mapped[str | None]
    unsubscribed_at: Mapped[datetime | None]

    __table_args__ = (
        within("publication_id", "publication"),
        CheckConstraint("num_nonnulls(collaborator_id, contact_id) = 1", name="publication_reader_one"),
        UniqueConstraint("publication_id", "collaborator_id", name="publication_reader_collaborator"),
        UniqueConstraint("publication_id", "contact_id", name="publication_reader_contact"),
        Index("publication_reader_page", "organization_id", "publication_id", "id"),
        Index("publication_reader_email", "publication_id", "email"),
    )


class Seen(NotifierBase):
    """A collaborator has read what an organization published that theirs follows; nobody else is told."""

    __tablename__ = "publication_seen"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    collaborator_id: Mapped[UUID] = mapped_column(primary_key=True)
    publication_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Following(NotifierBase):
    """Copy: which organizations this one follows."""

    __tablename__ = "following"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    followed: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    version: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("following_followed", "followed", postgresql_using="gin"),)


class Unsubscription(NotifierBase):
    """An address that wants no more campaigns of a category, or of any; so does whoever said so, at any address."""

    __tablename__ = "unsubscription"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    contact_id: Mapped[UUID | None]
    at: Mapped[datetime]

    __table_args__ = (
        Index("unsubscription_at", "organization_id", "at"),
        Index("unsubscription_contact", "organization_id", "contact_id"),
    )


def table(kind: type[NotifierBase]) -> Any:
    """The table behind a mapped class."""
    return kind.metadata.tables[kind.__tablename__]
