"""The custom fields that groups are defined by: none is pulled away from under a definition."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_

from chassis.database import UnitOfWork
from services.contacts.model import CustomField, CustomFieldSubject, Group

Named = tuple[CustomFieldSubject, str]
_SUBJECTS = {"account": CustomFieldSubject.ACCOUNT, "contact": CustomFieldSubject.CONTACT}


def named(told: Any, subject: CustomFieldSubject = CustomFieldSubject.CONTACT) -> Iterator[Named]:
    """The fields that a definition names, on whatever level."""
    for each in told if isinstance(told, list) else ():
        yield from named(each, subject)
    for name, value in told.items() if isinstance(told, Mapping) else ():
        if name == "customFields":
            yield from ((subject, each["key"]) for each in value)
        else:
            yield from named(value, _SUBJECTS.get(name, subject))


async def missing(work: UnitOfWork, definition: Mapping[str, Any]) -> Collection[Named]:
    """The fields that a definition names and that there are not; the others stay until the transaction ends."""
    wanted = set(named(definition["filter"]))
    if not wanted:
        return wanted
    columns = (CustomField.subject, CustomField.key)
    there = select(*columns).where(tuple_(*columns).in_(sorted(wanted))).order_by(CustomField.id)
    rows = await work.session.execute(there.with_for_update(read=True, key_share=True))
    return wanted - {(row.subject, row.key) for row in rows}


async def users_of(work: UnitOfWork, field: CustomField) -> Sequence[str]:
    """The names of the groups, deleted ones too, that are defined by a field."""
    defined = select(Group.name, Group.definition).where(Group.definition.is_not(None)).order_by(Group.name_sort)
    wanted = (field.subject, field.key)
    return [row.name for row in await work.session.execute(defined) if wanted in named(row.definition["filter"])]
