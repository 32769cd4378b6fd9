"""A suite of the audit: subgraphs, a world, and queries with their answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
from graphql import parse, validate

from gateway.engine import Engine
from tests.gateway.engine.world import Entities, Network, Object, Service

HERE = Path(__file__).parent
SUPERGRAPHS = HERE / "supergraphs"


@dataclass(frozen=True)
class Case:
    """A query and the answer expected."""

    query: str
    data: Any
    variables: dict[str, Any] = field(default_factory=dict)
    errors: bool = False
    calls: int | None = None
    """Requests to subgraphs, where their number matters."""


@dataclass(frozen=True)
class Suite:
    """Subgraphs over one world."""

    subgraphs: Mapping[str, str]
    roots: Mapping[str, Object]
    """Subgraph (or "*" for all) -> root fields."""
    entities: Entities
    cases: tuple[Case, ...] = ()

    def network(self) -> Network:
        """The services, freshly made."""
        return Network(
            {
                name: Service(sdl, {**self.roots.get("*", {}), **self.roots.get(name, {})}, self.entities)
                for name, sdl in self.subgraphs.items()
            }
        )


@dataclass
class Running:
    """A suite behind an engine."""

    suite: Suite
    supergraph: str

    @cached_property
    def engine(self) -> Engine:
        """Made once."""
        return Engine.from_supergraph(self.supergraph)

    async def ask(self, query: str, variables: Object | None = None, network: Network | None = None) -> Object:
        """The answer, decoded."""
        document = parse(query)
        if problems := validate(self.engine.schema, document):
            return {"data": None, "errors": [problem.formatted for problem in problems]}
        answer: Object = orjson.loads(
            await self.engine.prepare(document, None).execute(variables or {}, network or self.suite.network())
        )
        return answer


def own_suites() -> Iterator[str]:
    """Names of the modules in `suites`."""
    return (path.stem for path in sorted((HERE / "suites").glob("*.py")) if path.stem != "__init__")


def load(name: str) -> Running:
    """A suite of this repository with its composed supergraph."""
    suite: Suite = import_module(f"tests.gateway.engine.suites.{name}").SUITE
    return Running(suite, (SUPERGRAPHS / f"{name}.graphql").read_text())


async def check(running: Running, case: Case) -> None:
    """The answer is the one expected; where errors are expected there are some, else none."""
    network = running.suite.network()
    answer = await running.ask(case.query, case.variables, network)
    told = orjson.dumps(answer.get("errors")).decode() + "".join(f"\n{call}" for call in network.calls)
    assert answer["data"] == case.data, told
    assert bool(answer.get("errors")) is case.errors, told
    if case.calls is not None:
        assert len(network.calls) == case.calls, told
