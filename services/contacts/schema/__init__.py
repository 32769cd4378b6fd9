"""The contacts subgraph."""

import strawberry

from chassis.graphql.app import subgraph_schema
from services.contacts.schema.account_mutations import AccountMutations
from services.contacts.schema.aggregates import AggregateQueries
from services.contacts.schema.card_mutations import CardMutations
from services.contacts.schema.cards import CardQueries
from services.contacts.schema.collaborator_mutations import CollaboratorMutations
from services.contacts.schema.contact_mutations import ContactMutations
from services.contacts.schema.custom_field_mutations import CustomFieldMutations
from services.contacts.schema.custom_fields import CustomFieldQueries
from services.contacts.schema.duplicate_roots import DuplicateMutations, DuplicateQueries
from services.contacts.schema.erasures import ErasureMutations, ErasureQueries
from services.contacts.schema.fieldwork_mutations import FieldWorkMutations
from services.contacts.schema.following import FollowingMutations, FollowingQueries
from services.contacts.schema.group_mutations import GroupMutations
from services.contacts.schema.groups import GroupQueries
from services.contacts.schema.import_mutations import ImportMutations, ImportQueries
from services.contacts.schema.interlocutor_mutations import InterlocutorMutations
from services.contacts.schema.invitations import InvitationMutations, InvitationQueries
from services.contacts.schema.memberships import MembershipMutations, MembershipQueries
from services.contacts.schema.merge_roots import MergeMutations, MergeQueries
from services.contacts.schema.moving import MovingMutations, MovingQueries
from services.contacts.schema.person_exports import PersonExportMutations, PersonExportQueries
from services.contacts.schema.photos import PhotoMutations
from services.contacts.schema.plans import PlanMutations
from services.contacts.schema.purges import PurgeMutations, PurgeQueries
from services.contacts.schema.queries import Query
from services.contacts.schema.search import SearchQueries
from services.contacts.schema.subscriptions import Subscription
from services.contacts.schema.tags import TagMutations, TagQueries
from services.contacts.schema.team_mutations import TeamMutations
from services.contacts.schema.teams import TeamQueries


@strawberry.type(description="Everything that can be written. Each field takes one input and answers a union.")
class Mutation(
    ContactMutations,
    AccountMutations,
    InterlocutorMutations,
    CollaboratorMutations,
    ImportMutations,
    TeamMutations,
    PhotoMutations,
    DuplicateMutations,
    PlanMutations,
    GroupMutations,
    FieldWorkMutations,
    InvitationMutations,
    MembershipMutations,
    FollowingMutations,
    MovingMutations,
    TagMutations,
    CardMutations,
    MergeMutations,
    CustomFieldMutations,
    ErasureMutations,
    PersonExportMutations,
    PurgeMutations,
):
    """The root of writing."""


@strawberry.type(name="Query", description="Everything that can be read.")
class Reading(
    Query,
    AggregateQueries,
    ImportQueries,
    SearchQueries,
    TeamQueries,
    DuplicateQueries,
    GroupQueries,
    InvitationQueries,
    MembershipQueries,
    FollowingQueries,
    MovingQueries,
    TagQueries,
    CardQueries,
    MergeQueries,
    CustomFieldQueries,
    ErasureQueries,
    PersonExportQueries,
    PurgeQueries,
):
    """The root of reading."""


def schema() -> strawberry.federation.Schema:
    """The executable schema."""
    return subgraph_schema(Reading, Mutation, subscription=Subscription)
