"""The deals subgraph."""

import strawberry

from chassis.graphql.app import subgraph_schema
from services.deals.schema.alert_mutations import AlertMutation
from services.deals.schema.alert_setting_mutations import AlertSettingMutation
from services.deals.schema.alert_settings import AlertSettingsQuery
from services.deals.schema.alerts import AlertType
from services.deals.schema.catalogue_mutations import CatalogueMutation
from services.deals.schema.comment_mutations import CommentMutation
from services.deals.schema.comments import CommentType
from services.deals.schema.contract_mutations import ContractMutation
from services.deals.schema.contracts import ContractType, InvoiceType
from services.deals.schema.conversion_mutations import ConversionMutation
from services.deals.schema.custom_values import CustomField
from services.deals.schema.deal_mutations import DealMutation
from services.deals.schema.deals import DealType
from services.deals.schema.document_mutations import DocumentMutation
from services.deals.schema.event_mutations import EventMutation
from services.deals.schema.events import EventType, TaskType
from services.deals.schema.following_mutations import FollowingMutation
from services.deals.schema.health import HealthQuery
from services.deals.schema.invoice_mutations import InvoiceMutation
from services.deals.schema.message_mutations import MessageMutation
from services.deals.schema.messages import MessageType
from services.deals.schema.move_mutations import MoveMutation
from services.deals.schema.occurrence_mutations import OccurrenceMutation
from services.deals.schema.pipeline_mutations import PipelineMutation
from services.deals.schema.pipelines import PipelineType, StageType
from services.deals.schema.products import ProductType
from services.deals.schema.queries import Query
from services.deals.schema.quote_mutations import QuoteMutation
from services.deals.schema.quotes import QuoteRequestType, QuoteType
from services.deals.schema.rehearsal import RehearsalQuery
from services.deals.schema.stubs import Account, Collaborator, Contact, Team
from services.deals.schema.subscriptions import Subscription
from services.deals.schema.suggestion_mutation import SuggestionMutation
from services.deals.schema.task_mutations import TaskMutation
from services.deals.schema.timeline import NotificationType

ENTITIES = (
    AlertType,
    CommentType,
    ContractType,
    DealType,
    EventType,
    InvoiceType,
    MessageType,
    NotificationType,
    PipelineType,
    ProductType,
    QuoteRequestType,
    QuoteType,
    StageType,
    TaskType,
    Account,
    CustomField,
    Collaborator,
    Contact,
    Team,
)


@strawberry.type(description="Everything that can be written. Each field takes one input and answers a union.")
class Mutation(
    DealMutation,
    ConversionMutation,
    MoveMutation,
    FollowingMutation,
    DocumentMutation,
    PipelineMutation,
    EventMutation,
    OccurrenceMutation,
    TaskMutation,
    CommentMutation,
    MessageMutation,
    AlertMutation,
    CatalogueMutation,
    QuoteMutation,
    ContractMutation,
    InvoiceMutation,
    AlertSettingMutation,
    SuggestionMutation,
):
    """The root of writing."""


@strawberry.type(name="Query", description="Everything that can be read.")
class Reading(Query, AlertSettingsQuery, HealthQuery, RehearsalQuery):
    """The root of reading."""


def build_schema() -> strawberry.federation.Schema:
    """The executable schema."""
    return subgraph_schema(Reading, Mutation, ENTITIES, Subscription)
