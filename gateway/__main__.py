"""`python -m gateway --supergraph FILE --port N`: serve any Apollo Federation v2 supergraph."""

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop
from pydantic import ValidationError

from chassis import asgi, telemetry
from chassis.lifecycle import Loop, run_until_stopped
from gateway.app import create
from gateway.config import GatewaySettings
from gateway.errors import SupergraphInvalid
from gateway.transport.direct import protocol


def main(arguments: Sequence[str] | None = None) -> None:
    """Read arguments and environment, then serve until SIGTERM."""
    given = _parser().parse_args(arguments)
    overrides = {name: value for name, value in vars(given).items() if value is not None}
    try:
        settings = GatewaySettings(**overrides)
        telemetry.configure(settings, "gateway")
        uvloop.run(serve(settings))
    except ValidationError as error:
        sys.exit(_explained(error))
    except (SupergraphInvalid, OSError, ValueError) as error:
        sys.exit(f"gateway: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway",
        description="Serve a federated supergraph. Everything else is set by LIANT_GATEWAY_<NAME> in the environment; "
        "docs/guides/gateway.md lists the names.",
    )
    parser.add_argument("--supergraph", type=Path, help="composed supergraph SDL")
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (4000); 0 takes a free one")
    return parser


async def serve(settings: GatewaySettings) -> None:
    """Listen, say where, and serve until a signal; SIGHUP reads the supergraph again."""
    stopping = asyncio.Event()
    gateway = await create(settings, stopping)
    _settle_memory()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, gateway.supergraph_file.check_now)
    listener = asgi.bind(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    subgraphs = ", ".join(sorted(gateway.pipeline.serving.subgraphs))
    print(f"gateway: serving {subgraphs} at http://{host}:{port}{settings.path}", flush=True)  # noqa: T201  # for a person

    async def web(stop: asyncio.Event) -> None:
        await asgi.serve(gateway.app, settings, stop, listener, http=protocol(gateway.lane))

    async def end_streams(stop: asyncio.Event) -> None:
        await stop.wait()
        stopping.set()

    loops: dict[str, Loop] = {"web": web, "supergraph": gateway.supergraph_file.watch, "streams": end_streams}
    try:
        await run_until_stopped(loops, settings.shutdown_seconds)
    finally:
        await gateway.close()


def _settle_memory() -> None:
    """What is here now stays: the collector need not look at it again, nor after every few hundred new objects.

    A heavy answer is thousands of dicts, all freed by counting; to look for cycles among them took an eighth of it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _explained(error: ValidationError) -> str:
    lines = ["gateway: the settings are not right:"]
    for problem in error.errors():
        name = "_".join(str(part) for part in problem["loc"]).upper()
        lines.append(f"  LIANT_GATEWAY_{name}: {problem['msg']}" if name else f"  {problem['msg']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
