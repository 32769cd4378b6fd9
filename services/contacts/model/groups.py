"""Sets of contacts, who is in them, and what their worker has still to look at."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Identity, Index, UniqueConstraint, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Deletable, Named, choice, within


class GroupKind(StrEnum):
    """Who decides about the members of a group: people, or its definition."""

    STATIC = "STATIC"
    DYNAMIC = "DYNAMIC"


class Group(Deletable, Named, Base):
    """A set of contacts. A dynamic one has a definition (schema/definitions.py), and its members are kept by a worker.

    `membership_version` counts the messages about its members; `refresh_*` tell when a dynamic group is next computed
    over all contacts, how far that is, and when it was last done; `problem` why its definition cannot be computed.
    """

    __tablename__ = "group"
    description: Mapped[str | None]
    kind: Mapped[GroupKind] = mapped_column(choice(GroupKind))
    definition: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    uses: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    member_count: Mapped[int] = mapped_column(default=0)
    membership_version: Mapped[int] = mapped_column(BigInteger, default=0)
    refresh_due_at: Mapped[datetime | None]
    refresh_after: Mapped[UUID | None]
    refreshed_at: Mapped[datetime | None]
    problem: Mapped[str | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        UniqueConstraint("organization_id", "id"),
        Index(
            "group_name",
            "organization_id",
            func.lower(text("name")),
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("group_name_sort", "organization_id", "name_sort", "id"),
        Index("group_created_at", "organization_id", "created_at", "id"),
        Index("group_refresh_due", "refresh_due_at", postgresql_where=text("refresh_due_at IS NOT NULL")),
    )


class GroupMember(Base):
    """A contact of a group. A deleted contact stays in a static one, inactive, and is back when it is restored."""

    __tablename__ = "group_member"
    organization_id: Mapped[UUID]
    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    active: Mapped[bool]
    since: Mapped[datetime]

    __table_args__ = (
        within("group_id", "group", cascade=True),
        within("contact_id", "contact", cascade=True),
        Index("group_member_contact", "organization_id", "contact_id"),
    )


class GroupDue(Base):
    """Something whose change may have changed who is in which group. Written by a trigger on the outbox."""

    __tablename__ = "group_due"
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID]
    aggregate: Mapped[str]
    aggregate_id: Mapped[UUID]

    __table_args__ = (Index("group_due_organization", "organization_id", "position"),)
