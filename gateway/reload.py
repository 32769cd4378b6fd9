"""Takes a changed supergraph into service without dropping a request; an invalid one is refused and the old kept."""

import asyncio

import structlog

from gateway.config import GatewaySettings
from gateway.errors import SupergraphInvalid
from gateway.metrics import RELOADS
from gateway.pipeline import serving
from gateway.pipeline.run import Pipeline

_log = structlog.get_logger(__name__)

Stamp = tuple[int, int, int]


class SupergraphFile:
    """Watches the file; `check_now` (SIGHUP) looks at once."""

    def __init__(self, settings: GatewaySettings, pipeline: Pipeline) -> None:
        self._settings = settings
        self._pipeline = pipeline
        self._seen = self._stamp()
        self._asked = asyncio.Event()

    def check_now(self) -> None:
        """Load the file again whether or not it changed."""
        self._seen = None
        self._asked.set()

    async def watch(self, stop: asyncio.Event) -> None:
        """Look at the file every `reload_seconds`, until told to stop."""
        while not stop.is_set():
            await self._pause(stop)
            stamp = self._stamp()
            if stamp is not None and stamp != self._seen and not stop.is_set():
                self._seen = stamp
                self._reload()

    async def _pause(self, stop: asyncio.Event) -> None:
        waits = {asyncio.ensure_future(stop.wait()), asyncio.ensure_future(self._asked.wait())}
        _, pending = await asyncio.wait(
            waits, timeout=self._settings.reload_seconds or None, return_when=asyncio.FIRST_COMPLETED
        )
        for wait in pending:
            wait.cancel()
        self._asked.clear()

    def _stamp(self) -> Stamp | None:
        try:
            found = self._settings.supergraph.stat()
        except OSError:  # a file being replaced is away for a moment; what is served stays
            return None
        return (found.st_mtime_ns, found.st_size, found.st_ino)

    def _reload(self) -> None:
        try:
            fresh = serving.load(self._settings)
        except (SupergraphInvalid, OSError) as error:
            RELOADS.labels("refused").inc()
            _log.error("supergraph refused, the one in service is kept", reason=str(error))
            return
        retired, self._pipeline.serving = self._pipeline.serving, fresh
        RELOADS.labels("taken").inc()
        _log.info("supergraph reloaded", subgraphs=sorted(fresh.subgraphs))
        # Requests under way end within the time-out; only then are the old connections nobody's.
        loop = asyncio.get_running_loop()
        loop.call_later(self._settings.timeout + 1, retired.close)
