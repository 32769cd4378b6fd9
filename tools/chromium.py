"""Headless Chromium through its DevTools protocol: what a reader sees, at the width of a phone, in the dark."""

import asyncio
import base64
import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--remote-debugging-port=0",
)
_LISTENS = re.compile(rb"DevTools listening on (ws://\S+)")
_STARTS_WITHIN = 60
# Taller pictures are cut: Chromium's own limit of a texture.
_TALLEST = 16_000


def find() -> str | None:
    """Where Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Page:
    """One tab."""

    socket: ClientConnection
    session: str
    _ids: Any = field(default_factory=lambda: count(1))

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its answer. Raises RuntimeError where Chromium refuses it."""
        id = next(self._ids)
        told = {"id": id, "method": method, "params": parameters, "sessionId": self.session}
        await self.socket.send(json.dumps(told))
        answer = await self._wait(lambda heard: heard.get("id") == id)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        found: dict[str, Any] = answer["result"]
        return found

    async def open(self, url: str) -> None:
        """Go there, and wait until it is loaded."""
        await self.call("Page.enable")
        await self.call("Page.navigate", url=url)
        await self._wait(lambda heard: heard.get("method") == "Page.loadEventFired")

    async def looks(self, width: int, *, dark: bool, height: int = 800) -> None:
        """How wide its screen is, in CSS pixels, and which colours its owner prefers."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        await self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.call("Emulation.setEmulatedMedia", features=[scheme])

    async def run(self, script: str) -> Any:
        """What an expression of JavaScript comes to; promises are awaited."""
        done = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"].get("exception", {}).get("description", script))
        return done["result"].get("value")

    async def picture(self) -> bytes:
        """The whole page as PNG, below what fits on the screen too."""
        box = (await self.call("Page.getLayoutMetrics"))["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": box["width"], "height": min(box["height"], _TALLEST), "scale": 1}
        taken = await self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(taken["data"])

    async def _wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            heard: dict[str, Any] = json.loads(await self.socket.recv())
            if wanted(heard):
                return heard


@asynccontextmanager
async def page(*flags: str) -> AsyncIterator[Page]:
    """A tab of a browser of its own, gone afterwards. Raises FileNotFoundError where Chromium is not installed."""
    browser = find()
    if browser is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            browser, *FLAGS, *flags, f"--user-data-dir={profile}", stderr=asyncio.subprocess.PIPE
        )
        try:
            url = await asyncio.wait_for(_address(process), _STARTS_WITHIN)
            async with connect(url, max_size=None) as socket:
                yield await _tab(socket)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr
    async for line in process.stderr:
        if found := _LISTENS.search(line):
            return found[1].decode()
    raise RuntimeError("Chromium did not start")


async def _tab(socket: ClientConnection) -> Page:
    root = Page(socket, "")
    made = await _rootcall(root, "Target.createTarget", url="about:blank")
    attached = await _rootcall(root, "Target.attachToTarget", targetId=made["targetId"], flatten=True)
    return Page(socket, attached["sessionId"])


async def _rootcall(root: Page, method: str, **parameters: Any) -> dict[str, Any]:
    await root.socket.send(json.dumps({"id": 0, "method": method, "params": parameters}))
    answer = await root._wait(lambda heard: heard.get("id") == 0)
    found: dict[str, Any] = answer["result"]
    return found
