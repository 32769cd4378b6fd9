"""@override: on objects behind an interface, of fields that others require, of whole entities' fields."""

from tests.gateway.engine.suite import Case, Suite

_LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@override", "@shareable", "@external", "@requires"])
"""

A = (
    _LINK
    + """
interface Post { id: ID! createdAt: String! }
type ImagePost implements Post @key(fields: "id") { id: ID! createdAt: String! }
type TextPost implements Post @key(fields: "id") { id: ID! createdAt: String! body: String! }
type Query { feed: [Post] image: ImagePost }
"""
)
B = (
    _LINK
    + """
interface Post { id: ID! createdAt: String! }
type ImagePost implements Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "a") }
type TextPost implements Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "a") }
type Query { other: [Post] }
"""
)
C = (
    _LINK
    + """
type TextPost @key(fields: "id") {
  id: ID!
  createdAt: String! @external
  stamp: String! @requires(fields: "createdAt")
}
"""
)


def _posts(created: str) -> list[dict[str, object]]:
    return [
        {"__typename": "ImagePost", "id": "i1", "createdAt": created},
        {
            "__typename": "TextPost",
            "id": "t1",
            "createdAt": created,
            "body": "hello",
            "stamp": lambda post: f"at {post['createdAt']}",
        },
    ]


SUITE = Suite(
    subgraphs={"a": A, "b": B, "c": C},
    roots={"a": {"feed": _posts("wrong"), "image": _posts("wrong")[0]}, "b": {"other": _posts("right")}},
    entities={"ImagePost": _posts("right")[:1], "TextPost": _posts("right")[1:]},
    cases=(
        Case(
            "{ feed { id createdAt } }",
            {"feed": [{"id": "i1", "createdAt": "right"}, {"id": "t1", "createdAt": "right"}]},
            calls=2,
        ),
        Case("{ image { createdAt } }", {"image": {"createdAt": "right"}}),
        Case("{ other { createdAt } }", {"other": [{"createdAt": "right"}, {"createdAt": "right"}]}, calls=1),
        Case(
            "{ feed { ... on TextPost { stamp body createdAt } } }",
            {"feed": [{}, {"stamp": "at right", "body": "hello", "createdAt": "right"}]},
        ),
        Case(
            "{ other { __typename ... on TextPost { body stamp } } }",
            {
                "other": [
                    {"__typename": "ImagePost"},
                    {"__typename": "TextPost", "body": "hello", "stamp": "at right"},
                ]
            },
        ),
    ),
)
