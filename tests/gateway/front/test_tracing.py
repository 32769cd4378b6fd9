from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway import tracing
from gateway.pipeline import plan
from tests.gateway.front.world import world

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Spans end up in memory instead of at an endpoint."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer: trace.Tracer = provider.get_tracer("gateway")
    monkeypatch.setattr(tracing, "tracer", tracer)
    monkeypatch.setattr(plan, "_tracer", tracer)
    yield exporter
    provider.shutdown()


async def test_a_request_its_plan_and_each_fetch_are_one_trace_with_the_callers(spans: InMemorySpanExporter) -> None:
    async with world(otlp_endpoint="http://127.0.0.1:1/v1/traces") as w:
        await w.ask("{ books { title reviews { stars } } }", {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
        seen = [headers["traceparent"] for headers in w.shelf.seen]
    finished = {span.name: span for span in spans.get_finished_spans()}
    assert set(finished) == {"graphql request", "plan", "fetch books", "fetch reviews"}
    assert {f"{span.context.trace_id:032x}" for span in finished.values() if span.context} == {TRACE}
    request = finished["graphql request"]
    for name in ("plan", "fetch books", "fetch reviews"):
        assert finished[name].parent is not None
        assert finished[name].parent.span_id == request.context.span_id  # type: ignore[union-attr]  # asserted above
    assert {parent.split("-")[2] for parent in seen} == {
        f"{finished[name].context.span_id:016x}" for name in ("fetch books", "fetch reviews")
    }


async def test_nothing_is_traced_without_an_endpoint(spans: InMemorySpanExporter) -> None:
    async with world() as w:
        await w.ask("{ books { title } }")
        assert "traceparent" not in w.shelf.seen[0]
    assert [span.name for span in spans.get_finished_spans()] == ["plan"]
