"""Questions to the notifier's subgraph, through its HTTP door."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from chassis.auth import INTERNAL_ISSUER, Actor, Role, TokenSigner, new_key_file
from chassis.bus import Bus
from chassis.identifiers import new_id
from chassis.service import Running
from services.notifier.service import SERVICE
from tests.notifier.house import House

Ask = Callable[..., Awaitable[dict[str, Any]]]


@asynccontextmanager
async def asking(house: House, folder: Path) -> AsyncIterator[Ask]:
    """Ask as a collaborator of an organization."""
    key, jwks = folder / "gateway.pem", folder / "gateway.jwks"
    new_key_file(key)
    signer = TokenSigner.from_file(key, INTERNAL_ISSUER)
    jwks.write_text(json.dumps(signer.jwks()))
    settings = house.settings.model_copy(update={"gateway_jwks_file": jwks})
    bus: Bus = None  # type: ignore[assignment]  # web reads its state only for /readyz
    app = SERVICE.web_app(Running(settings, house.database, house.system, bus))

    async def ask(
        query: str, by: UUID | None = None, of: UUID | None = None, role: Role = Role.COLLABORATOR, **variables: Any
    ) -> dict[str, Any]:
        actor = Actor(of or house.organization, by or new_id(), role)
        token = signer.sign(actor.claims(), "notifier", 60)
        body = {"query": query, "variables": variables}
        answer = await client.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})
        return dict(answer.json())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notifier") as client:
        yield ask
