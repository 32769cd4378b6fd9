"""What defines a dynamic group: a ContactFilter, kept as JSON in the words of the schema, so that it can be shown,
changed and sent again as it is. See docs/decisions/0026-groups.md.
"""

import re
from collections.abc import Callable, Iterator
from keyword import iskeyword
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from strawberry.utils.str_converters import to_camel_case

from chassis.errors import DomainError, InvalidInput
from chassis.identifiers import parse_id
from services.contacts.errors import DefinitionUnreadable
from services.contacts.schema.frozen import frozen, thawed
from services.contacts.schema.lists import ContactFilter, on_contacts

VERSION = 1
Definition = dict[str, Any]
_RELATIVE = {"withinDays", "olderThanDays"}


def written(filter: ContactFilter) -> Definition:
    """A filter as the definition of a group. Raises InvalidInput, InvalidId where it cannot be one."""
    on_contacts(filter)
    told = _renamed(frozen(filter), _outside)
    if not told:
        raise InvalidInput("definition", "Give at least one condition.")
    if any(name == "deleted" for name, _ in _conditions(told)):
        raise InvalidInput("definition", "Deleted contacts are in no group: leave `deleted` out.")
    return {"version": VERSION, "filter": told}


def read(definition: Definition) -> ContactFilter:
    """The filter of a definition. Raises DefinitionUnreadable where this release does not know its words."""
    if definition["version"] != VERSION:
        raise DefinitionUnreadable(f"it is of version {definition['version']}")
    told = definition["filter"]
    try:
        filter = thawed(ContactFilter, _renamed(told, _inside))
    except Exception as error:
        raise DefinitionUnreadable(str(error)) from error
    # A word that is not known must not be left out: the group would have more members than it was made for.
    if _renamed(frozen(filter), _outside) != told:
        raise DefinitionUnreadable("it has conditions that this release does not know")
    return filter


def clauses(definition: Definition) -> list[ColumnElement[bool]]:
    """What holds for the members, deleted contacts left out. Raises DefinitionUnreadable."""
    try:
        return on_contacts(read(definition))
    except DefinitionUnreadable:
        raise
    except DomainError as error:
        raise DefinitionUnreadable(error.message) from error


def groups_used(definition: Definition) -> set[UUID]:
    """The groups whose members this one is defined by. Raises InvalidId."""
    told = [value for name, value in _conditions(definition["filter"]) if name == "group" and isinstance(value, dict)]
    ids = {id for value in told for id in (value.get("eq"), value.get("neq"), *(value.get("in") or ()))}
    return {parse_id("group", id, "definition") for id in ids - {None}}


def depends_on_time(definition: Definition) -> bool:
    """Whether members come and go without any change, as days pass."""
    return any(name in _RELATIVE for name, _ in _conditions(definition["filter"]))


def mentions(definition: Definition, condition: str) -> bool:
    """Whether it has this condition, on whatever level."""
    return any(name == condition for name, _ in _conditions(definition["filter"]))


def _conditions(told: Any) -> Iterator[tuple[str, Any]]:
    for name, value in told.items() if isinstance(told, dict) else ():
        yield name, value
        yield from _conditions(value)
    for each in told if isinstance(told, list) else ():
        yield from _conditions(each)


def _renamed(told: Any, rename: Callable[[str], str]) -> Any:
    if isinstance(told, dict):
        return {rename(name): _renamed(value, rename) for name, value in told.items() if value is not None}
    return [_renamed(each, rename) for each in told] if isinstance(told, list) else told


def _outside(name: str) -> str:
    return to_camel_case(name.rstrip("_"))


def _inside(name: str) -> str:
    told = re.sub(r"[A-Z]", lambda letter: f"_{letter.group().lower()}", name)
    return f"{told}_" if iskeyword(told) else told
