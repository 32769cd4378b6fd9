"""The gateway's engine: supergraph -> schema and plans -> answers. No sockets, no HTTP, no settings."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, get_operation_ast

from gateway.errors import OperationNotFound
from gateway.executor.compile import Executable
from gateway.executor.context import Context
from gateway.executor.state import State
from gateway.planner import Graph, Plan, plan_operation
from gateway.planner.events import EVENTS, pick, with_events
from gateway.planner.fetch_graph import Fetch
from gateway.supergraph import Supergraph, load_supergraph

__all__ = ["Context", "Engine", "Operation", "Subscription"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a subscription's events come from."""

    subgraph: str
    field: str
    """Name of the root field."""
    key: str
    """Its response key."""
    body: Callable[[Mapping[str, Any]], bytes]
    """Raw variables -> the JSON request for the subgraph. Raises VariablesInvalid."""


class Engine:
    """Serves one supergraph; immutable, shared by all requests."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self.graph = Graph(supergraph)
        self.schema: GraphQLSchema = supergraph.api
        self.subgraphs: Mapping[str, str] = {graph.name: graph.url for graph in supergraph.subgraphs.values()}

    @classmethod
    def from_supergraph(cls, sdl: str) -> "Engine":
        """Raises SupergraphInvalid."""
        return cls(load_supergraph(sdl))

    def prepare(self, document: DocumentNode, operation_name: str | None = None) -> "Operation":
        """Plans and compiles an operation of a document that is valid against the schema.

        Raises OperationNotFound, and FieldUnreachable where the supergraph is not satisfiable.
        """
        operation = get_operation_ast(document, operation_name)
        if operation is None:
            raise OperationNotFound(operation_name)
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        return Operation(self, operation, fragments)

    @cached_property
    def event_graph(self) -> Graph:
        """The graph for subscriptions that start from an event."""
        return with_events(self.graph)

    @property
    def enums(self) -> Mapping[str, frozenset[str]]:
        """Enum -> every value some subgraph may give."""
        return self._supergraph.enums


class Operation:
    """A planned, compiled operation; immutable, shared by any number of requests."""

    def __init__(
        self, engine: Engine, operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
    ) -> None:
        self._engine = engine
        self._operation = operation
        self._fragments = fragments
        self.kind: str = operation.operation.value
        self.name: str | None = operation.name.value if operation.name else None
        self.plan: Plan = plan_operation(engine.graph, operation, fragments)
        self._given = self.plan.fetches[0] if self.kind == "subscription" and self.plan.fetches else None
        self._executable = self._compile(self.plan, self._given)

    def text_of(self, fetch: Fetch) -> str:
        """What one of the plan's fetches sends."""
        return self._executable.fetches[id(fetch)].text

    def execute(self, variables: Mapping[str, Any], context: Context) -> Coroutine[Any, Any, bytes]:
        """To await: the encoded response. Raises VariablesInvalid before anything is fetched."""
        return self._executable.execute(variables, context)

    @cached_property
    def subscription(self) -> Subscription:
        """Where the events come from; only for subscriptions."""
        assert self._given is not None  # noqa: S101 - callers look at `kind` first
        fetch = self._executable.fetches[id(self._given)]
        field = next(iter(self._given.selections.children))
        return Subscription(fetch.subgraph, field.name, field.key, lambda raw: fetch.body(self._executable.coerce(raw)))

    async def complete(
        self,
        payload: Mapping[str, Any] | None,
        variables: Mapping[str, Any],
        context: Context,
        errors: Sequence[Any] = (),
    ) -> bytes:
        """The response for one event: `payload` is the subgraph's `data`, or an entity representation."""
        assert self._given is not None  # noqa: S101 - callers look at `kind` first
        key = self.subscription.key
        if payload and "__typename" in payload and key not in payload:
            return await self._complete_event(dict(payload), variables, context)
        state = State(dict(payload or {}), self._executable.coerce(variables), context)
        state.has_nulls = True
        fetch = self._executable.fetches[id(self._given)]
        fetch.rename(state.data)
        if errors:
            fetch.failures.told(state, None, list(errors))
        return await self._executable.continue_from(state)

    async def _complete_event(self, entity: dict[str, Any], variables: Mapping[str, Any], context: Context) -> bytes:
        given, executable = self._from_event
        (root,) = given.selections.children.values()
        state = State({root.step.key: pick(root.children, entity)}, executable.coerce(variables), context)
        state.has_nulls = True
        return await executable.continue_from(state)

    @cached_property
    def _from_event(self) -> tuple[Fetch, Executable]:
        plan = plan_operation(self._engine.event_graph, self._operation, self._fragments, EVENTS)
        return plan.fetches[0], self._compile(plan, plan.fetches[0])

    def _compile(self, plan: Plan, given: Fetch | None) -> Executable:
        return Executable(plan, self._engine.schema, self._engine.enums, self._operation, self._fragments, given=given)
