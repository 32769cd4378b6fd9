"""Fields that name who may use them; a test in each service finds one that does not."""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from chassis.errors import DomainError
from chassis.graphql.errors import to_graphql
from chassis.permissions import Permission, check

Rules = Permission | Mapping[str, Permission]
"""A rule, or rules by the GraphQL names of fields."""


class Allow(FieldExtension):
    """Lets in whom a rule lets in. A mutation's refusals are members of its result, a query's are errors."""

    def __init__(self, rules: Rules, *, refusals_are_values: bool) -> None:
        self._rules = rules
        self._as_values = refusals_are_values

    def rule_of(self, field: str) -> Permission | None:
        """The rule of a field, by its GraphQL name."""
        return self._rules if isinstance(self._rules, Permission) else self._rules.get(field)

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        """Check, then resolve. Raises KeyError for a field without a rule."""
        rule = self._rules if isinstance(self._rules, Permission) else self._rules[info.field_name]
        try:
            check(info.context.actor, rule)
            if self._as_values:
                info.context.check_plan(rule.feature)
            return await next_(source, info, **kwargs)
        except DomainError as error:
            if not self._as_values:
                raise
            return to_graphql(error)


def reading(rules: Rules) -> list[FieldExtension]:
    """The extensions of a query."""
    return [Allow(rules, refusals_are_values=False)]


def writing(rules: Rules) -> list[FieldExtension]:
    """The extensions of a mutation."""
    return [Allow(rules, refusals_are_values=True)]
