"""A subgraph's SDL, as a developer writes it: a schema that can run, and what it says about who owns what."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    GraphQLSchema,
    SelectionSetNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    build_ast_schema,
    parse,
    value_from_ast_untyped,
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
    values = {key: getattr(node, key) for key in node.keys}
    definition: TypeDefinitionNode = class_(**values | {"directives": (*(node.directives or ()), extends)})
    return definition


def _merge(base: TypeDefinitionNode, other: TypeDefinitionNode) -> TypeDefinitionNode:
    """Both nodes' lists joined; an extension of a type that is there is no federation 1 extension."""
    lists: dict[str, Any] = {
        key: (*(getattr(base, key) or ()), *(getattr(other, key, None) or ()))
        for key in ("fields", "interfaces", "types", "values")
        if hasattr(base, key)
    }
    further = tuple(node for node in other.directives or () if node.name.value != "extends")
    return replace(base, directives=(*(base.directives or ()), *further), **lists)


def _directives(node: TypeDefinitionNode | FieldDefinitionNode, name: str) -> Iterator[dict[str, str | bool]]:
    for directive in node.directives or ():
        if directive.name.value.removeprefix("federation__") == name:
            yield {
                argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()
            }


def _has(node: TypeDefinitionNode | FieldDefinitionNode, name: str) -> bool:
    return any(True for _ in _directives(node, name))


def _field_set(node: FieldDefinitionNode, name: str) -> SelectionSetNode | None:
    return next((selection(str(found["fields"])) for found in _directives(node, name)), None)


def _keys(node: TypeDefinitionNode) -> Iterator[SelectionSetNode]:
    return (selection(str(key["fields"])) for key in _directives(node, "key") if key.get("resolvable", True))


def _ownership(type_: TypeDefinitionNode, field: FieldDefinitionNode) -> Ownership:
    """A key field marked external on an extension is federation 1's way to name it: it is owned."""
    marked = _has(field, "external") or _has(type_, "external")
    override = next((str(found["from"]) for found in _directives(field, "override")), None)
    named = marked and _has(type_, "extends") and _is_in_key(type_, field.name.value)
    return Ownership(marked and not named, _field_set(field, "requires"), _field_set(field, "provides"), override)


def _is_in_key(type_: TypeDefinitionNode, name: str) -> bool:
    sets = (selection(str(key["fields"])) for key in _directives(type_, "key"))
    return any(isinstance(node, ast.FieldNode) and node.name.value == name for key in sets for node in key.selections)


def _schema(types: dict[str, TypeDefinitionNode], entities: list[str]) -> GraphQLSchema:
    """With `_entities` and `_service`, as a subgraph library adds them."""
    machinery = MACHINERY + (f" union _Entity = {' | '.join(entities)}" if entities else "")
    types = {node.name.value: node for node in _types(parse(machinery))} | types
    entry = next(node for node in _types(parse(ENTRY)) if isinstance(node, ast.ObjectTypeDefinitionNode))
    query = types.get("Query")
    own = (query.fields or ()) if isinstance(query, ast.ObjectTypeDefinitionNode) else ()
    absent = {field.name.value for field in own} | (set() if "_Entity" in types else {"_entities"})
    added = tuple(field for field in entry.fields or () if field.name.value not in absent)
    types["Query"] = replace(entry, fields=(*own, *added))
    return build_ast_schema(DocumentNode(definitions=tuple(types.values())), assume_valid=True, assume_valid_sdl=True)
