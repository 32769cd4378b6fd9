"""Fields marked @external in the ways of federation 1 and 2, keys included."""

from tests.gateway.engine.suite import Case, Suite
from tests.gateway.engine.world import PROVIDES

A = """
extend type User @key(fields: "id") {
  id: ID! @external
  name: String! @external
  rid: ID
}
type Query { randomUser: User providedUser: User @provides(fields: "name") }
"""
B = """
type User @key(fields: "id") { id: ID! name: String! nickname: String @external }
type Query { userById(id: ID!): User }
"""
C = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
type User @key(fields: "id") { id: ID! nickname: String }
type Query { _c: Int }
"""

_USER = {"id": "u1", "name": "Ada", "rid": "r1", "nickname": "ada"}

SUITE = Suite(
    subgraphs={"a": A, "b": B, "c": C},
    roots={
        "*": {
            "randomUser": _USER,
            "providedUser": {**_USER, PROVIDES: {"name"}},
            "userById": lambda _, id: _USER if id == "u1" else None,
        }
    },
    entities={"User": [_USER]},
    cases=(
        Case("{ randomUser { id rid } }", {"randomUser": {"id": "u1", "rid": "r1"}}, calls=1),
        Case("{ randomUser { name rid } }", {"randomUser": {"name": "Ada", "rid": "r1"}}, calls=2),
        Case("{ providedUser { name rid } }", {"providedUser": {"name": "Ada", "rid": "r1"}}, calls=1),
        Case(
            '{ userById(id: "u1") { rid name nickname } }',
            {"userById": {"rid": "r1", "name": "Ada", "nickname": "ada"}},
            calls=3,
        ),
        Case('{ userById(id: "u2") { rid name } }', {"userById": None}, calls=1),
    ),
)
