"""What a supergraph needs to be served: its engine, its planned documents, its subgraphs. Replaced as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.client.breaker import BreakerPolicy
from gateway.client.pool import PoolLimits
from gateway.client.subgraph import Subgraph, SubgraphPolicy
from gateway.config import GatewaySettings, Upstream
from gateway.engine import Engine
from gateway.errors import SupergraphInvalid
from gateway.metrics import FetchMeter
from gateway.pipeline.plan import Documents


@dataclass(frozen=True, slots=True)
class Serving:
    """One supergraph in service. Requests under way keep the one that they began with."""

    engine: Engine
    documents: Documents
    subgraphs: Mapping[str, Subgraph]

    def close(self) -> None:
        """Close the connections to the subgraphs."""
        for subgraph in self.subgraphs.values():
            subgraph.close()


def load(settings: GatewaySettings) -> Serving:
    """Read the supergraph file. Raises `SupergraphInvalid` or OSError."""
    engine = Engine.from_supergraph(_read(settings.supergraph))
    subgraphs = {name: _subgraph(name, url, settings.upstream) for name, url in engine.subgraphs.items()}
    return Serving(engine, Documents(engine, settings), subgraphs)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SupergraphInvalid(f"{path} is not UTF-8 text") from error


def _subgraph(name: str, declared: str, upstream: Upstream) -> Subgraph:
    url = upstream.url_of(name, declared)
    try:
        return Subgraph(url, _policy(name, upstream), FetchMeter(name))
    except ValueError as error:
        raise SupergraphInvalid(f"subgraph {name}: {error}; set LIANT_GATEWAY_SUBGRAPH_URLS") from error


def _policy(name: str, upstream: Upstream) -> SubgraphPolicy:
    return SubgraphPolicy(
        timeout=upstream.timeout_of(name),
        share_reads=upstream.share_reads,
        pool=PoolLimits(
            connections=upstream.subgraph_connections,
            idle=upstream.subgraph_idle_seconds,
            connect=upstream.subgraph_connect_timeout,
            response_bytes=upstream.subgraph_response_bytes,
        ),
        breaker=BreakerPolicy(
            volume=upstream.breaker_volume,
            ratio=upstream.breaker_ratio,
            window=upstream.breaker_window,
            rest=upstream.breaker_rest,
        ),
    )
