"""A subgraph's SDL, as a developer writes it: a schema that can run, and what it says about who owns what."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    SelectionSetNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    build_ast_schema,
    parse,
)
from graphql.language import ast

MACHINERY = "scalar _Any type _Service { sdl: String }"
ENTRY = "type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }"


@dataclass(frozen=True)
class Ownership:
    """What a subgraph says of one field."""

    external: bool
    requires: SelectionSetNode | None
    provides: SelectionSetNode | None
    overrides: str | None


@dataclass(frozen=True)
class Sdl:
    """A schema that can run; field ownership by (type, field); resolvable keys by type."""

    schema: GraphQLSchema
    fields: dict[tuple[str, str], Ownership]
    keys: dict[str, list[SelectionSetNode]]


def read_sdl(text: str) -> Sdl:
    """Read federation 1 or 2 SDL, with or without the `_entities` machinery in it."""
    types = {node.name.value: node for node in _types(parse(text))}
    keys = {name: found for name, node in types.items() if (found := [*_keys(node)])}
    fields = {
        (name, field.name.value): _ownership(node, field)
        for name, node in types.items()
        for field in getattr(node, "fields", None) or ()
        if isinstance(field, FieldDefinitionNode)
    }
    entities = [name for name in keys if isinstance(types[name], ast.ObjectTypeDefinitionNode)]
    return Sdl(_schema(types, entities), fields, keys)


def selection(fields: str) -> SelectionSetNode:
    """A field set, parsed."""
    operation = parse("{" + fields + "}", no_location=True).definitions[0]
    assert isinstance(operation, ast.OperationDefinitionNode)
    return operation.selection_set


def _types(document: DocumentNode) -> Iterator[TypeDefinitionNode]:
    """Each type once: its extensions are folded into it, and an extension of nothing becomes the type."""
    merged: dict[str, TypeDefinitionNode] = {}
    for node in document.definitions:
        if isinstance(node, TypeExtensionNode):
            node = _as_definition(node)
        if isinstance(node, TypeDefinitionNode):
            known = merged.get(node.name.value)
            merged[node.name.value] = _merge(known, node) if known else node
    yield from merged.values()


def _as_definition(node: TypeExtensionNode) -> TypeDefinitionNode:
    extends = DirectiveNode(name=ast.NameNode(value="extends"), arguments=())
    class_ = getattr(ast, type(node).__name__.replace("Extension", "Definition"))
    values = {key: getattr(node, key) for key in node.keys if hasattr(node, key)}
    definition: TypeDefinitionNode = class_(**values | {"directives": (*node.directives, extends)})
    return definition


def _merge(base: TypeDefinitionNode, other: TypeDefinitionNode) -> TypeDefinitionNode:
    """Both nodes' lists joined; an extension of a type that is there is no federation 1 extension."""
    for key in ("fields", "interfaces", "types", "values"):
        if hasattr(base, key):
            setattr(base, key, (*(getattr(base, key) or ()), *(getattr(other, key, None) or ())))
    base.directives = (*base.directives, *(node for node in other.directives if node.name.value != "extends"))
    return base


def _directives(node: TypeDefinitionNode | FieldDefinitionNode, name: str) -> Iterator[dict[str, str | bool]]:
    for directive in node.directives or ():
        if directive.name.value.removeprefix("federation__") == name:
            yield {argument.name.value: argument.value.value for argument in directive.arguments}  # type: ignore[attr-defined]


def _field_set(node: FieldDefinitionNode, name: str) -> SelectionSetNode | None:
    return next((selection(str(found["fields"])) for found in _directives(node, name)), None)


def _keys(node: TypeDefinitionNode) -> Iterator[SelectionSetNode]:
    return (selection(str(key["fields"])) for key in _directives(node, "key") if key.get("resolvable", True))


def _ownership(type_: TypeDefinitionNode, field: FieldDefinitionNode) -> Ownership:
    """A key field marked external on an extension is federation 1's way to name it: it is owned."""
    marked = any(_directives(field, "external")) or any(_directives(type_, "external"))
    override = next((str(found["from"]) for found in _directives(field, "override")), None)
    named = marked and any(_directives(type_, "extends")) and _is_in_key(type_, field.name.value)
    return Ownership(marked and not named, _field_set(field, "requires"), _field_set(field, "provides"), override)


def _is_in_key(type_: TypeDefinitionNode, name: str) -> bool:
    sets = (selection(str(key["fields"])) for key in _directives(type_, "key"))
    return any(isinstance(node, ast.FieldNode) and node.name.value == name for key in sets for node in key.selections)


def _schema(types: dict[str, TypeDefinitionNode], entities: list[str]) -> GraphQLSchema:
    """With `_entities` and `_service`, as a subgraph library adds them."""
    machinery = MACHINERY + (f" union _Entity = {' | '.join(entities)}" if entities else "")
    types = {node.name.value: node for node in _types(parse(machinery))} | types
    entry = next(_types(parse(ENTRY)))
    query = types.get("Query")
    known = {field.name.value for field in getattr(query, "fields", ())}
    fields = tuple(field for field in entry.fields if field.name.value not in known)  # type: ignore[attr-defined]
    if "_Entity" not in types:
        fields = tuple(field for field in fields if field.name.value != "_entities")
    entry.fields = (*getattr(query, "fields", ()), *fields)  # type: ignore[attr-defined]
    document = DocumentNode(definitions=tuple((types | {"Query": entry}).values()))
    return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)


def named(type_: ListTypeNode | NonNullTypeNode | NamedTypeNode) -> str:
    """The name under lists and non-nulls."""
    while not isinstance(type_, NamedTypeNode):
        type_ = type_.type  # type: ignore[assignment]
    return type_.name.value


__all__ = ["Ownership", "Sdl", "StringValueNode", "named", "read_sdl", "selection"]
