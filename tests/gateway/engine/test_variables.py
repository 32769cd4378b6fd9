"""Variables are coerced before anything is fetched, as the specification says."""

from typing import Any

import orjson
import pytest
from graphql import build_schema, parse

from gateway.engine import Engine
from gateway.errors import VariablesInvalid
from gateway.executor.variables import compile_coercion
from tests.gateway.engine.suite import load

SCHEMA = build_schema("""
directive @oneOf on INPUT_OBJECT
enum Kind { SMALL LARGE }
scalar JSON
input Filter { kind: Kind limit: Int! = 5 name: String! inner: Filter tags: [String!] }
input Either @oneOf { id: ID name: String }
type Query { f(x: Float): Int }
""")


def coerce(declared: str, raw: dict[str, Any]) -> dict[str, Any]:
    (operation,) = parse(f"query ({declared}) {{ f }}").definitions
    definitions = operation.variable_definitions  # type: ignore[attr-defined]  # it is an operation
    return compile_coercion(SCHEMA, definitions)(raw)


@pytest.mark.parametrize(
    ("declared", "raw", "coerced"),
    [
        ("$a: Int", {}, {}),
        ("$a: Int", {"a": None}, {"a": None}),
        ("$a: Int = 3", {}, {"a": 3}),
        ("$a: Int = 3", {"a": None}, {"a": None}),
        ("$a: Int!", {"a": -(2**31)}, {"a": -(2**31)}),
        ("$a: Int!", {"a": 7.0}, {"a": 7.0}),
        ("$a: Float!", {"a": 1}, {"a": 1}),
        ("$a: ID!", {"a": 5}, {"a": 5}),
        ("$a: Kind", {"a": "SMALL"}, {"a": "SMALL"}),
        ("$a: [Int!]", {"a": 1}, {"a": 1}),
        ("$a: [[Int]]", {"a": [[1, None], None]}, {"a": [[1, None], None]}),
        ("$a: JSON", {"a": {"x": [1]}}, {"a": {"x": [1]}}),
        ("$a: Filter", {"a": {"name": "x", "inner": {"name": "y"}}}, {"a": {"name": "x", "inner": {"name": "y"}}}),
        ("$a: Either", {"a": {"id": 1}}, {"a": {"id": 1}}),
        ("$a: Boolean", {"a": True, "more": 1}, {"a": True}),
    ],
)
def test_what_is_valid_goes_on_as_it_came(declared: str, raw: dict[str, Any], coerced: dict[str, Any]) -> None:
    assert coerce(declared, raw) == coerced


@pytest.mark.parametrize(
    ("declared", "raw"),
    [
        ("$a: Int!", {}),
        ("$a: Int!", {"a": None}),
        ("$a: Int", {"a": 2**31}),
        ("$a: Int", {"a": 1.5}),
        ("$a: Int", {"a": True}),
        ("$a: Int", {"a": "1"}),
        ("$a: String", {"a": 1}),
        ("$a: ID", {"a": 1.5}),
        ("$a: Boolean", {"a": 0}),
        ("$a: Kind", {"a": "HUGE"}),
        ("$a: Kind", {"a": 1}),
        ("$a: [Int!]", {"a": [1, None]}),
        ("$a: Filter", {"a": {"limit": 1}}),
        ("$a: Filter", {"a": {"name": "x", "limit": None}}),
        ("$a: Filter", {"a": {"name": "x", "unknown": 1}}),
        ("$a: Filter", {"a": "x"}),
        ("$a: Either", {"a": {"id": 1, "name": "x"}}),
        ("$a: Either", {"a": {"id": None}}),
        ("$a: Either", {"a": {}}),
    ],
)
def test_what_is_not_is_refused_with_the_reason(declared: str, raw: dict[str, Any]) -> None:
    with pytest.raises(VariablesInvalid) as refused:
        coerce(declared, raw)
    assert "$a" in str(refused.value)


async def test_nothing_is_fetched_for_invalid_variables() -> None:
    running = load("shared")
    network = running.suite.network()
    operation = running.engine.prepare(parse("query ($k: Kind!) { kindly(kind: $k) }"), None)
    with pytest.raises(VariablesInvalid):
        await operation.execute({"k": "HIDDEN"}, network)
    assert network.calls == []


async def test_each_fetch_gets_only_the_variables_it_uses() -> None:
    engine: Engine = load("requires_chain").engine
    network = load("requires_chain").suite.network()
    query = "query ($c: String!, $no: Boolean = false) { product { price(currency: $c) label @skip(if: $no) } }"
    answer = orjson.loads(await engine.prepare(parse(query), None).execute({"c": "EUR"}, network))
    assert "errors" not in answer
    given = [{name for name in call["variables"] if not name.endswith("entities")} for _, call in network.calls]
    assert given[0] == {"c"}
    assert given[-1] == {"no"}
