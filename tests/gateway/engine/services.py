"""Subgraphs in this process: graphql-core over tables of plain objects, with a generic `_entities`."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    build_ast_schema,
    execute_sync,
    parse,
    validate,
)

from gateway.errors import FetchFailed

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

Object = dict[str, Any]
Table = Mapping[str, list[Object]]


def subgraph_schema(sdl: str) -> GraphQLSchema:
    """The schema that a subgraph serves, `_entities` and `_service` included."""
    if "_service" in sdl:
        return build_ast_schema(_merged_extensions(parse(sdl)), assume_valid=True, assume_valid_sdl=True)
    document = parse(_DIRECTIVES + sdl)
    entities = [name for name in _keyed(document) if not _is_interface(document, name)]
    added = "scalar _Any type _Service { sdl: String } "
    query = "_service: _Service! "
    if entities:
        added += f"union _Entity = {' | '.join(entities)} "
        query += "_entities(representations: [_Any!]!): [_Entity]! "
    has_query = any(isinstance(d, ObjectTypeDefinitionNode) and d.name.value == "Query" for d in document.definitions)
    added += f"{'extend ' if has_query else ''}type Query {{ {query} }}"
    both = parse(_DIRECTIVES + sdl + added)
    return build_ast_schema(_merged_extensions(both), assume_valid=True, assume_valid_sdl=True)


def _merged_extensions(document: DocumentNode) -> DocumentNode:
    """Subgraphs may extend types that they do not define."""
    defined = {
        getattr(getattr(d, "name", None), "value", None) for d in document.definitions if "extension" not in d.kind
    }
    definitions = []
    for definition in document.definitions:
        if isinstance(definition, ObjectTypeExtensionNode) and definition.name.value not in defined:
            defined.add(definition.name.value)
            kept = {key: getattr(definition, key) for key in definition.keys}
            definitions.append(ObjectTypeDefinitionNode(**kept))
        else:
            definitions.append(definition)
    return DocumentNode(definitions=tuple(definitions))


def _keyed(document: DocumentNode) -> dict[str, None]:
    found: dict[str, None] = {}
    for definition in document.definitions:
        for directive in getattr(definition, "directives", None) or ():
            if directive.name.value == "key":
                found[definition.name.value] = None  # type: ignore[attr-defined]  # only types carry @key
    return found


def _is_interface(document: DocumentNode, name: str) -> bool:
    return any(
        d.kind == "interface_type_definition" and d.name.value == name  # type: ignore[attr-defined]  # it is a type
        for d in document.definitions
    )


class Service:
    """A subgraph: its SDL, its root fields, and for each entity type the objects it knows."""

    def __init__(self, sdl: str, roots: Mapping[str, Any] | None = None, entities: Table | None = None) -> None:
        self.schema = subgraph_schema(sdl)
        self.roots = dict(roots or {})
        self.entities = dict(entities or {})

    def answer(self, body: Object) -> Object:
        """The response to a request, which must be valid."""
        document = parse(body["query"])
        problems = validate(self.schema, document)
        assert not problems, f"{problems[0].message} in {body['query']}"
        result = execute_sync(
            self.schema,
            document,
            root_value=self.roots,
            variable_values=body.get("variables"),
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: value["__typename"],
        )
        answer: Object = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return answer

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if info.field_name == "_entities" and info.path.prev is None:
            return [self._entity(representation) for representation in arguments["representations"]]
        value = source.get(info.field_name) if isinstance(source, dict) else None
        if not callable(value):
            return value
        takes_source = isinstance(info.parent_type, GraphQLObjectType) and info.path.prev is not None
        return value(source, **arguments) if takes_source else value(**arguments)

    def _entity(self, representation: Object) -> Object | None:
        """The known object that agrees with the representation, with what the representation adds."""
        for known in self.entities.get(representation["__typename"], []):
            if _agrees(known, representation):
                return {**representation, **known, "__typename": known.get("__typename", representation["__typename"])}
        return None


def _agrees(known: Any, told: Any) -> bool:
    if isinstance(known, dict) and isinstance(told, dict):
        return all(_agrees(known[key], value) for key, value in told.items() if key in known and key != "__typename")
    if isinstance(known, list) and isinstance(told, list):
        return len(known) == len(told) and all(map(_agrees, known, told))
    return callable(known) or bool(known == told)


class Network:
    """The context of a request, over services in this process; remembers what was asked."""

    def __init__(self, services: Mapping[str, Service]) -> None:
        self.services = services
        self.expose_subgraph_errors = True
        self.calls: list[tuple[str, Object]] = []
        self.down: set[str] = set()
        self.broken: dict[str, Callable[[Object], bytes]] = {}

    async def fetch(self, subgraph: str, body: bytes, mutation: bool) -> bytes:
        """The answer of a service; those in `down` give none."""
        request = orjson.loads(body)
        self.calls.append((subgraph, request))
        if subgraph in self.down:
            raise FetchFailed("SUBGRAPH_UNREACHABLE", f"{subgraph} cannot be reached")
        if subgraph in self.broken:
            return self.broken[subgraph](request)
        return orjson.dumps(self.services[subgraph].answer(request))


__all__ = ["Network", "Service", "subgraph_schema"]
