"""Shared roots and value types, scalars, enums and inputs that intersect, mutations, what is inaccessible."""

from typing import Any

from tests.gateway.engine.suite import Case, Suite

_LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@inaccessible", "@tag", "@external", "@requires"])
"""

A = (
    _LINK
    + """
scalar JSON
enum Kind { SMALL LARGE HIDDEN @inaccessible }
input Filter { kind: Kind limit: Int = 10 secret: String @inaccessible }
input Only { a: Int b: Int @inaccessible }
type Query {
  page: Page! @shareable
  things(filter: Filter, ids: [ID!] = ["1"], only: [[Int!]]): [Thing!]!
  kinds: [Kind]
}
type Page @shareable { title: String! body: Body! }
type Body @shareable { text: String! }
type Thing @key(fields: "id") { id: ID! kind: Kind meta: JSON grid: [[Cell!]] hidden: Int @inaccessible }
type Cell { x: Int! }
type Mutation { add(by: Int!): Counter! @shareable both(by: Int!): Counter! @shareable }
type Counter @key(fields: "id") { id: ID! total: Int! again: Query @inaccessible }
"""
)
B = (
    _LINK
    + """
enum Kind { SMALL LARGE HIDDEN @inaccessible }
input Filter { kind: Kind limit: Int = 10 secret: String @inaccessible extra: Int }
type Query { page: Page! @shareable kindly(kind: Kind!): Kind search(filter: Filter): Int }
type Page @shareable { title: String! body: Body! footer: String! }
type Body @shareable { text: String! html: String! }
type Thing @key(fields: "id") { id: ID! hidden: Int @external shown: Int @requires(fields: "hidden") }
type Mutation { multiply(by: Int!): Counter! both(by: Int!): Counter! @shareable }
type Counter @key(fields: "id") { id: ID! double: Int! }
"""
)

_THINGS: Any = [
    {
        "id": "1",
        "kind": "SMALL",
        "meta": {"a": [1, None]},
        "grid": [[{"x": 1}], None],
        "hidden": 4,
        "shown": lambda t: t["hidden"] * 2,
    },
    {"id": "2", "kind": "HIDDEN", "meta": None, "grid": None, "hidden": 5, "shown": lambda t: t["hidden"] * 2},
]


def _things(_: Any, filter: Any = None, ids: Any = None, only: Any = None) -> Any:
    found = [thing for thing in _THINGS if ids is None or thing["id"] in ids]
    return found[: filter["limit"]] if filter else found


class _Counter:
    def __init__(self) -> None:
        self.total = 1

    def times(self, _: Any, by: int) -> dict[str, Any]:
        self.total *= by
        return {"id": "c", "total": self.total, "double": self.total * 2}

    def plus(self, _: Any, by: int) -> dict[str, Any]:
        self.total += by
        return {"id": "c", "total": self.total, "double": self.total * 2}


_COUNTER = _Counter()
_PAGE: Any = {"title": "T", "body": {"text": "t", "html": "<t>"}, "footer": "f"}

SUITE = Suite(
    subgraphs={"a": A, "b": B},
    roots={
        "*": {
            "page": _PAGE,
            "things": _things,
            "kinds": ["SMALL", "HIDDEN", None],
            "kindly": lambda _, kind: kind,
            "search": lambda _, filter=None: filter["limit"] if filter else 0,
            "add": _COUNTER.plus,
            "both": _COUNTER.plus,
            "multiply": _COUNTER.times,
        }
    },
    entities={
        "Thing": _THINGS,
        "Counter": [{"id": "c", "total": lambda _: _COUNTER.total, "double": lambda _: _COUNTER.total * 2}],
    },
    cases=(
        Case(
            "{ page { title body { text html } footer } }",
            {"page": {"title": "T", "body": {"text": "t", "html": "<t>"}, "footer": "f"}},
            calls=1,
        ),
        Case(
            "{ page { title } kinds }", {"page": {"title": "T"}, "kinds": ["SMALL", None, None]}, errors=True, calls=1
        ),
        Case("{ things { id kind } }", {"things": [{"id": "1", "kind": "SMALL"}]}),
        Case('{ things(ids: ["2"]) { id kind } }', {"things": [{"id": "2", "kind": None}]}, errors=True),
        Case('{ things(ids: ["1", "2"]) { shown } }', {"things": [{"shown": 8}, {"shown": 10}]}, calls=2),
        Case("{ things { meta grid { x } } }", {"things": [{"meta": {"a": [1, None]}, "grid": [[{"x": 1}], None]}]}),
        Case(
            'query ($f: Filter, $ids: [ID!] = ["1", "2"]) { things(filter: $f, ids: $ids) { id } }',
            {"things": [{"id": "1"}]},
            {"f": {"limit": 1}},
        ),
        Case("query ($k: Kind!) { kindly(kind: $k) }", {"kindly": "LARGE"}, {"k": "LARGE"}),
        Case("query ($f: Filter!) { search(filter: $f) }", {"search": 10}, {"f": {"kind": "SMALL"}}),
        Case('{ things(filter: {secret: "x"}) { id } }', None, errors=True),
        Case("{ things { hidden } }", None, errors=True),
        Case(
            "mutation { add(by: 4) { total double } x: multiply(by: 3) { total } both(by: 1) { total double } }",
            {"add": {"total": 5, "double": 10}, "x": {"total": 15}, "both": {"total": 16, "double": 32}},
        ),
        Case(
            '{ __typename page { __typename t: title } __type(name: "Kind") { enumValues { name } } }',
            {
                "__typename": "Query",
                "page": {"__typename": "Page", "t": "T"},
                "__type": {"enumValues": [{"name": "SMALL"}, {"name": "LARGE"}]},
            },
            calls=1,
        ),
    ),
)
