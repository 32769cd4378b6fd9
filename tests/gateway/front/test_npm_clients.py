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
