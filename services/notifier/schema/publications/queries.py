"""Reads of publications."""

from typing import Annotated

import strawberry

from chassis.graphql.context import Info
from chassis.graphql.listing import list_field
from chassis.graphql.rules import reading
from chassis.identifiers import parse_id
from services.notifier.permissions import Rule
from services.notifier.schema.publications.lists import PublicationFilter, PublicationOrder, owned
from services.notifier.schema.publications.types import Publication
from services.notifier.schema.publications.unsubscriptions import (
    UNSUBSCRIPTIONS,
    CampaignUnsubscription,
    CampaignUnsubscriptionFilter,
    CampaignUnsubscriptionOrder,
)


@strawberry.type
class PublicationQueries:
    """Fields of Query."""

    @strawberry.field(
        description="One publication of your organization; null if there is none.",
        extensions=reading(Rule.READ_PUBLICATIONS),
    )
    async def publication(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]
    ) -> Publication | None:
        """By id."""
        return await Publication.found(info, parse_id("publication", id))

    publications = list_field(
        owned,
        Publication,
        filter=PublicationFilter,
        order=PublicationOrder,
        description="Publications of your organization, a page at a time; oldest first.",
        extensions=reading(Rule.READ_PUBLICATIONS),
        by_caller=True,
    )
    campaign_unsubscriptions = list_field(
        lambda: UNSUBSCRIPTIONS,
        CampaignUnsubscription,
        filter=CampaignUnsubscriptionFilter,
        order=CampaignUnsubscriptionOrder,
        description="Addresses that want no more campaigns.",
        extensions=reading(Rule.MANAGE_UNSUBSCRIPTIONS),
    )
