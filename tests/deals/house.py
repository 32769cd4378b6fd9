"""A deals service on real servers, people who use it, and what the contacts service would tell it."""

import asyncio
import base64
import json
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from google.protobuf.message import Message
from pydantic import PostgresDsn

from chassis import migrations
from chassis.auth import INTERNAL_ISSUER, Actor, Role, TokenSigner
from chassis.bus import Bus, Delivered
from chassis.database import Database, create_engine, utc_now
from chassis.identifiers import format_id, new_id, parse_id
from chassis.messages import ORGANIZATION, Outgoing, Received, headers_of, read
from chassis.service import Running
from chassis.topology import Topology
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.model import AlertCalendar, Base
from services.deals.rules import RULES
from services.deals.rules.base import Rule
from services.deals.service import SERVICE, thresholds
from services.deals.settings import DealsSettings
from services.deals.tools import Tools, tools
from services.deals.worker import Sweep
from tests.support.control import SHARED_SECONDS, until
from tests.support.nats import Nats
from tests.support.postgres import Postgres

Told = TypeVar("Told", bound=Message)


@dataclass
class Stream:
    """What deals published, each message read once however often a test looks."""

    read_to: int = 0
    by_organization: dict[str, list[Delivered]] = field(default_factory=lambda: defaultdict(list))

    async def of(self, bus: Bus, organization: UUID) -> list[Delivered]:
        """The messages about an organization until now, in order."""
        async for delivered in bus.missed("LIANT_DEALS", ["liant.deals.v1.>"], after=self.read_to):
            self.read_to = delivered.sequence
            self.by_organization[delivered.headers[ORGANIZATION]].append(delivered)
        return self.by_organization[format_id("organization", organization)]


@dataclass(frozen=True)
class House:
    """The running service and its key."""

    running: Running
    client: httpx.AsyncClient
    signer: TokenSigner
    owner_url: str
    stream: Stream = field(default_factory=Stream)

    @property
    def tools(self) -> Tools:
        """What its resolvers stand on."""
        return tools(self.running.settings)

    async def organization(self, name: str = "Cabinet Lumière") -> "Office":
        """A fresh organization with an administrator, a collaborator and a reader, as contacts tells of it."""
        office = Office(self, new_id())
        body = pb.Organization(
            id=format_id("organization", office.organization), name=name, locale="fr", time_zone="Europe/Paris"
        )
        await office.tell("organization", office.organization, pb.OrganizationChanged(organization=body))
        for role in Role:
            id = await office.a_collaborator(f"Camille {role.value.title()}", role=role.value)
            office.actors[role] = Actor(office.organization, parse_id("collaborator", id), role)
        await office.knows(id)
        await office.works_every_day()
        return office

    def sweep(
        self, ahead: timedelta = timedelta(), rules: Iterable[Rule] = tuple(RULES.values()), only: UUID | None = None
    ) -> Sweep:
        """The rules' loop, over all organizations or one, as if so much time had passed."""
        database = Database(
            str(self.running.settings.database_url), Base, "deals", pool_size=2, clock=lambda: utc_now() + ahead
        )
        return Sweep(self.running.system, database, thresholds(self.running.settings), 60, rules, only)


@dataclass(frozen=True)
class Office:
    """One organization, asked through GraphQL."""

    house: House
    organization: UUID
    actors: dict[Role, Actor] = field(default_factory=dict)

    async def tell(
        self, aggregate: str, id: UUID, body: Message, version: int = 1, ahead: timedelta = timedelta()
    ) -> None:
        """Publish what contacts would, as if so much time had passed."""
        message = Outgoing(aggregate, id, version, body)
        time = utc_now() + ahead
        headers = headers_of(message, id=new_id(), source="contacts", time=time, organization=self.organization)
        await self.house.running.bus.publish(message.subject, body.SerializeToString(), headers)

    async def works_every_day(self, **values: Any) -> None:
        """Count every day as worked, so that a test's outcome does not depend on the day it runs."""
        told = {"weekdays": [*range(7)], "holidays": None, "quiet_days": 60, "escalation_days": [3, 3], **values}
        async with self.house.running.database.unit_of_work(Actor.system(self.organization)) as work:
            work.session.add(AlertCalendar(organization_id=self.organization, version=1, updated_at=work.now, **told))

    async def sweep_once(
        self, ahead: timedelta = timedelta(), rules: Iterable[Rule] = tuple(RULES.values()), *, audited: bool = False
    ) -> None:
        """One turn of the rules over this organization; `audited`, a look at everything must find nothing more."""
        sweep = self.house.sweep(ahead, rules, self.organization)
        try:
            assert await sweep.turn()
            assert not audited or await sweep.audit() == 0
        finally:
            await sweep._database.close()

    async def knows(self, id: str) -> None:
        """Wait until the copy of a contact, account or collaborator is there."""
        kind, _, _ = id.rpartition("_")
        table = Base.metadata.tables[kind]

        async def there() -> bool:
            async with self.house.running.database.read(self.organization) as session:
                return await session.first(table.select().where(table.c.id == parse_id(kind, id))) is not None

        await until(there, what=f"a copy of {id}")

    async def is_at(self, id: str, version: int) -> None:
        """Wait until a copy has a version."""
        kind, _, _ = id.rpartition("_")
        table = Base.metadata.tables[kind]
        wanted = table.select().where(table.c.id == parse_id(kind, id), table.c.version >= version)

        async def there() -> bool:
            async with self.house.running.database.read(self.organization) as session:
                return await session.first(wanted) is not None

        await until(there, what=f"version {version} of {id}")

    async def is_disabled(self, id: str) -> None:
        """Wait until the copy of a collaborator says so."""
        table = Base.metadata.tables["collaborator"]
        gone = table.select().where(table.c.id == parse_id("collaborator", id), table.c.disabled)

        async def known() -> bool:
            async with self.house.running.database.read(self.organization) as session:
                return await session.first(gone) is not None

        await until(known, what=f"{id} disabled")

    async def a_collaborator(self, name: str = "Dominique Roux", version: int = 1, id: str = "", **values: Any) -> str:
        """A collaborator's id, told to deals."""
        id = id or format_id("collaborator", new_id())
        body = pb.Collaborator(id=id, name=name, **{"role": "COLLABORATOR", **values})
        await self.tell(
            "collaborator", parse_id("collaborator", id), pb.CollaboratorChanged(collaborator=body), version
        )
        return id

    async def a_contact(self, given: str = "Zoé", family: str = "Lefèvre", manager: str = "", **told: Any) -> str:
        """A contact's id, told to deals."""
        id = format_id("contact", new_id())
        more = {"email": "zoe@example.fr", **told}
        body = pb.Contact(id=id, given_name=given, family_name=family, relationship_manager_id=manager, **more)
        await self.tell("contact", parse_id("contact", id), pb.ContactCreated(contact=body))
        return id

    async def an_account(self, name: str = "Boulangerie du Port", manager: str = "", **told: Any) -> str:
        """An account's id, told to deals."""
        id = format_id("account", new_id())
        body = pb.Account(id=id, name=name, relationship_manager_id=manager, **told)
        await self.tell("account", parse_id("account", id), pb.AccountCreated(account=body))
        return id

    async def told(self, kind: type[Told], count: int = 1, seconds: float = SHARED_SECONDS) -> list[Told]:
        """The messages of one type that deals sent about this organization, once there are so many."""
        found: list[Told] = []

        async def enough() -> bool:
            found[:] = [message.body async for message in self._messages(kind)]
            return len(found) >= count

        await until(enough, seconds=seconds, what=f"{count} {kind.DESCRIPTOR.name}; there are {found}")
        return found

    async def _messages(self, kind: type[Told]) -> AsyncIterator[Received[Told]]:
        name = kind.DESCRIPTOR.full_name
        for delivered in await self.house.stream.of(self.house.running.bus, self.organization):
            if delivered.headers["ce-type"] == name:
                yield read(delivered.headers, delivered.payload, {name: kind})

    def id_of(self, role: Role = Role.COLLABORATOR) -> str:
        """A collaborator's id."""
        id = self.actors[role].collaborator
        assert id is not None
        return format_id("collaborator", id)

    async def answer(self, query: str, role: Role = Role.COLLABORATOR, **variables: Any) -> tuple[int, dict[str, Any]]:
        """Status and body of the whole answer."""
        token = self.house.signer.sign(self.actors[role].claims(), "deals", 60)
        response = await self.house.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers={"Authorization": f"Bearer {token}"}
        )
        return response.status_code, response.json()

    async def ask(self, query: str, role: Role = Role.COLLABORATOR, **variables: Any) -> dict[str, Any]:
        """The whole answer."""
        status, answer = await self.answer(query, role, **variables)
        assert status == 200, answer
        return answer

    async def data(self, query: str, role: Role = Role.COLLABORATOR, **variables: Any) -> Any:
        """The answer's data; no error is expected."""
        answer = await self.ask(query, role, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def do(self, mutation: str, role: Role = Role.COLLABORATOR, show: str = "", **input: Any) -> Any:
        """The result of a mutation by its name: `show` of what was made, or the error."""
        kind = _KINDS.get(mutation, "Deal" if "Deal" in mutation or "Participant" in mutation else "Event")
        name = {"unfollowDeal": "FollowDeal"}.get(mutation, mutation[0].upper() + mutation[1:])
        query = f"""mutation($input: {name}Input!) {{
            result: {mutation}(input: $input) {{
              __typename ... on {kind} {{ id {show} }} ... on Error {{ code message path }} }} }}"""
        return (await self.data(query, role, input=input))["result"]

    async def a_deal(self, **values: Any) -> str:
        """A deal's id; with a contact of its own unless told otherwise."""
        if not {"primaryContactId", "accountId"} & values.keys():
            values["primaryContactId"] = await self.a_contact()
        made = await self.do("createDeal", **{"title": "Toiture de la boulangerie", **values})
        assert made["__typename"] == "Deal", made
        return str(made["id"])

    async def stages(self) -> list[str]:
        """Ids of the default pipeline's stages, in order."""
        told = await self.data("{ pipelines { isDefault stages { id } } }")
        (default,) = [one for one in told["pipelines"] if one["isDefault"]]
        return [stage["id"] for stage in default["stages"]]

    async def a_pipeline(self, *names: str, **values: Any) -> tuple[str, list[str]]:
        """A pipeline's id and its stages' ids; each stage's probability grows with its place."""
        stages = [
            {"name": name, "probability": round(100 * place / len(names)), "expectedDays": 10}
            for place, name in enumerate(names, start=1)
        ]
        order = {"name": f"Vente {new_id()}", "stages": stages, **values}
        made = await self.do("createPipeline", Role.ADMIN, show="stages { id }", **order)
        assert made["__typename"] == "Pipeline", made
        return str(made["id"]), [stage["id"] for stage in made["stages"]]

    async def an_appointment(self, hours: float = 24, **values: Any) -> str:
        """An appointment's id; it begins so many hours from now."""
        made = await self.do("planAppointment", **an_appointment(hours), **values)
        assert made["__typename"] == "Event", made
        return str(made["id"])

    async def an_instruction(self, **values: Any) -> str:
        """An instruction's id."""
        made = await self.do("giveInstruction", **{"title": "Rappeler", "assigneeId": self.id_of(), **values})
        assert made["__typename"] == "Event", made
        return str(made["id"])

    async def a_note(self, **values: Any) -> str:
        """A note's id."""
        made = await self.do("writeNote", **{"title": "Appel", **values})
        assert made["__typename"] == "Event", made
        return str(made["id"])


_KINDS = {
    "updateAlertRule": "AlertSetting",
    "writeMessage": "Message",
    "createPipeline": "Pipeline",
    "updatePipeline": "Pipeline",
    "archivePipeline": "Pipeline",
    "restorePipeline": "Pipeline",
    "addStage": "Pipeline",
    "updateStage": "Pipeline",
    "removeStage": "Pipeline",
    "reorderStages": "Pipeline",
    "completeTask": "Task",
    "reopenTask": "Task",
    "checkTaskItem": "Task",
    "convertLead": "Deal",
    "takeChargeOfAlert": "Alert",
    "resolveAlert": "Alert",
    "dismissAlert": "Alert",
    "snoozeAlert": "Alert",
}


def an_appointment(hours: float = 24) -> dict[str, Any]:
    """The fields that an appointment has beyond others."""
    begins = utc_now() + timedelta(hours=hours)
    return {
        "title": "Visite",
        "startsAt": begins.isoformat(),
        "endsAt": (begins + timedelta(hours=1)).isoformat(),
        "timeZone": "Europe/Paris",
    }


@asynccontextmanager
async def a_house(postgres: Postgres, nats: Nats, folder: Path, *, working: bool = True) -> AsyncIterator[House]:
    """A migrated database, streams, the web part's application, and the worker's relay and consumer if `working`."""
    async with postgres.database("deals") as database:
        secret = secrets.token_hex(8)
        app_url, system_url = (postgres.url(database, f"deals_{role}", secret) for role in ("app", "system"))
        await migrations.upgrade(SERVICE.migrations, postgres.url(database), app_url, system_url)
        signer = TokenSigner(Ed25519PrivateKey.generate(), INTERNAL_ISSUER)
        running = await _running(app_url, system_url, nats, folder, signer)
        transport = httpx.ASGITransport(SERVICE.web_app(running))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://deals") as client,
            _working(running, working),
        ):
            yield House(running, client, signer, postgres.url(database))
        await running.bus.close()
        await running.database.close()
        await running.system.dispose()


@asynccontextmanager
async def _working(running: Running, working: bool) -> AsyncIterator[None]:
    """Everything that the worker runs, but for the sweeps: tests choose when those run."""
    stop = asyncio.Event()
    loops = SERVICE.worker_loops(running) if working else {}
    loops = {name: loop for name, loop in loops.items() if name not in {"sweep", "expiry"}}
    tasks = [asyncio.create_task(loop(stop)) for loop in loops.values()]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def _running(app_url: str, system_url: str, nats: Nats, folder: Path, signer: TokenSigner) -> Running:
    jwks, links = folder / "jwks.json", folder / "links.key"
    links.write_text(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    jwks.write_text(json.dumps(signer.jwks()))
    settings = DealsSettings(
        database_url=PostgresDsn(app_url),
        database_system_url=PostgresDsn(system_url),
        nats_url=nats.url,
        gateway_jwks_file=jwks,
        quote_links_key_file=links,
    )
    bus = await Bus.connect(settings, "deals-test")
    await bus.apply(Topology.load(settings.nats_streams_file))
    return Running(settings, Database(app_url, Base, "deals"), create_engine(system_url), bus)
