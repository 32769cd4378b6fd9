"""`@external`: federation 1's extensions, federation 2's, and a key that is external."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

USERS = [{"id": f"u{n}", "name": f"Name {n}", "rank": n, "nick": f"Nick {n}", "score": 10 * n} for n in (1, 2)]


def users(scenario: str) -> Federation:
    a = {"Query.guest": USERS[0], "Query.namedGuest": USERS[0], "User": USERS}
    b = {"Query.user": lambda _, id: next(user for user in USERS if user["id"] == id), "User": USERS}
    if scenario == "external-v2":
        return federate(scenario, a=a, b=b)
    return federate(scenario, a=a, b=b, c={"Query.visitor": USERS[0], "User": USERS})


QUERIES: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        '{ guest { id name } user(id: "u2") { id name nick } }',
        {"guest": {"id": "u1", "name": "Name 1"}, "user": {"id": "u2", "name": "Name 2", "nick": "Nick 2"}},
        ["a", "b", "b"],
    ),
    ("{ guest { id rank } }", {"guest": {"id": "u1", "rank": 1}}, ["a"]),
    ("{ guest { id rank name } }", {"guest": {"id": "u1", "rank": 1, "name": "Name 1"}}, ["a", "b"]),
    ("{ namedGuest { id rank name } }", {"namedGuest": {"id": "u1", "rank": 1, "name": "Name 1"}}, ["a"]),
    ("{ namedGuest { name nick } }", {"namedGuest": {"name": "Name 1", "nick": "Nick 1"}}, ["a", "b"]),
    ('{ user(id: "u1") { rank } }', {"user": {"rank": 1}}, ["b", "a"]),
]


@pytest.mark.parametrize("scenario", ["external-v1", "external-v2"])
@pytest.mark.parametrize(("query", "expected", "calls"), QUERIES)
async def test_an_external_field_is_asked_of_its_owner(
    scenario: str, query: str, expected: Any, calls: list[str]
) -> None:
    federation = users(scenario)
    assert await federation.data(query) == expected
    assert sorted(federation.calls) == sorted(calls)


async def test_an_extends_directive_extends() -> None:
    assert await users("external-v1").data("{ visitor { id name score rank } }") == {
        "visitor": {"id": "u1", "name": "Name 1", "score": 10, "rank": 1}
    }


PART = {"id": "p1", "code": "c1", "name": "bolt", "lot": "l1", "price": 1.5}


@pytest.mark.parametrize("root", ["partInA", "partInB"])
async def test_an_extension_keeps_its_keys(root: str) -> None:
    federation = federate(
        "external-v1-keys",
        a={"Query.partInA": PART, "Part": [PART]},
        b={"Query.partInB": PART, "Part": [PART]},
    )
    assert await federation.data(f"{{ {root} {{ id lot price code name }} }}") == {root: PART}
