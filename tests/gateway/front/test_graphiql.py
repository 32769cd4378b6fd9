"""GraphiQL in a real browser, without internet. Skipped where there is no Chromium."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from gateway.transport.pages import ASSETS
from tests.gateway.front.tokens import Issuer
from tests.gateway.front.world import world

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=15000",
    "--dump-dom",
)


async def visit(url: str, profile: Path) -> tuple[str, list[str]]:
    """The page as it stands after its scripts ran, and what they wrote to the console."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("no chromium")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        browser, *FLAGS, f"--user-data-dir={profile}", url, stdout=pipe, stderr=pipe
    )
    page, told = await asyncio.wait_for(process.communicate(), 120)
    return page.decode(), [line for line in told.decode().splitlines() if ":CONSOLE" in line]


async def test_a_link_with_a_token_opens_graphiql_signed_in_with_the_schema_read(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    async with world(identity=issuer.trusted()) as w:
        token = issuer.token()
        page, console = await visit(f"{w.url}/graphql#token={token}", tmp_path / "profile")
    assert console == []
    assert "graphiql-container" in page
    assert "TOKEN_MISSING" not in page
    assert "Authorization" in page


async def test_a_browser_gets_graphiql_and_a_client_does_not() -> None:
    async with world() as w:
        browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        for path in ("/", "/graphql"):
            answer = await w.client.get(path, headers=browser)
            assert "GraphiQL" in answer.text
            assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert (await w.client.get("/graphiql/main.js")).status_code == 200
        assert (await w.client.get("/graphql")).json()["errors"]
    async with world(graphiql=False) as w:
        assert (await w.client.get("/", headers=browser)).status_code == 404
        assert "GraphiQL" not in (await w.client.get("/graphql", headers=browser)).text


def test_nothing_in_the_page_is_loaded_from_elsewhere() -> None:
    for path in ASSETS.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", path.read_text())
    page = (ASSETS / "index.html").read_text()
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert sum(path.stat().st_size for path in ASSETS.rglob("*")) < 4_000_000
