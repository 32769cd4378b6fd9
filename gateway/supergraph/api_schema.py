"""The schema that clients see: the supergraph without its machinery and what is @inaccessible."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
    print_ast,
)

from gateway.errors import SupergraphInvalid
from gateway.supergraph.directives import Names

_STANDARD = frozenset({"deprecated", "specifiedBy", "oneOf"})
_EXECUTABLE = frozenset(
    [
        *("QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "VARIABLE_DEFINITION"),
        *("FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"),
    ]
)


def build_api_schema(document: DocumentNode, names: Names) -> GraphQLSchema:
    """Raises SupergraphInvalid when what is left is not a schema."""
    visible = _Visible(document.definitions, names)
    try:
        return build_ast_schema(DocumentNode(definitions=tuple(visible.definitions())))
    except (GraphQLError, TypeError) as error:
        raise SupergraphInvalid(f"The supergraph is not a valid schema: {error}") from error


class _Visible:
    """The definitions of a supergraph document that clients may see."""

    def __init__(self, definitions: Iterable[DefinitionNode], names: Names) -> None:
        self._all = list(definitions)
        self._names = names
        self._hidden = {d.name.value for d in self._all if isinstance(d, TypeDefinitionNode) and self._is_hidden(d)}

    def definitions(self) -> Iterable[DefinitionNode]:
        for definition in self._all:
            if isinstance(definition, TypeDefinitionNode):
                if definition.name.value not in self._hidden:
                    yield self._type(definition)
            elif isinstance(definition, SchemaDefinitionNode):
                yield SchemaDefinitionNode(
                    description=definition.description, operation_types=definition.operation_types, directives=()
                )
            elif isinstance(definition, DirectiveDefinitionNode):
                if self._is_public_directive(definition):
                    yield definition
            elif not isinstance(definition, SchemaExtensionNode):
                raise SupergraphInvalid(f"A supergraph holds no {definition.kind.replace('_', ' ')}.")

    def _is_hidden(self, node: Any) -> bool:
        is_machinery = isinstance(node, TypeDefinitionNode) and self._names.is_machinery(node.name.value)
        return is_machinery or any(d.name.value == self._names.inaccessible for d in node.directives or ())

    def _is_public_directive(self, node: DirectiveDefinitionNode) -> bool:
        """Directives of a document, composed ones too; a linked specification may be what brought them."""
        if any(print_ast(argument.type).strip("[]!") in self._hidden for argument in node.arguments or ()):
            return False
        return node.name.value in _STANDARD or any(location.value in _EXECUTABLE for location in node.locations)

    def _type(self, node: TypeDefinitionNode) -> TypeDefinitionNode:
        shown = self._bare(node)
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            shown["fields"] = tuple(self._field(f) for f in node.fields or () if not self._is_hidden(f))
            shown["interfaces"] = tuple(i for i in node.interfaces or () if i.name.value not in self._hidden)
        elif isinstance(node, UnionTypeDefinitionNode):
            shown["types"] = tuple(t for t in node.types or () if t.name.value not in self._hidden)
        elif isinstance(node, InputObjectTypeDefinitionNode):
            shown["fields"] = self._inputs(node.fields)
        elif isinstance(node, EnumTypeDefinitionNode):
            shown["values"] = tuple(self._copy(v) for v in node.values or () if not self._is_hidden(v))
        return type(node)(**shown)

    def _field(self, node: Any) -> Any:
        return type(node)(**{**self._bare(node), "arguments": self._inputs(node.arguments)})

    def _inputs(self, nodes: Iterable[Any] | None) -> tuple[Any, ...]:
        return tuple(self._copy(node) for node in nodes or () if not self._is_hidden(node))

    def _copy(self, node: Any) -> Any:
        return type(node)(**self._bare(node))

    def _bare(self, node: Any) -> dict[str, Any]:
        kept = {key: getattr(node, key, None) for key in node.keys}
        kept["directives"] = tuple(d for d in node.directives or () if d.name.value in _STANDARD)
        return kept
