"""What must hold of every subgraph's schema, whatever is added to it."""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_required_input_field,
)

from chassis.graphql.rules import Allow

FEDERATION = ("_", "link__")
BUILT_IN = {"Int", "String", "Boolean", "ID", "Float"}
_SAMPLES = {
    "ID": "contact_01h455vb4pex5vsknk084sn02q",
    "Int": 1,
    "Float": 1.5,
    "Boolean": True,
    "Decimal": "1.50",
    "Date": "2026-11-24",
    "DateTime": "2026-11-24T09:00:00+01:00",
}


def executable(schema: strawberry.federation.Schema) -> GraphQLSchema:
    """As graphql-core has it."""
    made: GraphQLSchema = schema._schema
    return made


def undescribed(schema: strawberry.federation.Schema) -> list[str]:
    """Every type, field, argument, input field and enum value of ours without a description."""
    bare: list[str] = []
    for name, kind in executable(schema).type_map.items():
        if name.startswith(FEDERATION) or name in BUILT_IN:
            continue
        bare += [] if kind.description else [name]
        members = {**getattr(kind, "fields", {}), **(getattr(kind, "values", None) or {})}
        for member, told in members.items():
            if member.startswith("_"):
                continue
            bare += [] if told.description else [f"{name}.{member}"]
            arguments = getattr(told, "args", {})
            bare += [f"{name}.{member}({one})" for one, argument in arguments.items() if not argument.description]
    return bare


def root_fields(schema: strawberry.federation.Schema, root: str) -> dict[str, Any]:
    """Strawberry's fields of Query or Mutation, by their GraphQL names."""
    definition: Any = schema.schema_converter.type_map[root].definition
    names = schema.config.name_converter.get_graphql_name
    fields = {names(field): field for field in definition.fields}
    told: Any = executable(schema).type_map[root]
    assert set(fields) == set(told.fields), "the walk sees the whole schema"
    return {name: field for name, field in fields.items() if not name.startswith("_")}


def without_rule(schema: strawberry.federation.Schema) -> list[str]:
    """Queries and mutations that do not name who may use them."""
    return [
        f"{root}.{name}"
        for root in ("Query", "Mutation")
        for name, field in root_fields(schema, root).items()
        if not any(isinstance(one, Allow) and one.rule_of(name) for one in field.extensions)
    ]


def unpaged(schema: strawberry.federation.Schema) -> set[str]:
    """Connections that cannot be paged both ways, filtered and ordered, or do not count."""
    bare: set[str] = set()
    for name, kind in executable(schema).type_map.items():
        for field, told in getattr(kind, "fields", {}).items():
            connection = get_named_type(told.type)
            if name.startswith("_") or not connection.name.endswith("Connection"):
                continue
            wanted = {"first", "after", "last", "before", "filter", "orderBy"} - set(told.args)
            if wanted or "totalCount" not in connection.fields:
                bare.add(f"{name}.{field}")
    return bare


def unsafe(schema: strawberry.federation.Schema) -> set[str]:
    """Mutations that take no idempotency key, change what has an id without its version, or tell no typed error."""
    bare: set[str] = set()
    root: Any = executable(schema).type_map["Mutation"]
    for name, field in root.fields.items():
        given: Any = get_named_type(field.args["input"].type)
        result: Any = get_named_type(field.type)
        if {"items", "allOrNone"} <= set(given.fields):
            continue  # of the single form, once for each item
        kinds = getattr(result, "types", ())
        typed = any(interface.name == "Error" for kind in kinds for interface in kind.interfaces)
        versioned = "id" not in given.fields or "expectedVersion" in given.fields
        if not (typed and versioned and "idempotencyKey" in given.fields):
            bare.add(name)
    return bare


def mutations(schema: strawberry.federation.Schema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each mutation's name, a document that asks for it, and variables that its input type takes."""
    root: Any = executable(schema).type_map["Mutation"]
    for name, field in root.fields.items():
        assert list(field.args) == ["input"], f"{name} takes one input"
        kind = field.args["input"].type
        yield name, f"mutation($input: {kind}) {{ result: {name}(input: $input) {{ __typename }} }}", _sample(kind)


def _sample(kind: Any) -> Any:
    match kind:
        case GraphQLNonNull():
            return _sample(kind.of_type)
        case GraphQLList():
            return [_sample(kind.of_type)]
        case GraphQLEnumType():
            return next(iter(kind.values))
        case GraphQLInputObjectType():
            required = {name: field for name, field in kind.fields.items() if is_required_input_field(field)}
            return {name: _sample(field.type) for name, field in required.items()}
        case _:
            return _SAMPLES.get(kind.name, "x")


def reaching(schema: strawberry.federation.Schema, condition: str, told: Any) -> Iterator[tuple[str, str, Any]]:
    """Each query that takes a filter which can hold such a condition, a document that asks it, and its variables.

    Every way to the condition through one relation is told once.
    """
    root: Any = executable(schema).type_map["Query"]
    for name, field in root.fields.items():
        for argument, given in field.args.items():
            for filter in _filters(given.type, condition, told, ()):
                others = {each: one for each, one in field.args.items() if isinstance(one.type, GraphQLNonNull)}
                asked = {argument: given, **others}
                takes = ", ".join(f"${each}: {one.type}" for each, one in asked.items())
                gives = ", ".join(f"{each}: ${each}" for each in asked)
                values = {each: _sample(one.type) for each, one in others.items()} | {argument: filter}
                yield name, f"query({takes}) {{ {name}({gives}) {{ __typename }} }}", values


def _filters(kind: Any, condition: str, told: Any, passed: tuple[str, ...]) -> Iterator[Any]:
    named = get_named_type(kind)
    if named.name == condition:
        yield [told]
    if not isinstance(named, GraphQLInputObjectType) or named.name in passed:
        return
    for name, field in named.fields.items():
        if name not in ("and", "or", "not"):
            for inner in _filters(field.type, condition, told, (*passed, named.name)):
                yield {name: inner}
