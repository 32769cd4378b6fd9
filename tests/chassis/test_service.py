"""A service's parts as processes: they start, tell where they listen, answer, and stop when told."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth import INTERNAL_ISSUER, Actor, Role, TokenSigner
from chassis.identifiers import format_id, new_id
from tests.chassis.house import House
from tests.chassis.tiny.model import Note, Seen
from tests.support.control import until


@dataclass
class Part:
    """A process that listens."""

    process: asyncio.subprocess.Process
    client: httpx.AsyncClient
    log: list[dict[str, Any]]

    async def stopped(self, seconds: float = 15) -> int:
        """Told to stop; its status."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), seconds)


@asynccontextmanager
async def a_part(house: House, name: str, **settings: str) -> AsyncIterator[Part]:
    """`python -m tests.chassis.tiny web|worker` within the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chassis.tiny", name,
        env={**os.environ, **house.environment, **settings}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr
    log: list[dict[str, Any]] = []

    async def read() -> None:
        while line := await process.stderr.readline():  # type: ignore[union-attr]  # asserted above
            log.append(json.loads(line))

    reading = asyncio.create_task(read())

    async def listening() -> bool:
        assert process.returncode is None, log
        return any(line["event"] == "listening" for line in log)

    try:
        await until(listening, seconds=60, what=f"{name} listens")
        address = next(line["address"] for line in log if line["event"] == "listening")
        async with httpx.AsyncClient(base_url=address, timeout=20) as client:
            yield Part(process, client, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await reading


def _authorized(house: House, signer: TokenSigner | None = None, audience: str = "tiny", seconds: int = 60) -> Any:
    actor = Actor(house.organization, new_id(), Role.COLLABORATOR)
    return {"Authorization": f"Bearer {(signer or house.signer).sign(actor.claims(), audience, seconds)}"}


async def _ask(house: House, part: Part, query: str, **variables: Any) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    response = await part.client.post("/graphql", json=body, headers=_authorized(house))
    answer: dict[str, Any] = response.json()
    return answer


async def test_the_web_part_answers_the_gateway_and_nobody_else(house: House) -> None:
    async with a_part(house, "web") as part:
        mine = format_id("organization", house.organization)
        assert await _ask(house, part, "{ organization }") == {"data": {"organization": mine}}

        foreign = TokenSigner(Ed25519PrivateKey.generate(), INTERNAL_ISSUER)
        for headers, code in (
            ({}, "TOKEN_MISSING"),
            ({"Authorization": "Basic eDp5"}, "TOKEN_MISSING"),
            (_authorized(house, seconds=-60), "TOKEN_EXPIRED"),
            (_authorized(house, signer=foreign), "TOKEN_INVALID"),
            (_authorized(house, audience="contacts"), "TOKEN_INVALID"),
        ):
            answer = await part.client.post("/graphql", json={"query": "{ organization }"}, headers=headers)
            assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (401, code)

        assert (await part.client.get("/graphql?query={organization}", headers=_authorized(house))).status_code == 405
        assert (await part.client.get("/healthz")).json() == {"status": "ok"}
        assert (await part.client.get("/readyz")).json()["checks"] == {
            "database": "ok",
            "migrations": "ok",
            "broker": "ok",
        }
        assert "liant_graphql_request_seconds_count" in (await part.client.get("/metrics")).text
        assert await part.stopped() == 0


async def test_faults_are_masked_and_told_in_the_log_and_refusals_are_not_faults(house: House) -> None:
    async with a_part(house, "web") as part:
        fault = await _ask(house, part, "{ fault }")
        [error] = fault["errors"]
        assert (error["message"], error["extensions"]["code"]) == ("Internal error.", "INTERNAL_SERVER_ERROR")
        assert "hunter2" not in json.dumps(fault)
        refusal = await _ask(house, part, "{ refusal }")
        assert refusal["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        refused = await _ask(house, part, 'mutation { addNote(text: "refuse") { ... on Error { code message path } } }')
        assert refused["data"]["addNote"]["code"] == "FORBIDDEN"
        await part.stopped()
        told = [line for line in part.log if line["level"] == "error"]
        assert [line["event"] for line in told] == ["unexpected error"], told
        assert told[0]["reference"] == error["extensions"]["reference"]
        assert told[0]["organization"] == format_id("organization", house.organization)
        assert "RuntimeError" in told[0]["exception"]


async def test_readiness_tells_what_is_missing_and_comes_back(house: House) -> None:
    async with a_part(house, "web") as part:

        async def ready() -> bool:
            return (await part.client.get("/readyz")).status_code == 200

        async def unready() -> bool:
            return not await ready()

        await house.nats.control.kill()
        await until(unready, seconds=15)
        assert (await part.client.get("/readyz")).json()["checks"]["broker"] == "failed: ConnectionError"
        assert "data" in await _ask(house, part, "{ organization }"), "reading goes on without the broker"
        await house.nats.control.start()
        await until(ready, seconds=20)

        await house.postgres.control.kill()
        await until(unready, seconds=15)
        assert (await part.client.get("/readyz")).json()["checks"]["database"].startswith("failed: ")
        assert (await part.client.get("/healthz")).status_code == 200
        await house.postgres.control.start()
        await until(ready, seconds=20)
        assert await part.stopped() == 0


@pytest.mark.parametrize("name", ["web", "worker"])
async def test_a_part_starts_while_the_broker_is_away_and_finds_it_later(house: House, name: str) -> None:
    await house.nats.control.kill()
    async with a_part(house, name) as part:
        if name == "web":
            made = await _ask(house, part, 'mutation { addNote(text: "n") { ... on NoteType { id } } }')
            assert made["data"]["addNote"]["id"].startswith("note_")
        await house.write("Zoé")
        assert (await part.client.get("/readyz")).status_code == 503
        await house.nats.control.start()

        async def ready() -> bool:
            return (await part.client.get("/readyz")).status_code == 200

        async def seen() -> bool:
            return name == "web" or bool(await house.all(Seen))

        await until(ready, seconds=20)
        await until(seen, seconds=20)
        assert await part.stopped() == 0


async def test_a_request_that_was_begun_is_finished_at_the_end(house: House) -> None:
    async with a_part(house, "web") as part:
        asking = asyncio.create_task(_ask(house, part, "{ slow(seconds: 2) }"))
        await asyncio.sleep(0.7)
        started = time.monotonic()
        assert await part.stopped() == 0
        assert time.monotonic() - started < 10
        assert await asking == {"data": {"slow": "done"}}


async def test_a_request_that_takes_too_long_does_not_hold_up_the_end(house: House) -> None:
    async with a_part(house, "web", LIANT_TINY_SHUTDOWN_SECONDS="1") as part:
        asking = asyncio.create_task(_ask(house, part, "{ slow(seconds: 60) }"))
        await asyncio.sleep(0.7)
        await part.stopped(seconds=10)
        with pytest.raises((httpx.HTTPError, json.JSONDecodeError)):
            await asking


async def test_a_write_is_published_and_handled_by_a_worker_that_stops_when_told(house: House) -> None:
    async with a_part(house, "worker") as part:
        await house.write("Zoé")

        async def seen() -> bool:
            return bool(await house.all(Seen))

        await until(seen, seconds=20)
        assert (await part.client.get("/readyz")).status_code == 200
        metrics = (await part.client.get("/metrics")).text
        assert 'liant_outbox_published_total{service="tiny"} 1.0' in metrics
        assert 'liant_inbox_handled_total{service="tiny",type="liant.contacts.v1.ContactCreated"} 1.0' in metrics
        assert await part.stopped() == 0
        assert [line for line in part.log if line["level"] in ("error", "warning")] == []


async def test_what_was_acknowledged_survives_a_kill(house: House) -> None:
    async with a_part(house, "web") as part:
        made = await _ask(house, part, 'mutation { addNote(text: "kept") { ... on NoteType { id } } }')
        part.process.kill()
    assert [format_id("note", row.id) for row in await house.all(Note)] == [made["data"]["addNote"]["id"]]


async def test_migrating_twice_at_once_and_again_is_harmless(house: House) -> None:
    async def migrate() -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.chassis.tiny", "migrate",
            env={**os.environ, **house.environment}, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, told = await process.communicate()
        return process.returncode or 0, told.decode()

    for status, told in await asyncio.gather(migrate(), migrate()):
        assert status == 0, told


async def test_an_unknown_part_tells_which_there_are(house: House) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chassis.tiny", "fly", stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().strip() == "usage: python -m services.tiny migrate | web | worker | rebuild"


async def test_settings_that_are_missing_end_the_part_with_their_names() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIANT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chassis.tiny", "web", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    assert process.returncode == 1
    assert "LIANT_TINY_DATABASE_URL" in told.decode()
    assert "Traceback" not in told.decode()
