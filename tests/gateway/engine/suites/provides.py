"""@provides: simple, nested, and on the members of a union."""

from tests.gateway.engine.suite import Case, Suite
from tests.gateway.engine.world import PROVIDES

_LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@provides", "@shareable", "@requires"])
"""

A = (
    _LINK
    + """
type Query {
  media: [Media] @shareable @provides(fields: "... on Book { title }")
  bare: [Media]
  films: [Media] @provides(fields: "... on Movie { title }")
  account: Account @provides(fields: "owner { name address { city } }")
}
union Media = Book | Movie
type Book @key(fields: "id") { id: ID! title: String @external }
type Movie @key(fields: "id") { id: ID! title: String @external }
type Account { owner: Owner }
type Owner @key(fields: "id") { id: ID! name: String @external address: Address @external }
type Address @key(fields: "id") { id: ID! city: String @external }
"""
)
B = (
    _LINK
    + """
type Book @key(fields: "id") { id: ID! title: String @shareable pages: Int }
type Movie @key(fields: "id") { id: ID! title: String @shareable }
type Owner @key(fields: "id") { id: ID! name: String @shareable address: Address @shareable }
type Address @key(fields: "id") { id: ID! city: String @shareable street: String @shareable }
"""
)

_BOOK = {"__typename": "Book", "id": "b1", "title": "Liant", "pages": 99, PROVIDES: {"title"}}
_MOVIE = {"__typename": "Movie", "id": "m1", "title": "Film"}
_ADDRESS = {"id": "x1", "city": "Lyon", "street": "rue Lanterne", PROVIDES: {"city"}}
_OWNER = {"id": "o1", "name": "Ada", "address": _ADDRESS, PROVIDES: {"name", "address"}}

SUITE = Suite(
    subgraphs={"a": A, "b": B},
    roots={"*": {"media": [_BOOK, _MOVIE], "bare": [{**_BOOK, PROVIDES: ()}], "account": {"owner": _OWNER}}},
    entities={"Book": [_BOOK], "Movie": [_MOVIE], "Owner": [_OWNER], "Address": [_ADDRESS]},
    cases=(
        Case("{ media { ... on Book { title } } }", {"media": [{"title": "Liant"}, {}]}, calls=1),
        Case(
            "{ media { ... on Book { title } ... on Movie { title } } }",
            {"media": [{"title": "Liant"}, {"title": "Film"}]},
            calls=2,
        ),
        Case("{ bare { ... on Book { title } } }", {"bare": [{"title": "Liant"}]}, calls=2),
        Case("{ media { ... on Book { title pages } } }", {"media": [{"title": "Liant", "pages": 99}, {}]}, calls=2),
        Case(
            "{ account { owner { name address { city } } } }",
            {"account": {"owner": {"name": "Ada", "address": {"city": "Lyon"}}}},
            calls=1,
        ),
        Case(
            "{ account { owner { name address { id city street } } } }",
            {"account": {"owner": {"name": "Ada", "address": {"id": "x1", "city": "Lyon", "street": "rue Lanterne"}}}},
            calls=2,
        ),
    ),
)
