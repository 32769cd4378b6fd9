"""node(id:) and other interfaces and unions whose members live in different subgraphs."""

from typing import Any

from tests.gateway.engine.suite import Case, Suite

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'

A = (
    _LINK
    + """
interface Node { id: ID! }
type Query { node(id: ID!): Node products: [Product!]! search: [Found!]! @shareable }
type Product implements Node @key(fields: "id") { id: ID! name: String! }
type Category implements Node @key(fields: "id") { id: ID! }
union Found = Product | Category
"""
)
B = (
    _LINK
    + """
interface Node { id: ID! label: String }
type Query { search: [Found!]! @shareable toasters: [Toaster!]! chat: Node }
type Category implements Node @key(fields: "id") { id: ID! label: String title: String! parent: Category }
type Toaster implements Node @key(fields: "id") { id: ID! label: String slots: Int! }
type Product @key(fields: "id") { id: ID! label: String stock: Int! category: Category }
union Found = Product | Category | Toaster
"""
)

_CATEGORIES: Any = [
    {"__typename": "Category", "id": "c1", "label": "C1", "title": "Kitchen", "parent": None},
]
_PRODUCTS: Any = [
    {"__typename": "Product", "id": "p1", "name": "Pan", "stock": 3, "category": _CATEGORIES[0]},
    {"__typename": "Product", "id": "p2", "name": "Pot", "stock": 0, "category": None},
]
_TOASTER = {"__typename": "Toaster", "id": "t1", "label": "T1", "slots": 2}
_ALL = {o["id"]: o for o in [*_CATEGORIES, *_PRODUCTS]}

SUITE = Suite(
    subgraphs={"a": A, "b": B},
    roots={
        "*": {
            "node": lambda _, id: _ALL.get(id),
            "products": _PRODUCTS,
            "search": [_PRODUCTS[0], _CATEGORIES[0]],
            "toasters": [_TOASTER],
            "chat": _TOASTER,
        }
    },
    entities={"Product": _PRODUCTS, "Category": _CATEGORIES, "Toaster": [_TOASTER]},
    cases=(
        Case('{ node(id: "p1") { id } }', {"node": {"id": "p1"}}, calls=1),
        Case(
            '{ node(id: "p1") { __typename id ... on Product { name stock } ... on Category { title } } }',
            {"node": {"__typename": "Product", "id": "p1", "name": "Pan", "stock": 3}},
        ),
        Case(
            '{ node(id: "c1") { ... on Category { title parent { id } } ... on Toaster { slots } } }',
            {"node": {"title": "Kitchen", "parent": None}},
        ),
        Case(
            '{ a: node(id: "p1") { ...N } b: node(id: "c1") { ...N } c: node(id: "zz") { ...N } } '
            "fragment N on Node { __typename ... on Product { category { title } } ... on Category { title } }",
            {
                "a": {"__typename": "Product", "category": {"title": "Kitchen"}},
                "b": {"__typename": "Category", "title": "Kitchen"},
                "c": None,
            },
        ),
        Case(
            "{ search { ... on Product { name stock } ... on Category { title } ... on Node { id } } }",
            {"search": [{"name": "Pan", "stock": 3, "id": "p1"}, {"title": "Kitchen", "id": "c1"}]},
        ),
        Case(
            "{ search { __typename ... on Toaster { slots } } }",
            {"search": [{"__typename": "Product"}, {"__typename": "Category"}]},
            calls=1,
        ),
        Case(
            "{ toasters { label } chat { __typename label } }",
            {"toasters": [{"label": "T1"}], "chat": {"__typename": "Toaster", "label": "T1"}},
            calls=1,
        ),
        Case(
            "query ($id: ID!) { node(id: $id) { ... on Category { label } } }", {"node": {"label": "C1"}}, {"id": "c1"}
        ),
    ),
)
