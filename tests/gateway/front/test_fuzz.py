"""Whatever comes in, a client gets an answer below 500, and nothing of it stays in memory."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_introspection_query,
    get_named_type,
    is_object_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.pipeline.respond import Answer
from gateway.pipeline.run import Request, Stream
from tests.gateway.front.world import World, world

MALFORMED = 10_000
WARM_UP = 2_000
GROWTH_MB = 8
SEED = 20_261_124

DOCUMENTS = (
    "{ books { title reviews { stars } } }",
    "query Q($n: Int = 3, $on: Boolean!) { books(first: $n) { id @include(if: $on) ...B } }"
    " fragment B on Book { title }",
    'mutation { addBook(title: "x\\u00e9") { id } }',
    "subscription { countdown(start: 3) }",
    '{ __type(name: "Book") { name fields { name } } }',
    get_introspection_query(),
)


@contextmanager
def running(**options: object) -> Iterator[tuple[asyncio.Runner, World]]:
    """A world whose loop runs only while something is asked."""
    with asyncio.Runner() as runner:
        entered = world(**options)  # type: ignore[arg-type]  # settings of any kind
        w = runner.run(entered.__aenter__())
        try:
            yield runner, w
        finally:
            runner.run(entered.__aexit__(None, None, None))


async def status(w: World, body: bytes, method: str = "POST") -> int:
    headers = {b"content-type": b"application/json", b"accept": b"application/graphql-response+json"}
    query_string = b"" if method == "POST" else body
    answer: Answer | Stream = await w.gateway.pipeline.answer(Request(method, headers, query_string, "fuzz", body))
    assert isinstance(answer, Answer)
    assert b"Traceback" not in answer.body
    return answer.status


def request(text: str) -> bytes:
    return orjson.dumps({"query": text, "variables": {"n": 2, "on": True}})


def spoiled(chance: random.Random) -> bytes:
    """A request with something wrong: in its text, or in its bytes."""
    text = chance.choice(DOCUMENTS)
    for _ in range(chance.randint(1, 6)):
        place, length = chance.randrange(len(text)), chance.randrange(4)
        piece = chance.choice(
            ("{", "}", "(", ")", "...", "@", "$", '"', '"""', "\\", ":", "!", "#", "on", "é", "\0", "9" * 30)
        )
        text = text[:place] + chance.choice((piece, piece * 20, "")) + text[place + length :]
    body = bytearray(request(text.encode("utf-8", "replace").decode()))
    if chance.random() < 0.4:
        for _ in range(chance.randint(1, 4)):
            body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body[: chance.randrange(len(body))] if chance.random() < 0.1 else body)


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def test_ten_thousand_malformed_requests_give_no_5xx_and_leave_nothing_in_memory() -> None:
    chance = random.Random(SEED)
    with running(plan_cache=50, automatic_persisted_entries=50) as (runner, w):

        async def send(number: int) -> None:
            for _ in range(number):
                body = spoiled(chance)
                assert await status(w, body) < 500, body

        runner.run(send(WARM_UP))
        before = resident_mb()
        runner.run(send(MALFORMED))
        assert resident_mb() - before < GROWTH_MB
        assert len(w.gateway.pipeline.serving.documents) <= 50


def test_thousands_of_different_valid_documents_do_not_fill_the_memory() -> None:
    with running(plan_cache=50) as (runner, w):

        async def send(first: int, number: int) -> None:
            for n in range(first, first + number):
                assert await status(w, request(f"query Q{n} {{ __typename a{n}: __typename }}")) == 200

        runner.run(send(0, 1_000))
        before = resident_mb()
        runner.run(send(1_000, 3_000))
        assert resident_mb() - before < GROWTH_MB


@st.composite
def documents(draw: st.DrawFn, schema: GraphQLSchema) -> str:
    """Documents that mostly fit the schema."""
    kind = draw(st.sampled_from(["query", "query", "query", "mutation", "subscription"]))
    root = {"query": schema.query_type, "mutation": schema.mutation_type, "subscription": schema.subscription_type}[
        kind
    ]
    assert root is not None
    return f"{kind} {{ {draw(selections(root, 4))} }}"


@st.composite
def selections(draw: st.DrawFn, of: GraphQLObjectType, depth: int) -> str:
    names = draw(st.lists(st.sampled_from([*of.fields, "__typename"]), min_size=1, max_size=4))
    return " ".join(draw(selection(of, name, depth)) for name in names)


@st.composite
def selection(draw: st.DrawFn, of: GraphQLObjectType, name: str, depth: int) -> str:
    field = of.fields.get(name)
    alias = draw(st.sampled_from(["", "", "a: ", "b: "]))
    condition = draw(st.sampled_from(["", "", " @include(if: true)", " @skip(if: true)", " @include(if: $on)"]))
    if field is None:
        return f"{alias}{name}{condition}"
    inner: GraphQLNamedType = get_named_type(field.type)
    below = ""
    if is_object_type(inner):
        below = f" {{ {draw(selections(inner, depth - 1)) if depth else '__typename'} }}"
    chosen = f"{alias}{name}{draw(arguments(field))}{condition}{below}"
    return draw(st.sampled_from([chosen, chosen, f"... on {of.name} {{ {chosen} }}"]))


@st.composite
def arguments(draw: st.DrawFn, field: GraphQLField) -> str:
    values = st.sampled_from(["1", "0", "-1", '"2"', '"é\\n"', "null", "[1]", "{a: 1}", "A", "$n", "9999999999", "0.5"])
    given_ = [f"{name}: {draw(values)}" for name in field.args if draw(st.booleans())]
    return f"({', '.join(given_)})" if given_ else ""


def test_generated_documents_give_no_5xx() -> None:
    with running() as (runner, w):
        schema = w.gateway.pipeline.serving.engine.schema

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(documents(schema), st.booleans())
        def holds(text: str, declare: bool) -> None:
            whole = text.replace(" {", " ($on: Boolean = true, $n: Int) {", 1) if declare else text
            assert runner.run(status(w, request(whole))) < 500

        holds()


def test_any_text_at_all_gives_no_5xx() -> None:
    with running() as (runner, w):

        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.one_of(st.text(max_size=200).map(request), st.binary(max_size=200)), st.sampled_from(["GET", "POST"]))
        def holds(body: bytes, method: str) -> None:
            assert runner.run(status(w, body, method)) < 500

        holds()
