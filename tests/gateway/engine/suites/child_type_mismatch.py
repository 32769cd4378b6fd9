"""Fields of one name whose types differ by object type: one response key, two shapes."""

from tests.gateway.engine.suite import Case, Suite

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])\n'

A = (
    _LINK
    + """
type User @key(fields: "id") { id: ID @shareable name: String! }
type Admin { id: ID! name: String photo: String }
union Account = User | Admin
type Query { accounts: [Account!]! users: [User!]! }
"""
)

B = (
    _LINK
    + """
type User @key(fields: "id") { id: ID @shareable similar: [Person!]! }
type Bot { id: Int! handle: String! }
type Human { id: ID! handle: String }
union Person = Bot | Human
type Query { people: [Person!]! }
"""
)

_USERS = [
    {
        "__typename": "User",
        "id": "u1",
        "name": "Ada",
        "similar": [
            {"__typename": "Bot", "id": 7, "handle": "b7"},
            {"__typename": "Human", "id": "h1", "handle": None},
        ],
    }
]
_ADMIN = {"__typename": "Admin", "id": "a1", "name": None, "photo": "a1.png"}

SUITE = Suite(
    subgraphs={"a": A, "b": B},
    roots={"*": {"users": _USERS, "accounts": [*_USERS, _ADMIN], "people": _USERS[0]["similar"]}},
    entities={"User": _USERS},
    cases=(
        Case("{ users { id name } }", {"users": [{"id": "u1", "name": "Ada"}]}),
        Case(
            "{ accounts { ... on User { key: id label: name } ... on Admin { photo } } }",
            {"accounts": [{"key": "u1", "label": "Ada"}, {"photo": "a1.png"}]},
        ),
        Case(
            "{ users { similar { __typename ... on Bot { number: id handle } ... on Human { id } } } }",
            {
                "users": [
                    {
                        "similar": [
                            {"__typename": "Bot", "number": 7, "handle": "b7"},
                            {"__typename": "Human", "id": "h1"},
                        ]
                    }
                ]
            },
        ),
    ),
)
