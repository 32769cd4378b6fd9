"""Documents that tests of webhooks send, and what they do often."""

import base64
import hmac
from typing import Any

from chassis.auth import Role
from chassis.identifiers import format_id, new_id
from proto.deals.v1 import messages_pb2 as deals
from tests.notifier.asking import Ask
from tests.notifier.house import House
from tests.support.http import Posted, Sink

CREATE = """mutation($input: CreateWebhookEndpointInput!) { result: createWebhookEndpoint(input: $input) {
  ... on WebhookEndpointWithSecret { secret endpoint { id version url types state } }
  ... on Error { code path message } } }"""
DELIVERIES = """{ webhookDeliveries { edges { node { id type messageId status notSentBecause attemptCount payload
  endpoint { id state } attempts { code answer verdict } } } } }"""
ENDPOINT = """query($id: ID!) { webhookEndpoint(id: $id) { id version state disabledBecause consecutiveFailures
  failingSince restingUntil oldSecretUntil deletedAt deliveries(first: 5) { totalCount } } }"""


def act(name: str, kind: str = "WebhookEndpointInput", asked: str = "__typename") -> str:
    """A mutation."""
    return f"mutation($input: {kind}!) {{ result: {name}(input: $input) {{ {asked} ... on Error {{ code path }} }} }}"


async def as_admin(ask: Ask, document: str, **variables: Any) -> Any:
    """What an administrator is answered."""
    answer = await ask(document, role=Role.ADMIN, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def an_endpoint(ask: Ask, sink: Sink, path: str = "ok", *types: str, **more: Any) -> Any:
    """An endpoint at a path of the sink; what making it gave."""
    input = {"url": sink.url(path), "types": types or ["deal.changed"], **more}
    told = (await as_admin(ask, CREATE, input=input))["result"]
    assert "secret" in told, told
    return told


async def endpoint(ask: Ask, id: str) -> Any:
    """What is told of an endpoint."""
    return (await as_admin(ask, ENDPOINT, id=id))["webhookEndpoint"]


async def sent(ask: Ask) -> list[Any]:
    """Every message to endpoints."""
    return [edge["node"] for edge in (await as_admin(ask, DELIVERIES))["webhookDeliveries"]["edges"]]


async def a_deal_changes(house: House, title: str = "Reprise", stage: str = "Analyse") -> Any:
    """A message of deals arrives."""
    id = new_id()
    told = deals.Deal(id=format_id("deal", id), title=title, phase="OPPORTUNITY", stage_name=stage)
    return await house.receive(deals.DealChanged(deal=told), "deal", id)


def signature(secret: str, posted: Posted) -> str:
    """As Standard Webhooks says: made here without our code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = f"{posted.headers['webhook-id']}.{posted.headers['webhook-timestamp']}.".encode() + posted.body
    return "v1," + base64.b64encode(hmac.digest(key, told, "sha256")).decode()
