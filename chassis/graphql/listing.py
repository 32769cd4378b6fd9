"""A list as a service describes it once: what can be asked of it, at the root of a query or within another node."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import strawberry
from graphql import FieldNode
from sqlalchemy import ColumnElement, Select, SQLColumnExpression

from chassis.database import ReadSession
from chassis.graphql.connections import After, Before, Connection, First, Last, Order, Paging, page, pages, totals
from chassis.graphql.context import Info
from chassis.graphql.filters import Clauses
from chassis.graphql.ordering import Columns, orders
from chassis.graphql.selecting import Needs, Partial, narrowed, selected

T = TypeVar("T")
Check = Callable[[Info, Any, Sequence[Any] | None], Awaitable[None]]
"""Of a filter and an order."""
Ends = tuple[int | None, str | None, int | None, str | None]
"""`first, after, last, before`."""


@dataclass(frozen=True)
class Within:
    """How a list belongs to a node: the column that names the parent, and the parent's own id.

    `statement` stands for the listing's own where rows must be joined to tell their parents.
    """

    parent: SQLColumnExpression[Any]
    key: Callable[[Any], UUID] = attrgetter("key")
    statement: Select[*tuple[Any, ...]] | None = None


FILTER = strawberry.argument(name="filter", description="Which ones; all without it.")
OLDEST = strawberry.argument(description="In which order; oldest first without it.")
NEWEST = strawberry.argument(description="In which order; newest first without it.")


def _everything(_: Any) -> Clauses:
    return []


@dataclass(frozen=True)
class Listing(Generic[T]):
    """Rows that are listed: how they are filtered, ordered and shown.

    `statement` selects all of them, `unique` is the column that ends each order, `node` makes a row a node; `default`
    is the order where none is asked for: oldest first without it. With `needs`, only the columns of what a query
    selects are read, those of `always` besides, and `node` takes the others as None. `check` refuses what only the
    database knows to be wrong.
    """

    statement: Select[*tuple[Any, ...]]
    unique: SQLColumnExpression[Any]
    node: Callable[[Any], T]
    where: Callable[[Any], Clauses] = _everything
    columns: Columns = field(default_factory=dict)
    default: Sequence[Order] = ()
    needs: Needs | None = None
    always: Sequence[str] = ("id",)
    check: Check | None = None

    async def page(
        self, info: Info, filter: Any, order_by: Sequence[Any] | None, ends: Ends, *also: ColumnElement[bool]
    ) -> Connection[T]:
        """A page of the list. Raises InvalidInput, InvalidId."""
        await self._checked(info, filter, order_by)
        statement, node = self._told(info, self.statement)
        chosen = statement.where(*also, *self.where(filter))
        return await page(info.context.read, chosen, self._order(order_by), Paging.parse(*ends), node)

    async def page_within(
        self,
        info: Info,
        parent: SQLColumnExpression[Any],
        id: UUID,
        filter: Any,
        order_by: Sequence[Any] | None,
        ends: Ends,
        statement: Select[*tuple[Any, ...]] | None = None,
    ) -> Connection[T]:
        """The page of one parent's list, read with those of every other parent that the same field is asked of.

        `statement` stands for the listing's own where the rows must be joined to tell their parents.
        """
        await self._checked(info, filter, order_by)
        rows, node = self._told(info, self.statement if statement is None else statement)
        asked = _Asked(
            (info._raw_info.parent_type.name, info._raw_info.field_nodes[0]),
            rows.where(*self.where(filter)),
            parent,
        )
        paging, order = Paging.parse(*ends), self._order(order_by)
        connection: Connection[T] = await info.context.load(_Pages(asked, info, order, paging, node), id)
        return connection

    async def _checked(self, info: Info, filter: Any, order_by: Sequence[Any] | None) -> None:
        if self.check is not None and (filter or order_by):
            await self.check(info, filter, order_by)

    def _told(
        self, info: Info, statement: Select[*tuple[Any, ...]]
    ) -> tuple[Select[*tuple[Any, ...]], Callable[[Any], T]]:
        if self.needs is None:
            return statement, self.node
        rows = narrowed(statement, selected(info, "edges", "node"), self.needs, self.always)
        return rows, lambda row: self.node(Partial(row))

    def _order(self, order_by: Sequence[Any] | None) -> list[Order]:
        if order_by or not self.default:
            return orders(order_by, self.columns, self.unique)
        return [*self.default]


@dataclass(frozen=True)
class _Asked:
    """A list within lists; the same where the same field of a document asks for it."""

    by: tuple[str, FieldNode]
    statement: Select[*tuple[Any, ...]] = field(compare=False)
    parent: SQLColumnExpression[Any] = field(compare=False)

    async def __call__(self, session: ReadSession, ids: Sequence[UUID]) -> Sequence[int]:
        """The totals of the lists."""
        return await totals(session, self.statement, self.parent, ids)


@dataclass(frozen=True)
class _Pages(Generic[T]):
    asked: _Asked
    info: Info = field(compare=False)
    order: Sequence[Order] = field(compare=False)
    paging: Paging = field(compare=False)
    node: Callable[[Any], T] = field(compare=False)

    async def __call__(self, session: ReadSession, ids: Sequence[UUID]) -> Sequence[Connection[T]]:
        """The page of each list."""

        async def total(id: UUID) -> int:
            return int(await self.info.context.load(self.asked, id))

        asked = self.asked
        return await pages(session, asked.statement, asked.parent, ids, self.order, self.paging, self.node, total)


def list_field(
    listing: Callable[..., Listing[Any]],
    node: Any,
    *,
    filter: Any,
    order: Any,
    description: str,
    extensions: Sequence[Any] = (),
    newest_first: bool = False,
    within: Within | None = None,
    by_caller: bool = False,
) -> Any:
    """A field that pages through a listing; `node`, `filter` and `order` are its GraphQL types.

    With `within` it is a field of another node: the rows that belong to that node. With `by_caller`, `listing` is given
    the request's info: each caller has a list of their own.
    """

    async def resolve(
        self: Any,
        info: Info,
        filter_: Any = None,
        order_by: Any = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        ends = (first, after, last, before)
        if within is None:
            return await (listing(info) if by_caller else listing()).page(info, filter_, order_by, ends)
        return await listing().page_within(
            info, within.parent, within.key(self), filter_, order_by, ends, within.statement
        )

    # Strawberry reads a field's types from its resolver: these are known only here.
    resolve.__annotations__ |= {
        "filter_": Annotated[filter | None, FILTER],
        "order_by": Annotated[list[order] | None, NEWEST if newest_first else OLDEST],
        "return": Connection[node],
    }
    return strawberry.field(resolver=resolve, description=description, extensions=list(extensions))
