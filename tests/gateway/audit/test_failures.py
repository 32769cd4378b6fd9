"""Errors of subgraphs: null goes as far as the specification sends it, the path is the client's, nothing raises."""

import json
from typing import Any

import pytest

from gateway.errors import FetchFailed
from tests.gateway.audit.federation import Federation, federate
from tests.gateway.audit.subgraph import Fetch

LINES = [{"sku": f"s{n}", "price": n, "stock": n} for n in (1, 2)]
ORDER: dict[str, Any] = {"id": "o1", "lines": LINES, "note": "n", "matrix": [LINES, [LINES[0], None]], "total": 3}


def orders(**b: Any) -> Federation:
    return federate(
        "failing",
        a={"Query.orders": [ORDER], "Query.order": ORDER, "Query.must": ORDER, "Order": [ORDER], "Line": LINES},
        b={"Query.ping": "pong", "Order": [ORDER], "Line": LINES, "Order.memo": "m"} | b,
        c={"Line": LINES, "Line.tax": lambda line: line["price"] * 2},
    )


def broken(federation: Federation, *names: str) -> Federation:
    """Subgraphs that cannot be reached."""

    def refuse(_: Fetch) -> bytes:
        raise FetchFailed("SUBGRAPH_UNREACHABLE", "connection refused")

    for name in names:
        federation.subgraphs[name].fault = refuse
    return federation


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ order { id memo } }", {"order": {"id": "o1", "memo": None}}),
        ("{ order { id total } }", {"order": None}),
        (
            "{ order { id lines { sku stock } } }",
            {"order": {"id": "o1", "lines": [{"sku": "s1", "stock": None}, {"sku": "s2", "stock": None}]}},
        ),
        ("{ order { id lines { sku price } } }", {"order": {"id": "o1", "lines": None}}),
        ("{ orders { total } }", None),
        ("{ must { total } order { id } }", None),
        ("{ must { id memo } }", {"must": {"id": "o1", "memo": None}}),
        ("{ order { matrix { price } } }", {"order": {"matrix": [[None, None], [None, None]]}}),
        ("{ ping order { id } }", {"ping": None, "order": {"id": "o1"}}),
        ("{ loud order { id } }", None),
        ("{ order { lines { tax } } }", {"order": {"lines": [{"tax": None}, {"tax": None}]}}),
    ],
)
async def test_an_unreachable_subgraph_nulls_what_it_should_have_filled(query: str, data: Any) -> None:
    answer = await broken(orders(), "b").ask(query)
    assert answer["data"] == data
    assert {error["extensions"]["serviceName"] for error in answer["errors"]} == {"b"}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"SUBGRAPH_UNREACHABLE"}


async def test_an_unreachable_root_is_told_at_its_field() -> None:
    answer = await broken(orders(), "a").ask("{ order { id } ping }")
    assert answer["data"] == {"order": None, "ping": "pong"}
    assert [error["path"] for error in answer["errors"]] == [["order"]]


def fail(*_: Any, **__: Any) -> None:
    raise ValueError("boom")


async def test_an_error_of_an_entity_is_told_where_the_client_asked() -> None:
    answer = await orders(**{"Line.stock": fail}).ask("{ order { parts: lines { sku left: stock } } }")
    assert answer["data"]["order"]["parts"] == [{"sku": "s1", "left": None}, {"sku": "s2", "left": None}]
    assert sorted(error["path"] for error in answer["errors"]) == [
        ["order", "parts", 0, "left"],
        ["order", "parts", 1, "left"],
    ]
    assert {error["extensions"]["serviceName"] for error in answer["errors"]} == {"b"}


async def test_an_error_of_one_entity_leaves_the_others() -> None:
    federation = orders(**{"Line.price": lambda line: fail() if line["sku"] == "s2" else line["price"]})
    answer = await federation.ask("{ order { matrix { sku price } } }")
    one = {"sku": "s1", "price": 1}
    assert answer["data"] == {"order": {"matrix": [[one, None], [one, None]]}}
    assert ["order", "matrix", 0, 1, "price"] in [error["path"] for error in answer["errors"]]


async def test_an_entity_that_is_gone_is_null_without_what_needs_it() -> None:
    federation = orders(Line=LINES[:1])
    answer = await federation.ask("{ order { lines { sku stock tax } } }")
    assert answer["data"]["order"]["lines"] == [
        {"sku": "s1", "stock": 1, "tax": 2},
        {"sku": "s2", "stock": None, "tax": None},
    ]
    assert federation.complaints == []


async def test_what_failed_is_not_sent_on() -> None:
    federation = orders(**{"Line.price": lambda line: fail() if line["sku"] == "s2" else line["price"]})
    answer = await federation.ask("{ order { lines { sku tax } } }")
    assert answer["data"]["order"]["lines"] == [{"sku": "s1", "tax": 2}, {"sku": "s2", "tax": None}]
    assert federation.complaints == []


ODD: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"not json",
    b'{"data": null}',
    b'{"data": 7}',
    b'{"data": {}}',
    b'{"data": {"_entities": null}}',
    b'{"data": {"_entities": []}}',
    b'{"data": {"_entities": 3}}',
    b'{"data": {"_entities": [null]}}',
    b'{"data": {"_entities": [null, null, null, null, {"price": 3}]}}',
    b'{"data": {"_entities": ["x", 7]}}',
    b'{"data": {"_entities": [{"price": null, "stock": []}, {}]}}',
    b'{"errors": []}',
    b'{"errors": "no"}',
    b'{"errors": [null, 7, {"message": 3, "path": "no"}]}',
    b'{"errors": [{"message": "m", "path": ["_entities", 99, "stock"]}], "data": null}',
    b'{"errors": [{"message": "m", "path": ["_entities"]}], "data": {"_entities": [null, null]}}',
    b'{"errors": [{"message": "m", "extensions": "none", "locations": [{}]}]}',
]


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("subgraph", ["a", "b", "c"])
async def test_no_answer_of_a_subgraph_makes_the_engine_raise(body: bytes, subgraph: str) -> None:
    federation = orders()
    federation.subgraphs[subgraph].fault = lambda _: body
    answer = await federation.ask("{ order { id lines { sku stock tax price } matrix { stock } } ping }")
    assert answer["data"] is None or set(answer["data"]) == {"order", "ping"}
    if subgraph != "a" or b'"data": {' not in body:
        assert answer["errors"]
    for error in answer.get("errors", ()):
        assert isinstance(error["message"], str)
        assert error["extensions"]["code"]
        assert error["path"][0] in ("order", "ping")


async def test_the_subgraphs_messages_stay_inside_unless_they_may_be_seen() -> None:
    for exposed in (True, False):
        federation = orders(**{"Order.memo": fail})
        federation.expose_subgraph_errors = exposed
        answer = await federation.ask("{ order { memo } }")
        assert ("boom" in json.dumps(answer)) is exposed
        assert answer["errors"][0]["path"] == ["order", "memo"]
