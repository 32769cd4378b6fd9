"""Refuses conditions and orders on custom fields that there are not, or that are of another type."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from chassis.custom_fields import CustomFieldType
from chassis.database import ReadSession
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.graphql.custom_fields import CustomFieldCondition
from chassis.graphql.listing import Check

Named = tuple[str, str]
"""What a field is of, and its key."""
Among = Callable[[Sequence[str]], Select[*tuple[Any, ...]]]
_TAKES: Mapping[CustomFieldType, str] = {
    CustomFieldType.NUMBER: "number",
    CustomFieldType.DATE: "date",
    CustomFieldType.BOOLEAN: "boolean",
}
_PARTS = ("text", *_TAKES.values())


@dataclass(frozen=True)
class KnownFields:
    """`among` selects `subject`, `key` and `type` of the fields of some keys; `nested` names the subject that the
    conditions within a field of a filter are about."""

    among: Among
    nested: Mapping[str, str] = field(default_factory=dict)

    def of(self, subject: str, within: str = "filter") -> Check:
        """A check of a filter, called `within` by whoever gave it, and of an order. It raises InvalidInput."""

        async def check(info: Info, filter: Any, order_by: Sequence[Any] | None = None) -> None:
            asked = [*self._conditions(filter, subject)]
            ordered = [key for term in order_by or () if (key := getattr(term, "custom_field", None))]
            keys = {told.key for _, told in asked} | set(ordered)
            if not keys:
                return
            known = await info.context.load(_Known(self.among, frozenset(keys)), info.context.actor.organization)
            for about, told in asked:
                _check(told, _type(known, (about, told.key), f"{within}.customFields.key"), f"{within}.customFields")
            for key in ordered:
                _type(known, (subject, key), "orderBy.customField")

        return check

    def _conditions(self, told: Any, subject: str) -> Iterator[tuple[str, CustomFieldCondition]]:
        if isinstance(told, CustomFieldCondition):
            yield subject, told
        elif isinstance(told, list):
            for each in told:
                yield from self._conditions(each, subject)
        elif is_dataclass(told):
            for each in fields(told):
                yield from self._conditions(getattr(told, each.name), self.nested.get(each.name, subject))


def _check(told: CustomFieldCondition, type: CustomFieldType, path: str) -> None:
    takes = _TAKES.get(type, "text")
    for part in _PARTS:
        if part != takes and getattr(told, part):
            raise InvalidInput(f"{path}.{part}", f"{told.key} is a {type}: give `{takes}`.")


def _type(known: Mapping[Named, str], name: Named, path: str) -> CustomFieldType:
    if name not in known:
        raise InvalidInput(path, f"Your organization has no field {name[1][:80]!r}: see customFields.")
    return CustomFieldType(known[name])


@dataclass(frozen=True)
class _Known:
    """The types of some fields: one statement for all that names the same in a request."""

    among: Among
    keys: frozenset[str]

    async def __call__(self, read: ReadSession, ids: Sequence[UUID]) -> Sequence[dict[Named, str]]:
        """For each organization: it is the caller's."""
        rows = await read.rows(self.among(sorted(self.keys)))
        return [{(row.subject, row.key): row.type for row in rows} for _ in ids]
