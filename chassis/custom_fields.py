"""Values of custom fields, in typed columns: parsed by their definitions, compared, written; see decision 22.

Numbers are kept in millionths as whole numbers: PostgreSQL uses no index on `numeric` under row-level security.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import BigInteger, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput


class CustomFieldType(StrEnum):
    """What a field's values are."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    DATE = "DATE"
    BOOLEAN = "BOOLEAN"
    CHOICE = "CHOICE"
    MULTI_CHOICE = "MULTI_CHOICE"
    URL = "URL"


CHOICES = (CustomFieldType.CHOICE, CustomFieldType.MULTI_CHOICE)


class CustomValue:
    """A value of a field; several rows where several options are chosen. Each service's tables derive from it."""

    organization_id: Mapped[UUID]
    field_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str | None]
    millionths: Mapped[int | None] = mapped_column(BigInteger)
    day: Mapped[datetime.date | None]
    truth: Mapped[bool | None]


class Definition(Protocol):
    """What a value is parsed by: a row of the owner's table, or of a copy."""

    id: Any
    key: Any
    type: Any
    required: Any
    options: Any
    archived_at: Any


MAX_VALUES = 100
MAX_TEXT = 500
MAX_WHOLE_DIGITS = 12
DECIMALS = 6
_MILLION = 10**DECIMALS
Columns = dict[str, Any]
ParseUrl = Callable[[str, str], str]
_EMPTY: Columns = {"text": None, "millionths": None, "day": None, "truth": None}


class Told(NamedTuple):
    """What somebody says of one field: the one value that its type takes; nothing takes the value away."""

    key: str
    text: str | None = None
    number: Decimal | None = None
    date: datetime.date | None = None
    boolean: bool | None = None
    choices: Sequence[str] | None = None


_TAKES: Mapping[CustomFieldType, str] = {
    CustomFieldType.TEXT: "text",
    CustomFieldType.URL: "text",
    CustomFieldType.NUMBER: "number",
    CustomFieldType.DATE: "date",
    CustomFieldType.BOOLEAN: "boolean",
    CustomFieldType.CHOICE: "choices",
    CustomFieldType.MULTI_CHOICE: "choices",
}


class Written(NamedTuple):
    """What became of a field's value, as people read it; None where there is none."""

    key: str
    before: list[Any] | None
    after: list[Any] | None


class Owner(NamedTuple):
    """Whose values: their table, its column that names the owner, the owner."""

    table: Any
    column: str
    id: UUID


async def write(
    work: UnitOfWork, owner: Owner, fields: Mapping[str, Definition], told: Sequence[Told], parse_url: ParseUrl
) -> list[Written]:
    """Write values, those that are not told stay; what changed. Raises InvalidInput naming the field at fault."""
    parsed = {each.key: _columns(fields[each.key], each, f"customValues.{n}", parse_url) for n, each in enumerate(told)}
    if not parsed:
        return []
    table = owner.table
    mine = (getattr(table, owner.column) == owner.id, table.field_id.in_([fields[key].id for key in parsed]))
    before = (await work.session.execute(select(table).where(*mine).order_by(table.position))).scalars().all()
    # Core statements: what was read is only compared.
    seen = {each: [_shown(value) for value in before if value.field_id == fields[each].id] for each in parsed}
    await work.session.execute(delete(table).where(*mine).execution_options(synchronize_session=False))
    own = {"organization_id": work.organization, owner.column: owner.id}
    rows = [
        {**_EMPTY, **own, "field_id": fields[key].id, "position": position, **columns}
        for key, several in parsed.items()
        for position, columns in enumerate(several)
    ]
    if rows:
        await work.session.execute(insert(table), rows)
    after = {key: [_shown_columns(columns) for columns in several] for key, several in parsed.items()}
    return [Written(key, seen[key] or None, after[key] or None) for key in parsed if seen[key] != after[key]]


def millionths(value: Decimal, field: str) -> int:
    """A number as it is kept. Raises InvalidInput for one with too many digits."""
    if not value.is_finite() or value.adjusted() >= MAX_WHOLE_DIGITS:
        raise InvalidInput(field, f"Give a number of at most {MAX_WHOLE_DIGITS} digits before the point.")
    scaled = value * _MILLION
    if scaled != scaled.to_integral_value():
        raise InvalidInput(field, f"At most {DECIMALS} decimals are kept.")
    return int(scaled)


def number(kept: int) -> Decimal:
    """A number as people write it."""
    told: Decimal = (Decimal(kept) / _MILLION).normalize()
    whole = told == told.to_integral_value()
    return told.quantize(Decimal(1)) if whole else told


def check_keys(told: Sequence[Told], fields: Mapping[str, Definition], *, new: bool) -> None:
    """Raise InvalidInput for an unknown field, one told twice, or one that a `new` owner lacks and is required."""
    keys = [each.key for each in told]
    for place, key in enumerate(keys):
        if key not in fields:
            raise InvalidInput(f"customValues.{place}.key", f"Your organization has no field {key[:80]}.")
        if key in keys[:place]:
            raise InvalidInput(f"customValues.{place}.key", f"{key} is told twice.")
    wanted = (field for field in fields.values() if field.required and field.archived_at is None)
    for field in wanted if new else ():
        if field.key not in keys:
            raise InvalidInput("customValues", f"Give a value of {field.key}: it is required.")


def _columns(field: Definition, told: Told, path: str, parse_url: ParseUrl) -> list[Columns]:
    takes = _TAKES[CustomFieldType(field.type)]
    for name in ("text", "number", "date", "boolean", "choices"):
        if name != takes and getattr(told, name) is not None:
            raise InvalidInput(
                f"{path}.{name}", f"{field.key} takes `{takes}`: it is a {CustomFieldType(field.type).value}."
            )
    value = getattr(told, takes)
    several = [] if value is None else _several(field, value, f"{path}.{takes}", parse_url)
    if not several and field.required and field.archived_at is None:
        raise InvalidInput(f"{path}.{takes}", f"{field.key} is required.")
    if several and field.archived_at is not None:
        raise InvalidInput(f"{path}.key", f"{field.key} is archived: it takes no new values.")
    return several


def _text(_: Definition, value: str, path: str) -> list[Columns]:
    told = text.optional_line(value, path, most=MAX_TEXT)
    return [{"text": told}] if told else []


def _several(field: Definition, value: Any, path: str, parse_url: ParseUrl) -> list[Columns]:
    kind = CustomFieldType(field.type)
    if kind is CustomFieldType.URL:
        return [{"text": parse_url(value, path)}] if value.strip() else []
    made: list[Columns] = _PARSERS[kind](field, value, path)
    return made


def _choices(field: Definition, value: Sequence[str], path: str, *, most: int | None = None) -> list[Columns]:
    chosen = list(dict.fromkeys(value))
    if most is not None and len(chosen) > most:
        raise InvalidInput(path, f"{field.key} takes one option.")
    open_ = [option["key"] for option in field.options if not option["archived"]]
    for place, each in enumerate(chosen):
        if each not in open_:
            raise InvalidInput(f"{path}.{place}", f"{field.key} has no option {each[:80]}; it has {', '.join(open_)}.")
    return [{"text": each} for each in open_ if each in chosen]


_PARSERS: Mapping[CustomFieldType, Any] = {
    CustomFieldType.TEXT: _text,
    CustomFieldType.NUMBER: lambda _, value, path: [{"millionths": millionths(value, path)}],
    CustomFieldType.DATE: lambda _, value, __: [{"day": value}],
    CustomFieldType.BOOLEAN: lambda _, value, __: [{"truth": value}],
    CustomFieldType.CHOICE: partial(_choices, most=1),
    CustomFieldType.MULTI_CHOICE: _choices,
}


def _shown(value: Any) -> Any:
    names = ("text", "millionths", "day", "truth")
    return _shown_columns({name: getattr(value, name) for name in names})


def _shown_columns(columns: Columns) -> Any:
    if (kept := columns.get("millionths")) is not None:
        return str(number(kept))
    if (day := columns.get("day")) is not None:
        return day.isoformat()
    truth = columns.get("truth")
    return columns.get("text") if truth is None else str(truth).lower()
