"""`@interfaceObject`: fields added to an interface by a subgraph that does not know its types."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

USERS = [
    {"__typename": "User", "id": f"u{n}", "name": f"Name {n}", "age": 10 * n, "login": f"login{n}"} for n in (1, 2)
]
ACCOUNTS = [
    {"__typename": kind, "id": f"a{n}", "title": title, "main": n == 1, "active": n != 3}
    for n, kind, title in ((1, "Admin", "Alice"), (2, "Admin", "Bob"), (3, "Plain", "Carol"))
]


def people() -> Federation:
    return federate(
        "interface-object",
        people={
            "Query.users": USERS,
            "Named": USERS,
            "User": USERS,
            "Account": ACCOUNTS,
            "Admin": ACCOUNTS[:2],
            "Plain": ACCOUNTS[2:],
        },
        login={"Query.others": USERS, "Query.accounts": ACCOUNTS, "Named": USERS, "Account": ACCOUNTS},
        greet={"Named": USERS, "Named.greeting": lambda named: f"Hello {named['name']}"},
    )


@pytest.mark.parametrize("root", ["users", "others"])
@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ("id name login", {"id": "u1", "name": "Name 1", "login": "login1"}),
        ("... on User { age }", {"age": 10}),
        (
            "... on User { age id name login } id name",
            {"age": 10, "id": "u1", "name": "Name 1", "login": "login1"},
        ),
        ("greeting", {"greeting": "Hello Name 1"}),
        ("... on User { greeting age }", {"greeting": "Hello Name 1", "age": 10}),
        ("... on Named { greeting name: id }", {"greeting": "Hello Name 1", "name": "u1"}),
        ("__typename greeting", {"__typename": "User", "greeting": "Hello Name 1"}),
    ],
)
async def test_it_makes_no_difference_where_the_object_comes_from(root: str, fields: str, first: Any) -> None:
    data = await people().data(f"{{ {root} {{ {fields} }} }}")
    assert data[root][0] == first
    assert len(data[root]) == 2


@pytest.mark.parametrize(
    ("fields", "expected", "calls"),
    [
        ("title", [{"title": "Alice"}, {"title": "Bob"}, {"title": "Carol"}], ["login"]),
        ("id", [{"id": "a1"}, {"id": "a2"}, {"id": "a3"}], ["login"]),
        ("... on Admin { title }", [{"title": "Alice"}, {"title": "Bob"}, {}], None),
        ("... on Admin { __typename }", [{"__typename": "Admin"}, {"__typename": "Admin"}, {}], None),
        (
            "title __typename",
            [
                {"title": "Alice", "__typename": "Admin"},
                {"title": "Bob", "__typename": "Admin"},
                {"title": "Carol", "__typename": "Plain"},
            ],
            ["login", "people"],
        ),
        ("id ... on Admin { active }", [{"id": f"a{n}", "active": True} for n in (1, 2)] + [{"id": "a3"}], None),
        ("... on Plain { main } active", [{"active": True}, {"active": True}, {"main": False, "active": False}], None),
    ],
)
async def test_the_type_is_found_out_only_when_it_matters(fields: str, expected: Any, calls: list[str] | None) -> None:
    federation = people()
    assert await federation.data(f"{{ accounts {{ {fields} }} }}") == {"accounts": expected}
    assert calls is None or federation.calls == calls


def media() -> Federation:
    video = {"__typename": "Video", "id": "m1", "title": "Film", "seconds": 60, "authorName": "Ada"}
    entities = {"Media": [video], "Video": [video], "Text": []}
    return federate(
        "interface-object-media",
        media=entities | {"Query.media": video},
        lists=entities | {"Query.list": {"id": "l1", "name": "List", "media": video}, "List": []},
        authors={"Query.author": {"id": "a1", "name": "Ada"}, "Media": [video], "Author": []},
    )


async def test_a_field_of_an_interface_object_reaches_types_of_a_third_subgraph() -> None:
    data = await media().data(
        "{ media { id title ... on Video { seconds authorName } ... on Text { words } } author { name }"
        " list { media { id authorName ... on Video { seconds } } } }"
    )
    assert data == {
        "media": {"id": "m1", "title": "Film", "seconds": 60, "authorName": "Ada"},
        "author": {"name": "Ada"},
        "list": {"media": {"id": "m1", "authorName": "Ada", "seconds": 60}},
    }


def closed() -> Federation:
    bread = {"__typename": "Bread", "id": "b1", "crust": "thick"}
    return federate(
        "interface-object-closed",
        a={"Query.a": {"__typename": "Thing", "id": "t1"}, "Query.item": bread, "Thing": []},
        b={"Query.b": {"id": "t1", "field": "foo"}, "Item": [bread], "Bread": [bread]},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ b { id field } }", {"b": {"id": "t1", "field": "foo"}}),
        ("{ b { id } }", {"b": {"id": "t1"}}),
        ("{ item { id } }", {"item": {"id": "b1"}}),
        ("{ item { __typename id } }", {"item": {"__typename": "Bread", "id": "b1"}}),
        ("{ item { ... on Bread { id } } }", {"item": {"id": "b1"}}),
        ("{ item { ... on Bread { crust } } }", {"item": {"crust": "thick"}}),
    ],
)
async def test_an_interface_object_is_read_where_it_is(query: str, expected: Any) -> None:
    assert await closed().data(query) == expected


async def test_an_interface_without_types_is_an_error_and_null() -> None:
    answer = await closed().ask("{ a { id } }")
    assert answer["data"] == {"a": None}
    assert answer["errors"]


async def test_a_field_behind_a_key_that_is_not_resolvable_cannot_be_planned() -> None:
    answer = await closed().ask("{ a { field } }")
    assert answer.get("data") is None
    assert answer["errors"]
