"""Subscriptions, from a subgraph and from events that know keys only. Composed for `test_subscriptions`."""

from typing import Any

from tests.gateway.engine.suite import Suite

_LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@shareable", "@external", "@requires"])
"""

DEALS = (
    _LINK
    + """
type Query { deal(id: ID!): Deal }
type Deal @key(fields: "id") { id: ID! title: String! contact: Contact }
type Contact @key(fields: "id", resolvable: false) { id: ID! }
interface Event { id: ID! deal: Deal }
type Note implements Event @key(fields: "id") { id: ID! deal: Deal text: String! }
type Call implements Event @key(fields: "id") { id: ID! deal: Deal minutes: Int }
type Subscription { dealChanged(id: ID): Deal! eventCreated: Event! }
"""
)
CONTACTS = (
    _LINK
    + """
type Query { contact(id: ID!): Contact }
type Contact @key(fields: "id") { id: ID! name: String! }
type Note @key(fields: "id") { id: ID! mails: Int! }
"""
)

_CONTACT: Any = {"id": "c1", "name": "Ada"}
_DEAL: Any = {"id": "d1", "title": "Lot 1", "contact": _CONTACT}
_NOTE: Any = {"__typename": "Note", "id": "n1", "deal": _DEAL, "text": "hello", "mails": 3}

SUITE = Suite(
    subgraphs={"deals": DEALS, "contacts": CONTACTS},
    roots={"*": {}},
    entities={"Deal": [_DEAL], "Contact": [_CONTACT], "Note": [_NOTE], "Call": [{"id": "k1", "minutes": None}]},
)
