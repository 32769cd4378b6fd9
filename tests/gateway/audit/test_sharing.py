"""`@shareable` roots, and `@override`: who is asked, and who never is."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

TOOL = {
    "id": "1",
    "name": {"brand": "Brand", "model": "Model"},
    "price": {"amount": 10, "currency": "EUR"},
    "shop": {"id": "s1", "name": "Shop"},
}


def tools() -> Federation:
    roots = {"Query.tool": TOOL, "Query.tools": [TOOL, TOOL | {"id": "2"}]}
    return federate("shared-root", names=roots, prices=roots, shops=roots)


@pytest.mark.parametrize(
    ("query", "expected", "calls"),
    [
        ("{ tool { id name { brand } } }", {"tool": {"id": "1", "name": {"brand": "Brand"}}}, ["names"]),
        (
            "{ tool { shop { name } price { amount } } }",
            {"tool": {"shop": {"name": "Shop"}, "price": {"amount": 10}}},
            ["prices", "shops"],
        ),
        (
            "{ tools { id name { model } price { currency } shop { id } } }",
            {
                "tools": [
                    {"id": id_, "name": {"model": "Model"}, "price": {"currency": "EUR"}, "shop": {"id": "s1"}}
                    for id_ in ("1", "2")
                ]
            },
            ["names", "prices", "shops"],
        ),
        (
            "{ a: tool { name { brand } } b: tool { price { amount } } }",
            {"a": {"name": {"brand": "Brand"}}, "b": {"price": {"amount": 10}}},
            ["names", "prices"],
        ),
    ],
)
async def test_a_shared_root_is_asked_of_those_who_are_needed(query: str, expected: Any, calls: list[str]) -> None:
    federation = tools()
    assert await federation.data(query) == expected
    assert sorted(federation.calls) == calls


POSTS = [{"id": f"p{n}", "written": f"day {n}", "title": f"Title {n}", "seen": n} for n in (1, 2)]


def feeds() -> Federation:
    return federate(
        "override",
        a={"Query.feed": POSTS, "Query.aFeed": POSTS[1:], "Post": POSTS},
        b={"Query.feed": POSTS, "Query.bFeed": POSTS[:1], "Post": POSTS},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ feed { written } }", {"feed": [{"written": "day 1"}, {"written": "day 2"}]}),
        ("{ aFeed { written title } }", {"aFeed": [{"written": "day 2", "title": "Title 2"}]}),
        (
            "{ aFeed { written } bFeed { written seen } }",
            {"aFeed": [{"written": "day 2"}], "bFeed": [{"written": "day 1", "seen": 1}]},
        ),
    ],
)
async def test_an_overridden_field_is_never_asked_of_the_old_owner(query: str, expected: Any) -> None:
    assert await feeds().data(query) == expected


async def test_a_field_may_override_a_subgraph_that_is_gone() -> None:
    assert await feeds().data("{ bFeed { seen } }") == {"bFeed": [{"seen": 1}]}


def pictures() -> Federation:
    pictures = [{"__typename": "Picture", "id": f"i{n}", "written": f"day {n}"} for n in (1, 2)]
    return federate(
        "override-interface",
        a={"Query.feed": pictures, "Picture": pictures},
        b={"Query.otherFeed": pictures, "Picture": pictures, "Essay": []},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ feed { id written } }",
            {"feed": [{"id": "i1", "written": "day 1"}, {"id": "i2", "written": "day 2"}]},
        ),
        ("{ feed { ... on Essay { id body } } }", {"feed": [{}, {}]}),
        ("{ otherFeed { written } }", {"otherFeed": [{"written": "day 1"}, {"written": "day 2"}]}),
        (
            "{ otherFeed { written id ... on Picture { written id } } }",
            {"otherFeed": [{"written": "day 1", "id": "i1"}, {"written": "day 2", "id": "i2"}]},
        ),
    ],
)
async def test_an_override_holds_below_an_interface(query: str, expected: Any) -> None:
    assert await pictures().data(query) == expected


PERSONS = [{"id": f"u{n}", "name": f"Name {n}"} for n in (1, 2, 3)]


def persons() -> Federation:
    return federate(
        "override-requires",
        a={"Query.personInA": PERSONS[0], "Person": PERSONS, "Person.aName": lambda person: f"a {person['name']}"},
        b={"Query.personInB": PERSONS[1], "Person": PERSONS},
        c={"Query.personInC": PERSONS[2], "Person": PERSONS, "Person.cName": lambda person: f"c {person['name']}"},
    )


async def test_what_is_needed_comes_from_the_overriding_subgraph() -> None:
    data = await persons().data(
        "{ personInA { name aName cName } personInB { name aName cName } personInC { name aName cName } }"
    )
    for number, root in enumerate(("personInA", "personInB", "personInC"), 1):
        name = f"Name {number}"
        assert data[root] == {"name": name, "aName": f"a {name}", "cName": f"c {name}"}


@pytest.mark.parametrize("root", ["personInA", "personInC"])
async def test_a_field_with_needs_is_reached_from_anywhere(root: str) -> None:
    number = 1 if root == "personInA" else 3
    assert await persons().data(f"{{ {root} {{ cName }} }}") == {root: {"cName": f"c Name {number}"}}
