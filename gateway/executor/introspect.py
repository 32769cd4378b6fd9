"""Introspection, answered from the API schema without asking any subgraph."""

from collections.abc import Callable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)

Object = dict[str, Any]
Introspect = Callable[[Object], Object]

_FIELDS = ("__schema", "__type")


def compile_introspection(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> Introspect | None:
    """A function of the variables that gives the introspection fields' values; None when there are none."""
    selection = _only_introspection(operation.selection_set, fragments)
    if not selection.selections:
        return None
    narrowed = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=(),
        selection_set=selection,
    )
    document = DocumentNode(definitions=(narrowed, *fragments.values()))
    remembered: list[Object] = []

    def introspect(variables: Object) -> Object:
        if remembered:
            return dict(remembered[0])
        result = execute_sync(schema, document, variable_values=variables)
        assert isinstance(result, ExecutionResult)  # noqa: S101 - introspection awaits nothing
        data = dict(result.data or {})
        if not operation.variable_definitions:
            remembered.append(data)
        return dict(data)

    return introspect


def _only_introspection(selection: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode]) -> SelectionSetNode:
    kept: list[Any] = []
    for selected in selection.selections:
        if isinstance(selected, FieldNode):
            if selected.name.value in _FIELDS:
                kept.append(selected)
            continue
        inner = _only_introspection(_inner(selected, fragments), fragments)
        if inner.selections:
            kept.append(InlineFragmentNode(type_condition=None, directives=selected.directives, selection_set=inner))
    return SelectionSetNode(selections=tuple(kept))


def _inner(selected: Any, fragments: dict[str, FragmentDefinitionNode]) -> SelectionSetNode:
    if isinstance(selected, FragmentSpreadNode):
        return fragments[selected.name.value].selection_set
    found: SelectionSetNode = selected.selection_set
    return found
