"""Values of custom fields: parsed by their definitions, written with the contact or account, told by its history."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from services.contacts.commands.history import Change
from services.contacts.links import parse_web_url
from services.contacts.model import Account, AccountCustomValue, Contact, ContactCustomValue, CustomField
from services.contacts.model.custom_fields import CustomFieldSubject, CustomFieldType

MAX_TEXT = 500
MAX_WHOLE_DIGITS = 12
DECIMALS = 6
_MILLION = 10**DECIMALS
Columns = dict[str, Any]


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


async def set_custom_values(
    work: UnitOfWork, row: Contact | Account, told: Sequence[Told] | None, *, new: bool = False
) -> list[Change]:
    """Write values; None writes none. The changes for the history. Raises InvalidInput naming the field at fault.

    A `new` row needs a value of each required field.
    """
    if told is None:
        return []
    await work.session.flush()
    fields = await _fields(work, row)
    _check_keys(told, fields, new=new)
    parsed = {each.key: _columns(fields[each.key], each, f"customValues.{n}") for n, each in enumerate(told)}
    if not parsed:
        return []
    owner, table = _table(row)
    changed = [fields[key].id for key in parsed]
    mine = (getattr(table, owner) == row.id, table.field_id.in_(changed))
    before = (await work.session.execute(select(table).where(*mine).order_by(table.position))).scalars().all()
    # Core statements: what was read is only compared.
    seen = {each: [_shown(value) for value in before if value.field_id == fields[each].id] for each in parsed}
    await work.session.execute(delete(table).where(*mine).execution_options(synchronize_session=False))
    own = {"organization_id": work.organization, owner: row.id}
    empty: Columns = {"text": None, "millionths": None, "day": None, "truth": None}
    rows = [
        {**empty, **own, "field_id": fields[key].id, "position": position, **columns}
        for key, several in parsed.items()
        for position, columns in enumerate(several)
    ]
    if rows:
        await work.session.execute(insert(table), rows)
    after = {key: [_shown_columns(columns) for columns in several] for key, several in parsed.items()}
    return [Change(f"custom.{key}", seen[key] or None, after[key] or None) for key in parsed if seen[key] != after[key]]


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


async def _fields(work: UnitOfWork, row: Contact | Account) -> dict[str, CustomField]:
    """Locked for share: no type or option goes while values are written."""
    subject = CustomFieldSubject.CONTACT if isinstance(row, Contact) else CustomFieldSubject.ACCOUNT
    statement = select(CustomField).where(CustomField.subject == subject).order_by(CustomField.id)
    return {field.key: field for field in await work.session.scalars(statement.with_for_update(read=True))}


def _check_keys(told: Sequence[Told], fields: Mapping[str, CustomField], *, new: bool) -> None:
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


def _columns(field: CustomField, told: Told, path: str) -> list[Columns]:
    takes = _TAKES[field.type]
    for name in ("text", "number", "date", "boolean", "choices"):
        if name != takes and getattr(told, name) is not None:
            raise InvalidInput(f"{path}.{name}", f"{field.key} takes `{takes}`: it is a {field.type.value}.")
    value = getattr(told, takes)
    several = [] if value is None else _PARSERS[field.type](field, value, f"{path}.{takes}")
    if not several and field.required and field.archived_at is None:
        raise InvalidInput(f"{path}.{takes}", f"{field.key} is required.")
    if several and field.archived_at is not None:
        raise InvalidInput(f"{path}.key", f"{field.key} is archived: it takes no new values.")
    return several


def _text(_: CustomField, value: str, path: str) -> list[Columns]:
    told = text.optional_line(value, path, most=MAX_TEXT)
    return [{"text": told}] if told else []


def _url(_: CustomField, value: str, path: str) -> list[Columns]:
    return [{"text": parse_web_url(value, path)}] if value.strip() else []


def _choices(field: CustomField, value: Sequence[str], path: str, *, most: int | None = None) -> list[Columns]:
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
    CustomFieldType.URL: _url,
    CustomFieldType.NUMBER: lambda _, value, path: [{"millionths": millionths(value, path)}],
    CustomFieldType.DATE: lambda _, value, __: [{"day": value}],
    CustomFieldType.BOOLEAN: lambda _, value, __: [{"truth": value}],
    CustomFieldType.CHOICE: partial(_choices, most=1),
    CustomFieldType.MULTI_CHOICE: _choices,
}


def _table(row: Contact | Account) -> tuple[str, Any]:
    return ("contact_id", ContactCustomValue) if isinstance(row, Contact) else ("account_id", AccountCustomValue)


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
