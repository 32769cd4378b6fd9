"""Inputs as JSON and back, for what is asked now and done later."""

import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from strawberry import UNSET

T = TypeVar("T")


def frozen(value: Any) -> Any:
    """An input as JSON; what was not given stays out."""
    if is_dataclass(value) and not isinstance(value, type):
        told = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: frozen(each) for name, each in told.items() if each is not UNSET}
    if isinstance(value, list):
        return [frozen(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime | date) else value


def thawed(kind: type[T], told: dict[str, Any]) -> T:
    """The input that `frozen` made this of."""
    return cast("T", _thawed(kind, told))


def _thawed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    hint = _bare(hint)
    kind: Any = get_origin(hint) or hint
    if kind is list:
        return [_thawed(get_args(hint)[0], each) for each in value]
    if is_dataclass(kind):
        told = {name: _thawed(inner, value[name]) for name, inner in _hints(hint).items() if name in value}
        return cast("type[Any]", kind)(**told)
    if isinstance(kind, type) and issubclass(kind, Enum | Decimal):
        return kind(value)
    return kind.fromisoformat(value) if kind in (datetime, date) else value


def _hints(hint: Any) -> dict[str, Any]:
    """The types of an input's fields; those of a generic one with its arguments filled in."""
    kind, arguments = get_origin(hint) or hint, get_args(hint)
    filled = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=True))
    return {name: _filled(inner, filled) for name, inner in get_type_hints(kind).items()}


def _filled(hint: Any, filled: dict[Any, Any]) -> Any:
    bare = _bare(hint)
    if get_origin(bare) is list:
        return list[filled.get(get_args(bare)[0], get_args(bare)[0])]  # type: ignore[misc]  # a type made at run time
    return filled.get(bare, bare)


def _bare(hint: Any) -> Any:
    """A type without its `| None`."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(each for each in get_args(hint) if each is not type(None))
    return hint
