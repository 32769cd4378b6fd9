"""Fields that name who may use them; a test finds one that does not."""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from chassis.errors import DomainError
from chassis.graphql.errors import to_graphql
from services.contacts.permissions import Rule, check


class Allow(FieldExtension):
    """Lets in whom a rule lets in. A mutation's refusals are members of its result, a query's are errors."""

    def __init__(self, rule: Rule, *, refusals_are_values: bool) -> None:
        self.rule = rule
        self._as_values = refusals_are_values

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        """Check, then resolve."""
        try:
            check(info.context.actor, self.rule)
            if self._as_values:
                info.context.check_plan(self.rule.feature)
            return await next_(source, info, **kwargs)
        except DomainError as error:
            if not self._as_values:
                raise
            return to_graphql(error)


def reading(rule: Rule = Rule.READ) -> list[FieldExtension]:
    """The extensions of a query."""
    return [Allow(rule, refusals_are_values=False)]


def writing(rule: Rule) -> list[FieldExtension]:
    """The extensions of a mutation."""
    return [Allow(rule, refusals_are_values=True)]
