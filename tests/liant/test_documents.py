"""What the command line sends is valid against the committed supergraph."""

import pytest
from graphql import GraphQLSchema, parse, validate

from gateway.engine import Engine
from liant.documents import FOLDER
from liant.system.environment import SUPERGRAPH


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return Engine.from_supergraph(SUPERGRAPH.read_text()).schema


@pytest.mark.parametrize("name", [path.name for path in sorted(FOLDER.glob("*.graphql"))])
def test_a_document_fits_the_supergraph(schema: GraphQLSchema, name: str) -> None:
    assert validate(schema, parse((FOLDER / name).read_text())) == []
