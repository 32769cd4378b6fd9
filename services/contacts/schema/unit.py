"""How mutations of the contacts service write, and how their inputs are parsed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from chassis.errors import InvalidInput
from chassis.graphql.writes import Act, Update, Write, Writer
from chassis.identifiers import parse_id
from services.contacts import model
from services.contacts.commands.loading import check_caller
from services.contacts.errors import of_constraint

__all__ = ["Act", "Update", "Write", "field", "given", "once", "parsed", "parsed_id", "parsed_moment", "required"]

once = Writer(model.idempotency, check_caller, of_constraint).once


def field(description: str) -> Any:
    """An input's field that may be absent."""
    return strawberry.field(default=UNSET, description=description)


def parsed(value: Any, parse: Callable[[str, str], Any], name: str) -> Any:
    """What a parser makes of a field's value; null and absent stay what they are. Raises InvalidInput."""
    return value if value is UNSET or value is None else parse(value, name)


def required(value: Any, parse: Callable[[str, str], Any], name: str) -> Any:
    """Like `parsed`, of a field that can be absent but not null. Raises InvalidInput."""
    if value is None:
        raise InvalidInput(name, "It can be changed, not taken away.")
    return parsed(value, parse, name)


def parsed_id(value: Any, kind: str, name: str) -> Any:
    """The UUID of a reference; null and absent stay what they are. Raises InvalidId."""
    return parsed(value, lambda text, name: parse_id(kind, text, name), name)


def parsed_moment(value: datetime | None, name: str) -> Any:
    """A moment, or null or absent. Raises InvalidInput for one without an offset."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise InvalidInput(name, "Give the moment with its offset, as in 2026-11-24T09:00:00+01:00.")
    return value


def given(**values: Any) -> dict[str, Any]:
    """The values that an update's input named; the others stay as they are."""
    return {name: value for name, value in values.items() if value is not UNSET}
