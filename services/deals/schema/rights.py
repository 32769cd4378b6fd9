"""Every root field asks `permissions` whether the caller may."""

from strawberry.extensions import FieldExtension

from chassis.graphql import rules
from services.deals import permissions


def reading() -> list[FieldExtension]:
    """The extensions of a root query."""
    return rules.reading(permissions.QUERIES)


def writing() -> list[FieldExtension]:
    """The extensions of a mutation."""
    return rules.writing(permissions.MUTATIONS)
