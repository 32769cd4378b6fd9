"""Engine, sessions (reading and writing are different types), unit of work, tenant scope."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any, ClassVar, Self
from uuid import UUID

from opentelemetry import propagate
from sqlalchemy import (
    Date,
    DateTime,
    Executable,
    LargeBinary,
    Row,
    Select,
    Text,
    Uuid,
    make_url,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from chassis.arrays import insert_rows
from chassis.auth import Actor
from chassis.errors import DomainError
from chassis.identifiers import format_id, new_id
from chassis.messages import SENDER, Outgoing, headers_of
from chassis.outbox import outbox_row
from chassis.sharing import portfolio_setting

_SCOPE = text("SELECT set_config('liant.organization', :organization, true)")
_READ_SCOPE = text(
    "SELECT set_config('liant.organization', :organization, true), set_config('transaction_read_only', 'on', true)"
)
_PORTFOLIO = text("SELECT set_config('liant.portfolio', :portfolio, true)")
STATEMENT_SECONDS = 15
CONNECT_SECONDS = 5


class Base(DeclarativeBase):
    """Never mapped itself: each service derives its own base, with its own metadata."""

    __abstract__ = True
    # SQLAlchemy reads the map of this class alone, not those of derived bases.
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        date: Date,
        str: Text,
        UUID: Uuid,
        bytes: LargeBinary,
    }


def utc_now() -> datetime:
    """The clock that a unit of work reads, once."""
    return datetime.now(UTC)


def create_engine(
    url: str, *, pool_size: int = 5, application: str = "liant", statement_seconds: float = STATEMENT_SECONDS
) -> AsyncEngine:
    """An engine on asyncpg for a `postgresql://` address."""
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": statement_seconds,
            "server_settings": {"application_name": application},
        },
    )


class ReadSession:
    """Core rows from one read-only transaction, scoped to an organization. It opens with its first statement.

    Statements of one session run one at a time, whoever awaits them.
    """

    def __init__(self, engine: AsyncEngine, organization: UUID, portfolio: tuple[UUID, ...] | None = None) -> None:
        self._engine = engine
        self._organization = organization
        self._portfolio = portfolio
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._closed = False

    async def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows."""
        async with self._lock:
            connection = await self._open()
            return (await connection.execute(statement)).all()

    async def first(self, statement: Executable) -> Row[Any] | None:
        """The first row, if any."""
        found = await self.rows(statement)
        return found[0] if found else None

    async def by_key(
        self, statement: Select[*tuple[Any, ...]], column: Any, keys: Sequence[UUID]
    ) -> list[Row[Any] | None]:
        """One of the statement's rows for each key, in the order of the keys; None where there is none."""
        found = {row._mapping[column.key]: row for row in await self.rows(statement.where(column.in_(keys)))}
        return [found.get(key) for key in keys]

    async def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        found = await self.first(statement)
        return None if found is None else found[0]

    async def scalars(self, statement: Executable) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in await self.rows(statement)]

    async def _open(self) -> AsyncConnection:
        if self._closed:
            # A resolver that went on after its request was answered must not take a connection that nobody returns.
            raise asyncio.CancelledError
        if self._connection is None:
            self._connection = await self._engine.connect()
            await self._connection.execute(_READ_SCOPE, {"organization": str(self._organization)})
            await self._bind(self._connection)
        return self._connection

    async def bound(self, portfolio: tuple[UUID, ...] | None) -> None:
        """See no more than these collaborators' portfolios from now on; everything for None."""
        async with self._lock:
            self._portfolio = portfolio
            if self._connection is not None:
                await self._bind(self._connection)

    async def _bind(self, connection: AsyncConnection) -> None:
        if self._portfolio is not None:
            await connection.execute(_PORTFOLIO, {"portfolio": portfolio_setting(self._portfolio)})

    async def close(self) -> None:
        """Give the connection back, once the statement that is running has ended."""
        async with self._lock:
            self._closed = True
            await self._give_back()

    async def release(self) -> None:
        """Give the connection back; the next statement takes one again."""
        async with self._lock:
            await self._give_back()

    async def _give_back(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()


class WriteSession(AsyncSession):
    """A session that writes; only a unit of work makes and commits one."""


class UnitOfWork:
    """One transaction in an actor's name: rows and messages are committed together, or not at all."""

    session: WriteSession

    def __init__(self, engine: AsyncEngine, base: type[DeclarativeBase], source: str, actor: Actor, now: datetime):
        self._engine = engine
        self._outbox = base.metadata.tables["outbox"]
        self._source = source
        self.actor = actor
        self.now = now
        self.cause = ""
        """What brought this transaction about, for history: a mutation, a message, a sweep."""

    @property
    def organization(self) -> UUID:
        """The tenant this unit of work is confined to."""
        return self.actor.organization

    async def __aenter__(self) -> Self:
        self.session = WriteSession(self._engine, expire_on_commit=False)
        try:
            await self.session.execute(_SCOPE, {"organization": str(self.organization)})
        except BaseException:
            await asyncio.shield(self.session.close())
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                await self.session.commit()
        finally:
            # A cancelled request must still give its connection back.
            await asyncio.shield(self.session.close())

    @asynccontextmanager
    async def across(self, actor: Actor) -> AsyncIterator[None]:
        """Act as somebody of another organization for the length of a block, in this same transaction.

        For whoever belongs to both: row-level security holds on either side, and both sides are committed, or neither.
        """
        mine = self.actor
        await self._enter(actor)
        try:
            yield
        finally:
            await self._enter(mine)

    async def _enter(self, actor: Actor) -> None:
        await self.session.flush()
        await self.session.execute(_SCOPE, {"organization": str(actor.organization)})
        self.actor = actor

    def as_seen(self) -> AbstractAsyncContextManager[None]:
        """Within, only what the actor's portfolio shows: for rows that the actor names.

        Elsewhere a unit of work sees everything: what a write gives away must still be told of.
        """
        return self.seen_by(self.actor.portfolio)

    @asynccontextmanager
    async def seen_by(self, portfolio: tuple[UUID, ...] | None) -> AsyncIterator[None]:
        """Within, only what these collaborators' portfolios show; everything for None."""
        if portfolio is None:
            yield
            return
        await self.session.execute(_PORTFOLIO, {"portfolio": portfolio_setting(portfolio)})
        try:
            yield
        except DomainError:
            await self.session.execute(_PORTFOLIO, {"portfolio": ""})
            raise
        # After any other error there is no transaction left to go on with, nor a setting of it.
        await self.session.execute(_PORTFOLIO, {"portfolio": ""})

    async def emit(self, *messages: Outgoing) -> None:
        """Add messages to the outbox of this transaction. Raises MessageTooLarge."""
        if not messages:
            return
        await self.session.flush()
        rows = [_outbox_row(message, self._source, self.organization, self.now) for message in messages]
        await insert_rows(self.session, self._outbox, rows)


def _outbox_row(message: Outgoing, source: str, organization: UUID, now: datetime) -> dict[str, Any]:
    id = new_id()
    whose = message.recipient or organization
    headers = headers_of(message, id=id, source=source, time=now, organization=whose)
    if whose != organization:
        headers[SENDER] = format_id("organization", organization)
    propagate.inject(headers)
    return outbox_row(message, id=id, organization=organization, headers=headers, now=now)


class Database:
    """A service's database, as its application role sees it: only through a tenant's scope."""

    def __init__(
        self,
        url: str,
        base: type[DeclarativeBase],
        source: str,
        *,
        pool_size: int = 5,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.engine = create_engine(url, pool_size=pool_size, application=f"liant-{source}")
        self.clock = clock
        self.base = base
        self._source = source

    @asynccontextmanager
    async def read(self, organization: UUID, portfolio: tuple[UUID, ...] | None = None) -> AsyncIterator[ReadSession]:
        """A read-only view of one organization's rows, or of what these collaborators' portfolios show of them."""
        session = ReadSession(self.engine, organization, portfolio)
        try:
            yield session
        finally:
            await asyncio.shield(session.close())

    def unit_of_work(self, actor: Actor) -> UnitOfWork:
        """A transaction to enter with `async with`; it commits at the end of the block, unless that raises."""
        return UnitOfWork(self.engine, self.base, self._source, actor, self.clock())

    def outbox_row(self, message: Outgoing, organization: UUID, now: datetime) -> dict[str, Any]:
        """A message as a row, for whoever writes those of many organizations at once. Raises MessageTooLarge."""
        return _outbox_row(message, self._source, organization, now)

    async def ping(self) -> None:
        """Raise unless the database answers."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
