"""deploy/nats/server.conf: each user can do its own work, and nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from chassis.bus import DEAD_STREAM, Bus
from chassis.config import ServiceSettings
from chassis.outbox import BrokerUnavailable, PublishRefused
from chassis.topology import Topology
from tests.deploy.server import DEPLOY, deployed_nats
from tests.support.control import until
from tools.shell import SERVICES, service

TOPOLOGY = Topology.load(DEPLOY / "nats" / "streams.json")


@pytest_asyncio.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A server with the deployed configuration, its streams and consumers made by the migrate user."""
    async with deployed_nats(tmp_path_factory.mktemp("deployed-nats"), secret="secret-{user}") as url:
        migrate = await connect(url, "migrate")
        await migrate.apply(TOPOLOGY)
        await migrate.close()
        yield url


async def connect(url: str, user: str) -> Bus:
    """A connection as one of the deployed users."""
    settings = ServiceSettings.model_validate(
        {
            "database_url": "postgresql://nobody@127.0.0.1/none",
            "database_system_url": "postgresql://nobody@127.0.0.1/none",
            "nats_url": url,
            "nats_user": user,
            "nats_password": f"secret-{user}",
        }
    )
    return await Bus.connect(settings, f"test-{user}")


def headers() -> dict[str, str]:
    """Headers with an id of their own."""
    return {"Nats-Msg-Id": str(uuid4())}


async def test_a_service_publishes_and_another_consumes(server: str) -> None:
    contacts, deals = await connect(server, "contacts"), await connect(server, "deals")
    await contacts.publish("liant.contacts.v1.contact.created", b"hello", headers())
    subscription = await deals.subscribe("LIANT_CONTACTS", "deals")
    [message] = await subscription.fetch(1, 2)
    assert message.payload == b"hello"
    await message.done()
    assert await subscription.fetch(1, 0.5) == []
    await asyncio.gather(contacts.close(), deals.close())


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_sent_what_it_handles_and_nothing_else(name: str) -> None:
    described = service(name)
    handled = {kind.DESCRIPTOR.full_name for kind in (*described.copies, *described.reactions)}
    sent = [subject for one in TOPOLOGY.consumers_of(name) if one.stream != DEAD_STREAM for subject in one.subjects]
    told = {kind: [subject for subject in sent if _is_of(subject, kind)] for kind in handled}
    assert [kind for kind, subjects in told.items() if not subjects] == []
    assert set(sent) - {subject for subjects in told.values() for subject in subjects} == set()


def _is_of(subject: str, kind: str) -> bool:
    """Whether messages of a type are published there: what they are about comes first, and is not said twice."""
    package, _, name = kind.rpartition(".")
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    start, aggregate, last = subject.rsplit(".", 2)
    return start == package and last == snake.removeprefix(f"{aggregate}_")


async def test_a_service_buries_its_own_dead_letters_and_the_notifier_keeps_them(server: str) -> None:
    deals, notifier = await connect(server, "deals"), await connect(server, "notifier")
    await deals.publish("liant.dead.deals.liant.contacts.v1.contact.created", b"bad", headers())
    [dead] = await (await notifier.subscribe(DEAD_STREAM, "notifier")).fetch(1, 2)
    await dead.done()
    with pytest.raises(BrokerUnavailable):
        await notifier.forget("LIANT_DEALS", 1)
    assert await notifier.forget(DEAD_STREAM, dead.sequence)
    assert not await notifier.forget(DEAD_STREAM, dead.sequence)
    await asyncio.gather(deals.close(), notifier.close())


@pytest.mark.parametrize(
    ("user", "subject"),
    [("deals", "liant.contacts.v1.contact.created"), ("gateway", "liant.deals.v1.event.created")],
)
async def test_nobody_publishes_in_another_ones_name(server: str, user: str, subject: str) -> None:
    bus = await connect(server, user)
    with pytest.raises((BrokerUnavailable, PublishRefused)):
        await bus.publish(subject, b"forged", headers())
    await bus.close()


async def test_nobody_takes_another_ones_messages(server: str) -> None:
    notifier = await connect(server, "notifier")
    with pytest.raises(BrokerUnavailable):
        subscription = await notifier.subscribe("LIANT_CONTACTS", "deals")
        await subscription.fetch(1, 1)
        raise BrokerUnavailable("nothing came") if not await subscription.fetch(1, 1) else AssertionError("taken")
    await notifier.close()


async def test_the_gateway_hears_what_is_published(server: str) -> None:
    gateway, deals = await connect(server, "gateway"), await connect(server, "deals")
    heard: list[bytes] = []

    async def listen() -> None:
        async for message in gateway.listen("liant.deals.v1.>"):
            heard.append(message.payload)  # noqa: PERF401  # to be seen while it still listens

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.2)
    await deals.publish("liant.deals.v1.event.created", b"event", headers())

    async def came() -> bool:
        return heard == [b"event"]

    await until(came, seconds=3)
    listening.cancel()
    await asyncio.gather(gateway.close(), deals.close())


async def test_rebuild_replays_a_stream(server: str) -> None:
    notifier, rebuild = await connect(server, "notifier"), await connect(server, "rebuild")
    for payload in (b"1", b"2"):
        await notifier.publish("liant.notifier.v1.delivery.failed", payload, headers())
    replayed = [message.payload async for message in rebuild.replay("LIANT_NOTIFIER", ["liant.notifier.v1.>"])]
    assert replayed == [b"1", b"2"]
    await asyncio.gather(notifier.close(), rebuild.close())
