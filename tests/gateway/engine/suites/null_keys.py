"""Entities whose key is null are asked of nobody; what hangs on them is null."""

from typing import Any

from tests.gateway.engine.suite import Case, Suite

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'

SHELVES = (
    _LINK
    + """
type Query { shelves: [Shelf] }
type Shelf { book: Book }
type Book @key(fields: "upc") { upc: ID! }
"""
)
BOOKS = (
    _LINK
    + """
type Book @key(fields: "id") @key(fields: "upc") { id: ID upc: ID! }
"""
)
AUTHORS = (
    _LINK
    + """
type Book @key(fields: "id") { id: ID author: Author }
type Author @key(fields: "id") { id: ID name: String }
"""
)

_BOOKS: Any = [
    {"upc": "u1", "id": "b1", "author": {"id": "x1", "name": "Ada"}},
    {"upc": "u2", "id": None, "author": {"id": "x2", "name": "Nobody"}},
    {"upc": "u3", "id": "b3", "author": {"id": "x3", "name": "Max"}},
]

SUITE = Suite(
    subgraphs={"shelves": SHELVES, "books": BOOKS, "authors": AUTHORS},
    roots={"*": {"shelves": [{"book": b} for b in _BOOKS] + [{"book": None}, None]}},
    entities={"Book": _BOOKS},
    cases=(
        Case(
            "{ shelves { book { upc author { name } } } }",
            {
                "shelves": [
                    {"book": {"upc": "u1", "author": {"name": "Ada"}}},
                    {"book": {"upc": "u2", "author": None}},
                    {"book": {"upc": "u3", "author": {"name": "Max"}}},
                    {"book": None},
                    None,
                ]
            },
            calls=3,
        ),
    ),
)
