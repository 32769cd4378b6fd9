"""Measure the gateways: start all, check that they answer alike, then load them in turn, round after round."""

import json
import socket
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.gateway import data, identity, load, processes, report
from bench.gateway.contenders import CONTENDERS, Contender, Place

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "latest.json"
GATEWAY_CORE, LOAD_CORE = 0, 1
WARM_UP_SECONDS = 6
SUBGRAPHS = ("contacts", "deals", "notifier")
SCENARIOS = ("light", "heavy")
COMPOSED_PORT = 4101  # of the first subgraph in the committed supergraph

console = Console(width=120)


class Bench:
    """The gateways that are up, and what was measured of each."""

    def __init__(self, folder: Path, connections: int) -> None:
        self._folder = folder
        self._connections = connections
        self._identity = identity.make(folder)
        self._ports = {name: free_port() for name in SUBGRAPHS}
        self._supergraph = self._write_supergraph()
        self._up: dict[Contender, tuple[str, int]] = {}

    def start(self, contenders: list[Contender], stack: ExitStack) -> None:
        """Start the subgraphs and every gateway; one that does not start is told and left out."""
        stack.enter_context(processes.subgraphs(self._ports, LOAD_CORE, self._folder))
        for contender in contenders:
            place = Place(self._supergraph, self._folder, free_port(), self._ports, self._identity)
            try:
                pid = stack.enter_context(processes.gateway(contender, place, GATEWAY_CORE))
            except processes.DidNotStart as error:
                console.print(f"[red]left out[/red]: {error}", highlight=False)
                continue
            self._up[contender] = f"http://127.0.0.1:{place.port}/graphql", pid

    def check(self, scenario: str) -> int:
        """Every gateway gives the same answer to every body, without errors; the size of one in bytes."""
        sizes = []
        for body in _bodies(scenario):
            answers = {
                each.name: processes.post(url, body, self._identity.token) for each, (url, _) in self._up.items()
            }
            _same(scenario, {name: json.loads(answer) for name, answer in answers.items()})
            sizes.append(min(map(len, answers.values())))
        return sum(sizes) // len(sizes)

    def measure(self, scenario: str, rounds: int, seconds: int) -> list[report.Figures]:
        """Rounds over the gateways, interleaved, after a round that is not counted."""
        size = self.check(scenario)
        bodies = self._folder / f"{scenario}.jsonl"
        bodies.write_bytes(b"\n".join(_bodies(scenario)) + b"\n")
        samples: dict[Contender, list[load.Sample]] = {each: [] for each in self._up}
        for url, pid in self._up.values():
            load.run(url, bodies, pid, self._for(WARM_UP_SECONDS))
        for _ in range(rounds):
            for contender, (url, pid) in self._up.items():
                samples[contender].append(load.run(url, bodies, pid, self._for(seconds)))
        return [
            report.summarize(contender, scenario, size, samples[contender], load.memory_mb(pid))
            for contender, (_, pid) in self._up.items()
        ]

    def _for(self, seconds: int) -> load.Load:
        return load.Load(self._connections, seconds, LOAD_CORE, self._identity.token)

    def _write_supergraph(self) -> Path:
        sdl = (HERE / "supergraph.graphql").read_text()
        for place, port in enumerate(self._ports.values()):
            sdl = sdl.replace(f"http://127.0.0.1:{COMPOSED_PORT + place}/", f"http://127.0.0.1:{port}/")
        path = self._folder / "supergraph.graphql"
        path.write_text(sdl)
        return path


def _same(scenario: str, answers: dict[str, object]) -> None:
    (first, expected), *others = answers.items()
    if not isinstance(expected, dict) or "errors" in expected or not expected.get("data"):
        raise SystemExit(f"{first} answers {scenario} with: {str(expected)[:500]}")
    for name, answer in others:
        if answer != expected:
            raise SystemExit(f"{name} and {first} differ on {scenario}: {str(answer)[:500]}")


def _bodies(scenario: str) -> list[bytes]:
    query = " ".join((HERE / "scenarios" / f"{scenario}.graphql").read_text().split())
    return [json.dumps({"query": query, "variables": {"page": page}}).encode() for page in range(data.PAGES)]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _chosen(names: list[str]) -> list[Contender]:
    missing = [each.name for each in CONTENDERS if not each.installed]
    if missing:
        console.print(f"not installed, left out: {'; '.join(missing)} (just bench-peers)")
    wanted = [name.lower() for name in names]
    return [
        each
        for each in CONTENDERS
        if each.installed and (not wanted or any(name in each.name.lower() for name in wanted))
    ]


def main(
    quick: Annotated[bool, typer.Option(help="Two short rounds: a look, not a measurement.")] = False,
    rounds: int = 5,
    seconds: int = 4,
    connections: int = 50,
    only: Annotated[list[str] | None, typer.Option(help="Part of a gateway's name; several allowed.")] = None,
    scenario: Annotated[list[str] | None, typer.Option(help="light, heavy")] = None,
    output: Path = RESULTS,
) -> None:
    """Measure Liant's gateway and its peers side by side."""
    if quick:
        rounds, seconds = 2, 2
    with tempfile.TemporaryDirectory(prefix="bench-gateway-") as folder, ExitStack() as stack:
        bench = Bench(Path(folder), connections)
        bench.start(_chosen(only or []), stack)
        figures = [each for name in scenario or SCENARIOS for each in bench.measure(name, rounds, seconds)]
    report.show(figures, console)
    settings: dict[str, object] = {"rounds": rounds, "seconds": seconds, "connections": connections}
    report.write(figures, settings, output)


if __name__ == "__main__":
    typer.run(main)
