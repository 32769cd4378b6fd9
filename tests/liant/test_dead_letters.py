"""Dead letters: seen, read, and sent again to whoever gave them up."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr
from typer.testing import CliRunner

from chassis.bus import DEAD_STREAM, Bus
from chassis.config import BrokerSettings
from chassis.dead_letters import DeadLetter
from chassis.topology import Topology
from liant.cli import app
from liant.system import environment
from liant.system.access import Access
from liant.system.dead_letters import BrokerAway, NoDeadLetter, SenderUnknown, dead_letter, dead_letters, replay
from liant.system.folder import DataFolder
from liant.system.layout import SERVICES, Layout
from proto.contacts.v1.messages_pb2 import ContactCreated
from tests.support.control import LocalProcess

DEPLOYED = Path(__file__).parents[2] / "deploy" / "nats" / "streams.json"
SUBJECT = "liant.contacts.v1.contact.created"
ORIGINAL = {"ce-id": "0193", "ce-type": "liant.contacts.v1.ContactCreated", "liant-organization": "organization_a"}
WHERE = {
    "Nats-Msg-Id": "deals:0193",
    "liant-error": "KeyError: 'x'",
    "liant-consumer": "deals",
    "liant-stream": "LIANT_CONTACTS",
    "liant-subject": SUBJECT,
    "liant-sequence": "1",
}


async def connect(layout: Layout, user: str) -> Bus:
    settings = BrokerSettings(
        nats_url=layout.nats.url, nats_user=user, nats_password=SecretStr(layout.nats.passwords[user])
    )
    return await Bus.connect(settings, "test")


@pytest_asyncio.fixture
async def layout(tmp_path: Path) -> AsyncIterator[Layout]:
    with DataFolder(tmp_path / "data") as folder:
        layout = Layout.choose(folder)
        layout.nats.prepare()
        server = LocalProcess(layout.nats.launch(), layout.nats.answers)
        await server.start()
        migrate = await connect(layout, "migrate")
        await migrate.apply(Topology.load(DEPLOYED))
        await migrate.close()
        yield layout
        await server.stop()


async def bury(layout: Layout, payload: bytes, place: int = 1, subject: str = SUBJECT) -> DeadLetter:
    deals = await connect(layout, "deals")
    where = {**WHERE, "Nats-Msg-Id": f"deals:0193:{place}", "liant-subject": subject}
    await deals.publish(f"liant.dead.deals.{SUBJECT}", payload, {**ORIGINAL, **where})
    await deals.close()
    [letter] = await dead_letters(Access.of(layout))
    return letter


async def test_a_dead_letter_tells_who_gave_up_and_why(layout: Layout) -> None:
    letter = await bury(layout, ContactCreated().SerializeToString())
    assert (letter.consumer, letter.error, letter.subject) == ("deals", "KeyError: 'x'", SUBJECT)
    assert letter.body() == "{}"


async def test_a_body_that_cannot_be_read_is_told_so(layout: Layout) -> None:
    letter = await bury(layout, b"\xff\xff")
    assert letter.body() == "2 bytes that are no liant.contacts.v1.ContactCreated (DecodeError)"


async def test_sent_again_it_is_the_original_message_and_no_dead_letter(layout: Layout) -> None:
    await replay(Access.of(layout), await bury(layout, b"payload"))
    assert await dead_letters(Access.of(layout)) == []
    rebuild = await connect(layout, "rebuild")
    [message] = [each async for each in rebuild.replay("LIANT_CONTACTS", [SUBJECT])]
    await rebuild.close()
    assert message.payload == b"payload"
    assert {name: value for name, value in message.headers.items() if name != "Nats-Msg-Id"} == ORIGINAL


async def test_of_a_deployed_system_they_are_listed_shown_sent_again_and_discarded_for_programs(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SERVICES:
        for setting, value in environment.of_service(layout, name).items():
            monkeypatch.setenv(setting, value)
    for setting in ("URL", "USER", "PASSWORD"):
        told = environment.of_job(layout, "contacts")[f"LIANT_CONTACTS_NATS_{setting}"]
        monkeypatch.setenv(f"LIANT_MIGRATE_NATS_{setting}", told)
    letter = await bury(layout, ContactCreated().SerializeToString())

    async def run(*words: str) -> Any:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["dead", *words, "--deployed", "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    assert await run("list") == [letter.told()]
    shown = await run("show", str(letter.sequence))
    assert (shown["body"], shown["headers"]["liant-error"]) == ("{}", "KeyError: 'x'")
    # Its database is not there: said, and sent all the same.
    assert await run("replay") == [{**letter.told(), "done": "sent again", "noted": False}]
    second = await bury(layout, b"payload", place=2)
    assert [each["done"] for each in await run("discard", str(second.sequence))] == ["discarded"]
    assert await run("list") == []


async def test_what_no_service_sent_cannot_be_sent_again(layout: Layout) -> None:
    letter = await bury(layout, b"payload", subject="elsewhere")
    with pytest.raises(SenderUnknown, match="elsewhere"):
        await replay(Access.of(layout), letter)


async def test_an_unknown_number_says_where_to_look(layout: Layout) -> None:
    with pytest.raises(NoDeadLetter, match="liant dead list"):
        await dead_letter(Access.of(layout), 7)


async def test_without_a_broker_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liant.system.dead_letters.CONNECT_SECONDS", 0.5)
    with DataFolder(tmp_path / "data") as folder, pytest.raises(BrokerAway, match="is the system up"):
        await dead_letters(Access.of(Layout.choose(folder)))


def test_the_dead_letters_stream_is_a_deployed_one() -> None:
    assert DEAD_STREAM in [stream.name for stream in Topology.load(DEPLOYED).streams]
