"""A scenario: a supergraph, its subgraphs in this process, and a gateway's engine over them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from graphql import parse, validate

from gateway.engine import Engine
from gateway.errors import GatewayError
from tests.gateway.audit.subgraph import Fetch, Resolvers, Subgraph

SCENARIOS = Path(__file__).parent / "scenarios"


class Federation:
    """Asks as a client would; keeps what the subgraphs were asked and complained of."""

    expose_subgraph_errors = True

    def __init__(self, engine: Engine, subgraphs: Mapping[str, Subgraph]) -> None:
        self.engine = engine
        self.subgraphs = subgraphs
        self.fetches: list[Fetch] = []
        _mark_overridden(subgraphs)

    @property
    def complaints(self) -> list[str]:
        """What the subgraphs found wrong with the requests so far."""
        return [text for subgraph in self.subgraphs.values() for text in subgraph.complaints]

    @property
    def calls(self) -> list[str]:
        """Whom the gateway called, in order."""
        return [fetch.subgraph for fetch in self.fetches]

    async def fetch(self, subgraph: str, body: bytes, mutation: bool) -> bytes:
        """The engine's `context.fetch`."""
        asked = self.subgraphs[subgraph]
        answer = asked.answer(body, mutation)
        self.fetches.append(asked.fetches[-1])
        return answer

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None, name: str | None = None) -> Any:
        """The whole response, refusals of validation and planning included."""
        document = parse(query)
        if errors := validate(self.engine.schema, document):
            return {"errors": [error.formatted for error in errors]}
        try:
            operation = self.engine.prepare(document, name)
            return json.loads(await operation.execute(dict(variables or {}), self))
        except GatewayError as error:
            return {"errors": [{"message": str(error), "extensions": {"code": error.code}}]}

    async def data(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The data of an answer in which nothing went wrong, here or in a subgraph."""
        answer = await self.ask(query, variables)
        assert (answer.get("errors"), self.complaints) == (None, [])
        return answer["data"]


@cache
def engine_of(folder: Path) -> Engine:
    """The engine over a folder's `supergraph.graphql`."""
    return Engine.from_supergraph((folder / "supergraph.graphql").read_text())


def subgraphs_in(folder: Path, resolvers: Mapping[str, Resolvers]) -> dict[str, Subgraph]:
    """The folder's subgraphs, with these resolvers."""
    return {name: Subgraph(name, (folder / f"{name}.graphql").read_text(), found) for name, found in resolvers.items()}


def federate(scenario: str, **resolvers: Resolvers) -> Federation:
    """The scenario's committed supergraph over subgraphs with these resolvers."""
    folder = SCENARIOS / scenario
    return Federation(engine_of(folder), subgraphs_in(folder, resolvers))


def _mark_overridden(subgraphs: Mapping[str, Subgraph]) -> None:
    for subgraph in subgraphs.values():
        for key, said in subgraph.sdl.fields.items():
            if said.overrides and said.overrides in subgraphs:
                subgraphs[said.overrides].overridden.add(key)
