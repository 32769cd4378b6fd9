"""Subgraphs in this process over one world of plain objects: each resolves of it what its schema defines."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from graphql import GraphQLAbstractType, GraphQLResolveInfo, execute_sync, is_abstract_type, parse, validate

from gateway.errors import FetchFailed
from tests.gateway.engine.schemas import external_fields, subgraph_schema

Object = dict[str, Any]
Entities = Mapping[str, list[Object]]
PROVIDES = "__provides"
"""Names of external fields that an object comes with."""


class Service:
    """A subgraph: root fields by name, entities by concrete type; a callable is a resolver of (object, **arguments)."""

    def __init__(self, sdl: str, roots: Object, entities: Entities) -> None:
        self.schema = subgraph_schema(sdl)
        self._external = external_fields(sdl)
        self._roots = roots
        self._entities = entities

    def answer(self, body: Object) -> Object:
        """The response to a request, which must be valid."""
        document = parse(body["query"])
        problems = validate(self.schema, document)
        assert not problems, f"{problems[0].message} in {body['query']}"
        result = execute_sync(
            self.schema,
            document,
            root_value=self._roots,
            variable_values=body.get("variables"),
            field_resolver=self._resolve,
            type_resolver=self._resolve_type,
        )
        answer: Object = {"data": result.data}
        if result.errors:
            answer["errors"] = [error.formatted for error in result.errors]
        return answer

    def _resolve_type(self, value: Object, info: GraphQLResolveInfo[Any], type_: GraphQLAbstractType) -> str:
        name: str = value["__typename"]
        known = self.schema.type_map.get(name)
        if type_.name == "_Entity" and known is None:
            return str(value["__asked"])
        return name

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if info.field_name == "_entities" and info.path.prev is None:
            return [self._entity(representation) for representation in arguments["representations"]]
        self._refuse_external(source, info)
        value = source.get(info.field_name)
        return value({**source, **source.get("__given", {})}, **arguments) if callable(value) else value

    def _refuse_external(self, source: Object, info: GraphQLResolveInfo[Any]) -> None:
        field = (info.parent_type.name, info.field_name)
        if field in self._external and info.field_name not in source.get(PROVIDES, ()):
            raise LookupError(f"{'.'.join(field)} is external")

    def _entity(self, representation: Object) -> Object | None:
        """The known object that agrees with the representation, with what the representation adds."""
        asked = representation["__typename"]
        for name in self._concrete(asked):
            for known in self._entities.get(name, []):
                if _agrees(known, representation):
                    own = {k: v for k, v in known.items() if (asked, k) not in self._external}
                    return {**representation, **own, "__typename": name, "__asked": asked, "__given": representation}
        return None

    def _concrete(self, name: str) -> list[str]:
        type_ = self.schema.type_map[name]
        if is_abstract_type(type_):
            return [possible.name for possible in self.schema.get_possible_types(type_)]
        return [name] if name in self._entities else list(self._entities)  # an interface object: any may be it


def _agrees(known: Any, told: Any) -> bool:
    if isinstance(known, dict) and isinstance(told, dict):
        shared = [key for key in told if key in known and key != "__typename"]
        return all(_agrees(known[key], told[key]) for key in shared)
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
        self.answers: dict[str, Callable[[Object], bytes]] = {}
        """What some subgraphs say instead."""

    async def fetch(self, subgraph: str, body: bytes, mutation: bool) -> bytes:
        """The answer of a service; those in `down` give none."""
        request = orjson.loads(body)
        self.calls.append((subgraph, request))
        if subgraph in self.down:
            raise FetchFailed("SUBGRAPH_UNREACHABLE", f"{subgraph} cannot be reached")
        if subgraph in self.answers:
            return self.answers[subgraph](request)
        return orjson.dumps(self.services[subgraph].answer(request))
