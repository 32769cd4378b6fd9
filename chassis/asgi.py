"""Serve an ASGI application until told to stop."""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

import structlog
import uvicorn
from starlette.types import ASGIApp

from chassis.config import PartSettings

KEEP_ALIVE_SECONDS = 75
BACKLOG = 1024

_log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """Leaves signals to chassis.lifecycle."""

    def install_signal_handlers(self) -> None:
        return


async def serve(
    app: ASGIApp,
    settings: PartSettings,
    stop: asyncio.Event,
    listener: socket.socket | None = None,
    http: Callable[..., asyncio.Protocol] | None = None,
) -> None:
    """Listen on the part's address, or where told, until told to stop; then finish the requests that are there.

    `http` makes connections, instead of uvicorn's own protocol.
    """
    listener = listener or bind(settings.host, settings.port)
    config = uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", http) if http else "auto",
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.shutdown_seconds),
        server_header=False,
    )
    server = _Server(config)
    host, port = listener.getsockname()[:2]
    _log.info("listening", address=f"http://{host}:{port}")
    serving = asyncio.create_task(server._serve([listener]))  # serve() would take the signals
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises OSError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    listener.set_inheritable(True)
    return listener
