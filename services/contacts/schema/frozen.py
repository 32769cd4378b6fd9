"""Inputs as JSON and back, for what is asked now and done later."""

import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime
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
    return value.isoformat() if isinstance(value, datetime | date) else value


def thawed(kind: type[T], told: dict[str, Any]) -> T:
    """The input that `frozen` made this of."""
    hints = get_type_hints(kind)
    return kind(**{name: _thawed(hints[name], value) for name, value in told.items()})


def _thawed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    hint = _bare(hint)
    if get_origin(hint) is list:
        return [_thawed(get_args(hint)[0], each) for each in value]
    if is_dataclass(hint):
        return thawed(cast("type[Any]", hint), value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return hint.fromisoformat(value) if hint in (datetime, date) else value


def _bare(hint: Any) -> Any:
    """A type without its `| None`."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(each for each in get_args(hint) if each is not type(None))
    return hint
