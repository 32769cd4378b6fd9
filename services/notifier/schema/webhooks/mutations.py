"""What administrators do with endpoints."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis.database import UnitOfWork
from chassis.errors import NotFound
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors, Error, register
from chassis.graphql.rules import writing
from chassis.graphql.writes import Update, Write
from chassis.identifiers import parse_id
from services.notifier.permissions import Rule
from services.notifier.schema.enums import Status
from services.notifier.schema.unit import WHICH, Naming, once
from services.notifier.schema.webhooks.types import Endpoint, WebhookDelivery
from services.notifier.tools import Tools
from services.notifier.webhooks import commands
from services.notifier.webhooks.commands import EndpointValues, parse_filters, parse_types


@register
@strawberry.type(description="An endpoint's host leads to an address that is not public.")
class AddressNotPublic(Error):
    """See webhooks.errors.AddressNotPublic."""


@strawberry.type(description="An endpoint and its secret, which is shown now and never again.")
class WebhookEndpointWithSecret:
    """What making one, or rotating its secret, gives."""

    endpoint: Endpoint = strawberry.field(description="The endpoint.")
    secret: str = strawberry.field(description="`whsec_…`: what its programs verify signatures with.")


@strawberry.type(description="How many messages are sent again.")
class Replayed:
    """What replaying a range gives."""

    count: int = strawberry.field(description="How many; those under way already are not counted.")


WebhookEndpointResult = Annotated[
    Endpoint | AddressNotPublic | CommonErrors,
    strawberry.union("WebhookEndpointResult", description="The endpoint, or why nothing was written."),
]
WebhookEndpointWithSecretResult = Annotated[
    WebhookEndpointWithSecret | AddressNotPublic | CommonErrors,
    strawberry.union("WebhookEndpointWithSecretResult", description="Endpoint and secret, or why nothing was written."),
]
WebhookDeliveryResult = Annotated[
    WebhookDelivery | CommonErrors,
    strawberry.union("WebhookDeliveryResult", description="The message on its way, or why it is not."),
]
ReplayedResult = Annotated[
    Replayed | CommonErrors,
    strawberry.union("ReplayWebhookDeliveriesResult", description="What is sent again, or why nothing is."),
]


@strawberry.input(description="A condition on a message: its JSON has one of these values at this path of `data`.")
class WebhookFilterInput:
    """See WebhookFilter."""

    path: str = strawberry.field(description="Names parted by dots, such as `deal.stageId`.")
    values: list[str] = strawberry.field(description="As text, 1 to 100; of a list, one item suffices.")


@strawberry.input(description="A new endpoint.")
class CreateWebhookEndpointInput(Write):
    """See commands.create_endpoint."""

    url: str = strawberry.field(description="Its address: https, and reached from the internet.")
    types: list[str] = strawberry.field(description="Which messages go to it: see `webhookMessageTypes`.")
    description: str = strawberry.field(default="", description="What it is for; 200 characters at most.")
    filters: list[WebhookFilterInput] = strawberry.field(
        default_factory=list, description="All must hold for a message to go to it; 10 at most."
    )


@strawberry.input(description="Changes of an endpoint; what is absent stays as it is.")
class UpdateWebhookEndpointInput(Update):
    """See commands.update_endpoint."""

    url: str | None = strawberry.field(default=UNSET, description="Its address: https, reached from the internet.")
    types: list[str] | None = strawberry.field(default=UNSET, description="Which messages go to it.")
    description: str | None = strawberry.field(default=UNSET, description="What it is for.")
    filters: list[WebhookFilterInput] | None = strawberry.field(
        default=UNSET, description="All must hold for a message to go to it; 10 at most."
    )


@strawberry.input(description="Which endpoint.")
class WebhookEndpointInput(Update):
    """For what needs nothing more."""


@strawberry.input(description="Which endpoint to test.")
class TestWebhookEndpointInput(Write):
    """See commands.ping."""

    id: strawberry.ID = strawberry.field(description="The endpoint.")


@strawberry.input(description="Which message to send again.")
class ReplayWebhookDeliveryInput(Write):
    """See commands.replay_one."""

    id: strawberry.ID = strawberry.field(description="The delivery.")


@strawberry.input(description="Which messages of an endpoint to send again, by when they were queued.")
class ReplayWebhookDeliveriesInput(Write):
    """See commands.replay_range."""

    endpoint_id: strawberry.ID = strawberry.field(description="The endpoint.")
    since: datetime = strawberry.field(description="From this moment on.")
    until: datetime | None = strawberry.field(default=None, description="Before this moment; to the last without it.")
    statuses: list[Status] = strawberry.field(
        default_factory=list, description="Only what came to this, such as BOUNCED and SKIPPED; all without it."
    )


async def _values(info: Info, input: CreateWebhookEndpointInput | UpdateWebhookEndpointInput) -> EndpointValues:
    """Raises InvalidInput, AddressNotPublic, WebhooksOff."""
    tools: Tools = info.context.tools
    filters = [(each.path, each.values) for each in input.filters] if input.filters else None
    return EndpointValues(
        url=await tools.checked_url(input.url) if input.url else None,
        description=input.description or ("" if input.description == "" else None),
        types=parse_types(input.types) if isinstance(input.types, list) else None,
        filters=parse_filters(filters or []) if isinstance(input.filters, list) else None,
    )


async def _endpoint(info: Info, id: UUID) -> Endpoint:
    found = await Endpoint.found(info, id)
    if found is None:
        raise NotFound("webhook", id)
    return found


async def _with_secret(info: Info, id: UUID) -> WebhookEndpointWithSecret:
    endpoint = await _endpoint(info, id)
    number = await info.context.read.scalar(commands.secret_number(id))
    return WebhookEndpointWithSecret(endpoint=endpoint, secret=info.context.tools.secret(id, number))


async def _delivery(info: Info, id: UUID) -> WebhookDelivery:
    found = await WebhookDelivery.found(info, id)
    if found is None:
        raise NotFound("delivery", id)
    return found


_NAMED = Naming("webhook", Annotated[WebhookEndpointInput, WHICH], WebhookEndpointResult, _endpoint)


@strawberry.type
class WebhookMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Make an endpoint; its secret is shown now and never again.",
        extensions=writing(Rule.ADD_WEBHOOKS),
    )
    async def create_webhook_endpoint(
        self, info: Info, input: Annotated[CreateWebhookEndpointInput, strawberry.argument(description="The endpoint.")]
    ) -> WebhookEndpointWithSecretResult:
        """See commands.create_endpoint."""
        values = await _values(info, input)
        most = info.context.tools.settings.webhook_endpoints

        async def act(work: UnitOfWork) -> UUID:
            return await commands.create_endpoint(work, values, most)

        return await _with_secret(info, await once(info, input, act))

    @strawberry.mutation(description="Change an endpoint.", extensions=writing(Rule.MANAGE_WEBHOOKS))
    async def update_webhook_endpoint(
        self, info: Info, input: Annotated[UpdateWebhookEndpointInput, strawberry.argument(description="What changes.")]
    ) -> WebhookEndpointResult:
        """See commands.update_endpoint."""
        id, values = parse_id("webhook", input.id), await _values(info, input)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.update_endpoint(work, id, values, input.expected_version)

        return await _endpoint(info, await once(info, input, act))

    @strawberry.mutation(
        description="Give an endpoint a new secret; the one before signs, too, for a day.",
        extensions=writing(Rule.MANAGE_WEBHOOKS),
    )
    async def rotate_webhook_secret(
        self, info: Info, input: Annotated[WebhookEndpointInput, strawberry.argument(description="Which one.")]
    ) -> WebhookEndpointWithSecretResult:
        """See commands.rotate_secret."""
        id, overlap = parse_id("webhook", input.id), info.context.tools.settings.webhook_old_secret_hours

        async def act(work: UnitOfWork) -> UUID:
            return await commands.rotate_secret(work, id, input.expected_version, timedelta(hours=overlap))

        return await _with_secret(info, await once(info, input, act))

    enable_webhook_endpoint = _NAMED.mutation(
        commands.enable_endpoint,
        Rule.MANAGE_WEBHOOKS,
        "Send messages to an endpoint again; what it missed can be replayed.",
    )
    disable_webhook_endpoint = _NAMED.mutation(
        commands.disable_endpoint,
        Rule.MANAGE_WEBHOOKS,
        "Send an endpoint nothing any more; what waits for it is skipped.",
    )
    delete_webhook_endpoint = _NAMED.mutation(
        commands.delete_endpoint, Rule.MANAGE_WEBHOOKS, "Delete an endpoint; it can be restored."
    )

    @strawberry.mutation(description="Bring a deleted endpoint back.", extensions=writing(Rule.MANAGE_WEBHOOKS))
    async def restore_webhook_endpoint(
        self, info: Info, input: Annotated[WebhookEndpointInput, strawberry.argument(description="Which one.")]
    ) -> WebhookEndpointResult:
        """See commands.restore_endpoint."""
        id, most = parse_id("webhook", input.id), info.context.tools.settings.webhook_endpoints

        async def act(work: UnitOfWork) -> UUID:
            return await commands.restore_endpoint(work, id, input.expected_version, most)

        return await _endpoint(info, await once(info, input, act))

    @strawberry.mutation(
        description="Send an endpoint the message `ping`, before everything that waits for it.",
        extensions=writing(Rule.MANAGE_WEBHOOKS),
    )
    async def test_webhook_endpoint(
        self, info: Info, input: Annotated[TestWebhookEndpointInput, strawberry.argument(description="Which one.")]
    ) -> WebhookDeliveryResult:
        """See commands.ping."""
        id = parse_id("webhook", input.id)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.ping(work, id)

        return await _delivery(info, await once(info, input, act))

    @strawberry.mutation(
        description="Send a message again: the same bytes under the same id.", extensions=writing(Rule.MANAGE_WEBHOOKS)
    )
    async def replay_webhook_delivery(
        self, info: Info, input: Annotated[ReplayWebhookDeliveryInput, strawberry.argument(description="Which one.")]
    ) -> WebhookDeliveryResult:
        """See commands.replay_one."""
        id = parse_id("delivery", input.id)

        async def act(work: UnitOfWork) -> UUID:
            return await commands.replay_one(work, id)

        return await _delivery(info, await once(info, input, act))

    @strawberry.mutation(
        description="Send all of an endpoint's messages of a while again.", extensions=writing(Rule.MANAGE_WEBHOOKS)
    )
    async def replay_webhook_deliveries(
        self, info: Info, input: Annotated[ReplayWebhookDeliveriesInput, strawberry.argument(description="Which ones.")]
    ) -> ReplayedResult:
        """See commands.replay_range. Repeated with its key, it counts none."""
        id = parse_id("webhook", input.endpoint_id, "endpointId")
        chosen = commands.Range(id, input.since, input.until, tuple(input.statuses))
        count = 0

        async def act(work: UnitOfWork) -> UUID:
            nonlocal count
            count = await commands.replay_range(work, chosen)
            return id

        await once(info, input, act)
        return Replayed(count=count)

    create_webhook_endpoints = batch_of(create_webhook_endpoint, "create_webhook_endpoints", "Make several endpoints.")
    replay_webhook_deliveries_by_id = batch_of(
        replay_webhook_delivery, "replay_webhook_deliveries_by_id", "Send several messages again."
    )
