"""The notifier's subgraph: the delivery log, and what a collaborator wants to be told."""

import strawberry

from chassis.graphql.app import extensions
from services.notifier.schema.mutations import Mutation
from services.notifier.schema.queries import Query
from services.notifier.schema.types import Alert, Collaborator, Event


def build_schema() -> strawberry.federation.Schema:
    """The schema that the gateway composes."""
    return strawberry.federation.Schema(
        query=Query, mutation=Mutation, types=[Event, Alert, Collaborator], extensions=extensions()
    )
