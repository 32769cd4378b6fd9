"""The embedded servers, seen through the fixtures that every other test uses."""

import smtplib
from asyncio import to_thread
from email.message import EmailMessage
from typing import Any

import asyncpg
import nats as nats_client
import pytest

from tests.support.nats import Nats
from tests.support.postgres import Postgres
from tests.support.smtp import Mailbox


async def _value(server: Postgres, database: str, query: str) -> Any:
    connection = await asyncpg.connect(server.url(database))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_what_was_committed_survives_a_kill_of_postgres(postgres: Postgres) -> None:
    async with postgres.database() as name:
        await postgres.execute("CREATE TABLE kept AS SELECT 7 AS n", name)
        await postgres.control.kill()
        await postgres.control.start()
        assert await _value(postgres, name, "SELECT n FROM kept") == 7


async def test_a_database_from_a_template_has_its_tables(postgres: Postgres) -> None:
    async with postgres.database() as template:
        await postgres.execute("CREATE TABLE kept AS SELECT 7 AS n", template)
        async with postgres.database(template=template) as copy:
            assert await _value(postgres, copy, "SELECT n FROM kept") == 7


@pytest.mark.parametrize("extension", ["pg_trgm", "unaccent", "citext", "btree_gist"])
async def test_postgres_brings_the_extensions_that_liant_needs(postgres: Postgres, extension: str) -> None:
    async with postgres.database() as name:
        await postgres.execute(f"CREATE EXTENSION {extension}", name)


async def test_postgres_asks_for_a_password(postgres: Postgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.url(user=postgres.user, password="wrong"))


async def test_what_was_acknowledged_survives_a_kill_of_nats(nats: Nats) -> None:
    client = await nats_client.connect(nats.url)
    await client.jetstream().add_stream(name="KEPT", subjects=["kept.*"])
    await client.jetstream().publish("kept.one", b"Zo\xc3\xab")
    await nats.control.kill()
    await nats.control.start()
    await client.close()
    client = await nats_client.connect(nats.url)
    assert (await client.jetstream().get_msg("KEPT", 1)).data == b"Zo\xc3\xab"
    await client.jetstream().delete_stream("KEPT")
    await client.close()


def _send(port: int) -> None:
    message = EmailMessage()
    message["Subject"] = "Rendez-vous avec Zoë Lefèvre"
    message["From"], message["To"] = "liant@example.com", "amelie@example.com"
    message.set_content("À demain")
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        client.send_message(message)


async def test_a_mail_is_kept_with_its_accents(mailbox: Mailbox) -> None:
    await to_thread(_send, mailbox.port)
    [mail] = mailbox.to("amelie@example.com")
    assert mail.subject == "Rendez-vous avec Zoë Lefèvre"
    assert mail.body() == "À demain\n"


async def test_a_refused_mail_is_not_kept(mailbox: Mailbox) -> None:
    mailbox.fail_next("451 4.3.0 try again later")
    with pytest.raises(smtplib.SMTPDataError, match="try again later"):
        await to_thread(_send, mailbox.port)
    await to_thread(_send, mailbox.port)
    assert len(mailbox.mails) == 1


async def test_a_stopped_mailbox_refuses_and_comes_back_on_its_port(mailbox: Mailbox) -> None:
    await mailbox.stop()
    with pytest.raises(ConnectionRefusedError):
        await to_thread(_send, mailbox.port)
    await mailbox.start()
    await to_thread(_send, mailbox.port)
    assert len(mailbox.mails) == 1
