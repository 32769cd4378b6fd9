"""A plan compiled: everything that does not depend on the request, done once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import orjson
from graphql import (
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    print_ast,
)

from gateway.executor.complete import Completion
from gateway.executor.context import Context
from gateway.executor.exact import Exactness
from gateway.executor.fetch import CompiledFetch
from gateway.executor.introspect import compile_introspection
from gateway.executor.nulls import compile_fits, shape_at
from gateway.executor.project import Project, compile_projection
from gateway.executor.run import compile_step
from gateway.executor.shape import ShapeBuilder
from gateway.executor.sources import Sources
from gateway.executor.state import Object, State
from gateway.executor.variables import compile_coercion
from gateway.planner.fetch_graph import Fetch
from gateway.planner.place import Path
from gateway.planner.plan import Plan
from gateway.planner.selection import Node


class Executable:
    """An operation ready to run any number of times."""

    def __init__(
        self,
        plan: Plan,
        schema: GraphQLSchema,
        enums: Mapping[str, frozenset[str]],
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        *,
        given: Fetch | None = None,
    ) -> None:
        """`given`: a fetch whose data somebody else brings."""
        definitions = operation.variable_definitions or ()
        self.coerce = compile_coercion(schema, definitions)
        self.shape = ShapeBuilder(schema).shape(plan.nodes, plan.root)
        self._introspect = compile_introspection(schema, operation, fragments)
        self._sources = Sources(plan.fetches, plan.step)
        self._exactness = Exactness(self._sources, enums)
        texts = {d.variable.name.value: _definition_text(d) for d in definitions}
        self.fetches = {id(fetch): self._compiled(fetch, plan, texts) for fetch in plan.fetches}
        self._run = (
            compile_step(plan.step, {i: f for i, f in self.fetches.items() if f.fetch is not given})
            if plan.step
            else None
        )
        self._project = compile_projection(self.shape, self._exactness, nulls=False)
        self._passed_through = self._find_passed_through(plan)

    def _compiled(self, fetch: Fetch, plan: Plan, texts: dict[str, str]) -> CompiledFetch:
        kind = plan.kind if fetch.paths == [()] and not fetch.needs else "query"
        visible = _visible_keys(plan.nodes, fetch.paths[0])
        fills = list(dict.fromkeys(step.key for step in fetch.selections.children if step.key in visible))
        fits = compile_fits(fetch.selections.children.values(), shape_at(self.shape, fetch.paths[0]))
        return CompiledFetch(fetch, plan.name_of(fetch.graph), kind, texts, self._sources, fills, fits)

    def _find_passed_through(self, plan: Plan) -> CompiledFetch | None:
        """The only fetch, when its answer is the client's answer."""
        if len(plan.fetches) != 1 or self._introspect or not plan.fetches[0].always:
            return None
        return self.fetches[id(plan.fetches[0])] if self._exactness.is_exact(self.shape, ()) else None

    @cached_property
    def _project_with_nulls(self) -> Project:
        """Made only once something was missing."""
        return compile_projection(self.shape, self._exactness, nulls=True)

    async def execute(self, raw: Mapping[str, Any], context: Context) -> bytes:
        """The encoded response. Raises VariablesInvalid."""
        state = State({}, self.coerce(raw), context)
        if self._passed_through:
            return await self._pass_through(self._passed_through, state)
        return await self.continue_from(state)

    async def continue_from(self, state: State) -> bytes:
        """Runs the plan over what is known already."""
        if self._run:
            await self._run(state)
        return self.finish(state)

    async def _pass_through(self, fetch: CompiledFetch, state: State) -> bytes:
        answer = await fetch.fetch_raw(state, fetch.body(state.variables))
        if answer is not None:
            is_bare = _is_bare(answer)
            if is_bare and b"null" not in answer:
                return answer
            data = fetch.read(state, answer)
            if is_bare and not state.has_nulls and not state.errors:
                return answer
            if data is not None:
                state.data = data
        return self.finish(state)

    def finish(self, state: State) -> bytes:
        """Projects and encodes."""
        data = state.data
        if self._introspect:
            data.update(self._introspect(state.variables))
        try:
            project = self._project_with_nulls if state.has_nulls or state.errors else self._project
            answer: Object | None = project(data, state.variables)
        except (KeyError, TypeError, ValueError):
            answer = Completion(state.errors, state.variables).run(self.shape, data)
        if state.errors:
            return orjson.dumps({"errors": state.errors, "data": answer})
        return orjson.dumps({"data": answer})


def _is_bare(answer: bytes) -> bool:
    """Whether a response holds data and nothing else, as far as bytes can tell; if in doubt it is read."""
    is_data = answer.startswith(b'{"data":{') and answer.endswith(b"}}")
    return is_data and b'"errors"' not in answer and b'"extensions"' not in answer


def _visible_keys(nodes: list[Node], path: Path) -> set[str]:
    """The response keys that the client sees at a path."""
    for key in path:
        if isinstance(key, str):
            nodes = [child for node in nodes if node.key == key for child in node.children]
    return {node.key for node in nodes if not node.internal}


def _definition_text(definition: Any) -> str:
    text = f"${definition.variable.name.value}:{print_ast(definition.type)}"
    return f"{text}={print_ast(definition.default_value)}" if definition.default_value else text
