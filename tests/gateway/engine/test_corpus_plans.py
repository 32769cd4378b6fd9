"""Every query of the federation audit at hand is planned, and every fetch is valid for its subgraph."""

from functools import cache

import pytest
from graphql import GraphQLSchema, parse, validate

from gateway.engine import Engine, Operation
from gateway.planner.fetch_graph import Fetch
from tests.gateway.engine import corpus
from tests.gateway.engine.schemas import subgraph_schema

pytestmark = pytest.mark.skipif(not corpus.folder(), reason="the shared corpus is not here")


@cache
def engine(suite: str) -> Engine:
    return Engine.from_supergraph(corpus.supergraph(suite))


@cache
def schemas(suite: str) -> dict[str, GraphQLSchema]:
    return {name: subgraph_schema(sdl) for name, sdl in corpus.subgraphs(suite).items()}


@pytest.mark.parametrize("case", corpus.cases(), ids=str)
def test_every_fetch_of_the_plan_is_valid_for_its_subgraph(case: corpus.Case) -> None:
    document = parse(case.query)
    if validate(engine(case.suite).schema, document):
        assert case.expected["errors"]
        return
    operation = engine(case.suite).prepare(document, None)
    for fetch in operation.plan.fetches:
        name = operation.plan.name_of(fetch.graph)
        text = sent(operation, fetch)
        problems = validate(schemas(case.suite)[name], parse(text))
        assert not problems, f"{problems[0].message}\nin {text}\nof\n{operation.plan.pretty()}"


def sent(operation: Operation, fetch: Fetch) -> str:
    return operation.text_of(fetch)
