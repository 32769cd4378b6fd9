"""Own suites: each feature of federation over a small supergraph."""

import pytest

from tests.gateway.engine.suite import Case, check, load, own_suites

RUNNING = {name: load(name) for name in own_suites()}
CASES = [
    pytest.param(name, case, id=f"{name}-{i}") for name, r in RUNNING.items() for i, case in enumerate(r.suite.cases)
]


@pytest.mark.parametrize(("name", "case"), CASES)
async def test_the_answer_is_the_one_expected(name: str, case: Case) -> None:
    await check(RUNNING[name], case)
