"""The connections to one subgraph: reused last in first out, bounded in number, closed when idle for long."""

import asyncio
from collections import deque
from dataclasses import dataclass

from gateway.client.address import Address
from gateway.client.connection import Connection, Response
from gateway.client.errors import ConnectionLost, TimedOut, Unreachable

TICK = 0.05  # seconds between two looks at the deadlines: one timer for all exchanges instead of one for each


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Bounds of a pool; times in seconds."""

    connections: int = 100
    idle: float = 15.0
    connect: float = 2.0
    response_bytes: int = 10_000_000


class Pool:
    """Exchanges requests with one address."""

    def __init__(self, address: Address, limits: PoolLimits) -> None:
        self._address = address
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._opening = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._clock: asyncio.TimerHandle | None = None

    async def send(self, request: bytes, deadline: float, *, repeatable: bool) -> Response:
        """Exchange one request (deadline in loop time); raises `ExchangeFailed`.

        A connection that the subgraph closed while it lay idle is noticed only when used: what is
        `repeatable` is then sent once more, on a fresh one (RFC 9110, 9.2.2).
        """
        connection = self._take_idle()
        while True:
            is_fresh = connection is None
            if connection is None:
                connection = await self._open(deadline)
            self._busy.add(connection)
            try:
                return await connection.exchange(request, deadline)
            except ConnectionLost as error:
                if is_fresh or not (error.untouched and repeatable):
                    raise
            finally:
                self._busy.discard(connection)
                self._give_back(connection)
            connection = None

    def _take_idle(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable:
                return connection
        return None

    def _give_back(self, connection: Connection) -> None:
        if connection.busy or not connection.reusable:
            connection.close()
        else:
            connection.idle_since = self._loop.time()
            self._idle.append(connection)
        self._wake_next()

    async def _open(self, deadline: float) -> Connection:
        while self._size >= self._limits.connections:
            await self._wait_for_place(deadline)
            if (connection := self._take_idle()) is not None:
                return connection
        self._opening += 1
        try:
            return await self._connect(deadline)
        finally:
            self._opening -= 1
            if self._clock is None:
                self._clock = self._loop.call_later(TICK, self._tick)

    @property
    def _size(self) -> int:
        return len(self._busy) + len(self._idle) + self._opening

    async def _connect(self, deadline: float) -> Connection:
        address, limits = self._address, self._limits
        try:
            async with asyncio.timeout_at(min(deadline, self._loop.time() + limits.connect)):
                _, connection = await self._loop.create_connection(
                    lambda: Connection(self._loop, limits.response_bytes), address.host, address.port, ssl=address.tls
                )
        except (OSError, TimeoutError) as error:
            self._wake_next()
            raise Unreachable from error
        return connection

    async def _wait_for_place(self, deadline: float) -> None:
        place = self._loop.create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout_at(deadline):
                await place
        except BaseException as error:
            if place.cancelled():
                self._waiting.remove(place)
            else:  # the place was given to us just as we gave up: pass it on
                self._wake_next()
            if isinstance(error, TimeoutError):
                raise TimedOut from None
            raise

    def _wake_next(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return

    def _tick(self) -> None:
        now = self._loop.time()
        for connection in tuple(self._busy):
            connection.expire(now)
        while self._idle and now - self._idle[0].idle_since > self._limits.idle:
            self._idle.pop(0).close()
        alive = self._busy or self._idle or self._opening
        self._clock = self._loop.call_later(TICK, self._tick) if alive else None

    def close(self) -> None:
        """Close every connection, used or not."""
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        for connection in (*self._idle, *self._busy):
            connection.close()
        self._idle.clear()
