"""The mailer against real SMTP servers, those that misbehave included."""

import asyncio
import contextlib
import socket
import ssl
from pathlib import Path

import pytest

from services.notifier.channels import Outcome
from services.notifier.mailer import Mailer, Relay
from services.notifier.model import Verdict
from tests.notifier.certificates import a_certificate
from tests.notifier.relays import Inbox, Misbehaviour, a_misbehaving_relay, a_relay

CONTENT = b"Subject: x\r\n\r\n.one dot\r\n"
way = pytest.mark.parametrize("pipelining", [False, True], ids=["step by step", "pipelined"])


async def send(mailer: Mailer, recipient: str = "claire@cabinet.example") -> Outcome:
    return await mailer.send("liant@cabinet.example", recipient, CONTENT)


@way
async def test_a_mail_arrives_with_its_bytes_untouched(pipelining: bool) -> None:
    inbox = Inbox(pipelining=pipelining)
    async with a_relay(inbox) as relay, Mailer(relay, 1) as mailer:
        outcome = await send(mailer)
    assert (outcome.verdict, outcome.code) == (Verdict.ACCEPTED, 250)
    assert inbox.received == [("claire@cabinet.example", CONTENT)]


@way
async def test_many_mails_share_the_connections_which_are_retired_after_a_hundred(pipelining: bool) -> None:
    inbox = Inbox(pipelining=pipelining)
    async with a_relay(inbox) as relay, Mailer(relay, 2) as mailer:
        outcomes = await asyncio.gather(*(send(mailer) for _ in range(250)))
    assert {outcome.verdict for outcome in outcomes} == {Verdict.ACCEPTED}
    assert len(inbox.received) == 250
    assert 3 <= inbox.connections <= 4


@way
async def test_an_idle_connection_that_the_relay_closed_costs_nothing(pipelining: bool) -> None:
    inbox = Inbox(pipelining=pipelining)
    async with a_relay(inbox, timeout=0.1) as relay, Mailer(relay, 1) as mailer:
        first = await send(mailer)
        await asyncio.sleep(0.4)
        second = await send(mailer)
    assert {first.verdict, second.verdict} == {Verdict.ACCEPTED}
    assert (inbox.connections, len(inbox.received)) == (2, 2)


async def test_a_connection_that_idles_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notifier.mailer._IDLE_SECONDS", 0.05)
    inbox = Inbox()
    async with a_relay(inbox) as relay, Mailer(relay, 1) as mailer:
        await send(mailer)
        await asyncio.sleep(0.2)
        await send(mailer)
    assert inbox.connections == 2


@way
@pytest.mark.parametrize(
    ("where", "answer", "verdict"),
    [
        ("claire@cabinet.example", "451 later", Verdict.DEFERRED),
        ("claire@cabinet.example", "550 no such mailbox", Verdict.REFUSED),
        ("claire@cabinet.example", "421 4.7.0 too much from you", Verdict.DEFERRED),
        ("claire@cabinet.example", "421 4.3.2 shutting down", Verdict.UNREACHABLE),
        ("DATA", "452 mailbox full", Verdict.DEFERRED),
        ("DATA", "554 not like this", Verdict.REFUSED),
    ],
)
async def test_what_the_relay_answers_is_told(where: str, answer: str, verdict: Verdict, pipelining: bool) -> None:
    inbox = Inbox(pipelining=pipelining)
    inbox.answers[where] = answer
    async with a_relay(inbox) as relay, Mailer(relay, 1) as mailer:
        outcome = await send(mailer)
        inbox.answers.clear()
        after = await send(mailer)
    assert (outcome.verdict, f"{outcome.code} {outcome.text}") == (verdict, answer)
    assert after.verdict is Verdict.ACCEPTED
    assert len(inbox.received) == 1


def hangs(at: str) -> Misbehaviour:
    async def misbehave(verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if verb != at:
            return False
        await asyncio.sleep(5)
        return True

    return misbehave


def resets(at: str) -> Misbehaviour:
    async def misbehave(verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if verb == at:
            writer.transport.abort()
        return verb == at

    return misbehave


def drips(at: str) -> Misbehaviour:
    async def misbehave(verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if verb != at:
            return False
        with contextlib.suppress(ConnectionError):
            for byte in b"250 " + b"slow" * 20:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.1)
        return True

    return misbehave


def greets(line: bytes) -> Misbehaviour:
    async def misbehave(verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(line)
        return True

    return misbehave


@way
@pytest.mark.parametrize(
    ("misbehave", "verdict"),
    [
        (hangs("CONNECT"), Verdict.UNREACHABLE),
        (hangs("RCPT"), Verdict.UNREACHABLE),
        (hangs("DATA."), Verdict.UNKNOWN),
        (resets("CONNECT"), Verdict.UNREACHABLE),
        (resets("MAIL"), Verdict.UNREACHABLE),
        (resets("DATA."), Verdict.UNKNOWN),
        (drips("DATA."), Verdict.UNKNOWN),
        (greets(b"421 too many\r\n"), Verdict.UNREACHABLE),
        (greets(b"what is SMTP?\r\n"), Verdict.UNREACHABLE),
    ],
)
async def test_a_relay_that_misbehaves_costs_one_attempt_and_no_hang(
    misbehave: Misbehaviour, verdict: Verdict, pipelining: bool
) -> None:
    async with a_misbehaving_relay(misbehave, pipelining=pipelining) as relay, Mailer(relay, 1) as mailer:
        outcome = await asyncio.wait_for(send(mailer), 4)
    assert outcome.verdict is verdict, outcome


async def test_a_relay_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    async with Mailer(Relay("127.0.0.1", port, tls="none"), 1) as mailer:
        outcome = await send(mailer)
    assert outcome.verdict is Verdict.UNREACHABLE
    assert str(port) in outcome.text


async def test_a_caller_that_is_cancelled_does_not_cancel_its_mail() -> None:
    inbox = Inbox()
    inbox.delay = 0.2
    async with a_relay(inbox) as relay, Mailer(relay, 1) as mailer:
        caller = asyncio.create_task(send(mailer))
        await asyncio.sleep(0.1)
        caller.cancel()
        assert (await send(mailer)).verdict is Verdict.ACCEPTED
    assert len(inbox.received) == 2


async def test_leaving_finishes_what_was_begun() -> None:
    inbox = Inbox()
    inbox.delay = 0.1
    async with a_relay(inbox) as relay:
        async with Mailer(relay, 2) as mailer:
            sends = [asyncio.create_task(send(mailer)) for _ in range(4)]
            await asyncio.sleep(0)
        assert {(await task).verdict for task in sends} == {Verdict.ACCEPTED}
    assert len(inbox.received) == 4


async def test_starttls_is_verified(tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    inbox = Inbox()
    async with a_relay(inbox, tls_context=context, require_starttls=True) as plain:
        trusted = Relay("localhost", plain.port, "starttls", ca_file=certificate, timeout=2)
        async with Mailer(trusted, 1) as mailer:
            assert (await send(mailer)).verdict is Verdict.ACCEPTED
        async with Mailer(Relay("localhost", plain.port, "starttls", timeout=2), 1) as mailer:
            assert (await send(mailer)).verdict is Verdict.UNREACHABLE
    assert len(inbox.received) == 1


async def test_a_relay_without_tls_gets_no_mail_where_tls_is_wanted() -> None:
    inbox = Inbox()
    async with a_relay(inbox) as plain, Mailer(Relay("localhost", plain.port, "starttls", timeout=2), 1) as mailer:
        assert (await send(mailer)).verdict is Verdict.UNREACHABLE
    assert inbox.received == []


async def test_a_recipient_cannot_carry_a_command() -> None:
    inbox = Inbox()
    async with a_relay(inbox) as relay, Mailer(relay, 1) as mailer:
        await send(mailer, "a@b.example>\r\nRCPT TO:<evil@b.example")
    assert "evil@b.example" not in [recipient for recipient, _ in inbox.received]
