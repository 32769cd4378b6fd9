"""From a document to something that can be executed, once: parse → limits (shape) → validate → plan, kept bounded."""

from typing import NamedTuple

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode
from opentelemetry import trace

from gateway.config import GatewaySettings
from gateway.engine import Engine, Operation
from gateway.metrics import KNOWN_DOCUMENTS, PLANNED
from gateway.pipeline.cost import Estimate
from gateway.pipeline.limits import check_shape
from gateway.pipeline.lru import LRU
from gateway.pipeline.parse import TooManyTokens, find_operation, parse_document
from gateway.pipeline.persisted import Document
from gateway.pipeline.shape import measure
from gateway.pipeline.validate import validate_document

_tracer = trace.get_tracer("gateway")

UNTRUSTED = "other"  # the name of an operation that anybody may have made up must not become a metric label


class Prepared(NamedTuple):
    """An operation ready to be executed any number of times; `label` may be shown in metrics."""

    operation: Operation
    estimate: Estimate
    label: str
    node: OperationDefinitionNode
    schema: GraphQLSchema


class Documents:
    """The operations of one supergraph that were asked for before."""

    def __init__(self, engine: Engine, settings: GatewaySettings) -> None:
        self._engine = engine
        self._settings = settings
        self._known: LRU[tuple[str, str | None], Prepared] = LRU(settings.plan_cache)

    def prepared(self, document: Document, operation_name: str | None) -> Prepared:
        """The operation, planned now if it was not before. Raises a `Refused`."""
        key = (document.text, operation_name)
        known = self._known.get(key)
        if known is None:
            known = self._prepare(document, operation_name)
            self._known.put(key, known)
            PLANNED.inc()
            KNOWN_DOCUMENTS.set(len(self._known))
        return known

    def _prepare(self, document: Document, operation_name: str | None) -> Prepared:
        try:
            with _tracer.start_as_current_span("plan"):
                tree = parse_document(document.text, self._settings.limits.max_tokens)
                return self._prepare_tree(tree, operation_name, trusted=document.trusted)
        except RecursionError:
            raise TooManyTokens("nested too deeply") from None

    def _prepare_tree(self, tree: DocumentNode, name: str | None, *, trusted: bool) -> Prepared:
        settings, engine = self._settings, self._engine
        check_shape(measure(tree), settings.limits)
        node = find_operation(tree, name)
        validate_document(engine.schema, tree, introspection=settings.introspection, suggestions=settings.suggestions)
        operation = engine.prepare(tree, name)
        estimate = Estimate(engine.schema, tree, node, settings.limits.assumed_list_size)
        return Prepared(
            operation, estimate, (operation.name or "anonymous") if trusted else UNTRUSTED, node, engine.schema
        )

    def __len__(self) -> int:
        return len(self._known)
