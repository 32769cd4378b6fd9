"""The catalogue of the gateway's metrics (Prometheus). Durations are counted by hand: they are on the hot path."""

from bisect import bisect_left
from collections.abc import Iterable

from prometheus_client import REGISTRY, Counter, Gauge
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Durations(Collector):
    """A histogram by two labels; `observe` costs a third of a microsecond."""

    def __init__(self, name: str, documentation: str, labels: tuple[str, str]) -> None:
        self._name, self._documentation, self._labels = name, documentation, labels
        self._cells: dict[tuple[str, str], list[float]] = {}
        REGISTRY.register(self)

    def observe(self, first: str, second: str, seconds: float) -> None:
        """Count one duration."""
        cell = self._cells.get((first, second))
        if cell is None:
            cell = self._cells[first, second] = [0.0] * (len(BOUNDS) + 2)
        cell[bisect_left(BOUNDS, seconds)] += 1
        cell[-1] += seconds

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """Called by a scrape."""
        family = HistogramMetricFamily(self._name, self._documentation, labels=self._labels)
        for labels, (*counts, total) in list(self._cells.items()):
            buckets, running = [], 0.0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                running += count
                buckets.append((bound, running))
            family.add_metric(labels, buckets, total)
        yield family


REQUESTS = Durations(
    "liant_gateway_request_seconds",
    "Time to answer, by operation of the manifest and outcome",
    ("operation", "outcome"),
)
FETCHES = Durations("liant_gateway_fetch_seconds", "Time of one exchange with a subgraph", ("subgraph", "outcome"))
RETRIES = Counter("liant_gateway_fetch_retries_total", "Reads sent once more", ["subgraph"])
FAULTS = Counter("liant_gateway_faults_total", "Unexpected errors, masked to the caller")
PLANNED = Counter("liant_gateway_planned_total", "Documents parsed, validated and planned")
KNOWN_DOCUMENTS = Gauge("liant_gateway_known_documents", "Documents kept planned")
RELOADS = Counter("liant_gateway_reloads_total", "Changes of the supergraph file", ["outcome"])
SUBSCRIPTIONS = Gauge("liant_gateway_subscriptions", "Subscriptions open now", ["transport"])


class FetchMeter:
    """Counts the exchanges with one subgraph."""

    __slots__ = ("_retries", "_subgraph")

    def __init__(self, subgraph: str) -> None:
        self._subgraph = subgraph
        self._retries = RETRIES.labels(subgraph)

    def exchanged(self, seconds: float, outcome: str) -> None:
        """Count an exchange; `outcome` is `ok` or an error code."""
        FETCHES.observe(self._subgraph, outcome, seconds)

    def retried(self) -> None:
        """Count a retry."""
        self._retries.inc()
