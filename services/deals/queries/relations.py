"""Values of ours as a relation that statements join: one array for each column, however many rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, FromClause, bindparam, column, func

Columns = Sequence[tuple[str, Any]]
"""Names and types."""


def relation(name: str, columns: Columns, rows: Iterable[Sequence[Any]]) -> FromClause:
    """Rows as a relation of these columns."""
    told = list(rows)
    arrays = [
        bindparam(None, [row[place] for row in told], ARRAY(kind), unique=True)
        for place, (_, kind) in enumerate(columns)
    ]
    found = func.unnest(*arrays).table_valued(*(column(each, kind) for each, kind in columns), name=name)
    return found.render_derived()
