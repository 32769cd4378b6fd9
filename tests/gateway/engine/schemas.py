"""Schemas that subgraphs serve, from their federation SDL."""

from collections.abc import Iterator

from graphql import (
    DefinitionNode,
    DocumentNode,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    build_ast_schema,
    parse,
)

_DIRECTIVES = """
directive @link(url: String, as: String, for: String, import: [link__Import]) repeatable on SCHEMA
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: String!) on FIELD_DEFINITION
directive @provides(fields: String!) on FIELD_DEFINITION
directive @external(reason: String) on OBJECT | FIELD_DEFINITION
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @override(from: String!) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM
  | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION
  | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @interfaceObject on OBJECT
directive @extends on OBJECT | INTERFACE
scalar link__Import
"""


def subgraph_schema(sdl: str) -> GraphQLSchema:
    """The schema that a subgraph serves, `_entities` and `_service` included."""
    document = parse(sdl if "_service" in sdl else _with_federation(sdl))
    return build_ast_schema(_merged_extensions(document), assume_valid=True, assume_valid_sdl=True)


def _with_federation(sdl: str) -> str:
    document = parse(sdl)
    keyed = {d.name.value: d for d in _typed(document) if _is_keyed(d)}
    entities = [name for name, node in keyed.items() if not isinstance(node, InterfaceTypeDefinitionNode)]
    query = "_service: _Service!"
    union = ""
    if entities:
        union = f"union _Entity = {' | '.join(entities)}"
        query += " _entities(representations: [_Any!]!): [_Entity]!"
    return f"{_DIRECTIVES} {sdl} scalar _Any type _Service {{ sdl: String }} {union} extend type Query {{ {query} }}"


def _merged_extensions(document: DocumentNode) -> DocumentNode:
    """Subgraphs may extend types that they do not define."""
    defined = {d.name.value for d in document.definitions if isinstance(d, ObjectTypeDefinitionNode)}
    definitions: list[DefinitionNode] = []
    for definition in document.definitions:
        if isinstance(definition, ObjectTypeExtensionNode) and definition.name.value not in defined:
            defined.add(definition.name.value)
            kept = {key: getattr(definition, key) for key in definition.keys}
            definitions.append(ObjectTypeDefinitionNode(**kept))
        else:
            definitions.append(definition)
    return DocumentNode(definitions=tuple(definitions))


Typed = ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode


def _typed(document: DocumentNode) -> Iterator[Typed]:
    return (definition for definition in document.definitions if isinstance(definition, Typed))


def _is_keyed(node: Typed) -> bool:
    return any(directive.name.value == "key" for directive in node.directives or ())


def external_fields(sdl: str) -> set[tuple[str, str]]:
    """(type, field) marked @external and not in a key: a subgraph that is asked for them has no answer."""
    document = parse(sdl)
    keys = {
        (node.name.value, word)
        for node in _typed(document)
        for directive in node.directives or ()
        if directive.name.value == "key"
        for argument in directive.arguments or ()
        for word in str(getattr(argument.value, "value", "")).replace("{", " ").replace("}", " ").split()
    }
    return {
        (node.name.value, field.name.value)
        for node in _typed(document)
        for field in node.fields or ()
        if any(directive.name.value == "external" for directive in field.directives or ())
    } - keys
