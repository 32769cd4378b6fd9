import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gateway.client.breaker import BreakerPolicy
from gateway.client.errors import (
    BadContentType,
    BadFraming,
    BadStatus,
    ConnectionLost,
    ExchangeFailed,
    Open,
    TimedOut,
    TooLarge,
    Unreachable,
)
from gateway.client.pool import PoolLimits
from gateway.client.subgraph import Subgraph, SubgraphPolicy
from tests.gateway.front.rogue import ANSWER, Rogue, Script, Talk, answer_for_ever, http, rogue


class Record:
    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self.retries = 0

    def exchanged(self, seconds: float, outcome: str) -> None:
        self.outcomes.append(outcome)

    def retried(self) -> None:
        self.retries += 1


class Asker:
    def __init__(self, url: str, policy: SubgraphPolicy) -> None:
        self.record = Record()
        self.subgraph = Subgraph(url, policy, self.record)

    async def ask(self, body: bytes = b"{}", *, mutation: bool = False, within: float = 5.0) -> bytes:
        deadline = asyncio.get_running_loop().time() + within
        return await self.subgraph.ask(body, b"", mutation=mutation, deadline=deadline)


@asynccontextmanager
async def asking(script: Script, policy: SubgraphPolicy | None = None) -> AsyncIterator[tuple[Asker, Rogue]]:
    async with rogue(script) as server:
        asker = Asker(server.url, policy or SubgraphPolicy(timeout=0.5))
        try:
            yield asker, server
        finally:
            asker.subgraph.close()


def once(*parts: bytes, pause: float = 0.0) -> Script:
    """Answer the first request of each connection with the parts, then close."""

    async def script(talk: Talk) -> None:
        await talk.receive()
        await talk.send(*parts, pause=pause)

    return script


async def test_a_connection_is_used_again() -> None:
    async with asking(answer_for_ever) as (asker, server):
        for _ in range(20):
            assert await asker.ask() == ANSWER
        assert server.connections == 1


async def test_parallel_requests_open_connections_up_to_the_limit_and_wait_beyond() -> None:
    policy = SubgraphPolicy(pool=PoolLimits(connections=3))
    async with asking(answer_for_ever, policy) as (asker, server):
        answers = await asyncio.gather(*(asker.ask() for _ in range(50)))
        assert answers == [ANSWER] * 50
        assert server.connections <= 3


async def test_waiting_for_a_connection_ends_at_the_deadline() -> None:
    async def stuck(talk: Talk) -> None:
        await talk.receive()
        await asyncio.sleep(5)

    policy = SubgraphPolicy(timeout=0.2, pool=PoolLimits(connections=1))
    async with asking(stuck, policy) as (asker, server):
        results = await asyncio.gather(*(asker.ask(mutation=True) for _ in range(5)), return_exceptions=True)
        assert all(isinstance(result, ExchangeFailed) for result in results)
        assert server.connections <= 5


async def test_an_idle_connection_that_the_server_closed_is_replaced_for_a_read() -> None:
    async def close_after_each(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http())
        if talk.number == 1:
            await talk.reader.readuntil(b"\r\n\r\n")  # takes the second request, and drops it unanswered

    async with asking(close_after_each) as (asker, server):
        assert await asker.ask() == ANSWER
        assert await asker.ask(b'{"n":2}') == ANSWER
        assert server.connections == 2
        assert asker.record.outcomes == ["ok", "ok"]


async def test_a_mutation_is_never_sent_twice() -> None:
    async def drop_the_second(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http())
        await talk.receive()

    async with asking(drop_the_second) as (asker, server):
        await asker.ask()
        with pytest.raises(ConnectionLost):
            await asker.ask(b'{"mutation":1}', mutation=True)
        assert server.requests.count(b'{"mutation":1}') == 1


async def test_an_idle_connection_closed_before_use_costs_a_mutation_nothing() -> None:
    async with asking(once(http())) as (asker, server):
        assert await asker.ask(mutation=True) == ANSWER
        await asyncio.sleep(0.05)
        assert await asker.ask(mutation=True) == ANSWER
        assert server.connections == 2


async def test_a_read_is_retried_after_an_early_close_and_a_mutation_is_not() -> None:
    async def half_at_first(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http()[:-5] if talk.number == 1 else http())

    async with asking(half_at_first) as (asker, _):
        assert await asker.ask() == ANSWER
        assert asker.record.retries == 1
    async with asking(half_at_first) as (asker, _):
        with pytest.raises(ConnectionLost):
            await asker.ask(mutation=True)


async def test_a_body_in_chunks_is_put_together() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = (head, b"5\r\n" + ANSWER[:5] + b"\r\n", b"f\r\n" + ANSWER[5:] + b"\r\n", b"0\r\n\r\n")
    async with asking(once(*parts, pause=0.01)) as (asker, _):
        assert await asker.ask() == ANSWER


async def test_an_answer_torn_into_single_bytes_is_read() -> None:
    async with asking(once(*(bytes([byte]) for byte in http()))) as (asker, _):
        assert await asker.ask() == ANSWER


async def test_a_body_without_length_ends_with_the_connection() -> None:
    async with asking(once(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + ANSWER)) as (asker, server):
        assert await asker.ask() == ANSWER
        assert await asker.ask() == ANSWER
        assert server.connections == 2


async def test_an_interim_response_is_passed_over() -> None:
    async with asking(once(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + http())) as (asker, _):
        assert await asker.ask() == ANSWER


async def test_bytes_after_an_answer_never_become_the_next_answer() -> None:
    poison = http(b'{"data":{"poison":true}}')

    async def two_for_one(talk: Talk) -> None:
        while True:
            await talk.receive()
            await talk.send(http() + poison if talk.number == 1 else http())

    async with asking(two_for_one) as (asker, server):
        assert await asker.ask() == ANSWER
        assert await asker.ask() == ANSWER
        assert server.connections == 2


async def test_late_extra_bytes_close_the_connection() -> None:
    async def late(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http())
        if talk.number == 1:
            await asyncio.sleep(0.05)
            await talk.send(http(b'{"data":{"poison":true}}'))
        await asyncio.sleep(0.3)

    async with asking(late) as (asker, server):
        assert await asker.ask() == ANSWER
        await asyncio.sleep(0.1)
        assert await asker.ask() == ANSWER
        assert server.connections == 2


@pytest.mark.parametrize(
    "nonsense",
    [
        b"SMTP ready\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello",
    ],
)
async def test_bad_framing_is_told_as_such(nonsense: bytes) -> None:
    async def script(talk: Talk) -> None:
        await talk.receive()
        await talk.send(nonsense)
        await asyncio.sleep(1)

    async with asking(script) as (asker, _):
        with pytest.raises(BadFraming):
            await asker.ask()


async def test_a_slow_answer_ends_at_the_time_out_and_its_connection_is_not_used_again() -> None:
    async def slow(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http()[:30])
        if talk.number == 1:
            await asyncio.sleep(2)
        await talk.send(http()[30:])

    async with asking(slow, SubgraphPolicy(timeout=0.2)) as (asker, server):
        with pytest.raises(TimedOut):
            await asker.ask()
        assert await asker.ask() == ANSWER
        assert server.connections == 2


@pytest.mark.parametrize("declared", [True, False])
async def test_an_oversized_answer_is_cut_off(declared: bool) -> None:
    head = b"Content-Length: 5000\r\n" if declared else b""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head + b"\r\n" + b"x" * 5000
    policy = SubgraphPolicy(pool=PoolLimits(response_bytes=1000))
    async with asking(once(answer), policy) as (asker, _):
        with pytest.raises(TooLarge):
            await asker.ask()


async def test_nobody_listening_is_unreachable() -> None:
    async with rogue(answer_for_ever) as server:
        pass
    asker = Asker(server.url, SubgraphPolicy())
    with pytest.raises(Unreachable):
        await asker.ask()
    assert asker.record.retries == 1


async def test_a_status_without_a_graphql_response_is_an_error() -> None:
    async with asking(once(http(b"<h1>no</h1>", "404 Not Found", "text/html"))) as (asker, _):
        with pytest.raises(BadStatus, match="404"):
            await asker.ask()


async def test_errors_sent_with_a_4xx_are_a_graphql_response() -> None:
    body = b'{"errors":[{"message":"no"}]}'
    async with asking(once(http(body, "400 Bad Request"))) as (asker, _):
        assert await asker.ask() == body


async def test_a_successful_page_of_html_is_refused() -> None:
    async with asking(once(http(b"<h1>hi</h1>", content_type="text/html"))) as (asker, _):
        with pytest.raises(BadContentType):
            await asker.ask()


async def test_an_overloaded_subgraph_is_asked_once_more() -> None:
    async def overloaded_once(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http(b"", "503 Service Unavailable", "text/plain") if talk.number == 1 else http())

    async with asking(overloaded_once) as (asker, _):
        assert await asker.ask() == ANSWER


async def test_retries_stop_when_their_budget_is_spent() -> None:
    policy = SubgraphPolicy(breaker=BreakerPolicy(volume=1000))
    async with asking(once(http(b"", "503 Service Unavailable", "text/plain")), policy) as (asker, _):
        for _ in range(30):
            with pytest.raises(BadStatus):
                await asker.ask()
        assert 10 <= asker.record.retries <= 14


async def test_the_breaker_opens_after_failures_and_closes_after_a_success() -> None:
    healthy = False

    async def script(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http() if healthy else http(b"", "500 Oops", "text/plain"))

    policy = SubgraphPolicy(breaker=BreakerPolicy(volume=4, rest=0.1))
    async with asking(script, policy) as (asker, server):
        for _ in range(4):
            with pytest.raises(BadStatus):
                await asker.ask()
        with pytest.raises(Open):
            await asker.ask()
        assert server.connections == 4
        await asyncio.sleep(0.12)
        healthy = True
        assert await asker.ask() == ANSWER
        assert not asker.subgraph.breaker.is_open


async def test_identical_reads_in_flight_are_sent_once_when_sharing_is_on() -> None:
    async def slow(talk: Talk) -> None:
        while True:
            await talk.receive()
            await asyncio.sleep(0.05)
            await talk.send(http())

    async with asking(slow, SubgraphPolicy(share_reads=True)) as (asker, server):
        answers = await asyncio.gather(*(asker.ask() for _ in range(10)), asker.ask(b'{"other":1}'))
        assert answers == [ANSWER] * 11
        assert len(server.requests) == 2
        await asker.ask()
        assert len(server.requests) == 3


async def test_a_shared_read_survives_the_asker_who_started_it() -> None:
    async def slow(talk: Talk) -> None:
        await talk.receive()
        await asyncio.sleep(0.1)
        await talk.send(http())

    async with asking(slow, SubgraphPolicy(share_reads=True)) as (asker, _):
        first = asyncio.ensure_future(asker.ask())
        await asyncio.sleep(0.02)
        second = asyncio.ensure_future(asker.ask())
        await asyncio.sleep(0.02)
        first.cancel()
        assert await second == ANSWER


async def test_a_cancelled_exchange_leaves_no_connection_behind() -> None:
    async def slow(talk: Talk) -> None:
        await talk.receive()
        await asyncio.sleep(0.2 if talk.number == 1 else 0)
        await talk.send(http())

    async with asking(slow) as (asker, server):
        task = asyncio.ensure_future(asker.ask())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asker.ask() == ANSWER
        assert server.connections == 2


async def test_idle_connections_are_closed_after_a_while() -> None:
    closed = asyncio.Event()

    async def watch(talk: Talk) -> None:
        await talk.receive()
        await talk.send(http())
        if not await talk.reader.read():
            closed.set()

    async with asking(watch, SubgraphPolicy(pool=PoolLimits(idle=0.1))) as (asker, _):
        await asker.ask()
        await asyncio.wait_for(closed.wait(), 2)
