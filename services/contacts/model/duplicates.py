"""Pairs that may be the same, the searches that find them, and what is waiting to be looked at again."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Owned, choice, within


class DuplicateKind(StrEnum):
    """What a pair is of."""

    CONTACT = "CONTACT"
    ACCOUNT = "ACCOUNT"


class DuplicateState(StrEnum):
    """What became of a pair."""

    OPEN = "OPEN"
    DISMISSED = "DISMISSED"
    MERGED = "MERGED"
    GONE = "GONE"


class DuplicatePair(Owned, Base):
    """Two contacts, or two accounts, the older first. DISMISSED is for ever, unless somebody reopens it."""

    __tablename__ = "duplicate_pair"
    kind: Mapped[DuplicateKind] = mapped_column(choice(DuplicateKind))
    first_id: Mapped[UUID]
    second_id: Mapped[UUID]
    score: Mapped[float]
    reasons: Mapped[list[list[str]]] = mapped_column(JSONB)
    state: Mapped[DuplicateState] = mapped_column(choice(DuplicateState))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("settled_by_id", "collaborator"),
        CheckConstraint("first_id < second_id", name="duplicate_pair_order"),
        UniqueConstraint("organization_id", "first_id", "second_id", name="duplicate_pair_once"),
        Index("duplicate_pair_second", "organization_id", "second_id"),
        Index("duplicate_pair_score", "organization_id", "state", "score", "id"),
    )


class DuplicateSearchState(StrEnum):
    """How far a search over the whole base is."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class DuplicateSearch(Owned, Base):
    """A search over the whole base: `kind` and `after_id` tell where it is; written with what it found there."""

    __tablename__ = "duplicate_search"
    created_by_id: Mapped[UUID | None]
    state: Mapped[DuplicateSearchState] = mapped_column(choice(DuplicateSearchState))
    kind: Mapped[DuplicateKind] = mapped_column(choice(DuplicateKind))
    after_id: Mapped[UUID | None]
    total: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    found_count: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("created_by_id", "collaborator"),
        Index("duplicate_search_created_at", "organization_id", "created_at", "id"),
        Index("duplicate_search_state", "state"),
    )


class DuplicateDue(Base):
    """Something whose search document changed: written by the database's trigger, possibly several times."""

    __tablename__ = "duplicate_due"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID]
    kind: Mapped[Any] = mapped_column(choice(DuplicateKind))
    subject_id: Mapped[UUID]

    __table_args__ = (Index("duplicate_due_organization", "organization_id", "id"),)
