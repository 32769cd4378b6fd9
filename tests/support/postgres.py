"""A PostgreSQL server for a test session, and fresh databases on it."""

import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg

from liant.embedded.postgres import SUPERUSER, EmbeddedPostgres
from liant.ports import reserve
from tests.support.control import Control, DockerContainer, Given, LocalProcess, docker_answers


@dataclass(frozen=True)
class Postgres:
    """A server and how to become its superuser."""

    host: str
    port: int
    user: str
    password: str
    control: Control

    def url(self, database: str = "postgres", user: str | None = None, password: str | None = None) -> str:
        """The address of a database, as the superuser without a user."""
        name, secret = (user or self.user), (password if user else self.password) or ""
        return f"postgresql://{quote(name)}:{quote(secret)}@{self.host}:{self.port}/{database}"

    async def create_database(self, prefix: str = "test", template: str | None = None) -> str:
        """A fresh database, empty or copied from a template that nobody is connected to. Gives its name."""
        name = f"{prefix}_{secrets.token_hex(6)}"
        source = f' TEMPLATE "{template}"' if template else ""
        await self.execute(f'CREATE DATABASE "{name}"{source}')
        return name

    async def drop_database(self, name: str) -> None:
        """Drop it, whoever is still connected."""
        await self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @asynccontextmanager
    async def database(self, prefix: str = "test", template: str | None = None) -> AsyncIterator[str]:
        """A fresh database for the length of a block."""
        name = await self.create_database(prefix, template)
        try:
            yield name
        finally:
            await self.drop_database(name)

    async def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the superuser."""
        connection: Any = await asyncpg.connect(self.url(database), timeout=10)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@asynccontextmanager
async def run_postgres(*, durable: bool = False) -> AsyncIterator[Postgres]:
    """A server for the length of a block; `durable` where ours is to write as a real one does."""
    if given := os.environ.get("LIANT_TEST_POSTGRES_URL"):
        parts = urlsplit(given)
        yield Postgres(
            parts.hostname or "127.0.0.1", parts.port or 5432, parts.username or "", parts.password or "", Given()
        )
    elif docker_answers():
        async with _in_a_container() as server:
            yield server
    else:
        # Not in pytest's temporary folder: each run of pytest closes that one to other users again,
        # and for root PostgreSQL runs as another user.
        with tempfile.TemporaryDirectory(prefix="liant-postgres-") as folder:
            async with _from_the_wheel(Path(folder) / "data", durable) as server:
                yield server


@asynccontextmanager
async def _from_the_wheel(folder: Path, durable: bool) -> AsyncIterator[Postgres]:
    embedded = EmbeddedPostgres(folder, reserve(), secrets.token_hex(16), durable=durable)
    embedded.prepare()
    control = LocalProcess(embedded.launch(), embedded.answers)
    await control.start()
    try:
        yield Postgres("127.0.0.1", embedded.port, SUPERUSER, embedded.password, control)
    finally:
        await control.stop()


@asynccontextmanager
async def _in_a_container() -> AsyncIterator[Postgres]:
    from testcontainers.postgres import PostgresContainer

    port, password = reserve(), secrets.token_hex(16)
    container = PostgresContainer("postgres:18-alpine", username=SUPERUSER, password=password, dbname="postgres")
    with container.with_bind_ports(5432, port):
        probe = EmbeddedPostgres(Path(), port, password)
        control = DockerContainer(container.get_wrapped_container(), probe.answers)
        yield Postgres("127.0.0.1", port, SUPERUSER, password, control)
