"""The gateway as a process: how it starts, reloads and stops."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.gateway.front.library import BOOKS, REVIEWS, Shelf, Subgraph
from tests.gateway.front.world import SUPERGRAPH, served, world

BROKEN = "type Query { a: Int "
WITHOUT_REVIEWS = SUPERGRAPH.read_text().replace("  reviews: [Review!]! @join__field(graph: REVIEWS)\n", "")


@dataclass
class Running:
    """A gateway process."""

    process: asyncio.subprocess.Process
    line: str

    @property
    def url(self) -> str:
        return self.line.rpartition(" at ")[2]

    async def ask(self, query: str, seconds: float = 10) -> httpx.Response:
        async with httpx.AsyncClient(timeout=seconds) as client:
            return await client.post(self.url, json={"query": query})


async def start(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", *arguments, env={**os.environ, **environment}, stdout=pipe, stderr=pipe
    )


@asynccontextmanager
async def gateway(supergraph: Path, **environment: str) -> AsyncIterator[Running]:
    """`python -m gateway` before books and reviews."""
    shelf = Shelf()
    async with served(Subgraph(BOOKS, shelf), Subgraph(REVIEWS, shelf)) as (books, reviews):
        urls = {"LIANT_GATEWAY_SUBGRAPH_URL_BOOKS": f"{books}/", "LIANT_GATEWAY_SUBGRAPH_URL_REVIEWS": f"{reviews}/"}
        process = await start("--supergraph", str(supergraph), "--port", "0", **urls, **environment)
        assert process.stdout is not None
        try:
            line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
            yield Running(process, line)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def test_it_says_where_it_serves_what_and_takes_addresses_from_the_environment() -> None:
    async with gateway(SUPERGRAPH) as running:
        assert running.line.startswith("gateway: serving books, reviews at http://127.0.0.1:")
        answer = await running.ask("{ books(first: 1) { title reviews { stars } } }")
        assert answer.json()["data"]["books"] == [{"title": "Candide", "reviews": [{"stars": 2}]}]


async def test_it_answers_queries_while_the_broker_is_away(tmp_path: Path) -> None:
    mapping = tmp_path / "subscriptions.json"
    mapping.write_text("{}")
    away = {"LIANT_GATEWAY_SUBSCRIPTIONS_FILE": str(mapping), "LIANT_GATEWAY_NATS_URL": "nats://127.0.0.1:1"}
    async with gateway(SUPERGRAPH, **away) as running:
        answer = await running.ask("{ books(first: 1) { title } }")
        assert answer.json()["data"]["books"] == [{"title": "Candide"}]


async def test_sigterm_lets_what_began_finish_and_takes_nothing_new() -> None:
    async with gateway(SUPERGRAPH) as running:
        slow = asyncio.create_task(running.ask("{ slow(seconds: 1.0) }"))
        await asyncio.sleep(0.4)
        running.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        with pytest.raises(httpx.TransportError):
            await running.ask("{ __typename }")
        assert (await slow).json() == {"data": {"slow": "done"}}
        assert await asyncio.wait_for(running.process.wait(), 10) == 0


async def test_sigterm_ends_open_subscriptions() -> None:
    async with gateway(SUPERGRAPH) as running, httpx.AsyncClient(timeout=10) as client:
        body = {"query": "subscription { bookAdded { id } }"}
        async with client.stream("POST", running.url, json=body, headers={"accept": "text/event-stream"}) as answer:
            assert answer.status_code == 200
            running.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(running.process.wait(), 10) == 0


async def test_sighup_takes_a_new_supergraph(tmp_path: Path) -> None:
    path = tmp_path / "supergraph.graphql"
    path.write_text(SUPERGRAPH.read_text())
    async with gateway(path, LIANT_GATEWAY_RELOAD_SECONDS="0") as running:
        assert (await running.ask("{ books { reviews { stars } } }")).json()["data"]
        path.write_text(WITHOUT_REVIEWS)
        running.process.send_signal(signal.SIGHUP)
        await asyncio.sleep(1)
        assert (await running.ask("{ books { reviews { stars } } }")).json()["errors"]
        assert (await running.ask("{ books { title } }")).json()["data"]


@pytest.mark.parametrize(
    ("text", "environment", "told"),
    [
        (None, {}, "No such file"),
        (BROKEN, {}, "gateway: "),
        (SUPERGRAPH.read_text(), {"LIANT_GATEWAY_SUBGRAPH_URL_BOOKS": "ftp://x"}, "LIANT_GATEWAY_SUBGRAPH_URLS"),
        (SUPERGRAPH.read_text(), {"LIANT_GATEWAY_MAX_DEPTH": "deep"}, "LIANT_GATEWAY_MAX_DEPTH"),
        (SUPERGRAPH.read_text(), {"LIANT_GATEWAY_PERSISTED_ONLY": "1"}, "LIANT_GATEWAY_PERSISTED_MANIFEST"),
        (SUPERGRAPH.read_text(), {"LIANT_GATEWAY_ISSUER": "me"}, "exactly one of jwks_file"),
    ],
)
async def test_what_it_cannot_serve_it_explains_in_a_line_and_exits(
    tmp_path: Path, text: str | None, environment: dict[str, str], told: str
) -> None:
    path = tmp_path / "supergraph.graphql"
    if text is not None:
        path.write_text(text)
    process = await start("--supergraph", str(path), "--port", "0", **environment)
    _, error = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert told in error.decode()
    assert "Traceback" not in error.decode()


async def test_a_changed_supergraph_is_taken_without_dropping_a_request(tmp_path: Path) -> None:
    path = tmp_path / "supergraph.graphql"
    path.write_text(SUPERGRAPH.read_text())
    async with world(path, reload_seconds=0.05) as w:
        slow = asyncio.create_task(w.ask("{ slow(seconds: 0.5) }"))
        asked = [asyncio.create_task(w.ask("{ books { title } }")) for _ in range(20)]
        path.write_text(WITHOUT_REVIEWS)
        async with asyncio.timeout(5):
            while (await w.ask("{ books { reviews { stars } } }")).status_code == 200:
                asked.append(asyncio.create_task(w.ask("{ books { title } }")))
        assert (await slow).json() == {"data": {"slow": "done"}}
        assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}


async def test_an_invalid_supergraph_is_refused_and_the_old_one_kept(tmp_path: Path) -> None:
    path = tmp_path / "supergraph.graphql"
    path.write_text(SUPERGRAPH.read_text())
    async with world(path, reload_seconds=0.05) as w:
        for broken in (BROKEN, "", "type Query { a: Int }"):
            path.write_text(broken)
            await asyncio.sleep(0.3)
            assert (await w.ask("{ books { title } }")).json()["data"]
        path.unlink()
        await asyncio.sleep(0.2)
        assert (await w.ask("{ books { title } }")).json()["data"]
        assert 'liant_gateway_reloads_total{outcome="refused"}' in (await w.client.get("/metrics")).text
