"""Fields that return the query root: whatever it holds can be had from there, from any subgraph."""

from typing import Any

from tests.gateway.engine.suite import Case, Suite

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'

A = (
    _LINK
    + """
type Query { viewer: Viewer one: Int! }
type Viewer { name: String! query: Query! relations: [Relation!]! }
type Relation { query: Query }
type Mutation { save(name: String!): Saved! }
type Saved { ok: Boolean! query: Query! }
"""
)
B = (
    _LINK
    + """
type Query { two(times: Int = 1): Int! things: [Thing!]! }
type Thing @key(fields: "id") { id: ID! }
type Mutation { drop: Dropped! }
type Dropped { query: Query }
"""
)
C = (
    _LINK
    + """
type Thing @key(fields: "id") { id: ID! name: String! }
type Query { three: Int! }
"""
)

_THINGS: Any = [{"id": "t1", "name": "T1"}]
_QUERY: Any = {"one": 1, "two": lambda _, times: 2 * times, "three": 3, "things": _THINGS}
_VIEWER: Any = {"name": "Ada", "query": _QUERY, "relations": [{"query": _QUERY}, {"query": None}, {"query": _QUERY}]}
_QUERY["viewer"] = _VIEWER

SUITE = Suite(
    subgraphs={"a": A, "b": B, "c": C},
    roots={
        "*": {
            **_QUERY,
            "viewer": _VIEWER,
            "save": lambda _, name: {"ok": bool(name), "query": _QUERY},
            "drop": {"query": _QUERY},
        }
    },
    entities={"Thing": _THINGS},
    cases=(
        Case("{ viewer { name query { one } } }", {"viewer": {"name": "Ada", "query": {"one": 1}}}, calls=1),
        Case("{ viewer { query { two three } } }", {"viewer": {"query": {"two": 2, "three": 3}}}, calls=3),
        Case(
            "{ two viewer { query { one x: two(times: 5) things { id name } } } }",
            {"two": 2, "viewer": {"query": {"one": 1, "x": 10, "things": [{"id": "t1", "name": "T1"}]}}},
        ),
        Case(
            "{ viewer { relations { query { three viewer { name } } } } }",
            {
                "viewer": {
                    "relations": [
                        {"query": {"three": 3, "viewer": {"name": "Ada"}}},
                        {"query": None},
                        {"query": {"three": 3, "viewer": {"name": "Ada"}}},
                    ]
                }
            },
        ),
        Case(
            'mutation { save(name: "x") { ok query { one two __typename } } drop { query { things { name } } } }',
            {
                "save": {"ok": True, "query": {"one": 1, "two": 2, "__typename": "Query"}},
                "drop": {"query": {"things": [{"name": "T1"}]}},
            },
        ),
    ),
)
