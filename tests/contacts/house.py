"""A contacts service on real servers, and people who use it."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import PostgresDsn
from sqlalchemy import event

from chassis import migrations
from chassis.auth import INTERNAL_ISSUER, Actor, Role, TokenSigner, new_key_file
from chassis.bus import Bus
from chassis.database import Database, create_engine
from chassis.identifiers import format_id, new_id
from chassis.service import Running
from chassis.topology import Topology
from services.contacts import model
from services.contacts.commands import collaborators, organizations
from services.contacts.encryption import new_key
from services.contacts.service import SERVICE
from services.contacts.settings import ContactsSettings
from services.contacts.values import Country, EmailAddress, Locale, TimeZone
from tests.support.nats import Nats
from tests.support.postgres import Postgres


@dataclass(frozen=True)
class House:
    """The running service and its key."""

    running: Running
    client: httpx.AsyncClient
    signer: TokenSigner
    owner_url: str

    async def organization(self, name: str = "Cabinet Lumière") -> "Office":
        """A fresh organization with an administrator, a collaborator and a reader."""
        organization = new_id()
        async with self.running.database.unit_of_work(Actor.system(organization)) as work:
            await organizations.set_up_organization(
                work, name=name, locale=Locale("fr"), time_zone=TimeZone("Europe/Paris"), country=Country("FR")
            )
            admin = await organizations.set_up_admin(work, name="Ada Martin", email=EmailAddress("ada@lumiere.example"))
            others = {role: await _hire(work, role) for role in (Role.COLLABORATOR, Role.READER)}
        actors = {role: Actor(organization, id, role) for role, id in {Role.ADMIN: admin, **others}.items()}
        return Office(self, organization, actors)


async def _hire(work: Any, role: Role) -> UUID:
    values = collaborators.CollaboratorValues(
        name=f"Camille {role.value.title()}", email=EmailAddress(f"{role.value.lower()}@lumiere.example"), role=role
    )
    return await collaborators.create_collaborator(work, values)


@dataclass(frozen=True)
class Office:
    """One organization, asked through GraphQL."""

    house: House
    organization: UUID
    actors: dict[Role, Actor] = field(default_factory=dict)

    def id_of(self, role: Role) -> str:
        """A collaborator's id."""
        id = self.actors[role].collaborator
        assert id is not None
        return format_id("collaborator", id)

    async def answer(self, query: str, role: Role = Role.COLLABORATOR, **variables: Any) -> tuple[int, dict[str, Any]]:
        """Status and body of the whole answer."""
        token = self.house.signer.sign(self.actors[role].claims(), "contacts", 60)
        response = await self.house.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers={"Authorization": f"Bearer {token}"}
        )
        return response.status_code, response.json()

    async def ask(self, query: str, role: Role = Role.ADMIN, **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        status, answer = await self.answer(query, role, **variables)
        assert status == 200, answer
        return answer

    async def data(self, query: str, role: Role = Role.ADMIN, **variables: Any) -> Any:
        """The answer's data; no error is expected."""
        answer = await self.ask(query, role, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def do(self, mutation: str, input: dict[str, Any], role: Role = Role.COLLABORATOR, show: str = "") -> Any:
        """The result of a mutation by its name: `show` of what was made, or the error."""
        made = mutation.removeprefix("create").removeprefix("update").removeprefix("delete")
        kind = made.removeprefix("restore")
        query = f"""mutation($input: {mutation[0].upper()}{mutation[1:]}Input!) {{
            result: {mutation}(input: $input) {{
              __typename ... on {kind} {{ id version {show} }} ... on Error {{ code message path }} }} }}"""
        return (await self.data(query, role, input=input))["result"]

    async def a_contact(self, **values: Any) -> str:
        """A contact's id."""
        made = await self.do("createContact", {"givenName": "Zoé", "familyName": "Lefèvre", **values})
        assert made["__typename"] == "Contact", made
        return str(made["id"])

    async def an_account(self, **values: Any) -> str:
        """An account's id."""
        made = await self.do("createAccount", {"name": "Boulangerie du Port", **values})
        assert made["__typename"] == "Account", made
        return str(made["id"])


ADMISSION = "FROM organization LEFT OUTER JOIN collaborator"
"""What looks the caller up, once a request."""


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """The statements of the application's role within a block, settings of the scope aside."""
    seen: list[str] = []

    def listen(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "set_config" not in statement and ADMISSION not in statement:
            seen.append(" ".join(statement.split()))

    engine = house.running.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", listen)


@asynccontextmanager
async def a_house(postgres: Postgres, nats: Nats, folder: Path) -> AsyncIterator[House]:
    """A migrated database, streams, and the web part's application."""
    async with postgres.database("contacts") as database:
        secret = secrets.token_hex(8)
        app_url, system_url = (postgres.url(database, f"contacts_{role}", secret) for role in ("app", "system"))
        await migrations.upgrade(SERVICE.migrations, postgres.url(database), app_url, system_url)
        signer = TokenSigner(Ed25519PrivateKey.generate(), INTERNAL_ISSUER)
        running = await _running(app_url, system_url, nats, folder, signer)
        transport = httpx.ASGITransport(SERVICE.web_app(running))
        async with httpx.AsyncClient(transport=transport, base_url="http://contacts") as client:
            yield House(running, client, signer, postgres.url(database))
        await running.bus.close()
        await running.database.close()
        await running.system.dispose()


async def _running(app_url: str, system_url: str, nats: Nats, folder: Path, signer: TokenSigner) -> Running:
    import json

    jwks, key = folder / "jwks.json", folder / "bank.key"
    jwks.write_text(json.dumps(signer.jwks()))
    new_key_file(folder / "links.pem")
    key.write_text(new_key())
    settings = ContactsSettings(
        database_url=PostgresDsn(app_url),
        database_system_url=PostgresDsn(system_url),
        nats_url=nats.url,
        gateway_jwks_file=jwks,
        encryption_key_file=key,
        links_key_file=folder / "links.pem",
    )
    bus = await Bus.connect(settings, "contacts-test")
    await bus.apply(Topology.load(settings.nats_streams_file))
    return Running(settings, Database(app_url, model.Base, "contacts"), create_engine(system_url), bus)
