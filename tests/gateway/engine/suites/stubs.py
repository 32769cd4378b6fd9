"""Objects of which one subgraph knows only the key, many times the same; others add to them."""

from tests.gateway.engine.suite import Case, Suite
from tests.gateway.engine.world import Object

_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n'

MESSAGES = (
    _LINK
    + """
type Query { messages: [Message!]! }
type Message { text: String! author: Person reader: Person! }
type Person @key(fields: "id") { id: ID! }
"""
)
PEOPLE = (
    _LINK
    + """
type Person @key(fields: "id") { id: ID! name: String! nickname: String firm: Firm }
type Firm @key(fields: "id") { id: ID! }
"""
)
FIRMS = (
    _LINK
    + """
type Firm @key(fields: "id") { id: ID! title: String! }
"""
)
MOODS = (
    _LINK
    + """
type Person @key(fields: "id") { id: ID! mood: String! }
"""
)

_FIRM: Object = {"id": "f", "title": "Firm"}
_ANN: Object = {"id": "ann", "name": "Ann", "nickname": None, "firm": _FIRM, "mood": "calm"}
_BOB: Object = {"id": "bob", "name": "Bob", "nickname": "B", "firm": _FIRM, "mood": "gay"}
_EVE: Object = {"id": "eve", "name": "Eve", "nickname": None, "firm": None, "mood": "sly"}
_MESSAGES: list[Object] = [
    {"text": "one", "author": _ANN, "reader": _BOB},
    {"text": "two", "author": _ANN, "reader": _EVE},
    {"text": "three", "author": None, "reader": _ANN},
    {"text": "four", "author": _BOB, "reader": _ANN},
]
_AUTHORS = [_ANN, _ANN, None, _BOB]

SUITE = Suite(
    subgraphs={"messages": MESSAGES, "people": PEOPLE, "firms": FIRMS, "moods": MOODS},
    roots={"messages": {"messages": _MESSAGES}},
    entities={"Person": [_ANN, _BOB, _EVE], "Firm": [_FIRM]},
    cases=(
        Case(
            "{ messages { text author { id name nickname } } }",
            {
                "messages": [
                    {
                        "text": message["text"],
                        "author": author and {key: author[key] for key in ("id", "name", "nickname")},
                    }
                    for message, author in zip(_MESSAGES, _AUTHORS, strict=True)
                ]
            },
            calls=2,
        ),
        Case(
            "{ messages { author { name mood } reader { name mood } } }",
            {
                "messages": [
                    {
                        "author": author and {"name": author["name"], "mood": author["mood"]},
                        "reader": {"name": message["reader"]["name"], "mood": message["reader"]["mood"]},
                    }
                    for message, author in zip(_MESSAGES, _AUTHORS, strict=True)
                ]
            },
            calls=3,
        ),
        Case(
            "{ messages { reader { id firm { id title } } } }",
            {
                "messages": [
                    {"reader": {"id": "bob", "firm": _FIRM}},
                    {"reader": {"id": "eve", "firm": None}},
                    {"reader": {"id": "ann", "firm": _FIRM}},
                    {"reader": {"id": "ann", "firm": _FIRM}},
                ]
            },
            calls=3,
        ),
    ),
)
