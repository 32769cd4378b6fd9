"""The federation audit's supergraphs, where the shared corpus is at hand; never committed."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PLACES = (Path(__file__).parents[4] / "shared/corpus/federation", Path("/work/shared/corpus/federation"))


@dataclass(frozen=True)
class Case:
    """A query of a suite with the answer expected."""

    suite: str
    number: int
    query: str
    variables: dict[str, Any]
    expected: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.suite}-{self.number}"


def folder() -> Path | None:
    """Where the corpus is; None where it is not."""
    return next((place for place in _PLACES if place.is_dir()), None)


def suites() -> list[str]:
    """Names of the suites."""
    found = folder()
    return sorted(path.name for path in found.iterdir() if path.is_dir()) if found else []


def supergraph(suite: str) -> str:
    """A suite's supergraph."""
    return (_folder() / suite / "supergraph.graphql").read_text()


def subgraphs(suite: str) -> dict[str, str]:
    """Subgraph name -> its SDL."""
    files = (_folder() / suite).glob("*.graphql")
    return {file.stem: file.read_text() for file in files if file.stem != "supergraph"}


def cases() -> list[Case]:
    """Every case of every suite."""
    found = []
    for suite in suites():
        tests = json.loads((_folder() / suite / "tests.json").read_text())
        for number, test in enumerate(tests):
            found.append(Case(suite, number, test["query"], test.get("variables") or {}, test["expected"]))
    return found


def _folder() -> Path:
    found = folder()
    assert found
    return found
