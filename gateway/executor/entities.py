"""Representations: what a subgraph is told of the objects it is asked about, each object once."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson

from gateway.planner.fetch_graph import Representation
from gateway.planner.selection import Node

Object = dict[str, Any]


class Asked:
    """The objects a fetch asks about: `targets[n]` is answered by entity `slots[n]` (None: by entity n)."""

    __slots__ = ("count", "encoded", "slots", "targets")

    def __init__(self, encoded: bytes, count: int, targets: list[Object], slots: list[int] | None) -> None:
        self.encoded = encoded
        self.count = count
        """How many entities were asked for."""
        self.targets = targets
        self.slots = slots


Ask = Callable[[list[Object]], Asked | None]


def compile_representations(representations: Sequence[Representation]) -> Ask:
    """How the objects at the fetch's path become its representations; None when there are none to ask about."""
    if len(representations) == 1 and representations[0].types is None:
        return _compile_simple(representations[0]) or _compile_general(representations)
    return _compile_general(representations)


def _compile_simple(representation: Representation) -> Ask | None:
    """One key of one leaf, one known type: by far the most common, so worth its own way."""
    if len(representation.fields) != 1 or representation.fields[0].children or representation.typename is None:
        return None
    key, name, typename = representation.fields[0].key, representation.fields[0].name, representation.typename
    general = _compile_general((representation,))
    encode = _compile_encoding(typename, name)

    def ask(objects: list[Object]) -> Asked | None:
        try:
            values = [item[key] for item in objects]
            unique = dict.fromkeys(values)
        except (KeyError, TypeError):  # never fetched, or not hashable
            return general(objects)
        if None in unique or not unique:
            return general(objects)
        encoded = encode(unique)
        if len(unique) == len(values):
            return Asked(encoded, len(unique), objects, None)
        positions = {value: index for index, value in enumerate(unique)}
        return Asked(encoded, len(unique), objects, [positions[value] for value in values])

    return ask


def _compile_encoding(typename: str, name: str) -> Callable[[Collection[Any]], bytes]:
    """The JSON of objects with one field: strings, by far the most common, are encoded together."""
    start = orjson.dumps({"__typename": typename, name: ""})[:-2]
    between = b'"},' + start

    def encode(values: Collection[Any]) -> bytes:
        listed = orjson.dumps([*values])
        strings = listed.split(b'","')  # inside a string each quote is escaped, so this is only found between two
        if len(strings) == len(values) and listed.startswith(b'["'):
            return b"[%b%b}]" % (start, between.join(strings)[2:-1])
        return orjson.dumps([{"__typename": typename, name: value} for value in values])

    return encode


def _compile_general(representations: Sequence[Representation]) -> Ask:
    builders = [(representation.types, _builder(representation)) for representation in representations]

    def ask(objects: list[Object]) -> Asked | None:
        unique: dict[bytes, int] = {}
        targets: list[Object] = []
        slots: list[int] = []
        for types, build in builders:
            for item in objects:
                if types is not None and item.get("__typename") not in types:
                    continue
                built = build(item)
                if built is not None:
                    targets.append(item)
                    slots.append(unique.setdefault(orjson.dumps(built), len(unique)))
        return Asked(b"[" + b",".join(unique) + b"]", len(unique), targets, slots) if targets else None

    return ask


def _builder(representation: Representation) -> Callable[[Object], Object | None]:
    fields, keys, typename = representation.fields, representation.keys, representation.typename

    def build(item: Object) -> Object | None:
        if all(item.get(key) is None for key in keys):
            return None
        built: Object = {"__typename": typename or item.get("__typename")}
        for field in fields:
            if field.key not in item:  # what should have given it failed
                return None
            built[field.name] = _represent(item[field.key], field.children)
        return built

    return build


def _represent(value: Any, fields: list[Node]) -> Any:
    if not fields or value is None:
        return value
    if isinstance(value, list):
        return [_represent(item, fields) for item in value]
    typename = value.get("__typename")
    return {
        field.name: _represent(value[field.key], field.children)
        for field in fields
        if field.key in value and (typename is None or typename in field.types)
    }
