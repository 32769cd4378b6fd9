"""Composes the suites' supergraphs: `python -m tests.gateway.engine.compose FOLDER [apollo] [NAME...]`.

FOLDER has the npm packages graphql, @theguild/federation-composition and (for `apollo`) @apollo/composition installed.
"""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tests.gateway.engine.suite import HERE, SUPERGRAPHS, own_suites


def compose(name: str, folder: Path, composer: str) -> str:
    """The supergraph of a suite. Raises SystemExit with the composer's errors."""
    subgraphs = import_module(f"tests.gateway.engine.suites.{name}").SUITE.subgraphs
    command = ["node", str(HERE / "compose.mjs"), composer]
    done = subprocess.run(command, input=json.dumps(subgraphs), cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    return done.stdout


def main() -> None:
    """Writes the composed supergraphs."""
    folder, *names = sys.argv[1:]
    composer = "apollo" if "apollo" in names else "theguild"
    for name in [n for n in names if n != "apollo"] or own_suites():
        (SUPERGRAPHS / f"{name}.graphql").write_text(compose(name, Path(folder), composer))


if __name__ == "__main__":
    main()
