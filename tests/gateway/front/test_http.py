import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway.front.world import GRAPHQL, World, world

TITLES = "{ books { title } }"
FIRST = {"title": "Candide"}


def code(answer: httpx.Response) -> str:
    """The code of the first error."""
    found: str = answer.json()["errors"][0]["extensions"]["code"]
    return found


async def test_a_query_over_two_subgraphs_is_answered() -> None:
    async with world() as w:
        answer = await w.ask("{ books { title reviews { stars } } }")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
        assert answer.json()["data"]["books"][0] == {"title": "Candide", "reviews": [{"stars": 2}]}


async def test_get_carries_out_queries_only() -> None:
    async with world() as w:
        answer = await w.client.get("/graphql", params={"query": TITLES})
        assert answer.json()["data"]["books"][0] == FIRST
        refused = await w.client.get("/graphql", params={"query": 'mutation { addBook(title: "x") { id } }'})
        assert (refused.status_code, code(refused)) == (405, "METHOD_NOT_ALLOWED")
        assert len(w.shelf.titles) == 3
        assert (await w.client.put("/graphql", json={"query": TITLES})).status_code == 405


async def test_variables_and_operation_name_choose_what_is_carried_out() -> None:
    document = "query A($n: Int!) { books(first: $n) { title } } query B { book(id: 2) { title } }"
    async with world() as w:
        a = await w.ask(document, operationName="A", variables={"n": 1})
        b = await w.ask(document, operationName="B")
        assert a.json() == {"data": {"books": [FIRST]}}
        assert b.json() == {"data": {"book": {"title": "Germinal"}}}
        unnamed = await w.ask(document)
        assert (unnamed.status_code, code(unnamed)) == (400, "OPERATION_RESOLUTION_FAILURE")


async def test_variables_that_do_not_fit_are_the_callers_fault() -> None:
    async with world() as w:
        answer = await w.ask("query($n: Int!) { books(first: $n) { title } }", variables={"n": "many"})
        assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
        assert "data" not in answer.json()


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"{", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b'{"query": 3}', 400, "BAD_REQUEST"),
        (b'{"query": "{", "variables": {}}', 400, "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ nothing }"}', 400, "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{ __typename }", "variables": []}', 400, "BAD_REQUEST"),
        (b'{"query": "\\ud800"}', 400, "BAD_REQUEST"),
        (b"\xff\xfe", 400, "BAD_REQUEST"),
    ],
)
async def test_what_is_not_a_request_is_refused_with_a_code(body: bytes, status: int, expected: str) -> None:
    async with world() as w:
        headers = {"content-type": "application/json", "accept": GRAPHQL}
        answer = await w.client.post("/graphql", content=body, headers=headers)
        assert (answer.status_code, code(answer)) == (status, expected)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_simple_content_types_are_refused_as_cross_site(content_type: str) -> None:
    async with world() as w:
        body = json.dumps({"query": TITLES})
        headers = {"content-type": content_type} if content_type else {}
        answer = await w.client.post("/graphql", content=body, headers=headers)
        assert (answer.status_code, code(answer)) == (400, "CSRF_REFUSED")
        asked = await w.client.post("/graphql", content=body, headers={**headers, "graphql-require-preflight": "1"})
        assert (asked.status_code, code(asked)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_get_needs_a_preflight_header_when_set_so() -> None:
    async with world(csrf_on_get=True) as w:
        assert code(await w.client.get("/graphql", params={"query": TITLES})) == "CSRF_REFUSED"
        headers = {"apollo-require-preflight": "1"}
        assert (await w.client.get("/graphql", params={"query": TITLES}, headers=headers)).status_code == 200


async def test_an_answer_nobody_here_can_write_is_not_acceptable() -> None:
    async with world() as w:
        answer = await w.client.post("/graphql", json={"query": TITLES}, headers={"accept": "image/png"})
        assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


async def test_a_large_answer_is_compressed_for_those_who_take_it() -> None:
    async with world(compress_above=20) as w:
        plain = await w.ask(TITLES, {"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        request = w.client.build_request(
            "POST", "/graphql", json={"query": TITLES}, headers={"accept-encoding": "gzip"}
        )
        packed = await w.client.send(request, stream=True)
        raw = b"".join([chunk async for chunk in packed.aiter_raw()])
        assert packed.headers["content-encoding"] == "gzip"
        assert json.loads(gzip.decompress(raw)) == plain.json()


async def test_cors_is_closed_unless_configured() -> None:
    preflight = {"origin": "https://app.example", "access-control-request-method": "POST"}
    async with world() as w:
        assert "access-control-allow-origin" not in (await w.client.options("/graphql", headers=preflight)).headers
    async with world(cors_origins=("https://app.example",)) as w:
        answer = await w.client.options(
            "/graphql", headers={**preflight, "access-control-request-headers": "authorization"}
        )
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "https://app.example"
        assert answer.headers["access-control-allow-headers"] == "authorization"
        assert (await w.ask(TITLES, {"origin": "https://app.example"})).headers["access-control-allow-origin"]
        other = await w.ask(TITLES, {"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


async def test_batches_are_refused_unless_switched_on() -> None:
    batch = [{"query": TITLES}, {"query": "{ nothing }"}, {"query": "{ __typename }"}]
    async with world() as w:
        assert (await w.client.post("/graphql", json=batch)).status_code == 400
    async with world(batching=True) as w:
        first, second, third = (await w.client.post("/graphql", json=batch)).json()
        assert first["data"]["books"][0] == FIRST
        assert second["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert third == {"data": {"__typename": "Query"}}
        assert code(await w.client.post("/graphql", json=[{"query": TITLES}] * 11)) == "BATCH_LIMIT"


async def test_introspection_suggestions_and_the_schema_can_be_switched_off() -> None:
    async with world() as w:
        assert "type Book" in (await w.client.get("/schema.graphql")).text
        assert "join__" not in (await w.client.get("/schema.graphql")).text
        assert "Did you mean" in (await w.ask("{ bok }")).text
        assert (await w.ask("{ __schema { queryType { name } } }")).json()["data"]["__schema"]
    async with world(introspection=False, suggestions=False) as w:
        assert (await w.client.get("/schema.graphql")).status_code == 404
        assert "Did you mean" not in (await w.ask("{ bok }")).text
        assert code(await w.ask("{ __schema { queryType { name } } }")) == "GRAPHQL_VALIDATION_FAILED"
        assert (await w.ask("{ __typename }")).json() == {"data": {"__typename": "Query"}}


async def test_the_plan_is_shown_to_those_who_may_see_it() -> None:
    wish: dict[str, Any] = {"extensions": {"queryPlan": True}}
    async with world() as w:
        assert "extensions" not in (await w.ask(TITLES, **wish)).json()
    async with world(query_plan="always") as w:
        answer = (await w.ask(TITLES, **wish)).json()
        assert answer["data"]["books"][0] == FIRST
        assert answer["extensions"]["queryPlan"]
        assert "extensions" not in (await w.ask(TITLES)).json()


def apq(text: str | None, digest: str) -> dict[str, Any]:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
    return {"extensions": extensions} if text is None else {"query": text, "extensions": extensions}


async def test_an_automatic_persisted_query_is_known_once_it_was_sent() -> None:
    digest = sha256(TITLES.encode()).hexdigest()
    async with world() as w:
        unknown = await w.client.post("/graphql", json=apq(None, digest))
        assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
        assert code(unknown) == "PERSISTED_QUERY_NOT_FOUND"
        assert (await w.client.post("/graphql", json=apq(TITLES, digest))).json()["data"]
        assert (await w.client.post("/graphql", json=apq(None, digest))).json()["data"]["books"][0] == FIRST
        forged = await w.client.post("/graphql", json=apq("{ __typename }", digest))
        assert (forged.status_code, code(forged)) == (400, "BAD_REQUEST")


async def test_automatic_persisted_queries_are_bounded() -> None:
    texts = [f"query Q{n} {{ __typename }}" for n in range(5)]
    async with world(automatic_persisted_entries=2) as w:
        for text in texts:
            await w.client.post("/graphql", json=apq(text, sha256(text.encode()).hexdigest()))
        known = [await w.client.post("/graphql", json=apq(None, sha256(text.encode()).hexdigest())) for text in texts]
        assert ["data" in answer.json() for answer in known] == [False, False, False, True, True]


def manifest(folder: Path) -> Path:
    path = folder / "persisted-documents.json"
    path.write_text(json.dumps({"sha256:" + "a" * 64: "query Titles { books { title } }"}))
    return path


@pytest.mark.parametrize("request_body", [{"documentId": "sha256:" + "a" * 64}, apq(None, "a" * 64)])
async def test_a_trusted_document_is_carried_out_by_its_id(tmp_path: Path, request_body: dict[str, Any]) -> None:
    async with world(persisted_manifest=manifest(tmp_path)) as w:
        assert (await w.client.post("/graphql", json=request_body)).json()["data"]["books"][0] == FIRST
        assert (await w.ask(TITLES)).status_code == 200
        metrics = (await w.client.get("/metrics")).text
        assert 'liant_gateway_request_seconds_count{operation="Titles",outcome="ok"}' in metrics


async def test_only_trusted_documents_are_carried_out_when_set_so(tmp_path: Path) -> None:
    async with world(persisted_manifest=manifest(tmp_path), persisted_only=True) as w:
        refused = await w.ask(TITLES)
        assert (refused.status_code, code(refused)) == (403, "PERSISTED_QUERY_ONLY")
        registering = await w.client.post("/graphql", json=apq(TITLES, sha256(TITLES.encode()).hexdigest()))
        assert code(registering) == "PERSISTED_QUERY_ONLY"
        assert (await w.ask("query Titles { books { title } }")).status_code == 200


async def get_by_id(w: World, **headers: str) -> httpx.Response:
    return await w.client.get("/graphql", params={"documentId": "sha256:" + "a" * 64}, headers=headers)


async def test_a_get_of_a_persisted_query_can_be_cached(tmp_path: Path) -> None:
    async with world(persisted_manifest=manifest(tmp_path), cache_max_age=60) as w:
        first = await get_by_id(w)
        assert first.headers["cache-control"] == "public, max-age=60"
        again = await get_by_id(w, **{"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        await w.ask('mutation { addBook(title: "Bel-Ami") { id } }')
        changed = await get_by_id(w, **{"if-none-match": first.headers["etag"]})
        assert changed.status_code == 200
        assert changed.headers["etag"] != first.headers["etag"]


async def test_health_readiness_and_metrics_are_served() -> None:
    async with world() as w:
        assert (await w.client.get("/healthz")).json() == {"status": "ok"}
        assert (await w.client.get("/readyz")).json()["ready"] is True
        await w.ask(TITLES)
        text = (await w.client.get("/metrics")).text
        assert 'liant_gateway_request_seconds_count{operation="other",outcome="ok"}' in text
        assert 'liant_gateway_fetch_seconds_bucket{le="0.001",outcome="ok",subgraph="books"}' in text
