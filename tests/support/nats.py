"""A NATS server with JetStream for a test session."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from liant.embedded.nats import EmbeddedNats
from liant.ports import reserve
from tests.support.control import Control, DockerContainer, Given, LocalProcess, docker_answers, until


@dataclass(frozen=True)
class Nats:
    """Where it is, and its power switch."""

    url: str
    control: Control


@asynccontextmanager
async def run_nats(folder: Path, passwords: Mapping[str, str] | None = None) -> AsyncIterator[Nats]:
    """A server for the length of a block; `folder` takes its store where it is ours.

    With `passwords`, it has the users of deploy/nats/server.conf.
    """
    if given := os.environ.get("LIANT_TEST_NATS_URL"):
        yield Nats(given, Given())
    elif docker_answers() and not passwords:
        async with _in_a_container(folder) as server:
            yield server
    else:
        async with _from_the_wheel(folder, passwords) as server:
            yield server


@asynccontextmanager
async def _from_the_wheel(folder: Path, passwords: Mapping[str, str] | None) -> AsyncIterator[Nats]:
    embedded = EmbeddedNats(folder, reserve(), passwords or {})
    embedded.prepare()
    control = LocalProcess(embedded.launch(), embedded.answers)
    await control.start()
    try:
        yield Nats(embedded.url, control)
    finally:
        await control.stop()


@asynccontextmanager
async def _in_a_container(folder: Path) -> AsyncIterator[Nats]:
    from testcontainers.core.container import DockerContainer as Container

    probe = EmbeddedNats(folder, reserve())
    container = Container("nats:2-alpine").with_bind_ports(4222, probe.port).with_command("-js -sd /data")
    with container:
        await until(probe.answers, seconds=60, what="NATS answers")
        yield Nats(probe.url, DockerContainer(container.get_wrapped_container(), probe.answers))
