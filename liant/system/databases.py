"""Each service's database and its owner; every other role is the migrate step's."""

import asyncpg

from liant.system.layout import SERVICES, Layout


async def create_databases(layout: Layout) -> None:
    """Create what is missing. The owner may make roles, and is no superuser: as on a managed server."""
    connection = await asyncpg.connect(layout.postgres.url())
    try:
        for service in SERVICES:
            await _create(connection, f"liant_{service}", f"{service}_owner", layout.passwords[f"{service}_owner"])
    finally:
        await connection.close()


async def _create(connection: asyncpg.Connection, database: str, owner: str, password: str) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", owner):
        await _run(connection, "CREATE ROLE %I LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD %L", owner, password)
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
        await _run(connection, "CREATE DATABASE %I OWNER %I", database, owner)
        await _run(connection, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database)


async def _run(connection: asyncpg.Connection, template: str, *values: str) -> None:
    # Utility statements take no parameters: PostgreSQL itself quotes the names and the password.
    statement = await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", template, values)
    await connection.execute(statement)
