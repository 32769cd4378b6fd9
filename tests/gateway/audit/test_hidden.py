"""What the API schema leaves out: `@inaccessible`, and what only some subgraphs have of an enum or input."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

PEOPLE = [{"id": f"p{n}", "age": 30 + n, "salary": 1000 * n, "kind": kind} for n, kind in ((1, "MEMBER"), (2, "GUEST"))]


def people() -> Federation:
    rows = [{"id": person["id"], "kind": person["kind"]} for person in PEOPLE]
    friends = {"p1": rows[1:], "p2": rows[:1]}
    return federate(
        "hidden",
        people={
            "Query.people": PEOPLE,
            "Query.secret": 1,
            "Query.ranked": lambda _, by, floor: PEOPLE if (by, floor) == ("AGE", 0) else [],
            "Person": PEOPLE,
        },
        friends={
            "Query.members": lambda _, filter: rows[: filter["first"]],
            "Query.byKind": lambda _, kind: [row for row in rows if row["kind"] == kind],
            "Person": rows,
            "Person.bracket": lambda person: person["salary"] // 1000,
            "Person.friends": lambda person, how: friends[person["id"]] if how == "FAMILY" else [],
        },
        members={"Query.others": lambda _, filter: rows[: filter["first"]], "Person": rows},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ people { id bracket } }", {"people": [{"id": "p1", "bracket": 1}, {"id": "p2", "bracket": 2}]}),
        ("{ people { friends { id } } }", {"people": [{"friends": [{"id": "p2"}]}, {"friends": [{"id": "p1"}]}]}),
        ("{ ranked { id } }", {"ranked": [{"id": "p1"}, {"id": "p2"}]}),
        ("{ ranked(by: AGE) { id } }", {"ranked": [{"id": "p1"}, {"id": "p2"}]}),
        ("{ byKind(kind: MEMBER) { id kind } }", {"byKind": [{"id": "p1", "kind": "MEMBER"}]}),
        ("{ members(filter: { first: 1 }) { id age } }", {"members": [{"id": "p1", "age": 31}]}),
        ("{ others(filter: { first: 2 }) { age } }", {"others": [{"age": 31}, {"age": 32}]}),
    ],
)
async def test_what_is_hidden_still_works_inside(query: str, expected: Any) -> None:
    assert await people().data(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "{ secret }",
        "{ people { salary } }",
        "{ people { friends(how: WORK) { id } } }",
        "{ ranked(by: SALARY) { id } }",
        "{ ranked(floor: 1) { id } }",
        "{ byKind(kind: GUEST) { id } }",
        "{ members(filter: { first: 1, offset: 2 }) { id } }",
        "{ others(filter: { first: 1, offset: 2 }) { id } }",
        '{ __type(name: "How") { name } people { friends(how: FAMILY) { id } } }',
    ],
)
async def test_what_is_hidden_cannot_be_asked(query: str) -> None:
    federation = people()
    answer = await federation.ask(query)
    assert answer["errors"]
    assert answer.get("data") is None
    assert federation.fetches == []


async def test_a_hidden_enum_value_comes_out_as_null() -> None:
    answer = await people().ask("{ people { id kind } }")
    assert answer["data"] == {"people": [{"id": "p1", "kind": "MEMBER"}, {"id": "p2", "kind": None}]}


async def test_a_hidden_enum_value_in_a_variable_is_refused() -> None:
    federation = people()
    answer = await federation.ask("query ($kind: Kind!) { byKind(kind: $kind) { id } }", {"kind": "GUEST"})
    assert answer["errors"]
    assert federation.fetches == []


async def test_introspection_shows_nothing_hidden() -> None:
    data = await people().data(
        '{ person: __type(name: "Person") { fields { name args { name } } }'
        ' kind: __type(name: "Kind") { enumValues { name } } filter: __type(name: "Filter") { inputFields { name } } }'
    )
    fields = {field["name"]: field["args"] for field in data["person"]["fields"]}
    assert fields.keys() == {"id", "age", "kind", "bracket", "friends"}
    assert fields["friends"] == []
    assert data["kind"] == {"enumValues": [{"name": "MEMBER"}]}
    assert data["filter"] == {"inputFields": [{"name": "first"}]}
