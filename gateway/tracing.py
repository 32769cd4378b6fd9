"""Spans of requests, plans and fetches. Without an OTLP endpoint nothing of this is on the way of a request."""

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from gateway.errors import FetchFailed
from gateway.pipeline.execute import Context
from gateway.pipeline.respond import Answer
from gateway.pipeline.run import Pipeline, Request, Stream

tracer = trace.get_tracer("gateway")


class TracedContext(Context):
    """A span for each fetch; the subgraph's own spans become its children (W3C trace context)."""

    __slots__ = ()

    async def fetch(self, subgraph: str, body: bytes, mutation: bool) -> bytes:
        """As `Context.fetch`."""
        with tracer.start_as_current_span(f"fetch {subgraph}", kind=SpanKind.CLIENT) as span:
            span.set_attribute("graphql.subgraph", subgraph)
            try:
                return await super().fetch(subgraph, body, mutation)
            except FetchFailed as failed:
                span.set_status(Status(StatusCode.ERROR, failed.code))
                raise

    def headers(self, subgraph: str) -> bytes:
        """As `Context.headers`, and where the subgraph's spans belong."""
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        lines = "".join(f"{name}: {value}\r\n" for name, value in carrier.items())
        return super().headers(subgraph) + lines.encode("ascii", "ignore")


class TracedPipeline(Pipeline):
    """A span for each request, under the caller's where it sent one."""

    context = TracedContext

    async def answer(self, request: Request) -> Answer | Stream:
        """As `Pipeline.answer`."""
        sent = {
            name: request.headers.get(name.encode(), b"").decode("latin-1") for name in ("traceparent", "tracestate")
        }
        parent = propagate.extract(sent)
        with tracer.start_as_current_span("graphql request", context=parent, kind=SpanKind.SERVER) as span:
            answer = await super().answer(request)
            if isinstance(answer, Answer):
                span.set_attribute("http.response.status_code", answer.status)
            return answer
