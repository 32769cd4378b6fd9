import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from graphql import get_introspection_query, parse

from chassis.config import PartSettings
from gateway.config import Limits
from gateway.engine import Engine
from gateway.pipeline.cost import Estimate
from gateway.pipeline.limits import RateExceeded, RateLimiter
from gateway.pipeline.parse import find_operation
from gateway.pipeline.shape import measure
from tests.gateway.front.world import SUPERGRAPH, world

NESTED = "{ latestReviews { book { reviews { book { reviews { book { title } } } } } } }"


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize(
    ("limits", "query", "expected"),
    [
        (Limits(max_depth=5), NESTED, "DEPTH_LIMIT"),
        (Limits(max_aliases=2), "{ a: __typename b: __typename c: __typename }", "ALIAS_LIMIT"),
        (Limits(max_root_fields=2), "{ books { id } whoami latestReviews { stars } }", "ROOT_FIELD_LIMIT"),
        (Limits(max_directives=1), "{ whoami @skip(if: false) @include(if: true) }", "DIRECTIVE_LIMIT"),
        (Limits(max_tokens=10), NESTED, "DOCUMENT_TOO_COMPLEX"),
        (Limits(max_document_bytes=20), NESTED, "DOCUMENT_TOO_LARGE"),
        (Limits(max_overlap=50), "{" + " whoami" * 20 + "}", "OVERLAP_LIMIT"),
        (Limits(max_list_size=10), "{ books(first: 11) { id } }", "LIST_SIZE_LIMIT"),
        (Limits(max_cost=100), NESTED, "COST_LIMIT"),
    ],
)
async def test_a_document_beyond_a_limit_is_refused_with_its_code(limits: Limits, query: str, expected: str) -> None:
    async with world() as w:
        assert (await w.ask(query)).status_code == 200
    async with world(limits=limits) as w:
        assert code(await w.ask(query)) == (400, expected)
        assert w.shelf.seen == []


async def test_a_variable_can_pass_the_list_size_as_well() -> None:
    query = "query($n: Int = 3) { books(first: $n) { id } }"
    async with world(limits=Limits(max_list_size=5)) as w:
        assert (await w.ask(query)).status_code == 200
        assert (await w.ask(query, variables={"n": 5})).status_code == 200
        assert code(await w.ask(query, variables={"n": 6})) == (400, "LIST_SIZE_LIMIT")


async def test_a_large_body_is_refused_whether_or_not_it_tells_its_length() -> None:
    async with world(limits=Limits(max_body_bytes=1000)) as w:
        body = b'{"query": "{ whoami }", "x": "' + b"y" * 2000 + b'"}'

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 100):
                yield body[start : start + 100]

        headers = {"content-type": "application/json"}
        assert code(await w.client.post("/graphql", content=body, headers=headers)) == (413, "REQUEST_TOO_LARGE")
        assert code(await w.client.post("/graphql", content=pieces(), headers=headers)) == (413, "REQUEST_TOO_LARGE")


async def test_the_introspection_query_passes_the_defaults() -> None:
    async with world() as w:
        answer = await w.ask(get_introspection_query(input_value_deprecation=True, specified_by_url=True))
        assert answer.json()["data"]["__schema"]["types"]


async def test_an_address_that_asks_too_fast_waits() -> None:
    async with world(limits=Limits(max_address_rate=3)) as w:
        answers = [await w.ask("{ __typename }") for _ in range(10)]
        assert answers[0].status_code == 200
        assert code(answers[-1]) == (429, "RATE_LIMIT")
        assert answers[-1].headers["retry-after"] == "1"


def test_a_bucket_fills_again_with_time_and_belongs_to_one_actor() -> None:
    limiter = RateLimiter(2)
    for _ in range(4):
        limiter.admit("ada", 0.0)
    with pytest.raises(RateExceeded):
        limiter.admit("ada", 0.0)
    limiter.admit("bob", 0.0)
    limiter.admit("ada", 0.5)
    with pytest.raises(RateExceeded):
        limiter.admit("ada", 0.5)


def cost(query: str, **variables: object) -> int:
    engine = Engine.from_supergraph(SUPERGRAPH.read_text())
    document = parse(query)
    return Estimate(engine.schema, document, find_operation(document, None), 10).of(variables).objects


def test_the_cost_counts_objects() -> None:
    assert cost("{ whoami }") == 0
    assert cost("{ book(id: 1) { title } }") == 1
    assert cost("{ books(first: 3) { title } }") == 3
    assert cost("{ books { title reviews { stars } } }") == 10 * (1 + 10)
    assert cost("query($n: Int) { books(first: $n) { id } }", n=7) == 7
    assert cost("query($n: Int = 4) { books(first: $n) { id } }") == 4
    assert cost("{ __schema { types { name fields { name } } } }") == 0


def test_fragments_that_double_themselves_are_measured_in_no_time() -> None:
    """2^60 fields in sixty short fragments."""
    chain = " ".join(f"fragment F{n} on Book {{ a: id ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    text = f"{{ books {{ ...F0 }} }} {chain} fragment F60 on Book {{ id }}"
    started = time.process_time()
    shape = measure(parse(text))
    cost(text)
    assert shape.aliases > 10**8
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 3_000,
        "{a" * 1_500 + "}" * 1_500,
        "{ whoami(x: " + "[" * 1_900 + "]" * 1_900 + ") }",
        "query(" + "$a: " + "[" * 1_500 + "Int" + "]" * 1_500 + ") { whoami }",
        " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(430)) + "{ ...F0 }",
        "fragment F on Query { ...F } { ...F }",
        "{ books { ...F } } fragment F on Book { reviews { book { ...F } } }",
        "{" + " whoami" * 3_900 + "}",
        "{" + "...on Query{whoami}" * 700 + "}",
        "{ whoami " + "@skip(if:false)" * 500 + "}",
        '{ book(id: "' + "x" * 90_000 + '") { id } }',
        "#" * 90_000,
        "query " + ",".join(f"Q{n}{{whoami}}query " for n in range(500)) + "Z{whoami}",
    ],
)
async def test_a_hostile_document_is_answered_fast_and_never_with_a_5xx(hostile: str) -> None:
    async with world() as w:
        started = time.process_time()
        answer = await w.ask(hostile)
        assert answer.status_code < 500, answer.text[:300]
        assert time.process_time() - started < 3


def test_a_limit_is_set_by_the_environment_and_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANT_GATEWAY_MAX_DEPTH", "7")
    assert Limits.load().max_depth == 7
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "gateway.md").read_text()
    for name in Limits.model_fields.keys() - PartSettings.model_fields.keys():
        assert f"LIANT_GATEWAY_{name.upper()}" in guide
