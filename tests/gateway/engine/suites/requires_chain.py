"""@requires in every form: chained, nested, with arguments that conflict, with fragments, through interfaces."""

from typing import Any

from tests.gateway.engine.suite import Case, Suite

_LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@shareable"])
"""

CATALOG = (
    _LINK
    + """
type Product @key(fields: "id") {
  id: ID!
  price(currency: String!): Int
  size: Size
  maker: Maker
  owner: Owner
}
type Size { height: Int width: Int }
interface Owner { id: ID! }
type Person implements Owner @key(fields: "id") { id: ID! born: Int }
type Firm implements Owner @key(fields: "id") { id: ID! staff: Int }
type Maker @key(fields: "id") { id: ID! }
type Query { products: [Product] product: Product }
"""
)

STOCK = (
    _LINK
    + """
type Product @key(fields: "id") {
  id: ID!
  price(currency: String!): Int @external
  size: Size @external
  owner: Owner @external
  shippingUsd: Int @requires(fields: "price(currency: \\"USD\\")")
  shippingEur: Int @requires(fields: "price(currency: \\"EUR\\")")
  volume: Int @requires(fields: "size { height width }")
  ownerAge: Int @requires(fields: "owner { ... on Person { born } ... on Firm { staff } }")
}
type Size @external { height: Int width: Int }
interface Owner { id: ID! }
type Person implements Owner @key(fields: "id") { id: ID! born: Int @external }
type Firm implements Owner @key(fields: "id") { id: ID! staff: Int @external }
"""
)

LABELS = (
    _LINK
    + """
type Product @key(fields: "id") {
  id: ID!
  volume: Int @external
  shippingUsd: Int @external
  maker: Maker @external
  big: Boolean @requires(fields: "volume")
  label: String @requires(fields: "volume shippingUsd maker { country }")
}
type Maker @key(fields: "id") { id: ID! country: String @external }
"""
)

MAKERS = (
    _LINK
    + """
type Maker @key(fields: "id") { id: ID! country: String }
type Product @key(fields: "id") {
  id: ID!
  big: Boolean @external
  sticker: String @requires(fields: "big")
}
"""
)


def _age(product: Any) -> Any:
    owner = product["owner"]
    return None if owner is None else owner["born"] if owner["__typename"] == "Person" else owner["staff"]


def _label(product: Any) -> str:
    return f"{product['volume']}/{product['shippingUsd']}/{product['maker']['country']}"


def _product(key: str, price: int, height: int, maker: str, owner: Any) -> dict[str, Any]:
    return {
        "id": key,
        "price": lambda _, currency: price * (2 if currency == "EUR" else 1),
        "size": {"height": height, "width": 2},
        "maker": {"id": maker, "__typename": "Maker"},
        "owner": owner,
        "shippingUsd": lambda p: p["price"] + 1,
        "shippingEur": lambda p: p["price"] + 3,
        "volume": lambda p: p["size"]["height"] * p["size"]["width"],
        "ownerAge": _age,
        "big": lambda p: p["volume"] > 10,
        "label": _label,
        "sticker": lambda p: "BIG" if p["big"] else "small",
    }


_PRODUCTS = [
    _product("p1", 10, 3, "m1", {"__typename": "Person", "id": "o1", "born": 30}),
    _product("p2", 20, 9, "m2", {"__typename": "Firm", "id": "o2", "staff": 500}),
    _product("p3", 30, 4, "m1", None),
]

SUITE = Suite(
    subgraphs={"catalog": CATALOG, "stock": STOCK, "labels": LABELS, "makers": MAKERS},
    roots={"*": {"products": _PRODUCTS, "product": _PRODUCTS[0]}},
    entities={
        "Product": _PRODUCTS,
        "Maker": [{"id": "m1", "country": "FR"}, {"id": "m2", "country": "CH"}],
        "Person": [{"id": "o1", "born": 30}],
        "Firm": [{"id": "o2", "staff": 500}],
    },
    cases=(
        Case("{ product { shippingUsd } }", {"product": {"shippingUsd": 11}}, calls=2),
        Case(
            "{ products { shippingUsd shippingEur } }",
            {
                "products": [
                    {"shippingUsd": 11, "shippingEur": 23},
                    {"shippingUsd": 21, "shippingEur": 43},
                    {"shippingUsd": 31, "shippingEur": 63},
                ]
            },
            calls=3,
        ),
        Case(
            '{ product { price(currency: "EUR") shippingUsd usd: price(currency: "USD") } }',
            {"product": {"price": 20, "shippingUsd": 11, "usd": 10}},
        ),
        Case(
            "query ($c: String!) { product { price(currency: $c) shippingEur } }",
            {"product": {"price": 10, "shippingEur": 23}},
            {"c": "CHF"},
        ),
        Case("{ products { big } }", {"products": [{"big": False}, {"big": True}, {"big": False}]}, calls=3),
        Case(
            "{ products { sticker } }", {"products": [{"sticker": "small"}, {"sticker": "BIG"}, {"sticker": "small"}]}
        ),
        Case(
            "{ products { label ownerAge } }",
            {
                "products": [
                    {"label": "6/11/FR", "ownerAge": 30},
                    {"label": "18/21/CH", "ownerAge": 500},
                    {"label": "8/31/FR", "ownerAge": None},
                ]
            },
        ),
        Case(
            "{ products { volume: id owner { id ... on Person { born } } label } }",
            {
                "products": [
                    {"volume": "p1", "owner": {"id": "o1", "born": 30}, "label": "6/11/FR"},
                    {"volume": "p2", "owner": {"id": "o2"}, "label": "18/21/CH"},
                    {"volume": "p3", "owner": None, "label": "8/31/FR"},
                ]
            },
        ),
        Case(
            "query ($no: Boolean!) { product { id label @skip(if: $no) sticker @include(if: $no) } }",
            {"product": {"id": "p1", "sticker": "small"}},
            {"no": True},
        ),
        Case(
            "query ($no: Boolean!) { product { ...L @skip(if: $no) } } fragment L on Product { label big }",
            {"product": {}},
            {"no": True},
            calls=1,
        ),
    ),
)
