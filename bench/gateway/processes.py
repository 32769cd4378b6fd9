"""Starts the subgraphs and the gateways, each on its core, and ends them."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.gateway.contenders import Contender, Place, environment

START_SECONDS = 60


class DidNotStart(RuntimeError):
    """A process that ended, or does not answer; its log tells why."""

    def __init__(self, name: str, log: Path) -> None:
        super().__init__(f"{name} did not start; its last lines ({log}):\n{_tail(log)}")


@contextmanager
def subgraphs(ports: dict[str, int], core: int, folder: Path) -> Iterator[None]:
    """The three static subgraphs, in one process."""
    command = [sys.executable, "-m", "bench.gateway.subgraph", *(f"{name}:{port}" for name, port in ports.items())]
    with _process("subgraphs", command, core, dict(os.environ), folder) as (process, log):
        for port in ports.values():
            _wait("subgraphs", f"http://127.0.0.1:{port}/graphql", process, log)
        yield


@contextmanager
def gateway(contender: Contender, place: Place, core: int) -> Iterator[int]:
    """A gateway that answers; gives its process id."""
    command = contender.command(place)
    with _process(contender.name, command, core, environment(contender, place), place.folder) as (process, log):
        _wait(contender.name, f"http://127.0.0.1:{place.port}/graphql", process, log)
        yield process.pid


@contextmanager
def _process(
    name: str, command: list[str], core: int, env: dict[str, str], folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = folder / f"{name.replace(' ', '-').replace(',', '').lower()}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["taskset", "-c", str(core), *command], stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=env
        )
    try:
        yield process, log
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(name: str, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until a query is answered."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            post(url, b'{"query":"{ __typename }"}')
            return
        time.sleep(0.1)
    raise DidNotStart(name, log)


def post(url: str, body: bytes, token: str = "") -> bytes:
    """The answer to a GraphQL request, whatever its status."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return bytes(response.read())
    except urllib.error.HTTPError as error:
        return error.read()


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-20:])
