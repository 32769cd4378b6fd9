"""Keys: several, compound, nested, through intermediate subgraphs, and one that cannot be entered."""

from tests.gateway.engine.suite import Case, Suite

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'

A = (
    _LINK
    + """
type Query { items: [Item!]! order: Order }
type Item @key(fields: "id") { id: ID! }
type Order @key(fields: "id lines { item { id } count }") { id: ID! lines: [Line!]! }
type Line @shareable { item: Item! count: Int! }
"""
)
B = (
    _LINK
    + """
type Item @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! }
"""
)
C = (
    _LINK
    + """
type Item @key(fields: "sku") @key(fields: "place { shelf row }") { sku: String! place: Place! }
type Place @shareable { shelf: Int! row: Int! }
type Order @key(fields: "id lines { item { sku } count }", resolvable: false) { id: ID! lines: [Line!]! }
type Line @shareable { item: Item! count: Int! }
"""
)
D = (
    _LINK
    + """
type Item @key(fields: "place { row shelf }") { place: Place! weight: Int! }
type Place @shareable { shelf: Int! row: Int! }
type Order @key(fields: "id lines { item { place { row shelf } } count }") {
  id: ID! lines: [Line!]! total: Int!
}
type Line @shareable { item: Item! count: Int! }
"""
)

_ITEMS = [
    {"id": "1", "sku": "s1", "place": {"shelf": 1, "row": 2}, "weight": 10},
    {"id": "2", "sku": "s2", "place": {"shelf": 3, "row": 4}, "weight": 20},
]
_ORDER = {"id": "o", "lines": [{"item": _ITEMS[0], "count": 2}, {"item": _ITEMS[1], "count": 1}], "total": 40}

SUITE = Suite(
    subgraphs={"a": A, "b": B, "c": C, "d": D},
    roots={"*": {"items": _ITEMS, "order": _ORDER}},
    entities={"Item": _ITEMS, "Order": [_ORDER]},
    cases=(
        Case("{ items { id weight } }", {"items": [{"id": "1", "weight": 10}, {"id": "2", "weight": 20}]}, calls=4),
        Case(
            "{ items { sku place { row } } }",
            {"items": [{"sku": "s1", "place": {"row": 2}}, {"sku": "s2", "place": {"row": 4}}]},
            calls=3,
        ),
        Case("{ order { total } }", {"order": {"total": 40}}),
        Case(
            "{ order { id total lines { count item { weight sku } } } }",
            {
                "order": {
                    "id": "o",
                    "total": 40,
                    "lines": [
                        {"count": 2, "item": {"weight": 10, "sku": "s1"}},
                        {"count": 1, "item": {"weight": 20, "sku": "s2"}},
                    ],
                }
            },
        ),
    ),
)
