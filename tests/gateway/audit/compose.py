"""Compose each scenario's supergraph anew: `python -m tests.gateway.audit.compose` (needs node)."""

from pathlib import Path

from tests.gateway.audit.federation import SCENARIOS
from tools.schemas import compose, header

WITHOUT = {"requires-abstract": ("SatisfiabilityRule",)}
"""The composer's check knows no conditions on interfaces inside `@requires`."""


def schemas(folder: Path) -> dict[str, str]:
    """The SDL of each subgraph, by name."""
    return {path.stem: path.read_text() for path in sorted(folder.glob("*.graphql")) if path.stem != "supergraph"}


def main() -> None:
    """Write every supergraph."""
    for folder in sorted(SCENARIOS.iterdir()):
        found = schemas(folder)
        (folder / "supergraph.graphql").write_text(header(found) + compose(found, *WITHOUT.get(folder.name, ())))


if __name__ == "__main__":
    main()
