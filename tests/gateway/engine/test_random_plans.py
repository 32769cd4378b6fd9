"""Whatever is asked of a satisfiable supergraph is planned, and every fetch is valid for its subgraph."""

import os
from random import Random

import pytest
from graphql import parse, validate

from gateway.engine import Engine
from tests.gateway.engine import corpus
from tests.gateway.engine.documents import Documents
from tests.gateway.engine.schemas import subgraph_schema
from tests.gateway.engine.suite import load, own_suites

DOCUMENTS = int(os.environ.get("LIANT_TEST_EXAMPLES", "12"))
"""Documents drawn for each supergraph."""

SUPERGRAPHS = [
    *((name, load(name).supergraph, load(name).suite.subgraphs) for name in own_suites()),
    *((f"corpus {name}", corpus.supergraph(name), corpus.subgraphs(name)) for name in corpus.suites()),
]


@pytest.mark.parametrize(("name", "supergraph", "subgraphs"), SUPERGRAPHS, ids=[name for name, _, _ in SUPERGRAPHS])
def test_every_fetch_is_valid_for_its_subgraph(name: str, supergraph: str, subgraphs: dict[str, str]) -> None:
    engine = Engine.from_supergraph(supergraph)
    schemas = {subgraph: subgraph_schema(sdl) for subgraph, sdl in subgraphs.items()}
    documents = Documents(engine.schema, Random(name))
    drawn = [document for _ in range(DOCUMENTS) if (document := documents.draw())]
    assert drawn
    for document in drawn:
        operation = engine.prepare(parse(document), None)
        for fetch in operation.plan.fetches:
            text = operation.text_of(fetch)
            problems = validate(schemas[operation.plan.name_of(fetch.graph)], parse(text))
            assert not problems, f"{document}\n{problems[0].message}\n{text}"
