"""Laws over generated documents: the federated answer is the single schema's, and failures only take away."""

import json
import os
from typing import Any

import pytest
from graphql import lexicographic_sort_schema, print_schema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gateway.errors import FetchFailed
from tests.gateway.audit.splits.documents import VARIABLES, Documents
from tests.gateway.audit.splits.truth import departures, is_told
from tests.gateway.audit.splits.world import SPLITS, divided, whole
from tests.gateway.audit.subgraph import Fetch

EXAMPLES = os.environ.get("LIANT_TEST_EXAMPLES")
LAW = settings(
    max_examples=int(EXAMPLES or 25),
    derandomize=EXAMPLES is None,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

SCHEMA = divided("split-types").engine.schema
DOCUMENTS = Documents(SCHEMA).documents()


@pytest.mark.parametrize("split", SPLITS)
def test_every_split_gives_the_same_schema(split: str) -> None:
    schemas = (divided(split).engine.schema, SCHEMA)
    assert len({print_schema(lexicographic_sort_schema(schema)) for schema in schemas}) == 1


def variables_of(query: str) -> dict[str, Any]:
    return {name: value for name, value in VARIABLES.items() if f"${name}:" in query and name != "no"}


def the_truth(query: str) -> Any:
    body = json.dumps({"query": query, "variables": variables_of(query)})
    answer = json.loads(whole().answer(body.encode(), mutation=False))
    assert whole().complaints == []
    return answer["data"]


@pytest.mark.parametrize("split", SPLITS)
@LAW
@given(query=DOCUMENTS)
async def test_the_federated_answer_is_the_single_schema_s(split: str, query: str) -> None:
    data = await divided(split).data(query, variables_of(query))
    assert data == the_truth(query)


@pytest.mark.parametrize("split", SPLITS)
@LAW
@given(query=DOCUMENTS, failing=st.sets(st.integers(0, 6), min_size=1))
async def test_failed_fetches_take_away_and_are_told(split: str, query: str, failing: set[int]) -> None:
    federation = divided(split)
    seen: list[Fetch] = []

    def sometimes(fetch: Fetch) -> bytes | None:
        seen.append(fetch)
        if len(seen) - 1 in failing:
            raise FetchFailed("SUBGRAPH_UNREACHABLE", "refused")
        return None

    for subgraph in federation.subgraphs.values():
        subgraph.fault = sometimes
    answer = await federation.ask(query, variables_of(query))
    truth = the_truth(query)
    told = [tuple(error["path"]) for error in answer.get("errors", ())]
    taken = [*departures(answer["data"], truth)]
    assert [path for path in taken if not is_told(path, told)] == []
    assert [path for path in told if not _is_in(truth, path)] == []
    assert federation.complaints == []


def _is_in(truth: Any, path: tuple[str | int, ...]) -> bool:
    """Whether a path is one of the answer, as far as there is one."""
    for step in path:
        if truth is None:
            return True
        if step not in (range(len(truth)) if isinstance(truth, list) else truth):
            return False
        truth = truth[step]
    return True
