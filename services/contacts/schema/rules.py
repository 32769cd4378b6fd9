"""Fields name who may use them: a query reads what its organization knows unless it says more."""

from strawberry.extensions import FieldExtension

from chassis.graphql import rules
from services.contacts.permissions import Rule


def reading(rule: Rule = Rule.READ) -> list[FieldExtension]:
    """The extensions of a query."""
    return rules.reading(rule)


def writing(rule: Rule) -> list[FieldExtension]:
    """The extensions of a mutation."""
    return rules.writing(rule)
