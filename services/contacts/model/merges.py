"""Merges: who became part of whom, what changed by it, and what followed; kept so that it can be undone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.contacts.model.base import Base, Owned, choice, within
from services.contacts.model.duplicates import DuplicateKind


class Merge(Owned, Base):
    """One contact or account that became part of another.

    `changes`: the winner's fields, as they were and became. `added`: addresses and numbers that the winner got.
    `moved`: keys of the rows that followed, by table.
    """

    __tablename__ = "merge"
    created_by_id: Mapped[UUID | None]
    kind: Mapped[DuplicateKind] = mapped_column(choice(DuplicateKind))
    winner_id: Mapped[UUID]
    loser_id: Mapped[UUID]
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSONB)
    added: Mapped[dict[str, list[Any]]] = mapped_column(JSONB)
    moved: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("created_by_id", "collaborator"),
        within("undone_by_id", "collaborator"),
        CheckConstraint("winner_id <> loser_id", name="merge_of_two"),
        Index("merge_loser", "organization_id", "loser_id", unique=True, postgresql_where=text("undone_at IS NULL")),
        Index("merge_winner", "organization_id", "winner_id", "id"),
    )
