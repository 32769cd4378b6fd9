"""Definitions of custom fields. What has values is not pulled from under them: refused, never converted."""

from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.identifiers import new_id
from services.contacts import events, model
from services.contacts.commands.loading import locked
from services.contacts.errors import CustomFieldInUse, TooManyCustomFields
from services.contacts.groups.fields import users_of
from services.contacts.model import AccountCustomValue, ContactCustomValue, CustomField
from services.contacts.model.custom_fields import CHOICES, CustomFieldSubject, CustomFieldType

MAX_OPTIONS = 100
_VALUES: tuple[Any, ...] = (ContactCustomValue, AccountCustomValue)


class Option(TypedDict):
    """One of the values of a choice."""

    key: str
    label_fr: str
    label_en: str
    archived: bool


class FieldValues(TypedDict, total=False):
    """Parsed values of a definition; what is absent stays as it is."""

    label_fr: str
    label_en: str
    type: CustomFieldType
    required: bool
    position: int
    options: list[Option]


async def create_custom_field(
    work: UnitOfWork, subject: CustomFieldSubject, key: str, values: FieldValues, most: int
) -> UUID:
    """Define a field. Raises CustomFieldExists, TooManyCustomFields, InvalidInput."""
    await locked(work, model.Organization, work.organization)
    count = select(func.count()).where(CustomField.subject == subject)
    if (await work.session.scalar(count) or 0) >= most:
        raise TooManyCustomFields(most)
    own = {"organization_id": work.organization, "version": 1, "created_at": work.now, "updated_at": work.now}
    field = CustomField(**values, id=new_id(), subject=subject, key=key, **own)
    _check_options(field)
    work.session.add(field)
    await work.session.flush()
    await work.emit(events.custom_field_changed(field))
    return field.id


async def update_custom_field(
    work: UnitOfWork, id: UUID, values: FieldValues, archived: bool | None, expected: int | None
) -> UUID:
    """Change a definition. Raises NotFound, VersionConflict, InvalidInput, CustomFieldInUse.

    Its type, and an option that is taken away, must have no values; archiving either keeps them.
    """
    field = await locked(work, CustomField, id)
    if values.get("type", field.type) is not field.type:
        await _check_unused(work, field, "type")
    kept = {option["key"] for option in values.get("options", field.options)}
    gone = [option["key"] for option in field.options if option["key"] not in kept]
    if gone:
        await _check_unused(work, field, "options", gone)
    told = {} if archived is None else {"archived_at": field.archived_at or work.now if archived else None}
    field.change(expected, work.now, {**values, **told})
    _check_options(field)
    await work.emit(events.custom_field_changed(field))
    return id


async def delete_custom_field(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take away a definition that has no values, and that no group is defined by.

    Raises NotFound, VersionConflict, CustomFieldInUse.
    """
    field = await locked(work, CustomField, id)
    await _check_unused(work, field, "id")
    field.change(expected, work.now, {})
    await work.emit(events.custom_field_deleted(field))
    await work.session.delete(field)
    return id


async def _check_unused(work: UnitOfWork, row: CustomField, field: str, options: list[str] | None = None) -> None:
    """Values of deals are kept by the deals service, which may be down: their fields are archived, never pulled away.

    Whoever writes a value locks the definition for share: none is written meanwhile."""
    if row.subject is CustomFieldSubject.DEAL:
        raise InvalidInput(field, "Deals may have values of it: archive it, or the option, instead.")
    used = 0
    for values in _VALUES:
        statement = select(func.count()).where(values.field_id == row.id)
        chosen = statement if options is None else statement.where(values.text.in_(options))
        used += await work.session.scalar(chosen) or 0
    if used:
        raise CustomFieldInUse(used, field)
    if options is None and (groups := await users_of(work, row)):
        raise CustomFieldInUse(0, field, groups)


def _check_options(field: CustomField) -> None:
    keys = [option["key"] for option in field.options]
    if field.type not in CHOICES and keys:
        raise InvalidInput("options", "Only a choice has options.")
    if field.type in CHOICES and not keys:
        raise InvalidInput("options", "A choice needs at least one option.")
    if len(set(keys)) != len(keys):
        raise InvalidInput("options", "Each option needs a key of its own.")
