"""What a document may be: aliases, fragments, variables and their defaults, values, directives, introspection."""

from typing import Any

import pytest
from graphql import build_client_schema, get_introspection_query, lexicographic_sort_schema, print_schema

from tests.gateway.audit.federation import Federation, federate

USERS: list[dict[str, Any]] = [{"id": f"u{n}", "name": f"User {n}"} for n in (1, 2, 3)]
POSTS: list[dict[str, Any]] = [{"title": f"Post {n}", "author": USERS[n % 3]} for n in (1, 2, 3)]
BY_ID = {user["id"]: user for user in USERS}


def echo(_: Any, text: str, **given: Any) -> str:
    return ";".join([text, *(f"{name}={value!r}" for name, value in sorted(given.items()))])


def users() -> Federation:
    return federate(
        "documents",
        a={
            "Query.user": lambda _, id: BY_ID.get(id),
            "Query.users": lambda _, ids, where=None: [BY_ID[id] for id in ids][: where["limit"] if where else None],
            "Query.echo": echo,
            "User": USERS,
            "User.name": lambda user, upper: user["name"].upper() if upper else user["name"],
        },
        b={
            "User": USERS,
            "User.posts": lambda _, first, where=None: [
                post for post in POSTS if not where or post["title"] == where["title"]
            ][:first],
            "User.friend": lambda _, id: BY_ID.get(id),
            "Post.title": lambda post, max: post["title"][:max],
        },
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            '{ one: user(id: "u1") { n: name } two: user(id: "u2") { n: name big: name(upper: true) } }',
            {"one": {"n": "User 1"}, "two": {"n": "User 2", "big": "USER 2"}},
        ),
        (
            '{ user(id: "u1") { a: posts(first: 1) { title } b: posts(first: 2) { t: title(max: 4) } } }',
            {"user": {"a": [{"title": "Post 1"}], "b": [{"t": "Post"}, {"t": "Post"}]}},
        ),
        (
            '{ user(id: "u1") { id: name name: id __typename: name posts(first: 1) { __typename } } }',
            {"user": {"id": "User 1", "name": "u1", "__typename": "User 1", "posts": [{"__typename": "Post"}]}},
        ),
        (
            '{ user(id: "u1") { posts(first: 1) { title: __typename author { title: name } } } }',
            {"user": {"posts": [{"title": "Post", "author": {"title": "User 2"}}]}},
        ),
        (
            '{ user(id: "u1") { friend(id: "u2") { friend(id: "u3") { name posts(first: 1) { author { name } } } } } }',
            {"user": {"friend": {"friend": {"name": "User 3", "posts": [{"author": {"name": "User 2"}}]}}}},
        ),
        (
            '{ user(id: "u1") { x: friend(id: "u2") { name } y: friend(id: "u3") { name } name } }',
            {"user": {"x": {"name": "User 2"}, "y": {"name": "User 3"}, "name": "User 1"}},
        ),
        (
            '{ ...A user(id: "u1") { id } } fragment A on Query { user(id: "u1") { ...B ... on User { ...B name } } }'
            " fragment B on User { posts(first: 1) { ...C } } fragment C on Post { title author { ...D } }"
            " fragment D on User { name }",
            {"user": {"posts": [{"title": "Post 1", "author": {"name": "User 2"}}], "name": "User 1", "id": "u1"}},
        ),
        (
            '{ ... { ... on Query { ... { user(id: "u1") { ... { ... { name } } } } } } }',
            {"user": {"name": "User 1"}},
        ),
        ('{ user(id: "u1") @access { name @access(scope: PRIVATE) } }', {"user": {"name": "User 1"}}),
        ('{ user(id: "none") { name posts(first: 1) { title } } }', {"user": None}),
    ],
)
async def test_a_selection_means_what_it_says(query: str, expected: Any) -> None:
    assert await users().data(query) == expected


async def test_keys_come_in_the_order_of_the_document() -> None:
    data = await users().data('{ user(id: "u1") { posts(first: 1) { author { name id } title } name id } __typename }')
    assert list(data) == ["user", "__typename"]
    assert list(data["user"]) == ["posts", "name", "id"]
    assert list(data["user"]["posts"][0]) == ["author", "title"]
    assert list(data["user"]["posts"][0]["author"]) == ["name", "id"]


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("query ($id: ID!) { user(id: $id) { name } }", {"id": "u2"}, {"user": {"name": "User 2"}}),
        ("query ($id: ID!) { user(id: $id) { name } }", {"id": 7}, {"user": None}),
        ('query ($id: ID! = "u3") { user(id: $id) { name } }', {}, {"user": {"name": "User 3"}}),
        (
            'query ($n: Int!, $t: String) { user(id: "u1") { posts(first: $n, where: { title: $t }) { title } } }',
            {"n": 9, "t": "Post 2"},
            {"user": {"posts": [{"title": "Post 2"}]}},
        ),
        (
            "query ($n: Int = 1, $m: Int!)"
            ' { user(id: "u1") { friend(id: "u2") { posts(first: $m) { title(max: $n) } } } }',
            {"m": 1},
            {"user": {"friend": {"posts": [{"title": "P"}]}}},
        ),
        ("query ($ids: [ID!]) { users(ids: $ids) { id } }", {"ids": "u2"}, {"users": [{"id": "u2"}]}),
        ("query ($ids: [ID!]) { users(ids: $ids) { id } }", {}, {"users": [{"id": "u1"}]}),
        (
            'query ($where: Where) { users(ids: ["u1", "u2"], where: $where) { id } }',
            {"where": {"limit": 1}},
            {"users": [{"id": "u1"}]},
        ),
        (
            'query ($x: Int) { users(ids: ["u1"]) { posts(first: 1) { title(max: $x) } } }',
            {},
            {"users": [{"posts": [{"title": "Post 1"}]}]},
        ),
    ],
)
async def test_variables_reach_the_fetch_that_needs_them(query: str, variables: Any, expected: Any) -> None:
    assert await users().data(query, variables) == expected


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ echo }", {}, "none"),
        ('{ echo(text: "a \\"b\\" \\u00e9\\n") }', {}, 'a "b" é\n'),
        ('{ echo(text: """\n  block\n    text\n  """) }', {}, "block\n  text"),
        (
            '{ echo(value: { a: [1, 2.5, true, null, X, "s"] }) }',
            {},
            "none;value={'a': [1, 2.5, True, None, 'X', 's']}",
        ),
        ("query ($v: Any) { echo(value: { a: $v, b: [$v] }) }", {"v": 3}, "none;value={'a': 3, 'b': [3]}"),
        ("query ($v: Any) { echo(value: $v) }", {"v": {"deep": [{}]}}, "none;value={'deep': [{}]}"),
        ("query ($v: Any) { echo(value: $v) }", {}, "none"),
        ("query ($v: Any) { echo(value: $v) }", {"v": None}, "none;value=None"),
        ("query ($f: [Flag!]) { echo(flags: $f) }", {"f": "OFF"}, "none;flags=['OFF']"),
        ("{ echo(flags: OFF) }", {}, "none;flags=['OFF']"),
        (
            'query ($n: String) { echo(nested: { name: $n, and: [{ name: "x" }] }) }',
            {},
            "none;nested={'and': [{'flag': 'ON', 'limit': 10, 'name': 'x'}], 'flag': 'ON', 'limit': 10}",
        ),
    ],
)
async def test_values_arrive_as_they_were_written(query: str, variables: Any, expected: str) -> None:
    data = await users().data(query, variables)
    assert _sorted(data["echo"]) == _sorted(expected)


def _sorted(text: str) -> list[str]:
    return sorted(text.replace("'", " ").replace("{", " ").replace("}", " ").replace(",", " ").split())


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($id: ID!) { user(id: $id) { name } }", {}),
        ("query ($id: ID!) { user(id: $id) { name } }", {"id": None}),
        ("query ($id: ID!) { user(id: $id) { name } }", {"id": ["u1"]}),
        ("query ($w: Where) { users(where: $w) { id } }", {"w": {"limit": None}}),
        ("query ($w: Where) { users(where: $w) { id } }", {"w": {"unknown": 1}}),
        ("query ($w: Where) { users(where: $w) { id } }", {"w": {"and": [{"flag": "MAYBE"}]}}),
        ("query ($w: Where) { users(where: $w) { id } }", {"w": {"limit": 2**40}}),
        ("query ($w: Where) { users(where: $w) { id } }", {"w": {"name": 3}}),
    ],
)
async def test_variables_that_do_not_fit_are_refused_before_any_fetch(query: str, variables: Any) -> None:
    federation = users()
    answer = await federation.ask(query, variables)
    assert answer["errors"]
    assert answer.get("data") is None
    assert federation.fetches == []


async def test_introspection_is_answered_by_the_gateway() -> None:
    federation = users()
    data = await federation.data(get_introspection_query())
    told, own = build_client_schema(data), federation.engine.schema
    assert print_schema(lexicographic_sort_schema(told)) == print_schema(lexicographic_sort_schema(own))
    assert federation.fetches == []
    assert [name for name in told.type_map if "__" in name and not name.startswith("__")] == []


async def test_introspection_goes_along_with_data() -> None:
    data = await users().data(
        "query ($n: String!) { s: __schema { queryType { n: name } } t: __type(name: $n) { kind }"
        ' user(id: "u1") { name } }',
        {"n": "Where"},
    )
    assert data == {"s": {"queryType": {"n": "Query"}}, "t": {"kind": "INPUT_OBJECT"}, "user": {"name": "User 1"}}
