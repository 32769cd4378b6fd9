"""Relay connections by keyset (GraphQL Cursor Connections specification): each row once, whatever is inserted."""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID
from zlib import crc32

import orjson
import strawberry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    Uuid,
    and_,
    cast,
    false,
    func,
    or_,
    select,
    true,
)

from chassis.database import ReadSession
from chassis.errors import InvalidInput
from chassis.graphql.limits import limits

T = TypeVar("T")
DEFAULT_PAGE = 50

First = Annotated[
    int | None,
    strawberry.argument(
        description="Size of a page read forwards: 50 if absent, 200 at most unless your operators say otherwise."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Cursor that the page begins after.")]
Last = Annotated[
    int | None,
    strawberry.argument(description="Size of a page read backwards: 200 at most unless your operators say otherwise."),
]
Before = Annotated[str | None, strawberry.argument(description="Cursor that the page ends before.")]

_DECODERS: dict[str, Callable[[str], Any]] = {
    "u": UUID,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
}


@strawberry.federation.type(shareable=True, description="Where a page lies in its list.")
class PageInfo:
    """See the Cursor Connections specification, section 5."""

    has_next_page: bool = strawberry.field(description="Whether there is more after endCursor.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before startCursor.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge.")


@strawberry.type(description="One node and its place.")
class Edge(Generic[T]):
    """An edge."""

    node: T = strawberry.field(description="The node.")
    cursor: str = strawberry.field(description="Opaque; give it back as `after` or `before`.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """A page; the total is counted only when it is asked for."""

    edges: list[Edge[T]] = strawberry.field(description="The nodes of this page, in order.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    counter: strawberry.Private[Callable[[], Any]]

    @strawberry.field(  # type: ignore[untyped-decorator]  # strawberry's overloads do not see a generic class
        description="How many nodes the whole list has. Counted on demand: ask only where shown."
    )
    async def total_count(self) -> int:
        """Number of rows of the unpaged list."""
        return int(await self.counter())


@dataclass(frozen=True, slots=True)
class Order:
    """One term of an order. The last term of an order must be unique."""

    column: SQLColumnExpression[Any]
    descending: bool = False
    nulls_first: bool = False
    nullable: bool = False

    def clause(self, *, reverse: bool) -> ColumnElement[Any]:
        """The ORDER BY term; reversed for a page read backwards."""
        clause = self.column.desc() if self.descending is not reverse else self.column.asc()
        if not self.nullable:
            return clause
        return clause.nulls_first() if self.nulls_first is not reverse else clause.nulls_last()

    def beyond(self, value: Any, *, reverse: bool) -> ColumnElement[bool]:
        """Strictly after a value in this order."""
        nulls_come_later = self.nullable and (self.nulls_first is reverse)
        if value is None:
            return false() if nulls_come_later else self.column.is_not(None)
        further = self.column < value if self.descending is not reverse else self.column > value
        return or_(further, self.column.is_(None)) if nulls_come_later else further

    def same(self, value: Any) -> ColumnElement[bool]:
        """Equal in this order, null included."""
        return self.column.is_(None) if value is None else self.column == value


@dataclass(frozen=True, slots=True)
class Paging:
    """`first/after` or `last/before`, checked."""

    limit: int
    cursor: str | None
    reverse: bool

    @classmethod
    def parse(cls, first: int | None, after: str | None, last: int | None, before: str | None) -> "Paging":
        """Raises InvalidInput for a page that is too large, or both directions at once."""
        if last is not None and (first is not None or after is not None):
            raise InvalidInput("last", "Page forwards with first and after, or backwards with last and before.")
        if before is not None and last is None:
            raise InvalidInput("before", "Give `last` with `before`.")
        most = limits().page
        limit = last if last is not None else first if first is not None else min(DEFAULT_PAGE, most)
        if not 0 <= limit <= most:
            raise InvalidInput("last" if last is not None else "first", f"A page has 0 to {most} nodes.")
        return cls(limit, before if last is not None else after, last is not None)


async def page(
    session: ReadSession,
    statement: Select[*tuple[Any, ...]],
    order: Sequence[Order],
    paging: Paging,
    node: Callable[[Row[Any]], T],
) -> Connection[T]:
    """One page of a filtered statement. Raises InvalidInput for a cursor of another list."""
    rows = await session.rows(_paged(statement, order, paging))
    return _connection(rows, order, paging, node, _counter(session, statement))


async def pages(
    session: ReadSession,
    statement: Select[*tuple[Any, ...]],
    parent: SQLColumnExpression[Any],
    parents: Sequence[UUID],
    order: Sequence[Order],
    paging: Paging,
    node: Callable[[Row[Any]], T],
    total: Callable[[UUID], Awaitable[int]] | None = None,
    cursors: Mapping[UUID, str] | None = None,
) -> list[Connection[T]]:
    """The same page of each parent's list, in one statement: for lists within lists.

    Each list is read on its own (LATERAL), so that one of many rows costs no more than a page of them. `total` counts
    one parent's list; without it, each is counted by a statement of its own. `cursors` tells the lists that go on from
    a place of their own. Raises InvalidInput for a cursor of another list.
    """
    ways = {id: replace(paging, cursor=(cursors or {}).get(id, paging.cursor)) for id in parents}
    asked = func.unnest(cast(list(parents), ARRAY(Uuid))).table_valued("id", name="_parents").render_derived()
    place = func.row_number().over(order_by=_terms(order, paging)).label("_place")
    mine = statement.where(parent == asked.c.id, *_going_on(asked.c.id, ways, order, paging))
    own = _paged(mine.add_columns(place), order, paging).lateral("_page")
    found = select(own, asked.c.id.label("_parent")).select_from(asked.join(own, true())).order_by(own.c["_place"])
    lists: dict[UUID, list[Row[Any]]] = {id: [] for id in parents}
    for row in await session.rows(found):
        lists[row._mapping["_parent"]].append(row)

    def counter(id: UUID) -> Callable[[], Any]:
        return partial(total, id) if total else _counter(session, statement.where(parent == id))

    return [_connection(lists[id], order, ways[id], node, counter(id)) for id in parents]


def _going_on(
    parent: SQLColumnExpression[Any], ways: Mapping[UUID, Paging], order: Sequence[Order], paging: Paging
) -> list[ColumnElement[bool]]:
    """Each list that has a cursor of its own begins beyond it; the others as `paging` says."""
    own = {id: way for id, way in ways.items() if way.cursor != paging.cursor}
    return [or_(parent != id, _beyond(order, _decode(way, order), reverse=way.reverse)) for id, way in own.items()]


async def totals(
    session: ReadSession,
    statement: Select[*tuple[Any, ...]],
    parent: SQLColumnExpression[Any],
    parents: Sequence[UUID],
) -> list[int]:
    """How many rows each parent's list has, in one statement."""
    owned = statement.where(parent.in_(parents)).order_by(None).with_only_columns(parent.label("id")).subquery()
    rows = await session.rows(select(owned.c.id, func.count().label("total")).group_by(owned.c.id))
    counts = {row._mapping["id"]: int(row._mapping["total"]) for row in rows}
    return [counts.get(id, 0) for id in parents]


def _terms(order: Sequence[Order], paging: Paging) -> list[ColumnElement[Any]]:
    return [term.clause(reverse=paging.reverse) for term in order]


def _paged(statement: Select[*tuple[Any, ...]], order: Sequence[Order], paging: Paging) -> Select[*tuple[Any, ...]]:
    """The rows of a page, and one more where the list goes on; each ends with the order's keys."""
    keys: list[ColumnElement[Any]] = [term.column.label(f"_key{place}") for place, term in enumerate(order)]
    paged = statement.add_columns(*keys).order_by(None).order_by(*_terms(order, paging)).limit(paging.limit + 1)
    if paging.cursor is None:
        return paged
    return paged.where(_beyond(order, _decode(paging, order), reverse=paging.reverse))


def _connection(
    found: Sequence[Row[Any]],
    order: Sequence[Order],
    paging: Paging,
    node: Callable[[Row[Any]], T],
    counter: Callable[[], Any],
) -> Connection[T]:
    more, rows = len(found) > paging.limit, list(found[: paging.limit])
    if paging.reverse:
        rows.reverse()
    edges = [Edge(node=node(row), cursor=_encode(_keys(row, order), order)) for row in rows]
    return Connection(edges=edges, page_info=_page_info(edges, paging, more), counter=counter)


def _keys(row: Row[Any], order: Sequence[Order]) -> list[Any]:
    return [row._mapping[f"_key{place}"] for place in range(len(order))]


def _page_info(edges: Sequence[Edge[Any]], paging: Paging, more: bool) -> PageInfo:
    came_from = paging.cursor is not None
    return PageInfo(
        has_next_page=came_from if paging.reverse else more,
        has_previous_page=more if paging.reverse else came_from,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )


def _counter(session: ReadSession, statement: Select[*tuple[Any, ...]]) -> Callable[[], Any]:
    return lambda: session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))


def _beyond(order: Sequence[Order], values: Sequence[Any], *, reverse: bool) -> ColumnElement[bool]:
    steps = []
    for place, term in enumerate(order):
        equal = [earlier.same(value) for earlier, value in zip(order[:place], values, strict=False)]
        steps.append(and_(*equal, term.beyond(values[place], reverse=reverse)))
    return or_(*steps)


def _encode(values: Sequence[Any], order: Sequence[Order]) -> str:
    told = orjson.dumps([_mark(order), *(_tagged(value) for value in values)])
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def _mark(order: Sequence[Order]) -> int:
    """Tells the cursors of one order from another's."""
    return crc32(repr([(str(term.column), term.descending, term.nulls_first) for term in order]).encode())


def _tagged(value: Any) -> Any:
    match value:
        case UUID():
            return ["u", str(value)]
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case Decimal():
            return ["n", str(value)]
        case _:
            return value


def _decode(paging: Paging, order: Sequence[Order]) -> list[Any]:
    field, cursor = "before" if paging.reverse else "after", paging.cursor or ""
    try:
        mark, *raw = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        told = [_DECODERS[item[0]](item[1]) if isinstance(item, list) else item for item in raw]
        values = [_of_choice(value, term) for value, term in zip(told, order, strict=False)]
    except Exception as error:
        raise InvalidInput(field, "Not a cursor of this list: start again without one.") from error
    if mark != _mark(order) or len(told) != len(order) or not all(map(_fits, values, order)):
        raise InvalidInput(field, "A cursor of another order: start again without one.")
    return values


def _of_choice(value: Any, term: Order) -> Any:
    """The member of an enumeration that a cursor tells by its value."""
    column: Any = term.column
    kind = column.type.python_type
    return kind(value) if issubclass(kind, Enum) and value is not None else value


def _fits(value: Any, term: Order) -> bool:
    column: Any = term.column
    return term.nullable if value is None else isinstance(value, column.type.python_type)
