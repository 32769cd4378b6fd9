"""Field sets: the selections inside @key, @requires and @provides."""

from dataclasses import dataclass

from graphql import GraphQLSyntaxError, OperationDefinitionNode, SelectionSetNode, parse

from gateway.errors import SupergraphInvalid


@dataclass(frozen=True, slots=True, eq=False)
class FieldSet:
    """A parsed field set; two are the same when they are the same object."""

    source: str
    type: str
    """The type it selects from."""
    selection: SelectionSetNode


def parse_fieldset(source: str, on: str) -> FieldSet:
    """Raises SupergraphInvalid when the text is not a selection."""
    try:
        document = parse("{" + source + "}", no_location=True)
    except GraphQLSyntaxError as error:
        raise SupergraphInvalid(f"Field set {source!r} of type {on!r} is not a selection: {error.message}") from error
    operation = document.definitions[0]
    if not isinstance(operation, OperationDefinitionNode):
        raise SupergraphInvalid(f"Field set {source!r} of type {on!r} is not a selection.")
    return FieldSet(source, on, operation.selection_set)
