"""The notifier on a database of its own, spoken to as the other services and the broker would."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor, new_key_file
from chassis.database import Database, create_engine
from chassis.identifiers import format_id, new_id
from chassis.inbox import Inbox
from chassis.links import LinkKey
from chassis.messages import Outgoing, Received
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.channels.email import EmailChannel
from services.notifier.channels.webhook import WebhookChannel
from services.notifier.mailer import Mailer
from services.notifier.model import NotifierBase, Queue
from services.notifier.preferences.bundling import Bounds
from services.notifier.preferences.commands import set_bundling
from services.notifier.sender import DeliverySender
from services.notifier.service import SERVICE
from services.notifier.settings import NotifierSettings
from services.notifier.webhooks.addresses import Guarded, Resolve, resolve
from services.notifier.webhooks.posting import Poster
from services.notifier.worker import relay_of
from tests.support.control import SHARED_SECONDS, until
from tests.support.postgres import Postgres

PASSWORD = "test"  # of roles on a server that lives as long as the test


def urls(postgres: Postgres, database: str) -> dict[str, str]:
    """The three addresses that the settings want."""
    return {
        "database_url": postgres.url(database, "notifier_app", PASSWORD),
        "database_system_url": postgres.url(database, "notifier_system", PASSWORD),
        "database_owner_url": postgres.url(database),
    }


@dataclass
class House:
    """Settings, databases and the inbox of one notifier; one organization lives in it."""

    settings: NotifierSettings
    database: Database
    system: AsyncEngine
    owner: AsyncEngine
    organization: UUID = field(default_factory=new_id)
    versions: dict[UUID, int] = field(default_factory=dict)

    @property
    def inbox(self) -> Inbox:
        """Handles messages as if they came from the broker."""
        handlers = {**SERVICE.copies, **SERVICE.reactions}
        return Inbox("notifier", None, self.database, NotifierBase, handlers)  # type: ignore[arg-type]  # no broker here

    async def receive(self, body: Message, aggregate: str, id: UUID, *, organization: UUID | None = None) -> Any:
        """Handle one message, the aggregate's next version; gives the message, to be received again."""
        self.versions[id] = self.versions.get(id, 0) + 1
        outgoing = Outgoing(aggregate, id, self.versions[id], body)
        message: Received[Any] = Received(
            id=new_id(),
            type=outgoing.type,
            time=datetime.now(UTC),
            organization=organization or self.organization,
            aggregate=aggregate,
            aggregate_id=id,
            version=outgoing.version,
            body=body,
        )
        await self.inbox.handle(message)
        return message

    async def found(self, organization: UUID | None = None, locale: str = "fr") -> None:
        """The organization's copy arrives."""
        id = organization or self.organization
        told = contacts.Organization(
            id=format_id("organization", id), name="Cabinet Morel", locale=locale, time_zone="Europe/Paris"
        )
        message = contacts.OrganizationChanged(organization=told)
        await self.receive(message, "organization", id, organization=id)
        await self.bundling(id)

    async def bundling(self, organization: UUID | None = None, **bounds: int) -> None:
        """How changes are folded and bursts bundled; hardly at all unless told otherwise."""
        told = Bounds(**{"fold_seconds": 0, "burst_count": 1000, **bounds})
        async with self.database.unit_of_work(Actor.system(organization or self.organization)) as work:
            await set_bundling(work, told)

    async def collaborator(self, name: str, *, organization: UUID | None = None, **more: Any) -> UUID:
        """A collaborator's copy arrives; the address is made of the name."""
        id = more.pop("id", None) or new_id()
        told = contacts.Collaborator(
            id=format_id("collaborator", id),
            name=name,
            email=more.pop("email", f"{name.lower()}@cabinet.example"),
            role=more.pop("role", contacts.Collaborator.Role.COLLABORATOR),
            locale=more.pop("locale", "fr"),
            time_zone=more.pop("time_zone", "Europe/Paris"),
            **more,
        )
        message = contacts.CollaboratorChanged(collaborator=told)
        await self.receive(message, "collaborator", id, organization=organization)
        return id

    async def contact(self, manager: UUID | None = None, *, id: UUID | None = None, **more: Any) -> UUID:
        """A contact's copy arrives."""
        contact = id or new_id()
        manager_id = format_id("collaborator", manager) if manager else ""
        told = contacts.Contact(id=format_id("contact", contact), relationship_manager_id=manager_id, **more)
        await self.receive(contacts.ContactChanged(contact=told), "contact", contact)
        return contact

    async def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """Rows as the owner, whom no policy binds, sees them."""
        async with self.owner.connect() as connection:
            return (await connection.execute(text(statement), values)).all()

    async def statuses(self) -> dict[str, int]:
        """How many deliveries there are of each status."""
        rows = await self.rows("SELECT status, count(*) AS many FROM delivery GROUP BY status")
        return {row.status: row.many for row in rows}

    @asynccontextmanager
    async def posting(self, resolver: Resolve = resolve, **settings: Any) -> AsyncIterator[None]:
        """A sender of webhooks at work for the length of a block."""
        own, stop = self.settings.model_copy(update=settings), asyncio.Event()
        assert own.webhooks_key_file is not None
        key, network = LinkKey.from_file(own.webhooks_key_file), Guarded(own.webhook_networks, resolver)
        async with Poster(network, own.webhook_seconds, own.webhook_answer_bytes, own.webhook_ca_file) as poster:
            channel = WebhookChannel(poster, key, own)
            task = asyncio.create_task(DeliverySender(self.database, self.system, channel, own).run(stop))
            try:
                yield
            finally:
                stop.set()
                await task

    @asynccontextmanager
    async def sending(self, queue: Queue = Queue.INTERNAL, **settings: Any) -> AsyncIterator[DeliverySender]:
        """A sender at work for the length of a block."""
        own = self.settings.model_copy(update=settings)
        stop = asyncio.Event()
        async with Mailer(relay_of(own), own.smtp_connections) as mailer:
            sender = DeliverySender(self.database, self.system, EmailChannel(mailer, own, queue), own)
            task = asyncio.create_task(sender.run(stop))
            try:
                yield sender
            finally:
                stop.set()
                await task

    async def outside_settled(self) -> None:
        """Wait until no delivery to a contact waits."""
        await self.settled(where="queue = 'EXTERNAL'")

    async def settled(self, seconds: float = SHARED_SECONDS, where: str = "true") -> None:
        """Wait until no delivery waits."""

        async def none_waits() -> bool:
            return not await self.rows(f"SELECT 1 FROM delivery WHERE next_attempt_at IS NOT NULL AND {where}")

        await until(none_waits, seconds=seconds, what="every delivery is over")


@asynccontextmanager
async def a_house(postgres: Postgres, template: str, folder: Path, smtp_port: int) -> AsyncIterator[House]:
    """A notifier with a database of its own."""
    key, quotes = folder / "links.pem", folder / "quotes.key"
    new_key_file(key)
    webhooks = folder / "webhooks.key"
    quotes.write_text(base64.urlsafe_b64encode(b"k" * 32).decode())
    webhooks.write_text(base64.urlsafe_b64encode(b"w" * 32).decode())
    async with postgres.database("notifier", template) as name:
        addresses = urls(postgres, name)
        settings = NotifierSettings(
            **addresses,  # type: ignore[arg-type]  # pydantic parses them
            smtp_port=smtp_port,
            smtp_tls="none",
            smtp_timeout=2,
            smtp_connections=2,
            public_url="https://liant.example",
            gateway_url="https://api.liant.example/graphql",
            links_key_file=key,
            quote_links_key_file=quotes,
            webhooks_key_file=webhooks,
            webhook_http=True,
            webhook_networks=(ip_network("127.0.0.0/8"),),
            webhook_seconds=2,
        )
        database = Database(addresses["database_url"], NotifierBase, "notifier")
        system = create_engine(addresses["database_system_url"])
        owner = create_engine(addresses["database_owner_url"])
        try:
            yield House(settings, database, system, owner)
        finally:
            await database.close()
            await system.dispose()
            await owner.dispose()


def an_event(author: UUID, *concerned: UUID, **more: Any) -> deals.Event:
    """An event's body; a note unless told otherwise. Moments are given as datetimes."""
    moments = {name: more.pop(name) for name in ("starts_at", "ends_at", "due_at") if name in more}
    event = deals.Event(
        id=format_id("event", more.pop("id", None) or new_id()),
        kind=more.pop("kind", deals.Event.Kind.NOTE),
        title=more.pop("title", "Appel de Mme Garnier"),
        author_id=format_id("collaborator", author),
        concerned_ids=[format_id("collaborator", each) for each in concerned],
        subject=more.pop("subject", deals.Subject(deal_id=format_id("deal", new_id()), deal_title="Reprise")),
        **more,
    )
    for name, moment in moments.items():
        getattr(event, name).FromDatetime(moment)
    return event


def an_appointment(author: UUID, *concerned: UUID, **more: Any) -> deals.Event:
    """An appointment of an hour."""
    start = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    told = {"starts_at": start, "ends_at": start + timedelta(hours=1), "time_zone": "Europe/Paris", **more}
    return an_event(author, *concerned, kind=deals.Event.Kind.APPOINTMENT, **told)


def an_alert(*addressees: UUID, **more: Any) -> deals.Alert:
    """An alert's body."""
    return deals.Alert(
        id=format_id("alert", more.pop("id", None) or new_id()),
        rule="deal_without_next_event",
        status=more.pop("status", deals.Alert.Status.RAISED),
        addressee_ids=[format_id("collaborator", each) for each in addressees],
        subject=more.pop("subject", deals.Subject(deal_id=format_id("deal", new_id()), deal_title="Reprise")),
        figures={"last_event_at": "2026-11-20T09:00:00+00:00"},
        **more,
    )
