"""@interfaceObject: fields added to every implementation, required, by keys that cannot be entered, indirectly."""

from tests.gateway.engine.suite import Case, Suite

_LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@shareable", "@interfaceObject"])
"""

USERS = (
    _LINK
    + """
interface Account @key(fields: "id") { id: ID! name: String! }
type Admin implements Account @key(fields: "id") { id: ID! name: String! rights: [String!]! }
type Member implements Account @key(fields: "id") { id: ID! name: String! since: Int }
type Query { accounts: [Account!]! admin: Admin }
"""
)

BILLING = (
    _LINK
    + """
type Account @key(fields: "id") @interfaceObject {
  id: ID!
  name: String! @external
  balance: Int!
  invoiceName: String! @requires(fields: "name")
}
type Query { debtors: [Account!]! }
"""
)

CHAT = (
    _LINK
    + """
type Account @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }
type Message { text: String! author: Account! }
type Query { messages: [Message!]! }
"""
)

MEMBERS = (
    _LINK
    + """
type Member @key(fields: "id") { id: ID! points: Int! }
type Query { members: [Member!]! }
"""
)

_ADMIN = {
    "__typename": "Admin",
    "id": "a1",
    "name": "Ada",
    "rights": ["all"],
    "balance": 5,
    "invoiceName": lambda a: f"Mx {a['name']}",
}
_MEMBER = {
    "__typename": "Member",
    "id": "m1",
    "name": "Max",
    "since": 2020,
    "balance": -7,
    "points": 3,
    "invoiceName": lambda a: f"Mx {a['name']}",
}

SUITE = Suite(
    subgraphs={"users": USERS, "billing": BILLING, "chat": CHAT, "members": MEMBERS},
    roots={
        "*": {
            "accounts": [_ADMIN, _MEMBER],
            "admin": _ADMIN,
            "debtors": [{"id": "m1", "balance": -7}],
            "messages": [{"text": "hi", "author": {"id": "m1"}}, {"text": "yo", "author": {"id": "a1"}}],
            "members": [_MEMBER],
        }
    },
    entities={"Admin": [_ADMIN], "Member": [_MEMBER]},
    cases=(
        Case("{ accounts { id balance } }", {"accounts": [{"id": "a1", "balance": 5}, {"id": "m1", "balance": -7}]}),
        Case("{ admin { name balance } }", {"admin": {"name": "Ada", "balance": 5}}),
        Case("{ debtors { id balance } }", {"debtors": [{"id": "m1", "balance": -7}]}, calls=1),
        Case("{ debtors { __typename name } }", {"debtors": [{"__typename": "Member", "name": "Max"}]}, calls=2),
        Case("{ debtors { invoiceName } }", {"debtors": [{"invoiceName": "Mx Max"}]}, calls=3),
        Case(
            "{ accounts { invoiceName ... on Admin { rights } } }",
            {"accounts": [{"invoiceName": "Mx Ada", "rights": ["all"]}, {"invoiceName": "Mx Max"}]},
        ),
        Case(
            "{ messages { text author { id name balance ... on Member { since points } } } }",
            {
                "messages": [
                    {"text": "hi", "author": {"id": "m1", "name": "Max", "balance": -7, "since": 2020, "points": 3}},
                    {"text": "yo", "author": {"id": "a1", "name": "Ada", "balance": 5}},
                ]
            },
        ),
        Case(
            "{ messages { author { ... on Admin { balance invoiceName } } } }",
            {"messages": [{"author": {}}, {"author": {"balance": 5, "invoiceName": "Mx Ada"}}]},
        ),
        Case(
            "{ messages { author { __typename } } }",
            {"messages": [{"author": {"__typename": "Member"}}, {"author": {"__typename": "Admin"}}]},
        ),
        Case("{ members { points name balance } }", {"members": [{"points": 3, "name": "Max", "balance": -7}]}),
        Case("{ debtors { id ... on Account { id balance } } }", {"debtors": [{"id": "m1", "balance": -7}]}),
    ),
)
