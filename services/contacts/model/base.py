"""What every table has: whose it is, its version, references that stay within an organization."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Enum, ForeignKeyConstraint, MetaData
from sqlalchemy.orm import Mapped, mapped_column, validates

from chassis import database
from chassis.errors import VersionConflict, WrongState
from chassis.idempotency import idempotency_table
from chassis.identifiers import format_id, new_id
from chassis.inbox import inbox_table
from chassis.outbox import outbox_table
from chassis.text import folded


class Base(database.Base):
    """The tables of the contacts service."""

    __abstract__ = True
    metadata = MetaData()


outbox = outbox_table(Base.metadata)
inbox = inbox_table(Base.metadata)
idempotency = idempotency_table(Base.metadata)


class Kind(StrEnum):
    """What an e-mail address, a telephone or a place is used for."""

    WORK = "WORK"
    MOBILE = "MOBILE"
    HOME = "HOME"
    BILLING = "BILLING"
    OTHER = "OTHER"


def choice(values: type[StrEnum]) -> Enum:
    """A column of an enum's values, as text."""
    return Enum(values, native_enum=False, create_constraint=False, length=20)


def within(column: str, table: str, *, cascade: bool = False) -> ForeignKeyConstraint:
    """A reference that cannot cross the organization's border: foreign keys are checked without row-level security."""
    ondelete = "CASCADE" if cascade else None
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete
    )


def forgetting(column: str, table: str) -> ForeignKeyConstraint:
    """Like `within`, of what may be purged: the reference is then empty. Breaks the circle of tables that it closes."""
    return ForeignKeyConstraint(
        ["organization_id", column],
        [f"{table}.organization_id", f"{table}.id"],
        ondelete=f"SET NULL ({column})",
        use_alter=True,
    )


class Versioned:
    """What every aggregate has: whose it is, its version, its dates."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def change(self, expected: int | None, now: datetime, values: dict[str, Any]) -> None:
        """Take new values and the next version. Raises VersionConflict where the caller saw another version."""
        if expected is not None and expected != self.version:
            raise VersionConflict(expected, self.version)
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1
        self.updated_at = now


class Owned(Versioned):
    """An aggregate of one organization."""

    organization_id: Mapped[UUID]


class Named:
    """What is sorted by its name."""

    name: Mapped[str]
    name_sort: Mapped[str]

    @validates("name")
    def _sort_too(self, _: str, value: str) -> str:
        self.name_sort = folded(value)
        return value


PARTS: Any = {"cascade": "all, delete-orphan", "lazy": "selectin", "passive_deletes": True}
"""How an aggregate's own rows are held: read with it, written with it."""


class Deletable(Owned):
    """What can be taken out of every list, and taken back."""

    __tablename__: str
    deleted_at: Mapped[datetime | None]

    def check_alive(self, field: str = "id") -> None:
        """Raise WrongState where it is deleted."""
        if self.deleted_at is not None:
            raise WrongState(f"This {self.__tablename__} is deleted: restore it first.", *field.split("."))

    def delete(self, expected: int | None, now: datetime) -> None:
        """Raises WrongState, VersionConflict."""
        self.check_alive()
        self.change(expected, now, {"deleted_at": now})

    def restore(self, expected: int | None, now: datetime) -> None:
        """Raises WrongState, VersionConflict."""
        if self.deleted_at is None:
            raise WrongState(f"This {self.__tablename__} is not deleted.", "id")
        self.change(expected, now, {"deleted_at": None})


class Mergeable(Deletable):
    """What can become part of another of its kind; it is deleted then, and its id leads to that other."""

    merged_into_id: Mapped[UUID | None]

    def check_alive(self, field: str = "id") -> None:
        """Raise WrongState where it is deleted, or part of another."""
        self._check_not_merged(field)
        super().check_alive(field)

    def restore(self, expected: int | None, now: datetime) -> None:
        """Raises WrongState, VersionConflict."""
        self._check_not_merged("id")
        super().restore(expected, now)

    def _check_not_merged(self, field: str) -> None:
        if self.merged_into_id is not None:
            winner = format_id(self.__tablename__, self.merged_into_id)
            told = f"This {self.__tablename__} is part of {winner}: use that one, or undo the merge."
            raise WrongState(told, *field.split("."))
