"""The real thing, from outside: `python -m gateway` as the audit starts it, subgraphs on loopback, POST JSON."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.gateway.audit import test_abstract, test_interface_objects, test_keys, test_node, test_requires
from tests.gateway.audit.corpus.suites import CORPUS, SUITES
from tests.gateway.audit.federation import SCENARIOS, subgraphs_in
from tests.gateway.audit.subgraph import Subgraph
from tests.gateway.front.world import served

SECONDS = 2
"""How long the audit waits for an answer."""

CHOSEN = SUITES if "LIANT_TEST_EXAMPLES" in os.environ else ("abstract-types", "mutations", "requires-with-argument")


def endpoint(subgraphs: Mapping[str, Subgraph]) -> Starlette:
    """`POST /<subgraph>`, as a GraphQL server would answer."""

    async def answer(request: Request) -> Response:
        subgraph = subgraphs[request.path_params["name"]]
        return Response(subgraph.answer(await request.body(), mutation=False), media_type="application/json")

    return Starlette(routes=[Route("/{name}", answer, methods=["POST"])])


def addressed(folder: Path, names: Mapping[str, Subgraph], url: str) -> str:
    """The folder's supergraph with the subgraphs' addresses here."""
    lines = (folder / "supergraph.graphql").read_text().splitlines()
    named = {f'name: "{name}"': name for name in names}
    return "\n".join(next((_at(line, f"{url}/{named[key]}") for key in named if key in line), line) for line in lines)


def _at(line: str, url: str) -> str:
    before, _, after = line.partition('url: "')
    return f'{before}url: "{url}"{after.partition(chr(34))[2]}'


@asynccontextmanager
async def gateway(supergraph: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway process, asked until it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "--supergraph", supergraph, "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        async with httpx.AsyncClient(
            timeout=SECONDS, base_url=line.rpartition(" at ")[2].removesuffix("/graphql")
        ) as client:
            assert (await client.get("/readyz")).is_success
            yield client
    finally:
        process.terminate()
        await process.communicate()


async def judge(
    folder: Path, subgraphs: dict[str, Subgraph], cases: list[tuple[str, dict[str, Any]]], tmp_path: Path
) -> None:
    """What the audit's runner does with a suite."""
    async with served(endpoint(subgraphs)) as (url,):
        supergraph = tmp_path / "supergraph.graphql"
        supergraph.write_text(addressed(folder, subgraphs, url))
        async with gateway(supergraph) as client:
            ping = {"operationName": "ping", "query": "query ping { __typename }"}
            assert (await ask(client, **ping)) == {"data": {"__typename": "Query"}}
            for query, expected in cases:
                answer = await ask(client, query=query)
                assert answer.get("data") == expected.get("data"), query
                assert bool(answer.get("errors")) is expected.get("errors", bool(answer.get("errors"))), query
    assert [text for subgraph in subgraphs.values() for text in subgraph.complaints] == []


async def ask(client: httpx.AsyncClient, **request: Any) -> Any:
    headers = {"accept": "application/json", "content-type": "application/json"}
    return (await client.post("/graphql", content=json.dumps(request), headers=headers)).json()


DEEP = (
    "{ accounts { ... on User { id peers { ... on Admin { id peers { ... on User { id } ... on Admin { id } } } } } } }"
)

OWN: list[tuple[str, Any, list[str]]] = [
    ("keys", test_keys.fleet, ["{ vehicles { plate model insurer } }", "{ parked { serial { number } } }"]),
    (
        "requires",
        test_requires.post_office,
        ["{ parcels { feeUsd feeEur label } }", "{ __schema { queryType { name } } }"],
    ),
    (
        "interface-object",
        test_interface_objects.people,
        ["{ accounts { title __typename } }", "{ others { greeting } }"],
    ),
    (
        "node-corrupted",
        test_node.corrupted,
        ['{ node(id: "m1") { id } }', '{ room(id: "r1") { owner { login } } }'],
    ),
    ("mismatch", test_abstract.accounts, [DEEP, "{ nothing }", "{ users { id "]),
]


@pytest.mark.parametrize(("scenario", "build", "queries"), OWN, ids=[name for name, *_ in OWN])
async def test_the_process_answers_as_the_engine_does(
    scenario: str, build: Any, queries: list[str], tmp_path: Path
) -> None:
    cases = [(query, await _in_process(build(), query)) for query in queries]
    await judge(SCENARIOS / scenario, dict(build().subgraphs), cases, tmp_path)


async def _in_process(federation: Any, query: str) -> dict[str, Any]:
    if query.endswith("{ id "):
        return {"data": None, "errors": True}
    answer = await federation.ask(query)
    return {"data": answer.get("data"), "errors": bool(answer.get("errors"))}


@pytest.mark.skipif(CORPUS is None, reason="shared/corpus/federation is not there")
@pytest.mark.parametrize("suite", CHOSEN)
async def test_a_suite_of_the_audit_passes_from_outside(suite: str, tmp_path: Path) -> None:
    assert CORPUS
    told = json.loads((CORPUS / suite / "tests.json").read_text())
    cases = [(case["query"], case["expected"]) for case in told]
    await judge(CORPUS / suite, subgraphs_in(CORPUS / suite, SUITES[suite]()), cases, tmp_path)
