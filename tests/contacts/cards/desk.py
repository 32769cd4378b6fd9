"""Collaborators with cards, links and exchanges, as front-ends and visitors see them."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from chassis.auth import Role
from chassis.outbox import OutboxRelay
from services.contacts import model
from services.contacts.service import SERVICE
from tests.contacts.house import House, Office

CONTENT = {
    "givenName": "Zoé",
    "familyName": "Lefèvre",
    "title": "Avocate; associée",
    "company": "Cabinet Lumière, Lyon",
    "phones": [{"number": "06 12 34 56 78", "kind": "MOBILE"}, {"number": "04 72 40 12 34"}],
    "emails": [{"address": "zoe@lumiere.example"}],
    "links": [{"url": "https://lumiere.example/zoe?a=1&b=2", "label": "Le cabinet"}],
    "languages": ["fr", "en"],
}
SHOWN = """content { givenName familyName title company phones { number kind } emails { address } links { url label }
    languages }"""
EXCHANGE = """id version side state note withoutAccount endedByThem theirs { givenName phones { number } }
    update { givenName familyName phones { number } } ours { id }
    contact { id givenName familyName origin email notes phones { number } photo { width }
      relationshipManager { id } cardExchanges { state endedByThem } }"""


@dataclass
class Side:
    """One organization's view."""

    office: Office

    async def do(self, mutation: str, show: str, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
        """A mutation's result."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"""mutation($input: {kind}!) {{ result: {mutation}(input: $input) {{
            __typename {show} ... on Error {{ code message path }} }} }}"""
        return (await self.office.data(query, role, input=input))["result"]

    async def a_card(self, role: Role = Role.COLLABORATOR, **values: Any) -> str:
        """A card's id."""
        told = {"label": "Pro", "content": CONTENT, **values}
        made = await self.do("createBusinessCard", "... on BusinessCard { id version }", role, **told)
        assert made["__typename"] == "BusinessCard", made
        return str(made["id"])

    async def a_link(self, card: str, **values: Any) -> dict[str, Any]:
        """A link, with its addresses."""
        show = "... on CardLinkMade { link { id } url qrSvgUrl qrPngUrl vcardUrl }"
        made: dict[str, Any] = await self.do("createCardLink", show, cardId=card, **values)
        assert made["__typename"] == "CardLinkMade", made
        return made

    async def exchange(self, mutation: str, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
        """A mutation on an exchange, and the exchange."""
        return await self.do(mutation, f"... on CardExchange {{ {EXCHANGE} }}", role, **input)

    async def exchanges(self) -> list[dict[str, Any]]:
        """Every exchange, the newest first."""
        told = await self.office.data(f"{{ cardExchanges(first: 50) {{ edges {{ node {{ {EXCHANGE} }} }} }} }}")
        return [edge["node"] for edge in told["cardExchanges"]["edges"]]

    async def contacts(self) -> list[dict[str, Any]]:
        """Every contact."""
        query = "{ contacts(first: 50) { edges { node { givenName familyName origin email phones { number } } } } }"
        return [edge["node"] for edge in (await self.office.data(query))["contacts"]["edges"]]


async def delivered(house: House) -> None:
    """What each side told the other has come: relay and inbox, until nothing moves."""
    relay = OutboxRelay(house.running.system, model.outbox, house.running.bus, "contacts")
    inbox = SERVICE.inbox(house.running)
    subscription = await house.running.bus.subscribe("LIANT_CONTACTS", "contacts")
    quiet = 0
    while quiet < 2:
        while await relay.drain():
            pass
        quiet = 0 if await inbox.turn(subscription) else quiet + 1
    await asyncio.sleep(0)


def a_browser(house: House, address: str = "203.0.113.1", language: str = "fr") -> httpx.AsyncClient:
    """A visitor at an address of their own."""
    transport = httpx.ASGITransport(SERVICE.web_app(house.running), client=(address, 4711))
    headers = {"Accept-Language": language}
    return httpx.AsyncClient(transport=transport, base_url="http://cards.example", headers=headers)


async def offered(browser: httpx.AsyncClient, url: str, **fields: str) -> httpx.Response:
    """The form of a card's page, filled in and sent."""
    page = await browser.get(url)
    token = page.text.split('name="token" value="')[1].split('"')[0]
    told = {"family_name": "Durand", "email": "paul@visite.example", "consent": "yes", "token": token, **fields}
    return await browser.post(f"{url}/exchange", data=told)
