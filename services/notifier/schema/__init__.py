"""The notifier's subgraph: the delivery log, and what a collaborator wants to be told."""

import strawberry

from chassis.graphql.app import subgraph_schema
from services.notifier.schema.inbox import Inbox, Subscription
from services.notifier.schema.mutations import Mutation
from services.notifier.schema.queries import Query
from services.notifier.schema.types import Alert, Collaborator, Comment, Event, Quote


def build_schema() -> strawberry.federation.Schema:
    """The schema that the gateway composes."""
    return subgraph_schema(Query, Mutation, [Event, Alert, Quote, Collaborator, Comment, Inbox], Subscription)
