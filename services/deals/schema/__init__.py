"""The deals subgraph."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from chassis.graphql.app import extensions
from services.deals.schema.alert_mutations import AlertMutation
from services.deals.schema.alerts import AlertType
from services.deals.schema.deal_mutations import DealMutation
from services.deals.schema.deals import DealType
from services.deals.schema.event_mutations import EventMutation
from services.deals.schema.events import EventType, TaskType
from services.deals.schema.pipelines import PipelineType, StageType
from services.deals.schema.queries import Query
from services.deals.schema.stubs import Account, Collaborator, Contact
from services.deals.schema.timeline import NotificationType

ENTITIES = (
    AlertType,
    DealType,
    EventType,
    NotificationType,
    PipelineType,
    StageType,
    TaskType,
    Account,
    Collaborator,
    Contact,
)


def build_schema() -> strawberry.federation.Schema:
    """The schema, once per process."""
    mutation = merge_types("Mutation", (DealMutation, EventMutation, AlertMutation))
    return strawberry.federation.Schema(
        query=Query, mutation=mutation, types=ENTITIES, extensions=extensions(), config=StrawberryConfig()
    )
