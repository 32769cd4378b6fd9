"""Copies of sets too large for one message: their owner tells differences, each with the set's next version.

A member's row keeps the version of the last difference that named it, members who left included: differences that come
late, twice or in another order end in the same members. A reset forgets every difference before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    Text,
    Uuid,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class Difference:
    """Who came into a set and who left it; with `reset`, all that was told before is forgotten first."""

    set: UUID
    version: int
    added: Sequence[UUID]
    removed: Sequence[UUID]
    reset: bool = False


class SetCopies:
    """The tables of one kind of sets, `name` and `name_member`, and what is done to them."""

    def __init__(self, metadata: MetaData, name: str, member: str) -> None:
        self.sets = Table(
            name,
            metadata,
            Column("id", Uuid, primary_key=True),
            Column("organization_id", Uuid, nullable=False),
            Column("version", BigInteger, nullable=False),
            Column("forgotten", BigInteger, nullable=False),
            Column("name", Text, nullable=False),
            Column("deleted", Boolean, nullable=False),
        )
        self.members = Table(
            f"{name}_member",
            metadata,
            Column("set_id", Uuid, primary_key=True),
            Column("member_id", Uuid, primary_key=True),
            Column("organization_id", Uuid, nullable=False),
            Column("version", BigInteger, nullable=False),
            Column("present", Boolean, nullable=False),
            ForeignKeyConstraint(["set_id"], [f"{name}.id"], ondelete="CASCADE"),
        )
        Index(f"{name}_member_{member}", self.members.c.organization_id, self.members.c.member_id)

    async def describe(self, work: UnitOfWork, id: UUID, version: int, name: str, *, deleted: bool) -> None:
        """Keep what a set is called, unless the copy has this version or a later one."""
        told = {"version": version, "name": name, "deleted": deleted}
        statement = insert(self.sets).values(id=id, organization_id=work.organization, forgotten=0, **told)
        newer = self.sets.c.version < version
        await work.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=told, where=newer))

    async def differ(self, work: UnitOfWork, difference: Difference) -> None:
        """Apply a difference."""
        forgotten = await self._locked(work, difference.set)
        if difference.version <= forgotten:
            return
        if difference.reset:
            await self._forget(work, difference)
        await self._note(work, difference, difference.added, present=True)
        await self._note(work, difference, difference.removed, present=False)

    def contains(self, member: ColumnElement[UUID], *clauses: ColumnElement[bool]) -> ColumnElement[bool]:
        """Whether a set, not deleted, for which the clauses hold has this member now."""
        mine = (self.members.c.member_id == member, self.members.c.present)
        kept = (self.sets.c.id == self.members.c.set_id, ~self.sets.c.deleted)
        return select(literal(1)).where(*mine, *kept, *clauses).exists()

    async def _locked(self, work: UnitOfWork, id: UUID) -> int:
        """The version that the set's last reset had. Its members may come before the set itself."""
        unknown = {"version": 0, "forgotten": 0, "name": "", "deleted": False}
        statement = insert(self.sets).values(id=id, organization_id=work.organization, **unknown)
        await work.session.execute(statement.on_conflict_do_nothing())
        columns = self.sets.c
        locked = select(columns.forgotten).where(columns.id == id).with_for_update()
        forgotten: int = (await work.session.execute(locked)).scalar_one()
        return forgotten

    async def _forget(self, work: UnitOfWork, difference: Difference) -> None:
        members, sets = self.members, self.sets
        old = (members.c.set_id == difference.set, members.c.version < difference.version)
        await work.session.execute(delete(members).where(*old))
        await work.session.execute(update(sets).where(sets.c.id == difference.set).values(forgotten=difference.version))

    async def _note(self, work: UnitOfWork, difference: Difference, ids: Sequence[UUID], *, present: bool) -> None:
        if not ids:
            return
        named: Any = func.unnest(literal([*ids], ARRAY(Uuid)))
        own = [literal(value) for value in (difference.set, work.organization, difference.version, present)]
        columns = ["set_id", "organization_id", "version", "present", "member_id"]
        statement = insert(self.members).from_select(columns, select(*own, named))
        told = {"version": difference.version, "present": present}
        newer = self.members.c.version < difference.version
        await work.session.execute(
            statement.on_conflict_do_update(index_elements=["set_id", "member_id"], set_=told, where=newer)
        )
