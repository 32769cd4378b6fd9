"""Taking somebody out of texts: what names them becomes ERASED, in rows and in messages."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import JSON, ColumnElement, Table, cast, func, or_, true, update
from sqlalchemy import Text as SqlText

from chassis.database import UnitOfWork

ERASED = "[erased]"
_SHORTEST = 3


def pattern(identifiers: Iterable[str]) -> str:
    """A regular expression, for Python and for PostgreSQL alike, of whole names, addresses and numbers."""
    told = sorted({each.strip() for each in identifiers if len(each.strip()) >= _SHORTEST}, key=len, reverse=True)
    # Without word characters on either side: "Roy" is not within "Royan".
    return "|".join(f"(?<![[:alnum:]_]){_quoted(each)}(?![[:alnum:]_])" for each in told)


def _quoted(text: str) -> str:
    return "".join(each if each.isalnum() else f"[{each}]" if each not in "^]\\[" else f"\\{each}" for each in text)


def redacted(text: str, expression: str) -> str:
    """A text without what the expression finds."""
    return re.sub(expression.replace("[[:alnum:]_]", r"\w"), ERASED, text, flags=re.IGNORECASE)


def redact_message(message: Message, expression: str) -> None:
    """Every text within a message."""
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            for key in list(value):
                if isinstance(value[key], str):
                    value[key] = redacted(value[key], expression)
        elif field.message_type is not None:
            for each in value if field.is_repeated else [value]:
                redact_message(each, expression)
        elif field.cpp_type == field.CPPTYPE_STRING and field.type != field.TYPE_BYTES:
            told = [redacted(each, expression) for each in value] if field.is_repeated else redacted(value, expression)
            if field.is_repeated:
                del value[:]
                value.extend(told)
            else:
                setattr(message, field.name, told)


def naming(table: Table, names: Sequence[str], expression: str) -> ColumnElement[bool]:
    """Whether a text of these columns holds what the expression finds."""
    return or_(*(cast(table.c[name], SqlText).regexp_match(expression, flags="i") for name in names))


async def redact_rows(
    work: UnitOfWork, table: Table, names: Sequence[str], expression: str, where: ColumnElement[bool] | None = None
) -> None:
    """Texts and JSON of a table's columns. Within the organization of the unit of work, as all it does."""
    if not expression:
        return
    found = naming(table, names, expression)
    values = {name: _without(table.c[name], expression) for name in names}
    rows = found if where is None else found & where
    await work.session.execute(update(table).where(rows, true()).values(values))


def _without(column: Any, expression: str) -> Any:
    told = func.regexp_replace(cast(column, SqlText), expression, ERASED, "gi")
    return cast(told, column.type) if isinstance(column.type, JSON) else told
