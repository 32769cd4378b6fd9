"""Plans, as a person reads them: a query and what becomes of it, side by side in the snapshots."""

import pytest
from graphql import parse
from syrupy.assertion import SnapshotAssertion

from tests.gateway.engine.suite import load

PLANS = [
    ("keys", "{ items { id weight } }"),
    ("keys", "{ order { total } }"),
    ("requires_chain", "{ products { label sticker } }"),
    ("requires_chain", '{ product { price(currency: "CHF") shippingUsd shippingEur } }'),
    ("requires_chain", "query ($no: Boolean!) { product { id label @skip(if: $no) } }"),
    ("provides", "{ media { ... on Book { title } ... on Movie { title } } account { owner { address { city } } } }"),
    ("overrides", "{ feed { id createdAt ... on TextPost { body } } }"),
    ("interface_objects", "{ debtors { balance ... on Admin { rights invoiceName } } }"),
    ("nodes", '{ node(id: "p1") { id ... on Product { name stock } ... on Category { title } } }'),
    ("child_type_mismatch", "{ users { similar { ... on Bot { handle } ... on Human { handle } } } }"),
    ("shared", "mutation { add(by: 1) { double } multiply(by: 2) { total } both(by: 3) { total double } }"),
    ("reentry", "{ viewer { query { two three } } }"),
]


@pytest.mark.parametrize(("suite", "query"), PLANS)
def test_the_plan_is_the_one_known(suite: str, query: str, snapshot: SnapshotAssertion) -> None:
    plan = load(suite).engine.prepare(parse(query), None).plan
    assert f"{query}\n\n{plan.pretty()}\n" == snapshot


def test_the_plan_as_json_says_the_same() -> None:
    plan = load("keys").engine.prepare(parse("{ items { weight } }"), None).plan.as_json()
    assert plan["kind"] == "QueryPlan"
    sequence = plan["node"]["nodes"]
    assert [fetch["serviceName"] for fetch in sequence] == ["a", "b", "c", "d"]
    assert sequence[-1]["path"] == "items"
    assert sequence[-1]["requires"] == ["Item {place{row shelf}}"]


def test_an_operation_that_needs_nobody_has_no_fetch() -> None:
    plan = load("keys").engine.prepare(parse("{ __typename __schema { queryType { name } } }"), None).plan
    assert plan.pretty() == "Nothing to fetch"
    assert plan.as_json() == {"kind": "QueryPlan", "node": None}
