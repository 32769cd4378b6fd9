"""What `_entities` resolves: rows by their ids, all of a type in one statement, with only the columns selected."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, SQLColumnExpression

from chassis.database import ReadSession
from chassis.graphql.context import Info
from chassis.graphql.selecting import Needs, Partial, narrowed, selected

Statement = Select[*tuple[Any, ...]]
Rows = Sequence[Row[Any] | None]
Read = Callable[[ReadSession, Statement, Sequence[UUID]], Awaitable[Rows]]


@dataclass(frozen=True, eq=False)
class Entities:
    """Rows of `statement`, whose `id` is the key; `needs` and `always` as of a Listing.

    `read` gives the rows of ids in their order, where that takes more than one statement.
    """

    name: str
    statement: Statement
    id: SQLColumnExpression[Any]
    needs: Needs = field(default_factory=dict)
    always: Sequence[str] = ("id",)
    read: Read | None = None

    async def row(self, info: Info, id: UUID) -> Any:
        """One, gathered with the others; None where there is none. What is not selected reads as None."""
        fields = selected(info, on=self.name)
        statement = narrowed(self.statement, fields, self.needs, self.always)
        batch = _Narrow(self, frozenset(statement.selected_columns.keys()), statement)
        row = await info.context.load(batch, id)
        return None if row is None else Partial(row)


@dataclass(frozen=True)
class _Narrow:
    of: Entities
    columns: frozenset[str]
    statement: Statement = field(compare=False)

    async def __call__(self, session: ReadSession, ids: Sequence[UUID]) -> Rows:
        """The rows, in the order of the ids."""
        if self.of.read is not None:
            return await self.of.read(session, self.statement, ids)
        return await session.by_key(self.statement, self.of.id, ids)
