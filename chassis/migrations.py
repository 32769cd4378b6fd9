"""Roles, tables and row-level security of a service's database; Alembic, run in process."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command, context, op
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from chassis.database import create_engine

_LOCK = 0x11A7


def protect(table: str, service: str, *, system: bool = False, tenant: str = "organization_id") -> None:
    """Enable and force row-level security on a table, for the application's role; in a migration.

    With `system`, the service's system role works it across organizations (outbox, deliveries, sweeps).
    """
    scope = f"{tenant} = nullif(current_setting('liant.organization', true), '')::uuid"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} TO {service}_app USING ({scope}) WITH CHECK ({scope})")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {service}_app")
    if system:
        op.execute(f"CREATE POLICY system ON {table} TO {service}_system USING (true) WITH CHECK (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {service}_system")


PORTFOLIO = """
CREATE FUNCTION portfolio() RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('liant.portfolio', true), '')::uuid[]
$$
"""
"""Whose portfolios bound the transaction; null where nothing does."""


def share(table: str, service: str, condition: str) -> None:
    """Show a bounded transaction only the rows of a table for which an SQL condition holds; in a migration."""
    op.execute(
        f"CREATE POLICY portfolio ON {table} AS RESTRICTIVE FOR SELECT TO {service}_app"
        f" USING ((SELECT portfolio()) IS NULL OR {condition})"
    )


def shared_set(name: str, service: str, query: str, *tables: str) -> None:
    """A function `name()` that gives the ids in the transaction's portfolio, told by a query; in a migration.

    It reads `tables` as their owner, within the organization of the caller's scope: policies that asked each other
    would never end.
    """
    scope = "nullif(current_setting('liant.organization', true), '')::uuid"
    for table in tables:
        op.execute(f"DROP POLICY IF EXISTS sharing ON {table}")
        op.execute(f"CREATE POLICY sharing ON {table} FOR SELECT TO CURRENT_USER USING (organization_id = {scope})")
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ DECLARE scope uuid := {scope}; mine uuid[] := portfolio();"
        f" BEGIN RETURN QUERY {query}; END $$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {name}() TO {service}_app")


def purge_by_system(table: str, service: str) -> None:
    """Let the service's system role find and delete rows of a table across organizations; in a migration."""
    for verb in ("SELECT", "DELETE"):
        op.execute(f"CREATE POLICY system_{verb.lower()} ON {table} FOR {verb} TO {service}_system USING (true)")
        op.execute(f"GRANT {verb} ON {table} TO {service}_system")


def notify_on_insert(table: str, channel: str) -> None:
    """Wake whoever listens on a channel when rows are committed to a table; in a migration."""
    op.execute(
        f"CREATE FUNCTION {table}_notify() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM pg_notify('{channel}', ''); RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_notify AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_notify()"
    )


def run_env(metadata: MetaData) -> None:
    """What a service's migrations/env.py does: run on the connection that `upgrade` handed over."""
    connection: Connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def upgrade(folder: Path, owner_url: str, app_url: str, system_url: str) -> None:
    """Create the two roles if they are not there, then bring the schema to head. One migrator at a time."""
    engine = create_async_engine(make_url(owner_url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            await connection.commit()
            for url in (app_url, system_url):
                await _ensure_role(connection, url)
            await connection.commit()
            await connection.run_sync(_upgrade, folder)
            await connection.execute(text("GRANT SELECT ON alembic_version TO PUBLIC"))
            await connection.commit()
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, folder: Path) -> None:
    config = alembic_config(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config(folder: Path) -> Config:
    """Alembic's configuration for a service's migrations folder; no ini file."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


async def _ensure_role(connection: AsyncConnection, url: str) -> None:
    """A login role without ownership and without BYPASSRLS, with the password of its address."""
    parsed = make_url(url)
    role, password = str(parsed.username), str(parsed.password or "")
    # Roles belong to the whole cluster: services that share one must not make or alter the same role at once.
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:role))"), {"role": role})
    exists = await connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
    # Only a superuser may name SUPERUSER or BYPASSRLS of a role that is there, even to leave them as they are.
    verb, limits = ("ALTER", "") if exists else ("CREATE", " NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
    # Utility statements take no parameters: PostgreSQL itself quotes the name and the password.
    template = f"{verb} ROLE %I LOGIN{limits} PASSWORD %L"
    statement = await connection.scalar(
        text("SELECT format(:template, CAST(:role AS text), CAST(:password AS text))"),
        {"template": template, "role": role, "password": password},
    )
    await connection.exec_driver_sql(str(statement))
    grant = await connection.scalar(
        text("SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), CAST(:role AS text))"),
        {"role": role},
    )
    await connection.exec_driver_sql(str(grant))
    usage = await connection.scalar(
        text("SELECT format('GRANT USAGE ON SCHEMA public TO %I', CAST(:role AS text))"), {"role": role}
    )
    await connection.exec_driver_sql(str(usage))


async def differences(owner_url: str, metadata: MetaData) -> Sequence[Any]:
    """What the migrated database and the model do not agree on; empty when they do."""
    engine = create_engine(owner_url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_differences, metadata)
    finally:
        await engine.dispose()


def _differences(connection: Connection, metadata: MetaData) -> Sequence[Any]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


UNPROTECTED = text(
    """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version'
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant'))
    ORDER BY 1
    """
)


async def unprotected_tables(engine: AsyncEngine) -> list[str]:
    """Tables without forced row-level security and a tenant policy: there must be none."""
    async with engine.connect() as connection:
        return [row[0] for row in await connection.execute(UNPROTECTED)]
