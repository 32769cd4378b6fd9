"""The subgraphs' printed schemas, and the supergraph composed from them. `check | generate`.

Composition is npm's `@theguild/federation-composition`: only `generate` needs node. The supergraph's first lines hold
the hash of each schema it was composed from, so `check` sees a stale one without node.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from tools.shell import ROOT, SERVICES, drifted, run, service

SUPERGRAPH = ROOT / "liant" / "supergraph.graphql"
COMPOSER = ROOT / "tools" / "compose"


def printed(name: str) -> str:
    """The SDL that a service's code gives."""
    return str(service(name).schema().as_str()).rstrip() + "\n"


def path_of(name: str) -> Path:
    """Where a service's SDL is committed."""
    return ROOT / "services" / name / "schema.graphql"


def header(schemas: dict[str, str]) -> str:
    """Comment lines that name what a supergraph was composed from."""
    hashes = [f"# {name}: sha256 {hashlib.sha256(text.encode()).hexdigest()}" for name, text in schemas.items()]
    return "\n".join(["# Composed by `just generate`; not to be edited.", *hashes]) + "\n\n"


def compose(schemas: dict[str, str], *without: str) -> str:
    """The supergraph SDL, checked by the composer's rules `without` those named.

    Ends this process with the composer's errors where the schemas do not fit together.
    """
    if not (COMPOSER / "node_modules").exists():
        run("npm", "ci", "--no-audit", "--no-fund", cwd=COMPOSER)
    told = json.dumps([{"name": name, "sdl": text} for name, text in schemas.items()])
    done = subprocess.run(
        ["node", "compose.mjs", *without], cwd=COMPOSER, input=told, text=True, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"the subgraphs do not compose:\n{done.stderr}")
    return done.stdout


def check() -> None:
    """End with status 1 unless what is committed is what the code says."""
    schemas = {name: printed(name) for name in SERVICES}
    drifted({path_of(name): text for name, text in schemas.items()}, "just generate")
    if not SUPERGRAPH.read_text().startswith(header(schemas)):
        raise SystemExit(f"{SUPERGRAPH.relative_to(ROOT)} was composed from other schemas\nrun: just generate")


def generate() -> None:
    """Write schemas and supergraph."""
    schemas = {name: printed(name) for name in SERVICES}
    for name, text in schemas.items():
        path_of(name).write_text(text)
    SUPERGRAPH.write_text(header(schemas) + compose(schemas))


if __name__ == "__main__":
    {"check": check, "generate": generate}[sys.argv[1]]()
