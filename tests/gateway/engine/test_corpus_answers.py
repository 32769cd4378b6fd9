"""The federation audit at hand, answered: its supergraphs over worlds made by hand."""

import pytest

from tests.gateway.engine import corpus
from tests.gateway.engine.corpus_worlds import WORLDS
from tests.gateway.engine.suite import Running, Suite

pytestmark = pytest.mark.skipif(not corpus.folder(), reason="the shared corpus is not here")


def running(suite: str) -> Running:
    roots, entities = WORLDS[suite]()
    return Running(Suite(corpus.subgraphs(suite), roots, entities), corpus.supergraph(suite))


@pytest.mark.parametrize("case", corpus.cases(), ids=str)
async def test_the_answer_is_the_one_expected(case: corpus.Case) -> None:
    network = running(case.suite).suite.network()
    answer = await running(case.suite).ask(case.query, case.variables, network)
    told = f"{answer.get('errors')}" + "".join(f"\n{call}" for call in network.calls)
    assert answer["data"] == case.expected.get("data"), told
    if case.expected.get("errors"):
        assert answer["errors"]
