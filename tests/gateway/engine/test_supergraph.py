"""What is not a supergraph is refused with the reason; what clients see holds no machinery."""

import pytest
from graphql import parse, print_schema

from gateway.engine import Engine
from gateway.errors import FieldUnreachable, OperationNotFound, SupergraphInvalid
from tests.gateway.engine.suite import SUPERGRAPHS, load

SHARED = (SUPERGRAPHS / "shared.graphql").read_text()


@pytest.mark.parametrize(
    ("sdl", "reason"),
    [
        ("type Query {", "does not parse"),
        ("type Query { a: Int }", "Compose the subgraphs first"),
        (SHARED.replace("join__graph(name:", "join__graph_(name:"), "has no @join__graph"),
        (SHARED.replace("@join__type(graph: A)", "@join__type(graph: NOBODY)"), "unknown subgraph"),
        (SHARED.replace("scalar JSON", "scalar JSON_"), "Unknown type"),
        (SHARED.replace('requires: "hidden"', 'requires: "hidden {"'), "is not a selection"),
        (SHARED + "\nquery { page { title } }", "operation definition"),
    ],
)
def test_an_invalid_supergraph_is_refused_with_the_reason(sdl: str, reason: str) -> None:
    with pytest.raises(SupergraphInvalid, match=reason):
        Engine.from_supergraph(sdl)


def test_clients_see_no_machinery_and_nothing_inaccessible() -> None:
    printed = print_schema(load("shared").engine.schema)
    assert not any(word in printed for word in ("join__", "link__", "HIDDEN", "secret", "hidden", "@tag"))
    assert "limit: Int = 10" in printed


def test_subgraphs_are_known_by_name_and_address() -> None:
    assert load("keys").engine.subgraphs["d"] == "http://d.test/graphql"


def test_the_join_specification_may_have_another_name() -> None:
    renamed = SHARED.replace("join__", "fed__").replace('join/v0.3"', 'join/v0.3", as: "fed"')
    assert print_schema(Engine.from_supergraph(renamed).schema) == print_schema(load("shared").engine.schema)


@pytest.mark.parametrize("name", [None, "Unknown"])
def test_an_operation_must_be_found(name: str | None) -> None:
    document = parse("query A { kinds } query B { kinds }")
    with pytest.raises(OperationNotFound):
        load("shared").engine.prepare(document, name)


def test_a_field_that_nobody_resolves_is_told_by_its_path() -> None:
    broken = (
        (SUPERGRAPHS / "keys.graphql")
        .read_text()
        .replace("weight: Int! @join__field(graph: D)", "weight: Int! @join__field")
    )
    with pytest.raises(FieldUnreachable, match=r"items\.weight"):
        Engine.from_supergraph(broken).prepare(parse("{ items { weight } }"), None)
