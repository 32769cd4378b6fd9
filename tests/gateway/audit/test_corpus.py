"""The public audit's queries and expected answers, judged as the audit judges."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.audit.corpus.suites import CORPUS, SUITES
from tests.gateway.audit.federation import Federation, engine_of, subgraphs_in

pytestmark = pytest.mark.skipif(CORPUS is None, reason="shared/corpus/federation is not there")


def cases() -> Iterator[Any]:
    for suite in SUITES if CORPUS else ():
        assert CORPUS
        for index, case in enumerate(json.loads((CORPUS / suite / "tests.json").read_text())):
            yield pytest.param(suite, case["query"], case["expected"], id=f"{suite}-{index}")


@pytest.mark.parametrize(("suite", "query", "expected"), [*cases()])
async def test_the_answer_is_the_audit_s(suite: str, query: str, expected: dict[str, Any]) -> None:
    assert CORPUS
    folder = CORPUS / suite
    federation = Federation(engine_of(folder), subgraphs_in(folder, SUITES[suite]()))
    answer = await federation.ask(query)
    assert answer.get("data") == expected.get("data")
    if "errors" in expected:
        assert bool(answer.get("errors")) is expected["errors"]
    assert federation.complaints == []


def test_every_suite_of_the_corpus_is_run() -> None:
    assert CORPUS
    assert {folder.name for folder in CORPUS.iterdir() if folder.is_dir()} == set(SUITES)
