"""`node(id:)`: completed by its type, also over a supergraph in which no subgraph can resolve it whole."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

PRODUCTS: list[dict[str, Any]] = [{"__typename": "Product", "id": "p1", "name": "Product 1", "price": 10.0}]
CATEGORIES: list[dict[str, Any]] = [{"__typename": "Category", "id": "c1", "name": "Category 1"}]


def nodes() -> Federation:
    entities = {"Product": PRODUCTS, "Category": CATEGORIES}
    by_id = {row["id"]: row for row in (*PRODUCTS, *CATEGORIES)}
    return federate(
        "node",
        node=entities
        | {
            "Query.productNode": PRODUCTS[0],
            "Query.categoryNode": CATEGORIES[0],
            "Query.node": lambda _, id: by_id.get(id),
        },
        types=entities,
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ productNode { ... on Product { id name __typename price } } }",
            {"productNode": {"id": "p1", "name": "Product 1", "__typename": "Product", "price": 10.0}},
        ),
        ("{ categoryNode { id ... on Product { name } } }", {"categoryNode": {"id": "c1"}}),
        (
            '{ a: node(id: "p1") { ...F } b: node(id: "c1") { ...F } c: node(id: "x") { ...F } }'
            " fragment F on Node { id ... on Product { price name } ... on Category { name } }",
            {
                "a": {"id": "p1", "price": 10.0, "name": "Product 1"},
                "b": {"id": "c1", "name": "Category 1"},
                "c": None,
            },
        ),
    ],
)
async def test_a_node_is_completed_by_its_type(query: str, expected: Any) -> None:
    assert await nodes().data(query) == expected


def corrupted() -> Federation:
    members: list[dict[str, Any]] = [{"__typename": "Member", "id": "m1", "login": "ada"}]
    rooms: list[dict[str, Any]] = [{"__typename": "Room", "id": "r1", "text": "hall", "owner": members[0]}]
    members[0]["rooms"] = rooms
    by_id = {row["id"]: row for row in (*members, *rooms)}
    entities = {"Member": members, "Room": rooms, "Query.node": lambda _, id: by_id.get(id)}
    return federate(
        "node-corrupted",
        a=entities | {"Query.member": lambda _, id: by_id.get(id)},
        b=entities | {"Query.room": lambda _, id: by_id.get(id)},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            '{ m: node(id: "m1") { __typename } r: node(id: "r1") { __typename } }',
            {"m": {"__typename": "Member"}, "r": {"__typename": "Room"}},
        ),
        (
            '{ m: node(id: "m1") { ... on Member { id login } } r: node(id: "r1") { ... on Room { id text } } }',
            {"m": {"id": "m1", "login": "ada"}, "r": {"id": "r1", "text": "hall"}},
        ),
        (
            '{ m: node(id: "m1") { ... on Room { id } } r: node(id: "r1") { ... on Member { id } } }',
            {"m": {}, "r": {}},
        ),
        (
            '{ m: node(id: "m1") { __typename ... on Room { id } }'
            ' r: node(id: "r1") { __typename ... on Member { id } } }',
            {"m": {"__typename": "Member"}, "r": {"__typename": "Room"}},
        ),
        ('{ room(id: "r1") { id text owner { id } } }', {"room": {"id": "r1", "text": "hall", "owner": {"id": "m1"}}}),
        (
            '{ member(id: "m1") { id login rooms { id } } }',
            {"member": {"id": "m1", "login": "ada", "rooms": [{"id": "r1"}]}},
        ),
        (
            '{ member(id: "m1") { rooms { id owner { login rooms { text } } } } }',
            {"member": {"rooms": [{"id": "r1", "owner": {"login": "ada", "rooms": [{"text": "hall"}]}}]}},
        ),
    ],
)
async def test_what_can_be_resolved_of_a_corrupted_supergraph_is(query: str, expected: Any) -> None:
    assert await corrupted().data(query) == expected


@pytest.mark.parametrize(
    "query",
    [
        '{ node(id: "m1") { id } }',
        '{ m: node(id: "m1") { id ... on Room { id } } r: node(id: "r1") { __typename ... on Member { id } } }',
    ],
)
async def test_what_no_subgraph_can_resolve_is_refused_before_anything_is_fetched(query: str) -> None:
    federation = corrupted()
    answer = await federation.ask(query)
    assert answer.get("data") is None
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_PLANNING_FAILED"
    assert federation.fetches == []
