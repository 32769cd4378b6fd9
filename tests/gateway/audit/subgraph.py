"""A subgraph that does not forgive: it refuses what a federation subgraph in the field would get wrong.

It complains of an operation that its schema does not allow, of a representation without a full resolvable key, of a
field with `@requires` whose needs were not sent, and of an `@external` or overridden field that nobody gave it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    execute,
    is_interface_type,
    parse,
    validate,
)

from tests.gateway.audit.sdl import Ownership, read_sdl

Row = Mapping[str, Any]
Resolvers = Mapping[str, Any]
OWNED = Ownership(external=False, requires=None, provides=None, overrides=None)


@dataclass(frozen=True)
class Fetch:
    """One request that came in."""

    subgraph: str
    query: str
    variables: Mapping[str, Any]
    mutation: bool

    @property
    def representations(self) -> list[Row]:
        """What entities it came with, over all its variables."""
        lists = [value for value in self.variables.values() if isinstance(value, list)]
        return [item for items in lists for item in items if isinstance(item, dict) and "__typename" in item]


class Seen(dict[str, Any]):
    """An object as this subgraph may see it: its own columns, what was sent with a key, what a parent provides."""

    def __init__(self, row: Row, sent: Row | None = None, provided: SelectionSetNode | None = None) -> None:
        super().__init__(row)
        self.sent = sent or {}
        self.provided = provided


class Subgraph:
    """Runs an SDL over Python data.

    `resolvers` maps "Type.field" to a value or to a function of (parent, **arguments), and "Type" to the rows, or to
    the function of a representation, behind `_entities`.
    """

    def __init__(self, name: str, sdl: str, resolvers: Resolvers) -> None:
        self.name = name
        self.sdl = read_sdl(sdl)
        self.fetches: list[Fetch] = []
        self.complaints: list[str] = []
        self.overridden: set[tuple[str, str]] = set()
        self.fault: Callable[[Fetch], bytes | None] = lambda _: None
        self._resolvers = resolvers

    def answer(self, body: bytes, mutation: bool) -> bytes:
        """What this subgraph's HTTP endpoint would answer."""
        request = json.loads(body)
        fetch = Fetch(self.name, request["query"], request.get("variables") or {}, mutation)
        self.fetches.append(fetch)
        broken = self.fault(fetch)
        return broken if broken is not None else json.dumps(self._run(fetch, request.get("operationName"))).encode()

    def _run(self, fetch: Fetch, operation: str | None) -> Any:
        document = parse(fetch.query)
        errors = validate(self.sdl.schema, document)
        if errors:
            self.complaints += [f"{self.name}: invalid: {error.message} in {fetch.query}" for error in errors]
            return {"errors": [error.formatted for error in errors]}
        result = execute(
            self.sdl.schema,
            document,
            variable_values=dict(fetch.variables),
            operation_name=operation,
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: value.get("__typename"),
        )
        return result.formatted  # type: ignore[union-attr]

    def _complain(self, text: str) -> GraphQLError:
        self.complaints.append(f"{self.name}: {text}")
        return GraphQLError(text)

    def _resolve(self, parent: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        if info.field_name == "_entities":
            return [self._entity(item) for item in arguments["representations"]]
        key = (info.parent_type.name, info.field_name)
        said = self.sdl.fields.get(key, OWNED)
        value = self._value(".".join(key), said, _seen(parent or {}), arguments)
        return _mark(value, said.provides or _below(parent, info.field_name))

    def _value(self, name: str, said: Ownership, parent: Seen, arguments: Mapping[str, Any]) -> Any:
        type_, _, field = name.partition(".")
        if (type_, field) in self.overridden:
            raise self._complain(f"{name} is overridden and was asked")
        if said.external:
            return self._external(name, field, parent)
        if said.requires is not None and (lacking := [*lacks(parent.sent, said.requires)]):
            raise self._complain(f"{name} needs {lacking}, was sent {json.dumps(parent.sent)}")
        if name in self._resolvers:
            found = self._resolvers[name]
            return found(self._visible(type_, parent), **arguments) if callable(found) else found
        if field not in parent:
            raise self._complain(f"{name} has no value")
        return parent[field]

    def _external(self, name: str, field: str, parent: Seen) -> Any:
        if field in parent.sent:
            return parent.sent[field]
        if not any(node.name.value == field for node in _fields(parent.provided, parent.get("__typename"))):
            raise self._complain(f"{name} is external and was asked")
        return parent[field]

    def _visible(self, type_: str, parent: Seen) -> dict[str, Any]:
        """What a resolver may read: not the columns that belong to another subgraph."""
        mine = {key: value for key, value in parent.items() if not self.sdl.fields.get((type_, key), OWNED).external}
        return {**mine, **parent.sent}

    def _entity(self, sent: Row) -> Any:
        type_ = sent.get("__typename", "")
        keys = [key for key in self.sdl.keys.get(type_, ()) if not any(lacks(sent, key))]
        if not keys:
            raise self._complain(f"no resolvable key in {json.dumps(sent)}")
        if strange := [name for name in sent if name != "__typename" and (type_, name) not in self.sdl.fields]:
            raise self._complain(f"fields {strange} of another subgraph in {json.dumps(sent)}")
        found = self._resolvers[type_]
        row = found(sent) if callable(found) else _first(found, sent, keys)
        return None if row is None else Seen(dict(row) | {"__typename": self._runtime_type(type_, row)}, sent)

    def _runtime_type(self, named: str, row: Row) -> str:
        """A representation of an interface stands for an object of some type; an interface object is a type."""
        return str(row["__typename"]) if is_interface_type(self.sdl.schema.type_map[named]) else named


def lacks(value: Any, wanted: SelectionSetNode) -> Iterator[str]:
    """The fields of a selection that a value, or an item of it, does not carry; below a null nothing is lacking."""
    if isinstance(value, list):
        for item in value:
            yield from lacks(item, wanted)
        return
    for node in _fields(wanted, value.get("__typename") if value else None) if value is not None else ():
        name = node.name.value
        if name not in value:
            yield name
        elif node.selection_set:
            yield from (f"{name}.{below}" for below in lacks(value[name], node.selection_set))


def _fields(selected: SelectionSetNode | None, type_: str | None) -> Iterator[FieldNode]:
    """The fields of a selection for a type; a condition on an interface is left open."""
    for node in selected.selections if selected else ():
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode) and node.type_condition and type_ == node.type_condition.name.value:
            yield from _fields(node.selection_set, type_)


def _below(parent: Any, field: str) -> SelectionSetNode | None:
    nodes = _fields(parent.provided, parent.get("__typename")) if isinstance(parent, Seen) else ()
    return next((node.selection_set for node in nodes if node.name.value == field), None)


def _seen(value: Row) -> Seen:
    return value if isinstance(value, Seen) else Seen(value)


def _mark(value: Any, provided: SelectionSetNode | None) -> Any:
    if isinstance(value, list):
        return [_mark(item, provided) for item in value]
    return Seen(value, getattr(value, "sent", None), provided) if isinstance(value, dict) else value


def _first(rows: Sequence[Row], sent: Row, keys: Sequence[SelectionSetNode]) -> Row | None:
    return next((row for row in rows if any(_matches(row, sent, key) for key in keys)), None)


def _matches(row: Any, sent: Any, key: SelectionSetNode) -> bool:
    if isinstance(sent, list):
        return len(row) == len(sent) and all(_matches(*pair, key) for pair in zip(row, sent, strict=True))
    return all(
        _matches(row.get(node.name.value), sent[node.name.value], node.selection_set)
        if node.selection_set
        else row.get(node.name.value) == sent[node.name.value]
        for node in _fields(key, None)
    )
