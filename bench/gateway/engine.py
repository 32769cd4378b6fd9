"""The engine alone, subgraphs in the same process and already known: `python -m bench.gateway.engine [--profile]`.

Prints microseconds of CPU per request for each scenario, and beside them the floor: what reading the subgraphs'
answers and writing the response cost, with nothing in between.
"""

import cProfile
import pstats
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import uvloop
from graphql import parse

from bench.gateway.data import PAGES
from bench.gateway.subgraph import Subgraph
from gateway.engine import Engine, Operation

HERE = Path(__file__).parent
ROUNDS = 5
SECONDS_A_ROUND = 1.0


class Subgraphs:
    """The context of every request; remembers answers, and their bodies for the floor."""

    def __init__(self) -> None:
        self.expose_subgraph_errors = True
        self._known: dict[bytes, bytes] = {}
        self._services = {name: Subgraph(name) for name in ("contacts", "deals", "notifier")}
        self.recorded: list[bytes] | None = None

    async def fetch(self, subgraph: str, body: bytes, mutation: bool) -> bytes:
        """A known answer, else the subgraph's."""
        answer = self._known.get(body)
        if answer is None:
            answer = self._known[body] = self._services[subgraph].answer(body).partition(b"\r\n\r\n")[2]
        if self.recorded is not None:
            self.recorded.append(answer)
        return answer


async def floor(operation: Operation, subgraphs: Subgraphs) -> float:
    """Microseconds to decode the subgraphs' answers and encode the response of one request."""
    subgraphs.recorded = []
    response = await operation.execute({"page": 0}, subgraphs)
    answers, subgraphs.recorded = subgraphs.recorded, None
    whole = orjson.loads(response)

    async def once(_: int) -> None:
        for answer in answers:
            orjson.loads(answer)
        orjson.dumps(whole)

    return await measure(once)


async def measure(once: Callable[[int], Awaitable[object]]) -> float:
    """Microseconds of CPU for one call: the least of the rounds' means."""
    found = []
    for _ in range(ROUNDS):
        calls, start = 0, time.process_time()
        while time.process_time() - start < SECONDS_A_ROUND:
            for page in range(PAGES):
                await once(page)
            calls += PAGES
        found.append((time.process_time() - start) / calls * 1e6)
    return min(found)


async def main() -> None:
    """Measures each scenario, or profiles it."""
    engine = Engine.from_supergraph((HERE / "supergraph.graphql").read_text())
    subgraphs = Subgraphs()
    for scenario in ("light", "heavy"):
        document = parse((HERE / "scenarios" / f"{scenario}.graphql").read_text())
        start = time.perf_counter()
        operation = engine.prepare(document, None)
        prepared = (time.perf_counter() - start) * 1e3
        sizes = [len(await operation.execute({"page": page}, subgraphs)) for page in range(PAGES)]

        async def once(page: int, operation: Operation = operation) -> None:
            await operation.execute({"page": page}, subgraphs)

        if "--profile" in sys.argv:
            await profile(once)
        least = await floor(operation, subgraphs)
        took = await measure(once)
        print(
            f"{scenario}: {took:.0f} µs a request (floor {least:.0f} µs), answer {sizes[0] / 1000:.1f} KB,"
            f" prepared in {prepared:.1f} ms"
        )


async def profile(once: Callable[[int], Awaitable[object]]) -> None:
    """Prints where the time goes."""
    profiler = cProfile.Profile()
    profiler.enable()
    for page in range(PAGES * 20):
        await once(page % PAGES)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    uvloop.run(main())
