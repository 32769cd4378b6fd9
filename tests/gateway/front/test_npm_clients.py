"""What the reference JavaScript clients and the GraphQL over HTTP audit say. Skipped where npm cannot install them."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.front.world import world

NPM = Path(__file__).parent / "npm"


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    if not (NPM / "node_modules").exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=NPM, capture_output=True, text=True, timeout=300)
        if done.returncode:
            pytest.skip(f"npm ci failed: {done.stderr[-300:]}")


async def node(script: str, *arguments: str) -> list[dict[str, Any]]:
    """Run a script of the npm folder; its output is JSON lines."""
    process = await asyncio.create_subprocess_exec(
        "node", script, *arguments, cwd=NPM, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return [json.loads(line) for line in out.splitlines()]


async def test_the_graphql_over_http_audit_passes() -> None:
    async with world() as w:
        results = await node("audit.mjs", f"{w.url}/graphql")
    assert len(results) > 50
    assert [result for result in results if result["status"] != "ok"] == []


COUNT = "subscription { countdown(start: 3) }"


@pytest.mark.parametrize(("script", "scheme"), [("subscribe-ws.mjs", "ws"), ("subscribe-sse.mjs", "http")])
async def test_the_reference_clients_follow_a_subscription_to_its_end(script: str, scheme: str) -> None:
    async with world() as w:
        url = w.url.replace("http", scheme) + "/graphql"
        assert await node(script, url, COUNT, "0") == [{"data": {"countdown": n}} for n in (3, 2, 1)]
        assert await node(script, url, "{ book(id: 1) { title } }", "0") == [{"data": {"book": {"title": "Candide"}}}]


@pytest.mark.parametrize(("script", "scheme"), [("subscribe-ws.mjs", "ws"), ("subscribe-sse.mjs", "http")])
async def test_the_reference_clients_leave_when_they_have_enough(script: str, scheme: str) -> None:
    async with world() as w:
        url = w.url.replace("http", scheme) + "/graphql"
        watching = asyncio.create_task(node(script, url, "subscription { bookAdded { title } }", "1"))
        async with asyncio.timeout(20):
            while not w.shelf.added:  # noqa: ASYNC110  # the subgraph has no event for it
                await asyncio.sleep(0.02)
        await w.ask('mutation { addBook(title: "Bel-Ami") { id } }')
        assert await watching == [{"data": {"bookAdded": {"title": "Bel-Ami"}}}]
        async with asyncio.timeout(10):
            while w.shelf.added:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.02)
