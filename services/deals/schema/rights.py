"""Every root field asks `permissions` whether the caller may."""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from chassis.errors import DomainError
from chassis.graphql.errors import to_graphql
from services.deals import permissions
from services.deals.permissions import Right


class Guard(FieldExtension):
    """Lets in whom the field's right lets in. A mutation's refusals are members of its result, a query's are errors."""

    def __init__(self, rights: Mapping[str, Right], *, refusals_are_values: bool) -> None:
        self._rights = rights
        self._as_values = refusals_are_values

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        """Check, then resolve."""
        try:
            right = self._rights[info.field_name]
            permissions.check(info.context.actor, right)
            if self._as_values:
                info.context.check_plan(right.feature)
            return await next_(source, info, **kwargs)
        except DomainError as error:
            if not self._as_values:
                raise
            return to_graphql(error)


def reading() -> list[FieldExtension]:
    """The extensions of a root query."""
    return [Guard(permissions.QUERIES, refusals_are_values=False)]


def writing() -> list[FieldExtension]:
    """The extensions of a mutation."""
    return [Guard(permissions.MUTATIONS, refusals_are_values=True)]
