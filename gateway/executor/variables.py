"""Variables: coerced once per request by closures made once per operation (GraphQL specification 6.1.2).

Subgraphs coerce again by their own schemas, so values go to them as they came; here it is only decided whether they
may go. A value that the closures refuse is judged again by graphql-core, which also words the errors.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    get_variable_values,
    is_input_type,
    type_from_ast,
    value_from_ast_untyped,
)

from gateway.errors import VariablesInvalid

Check = Callable[[Any], bool]
Coerce = Callable[[Mapping[str, Any]], dict[str, Any]]

MAX_ERRORS = 50
"""Errors told about the variables of one request."""

_INT_LIMIT = 2**31

_SCALARS: dict[str, Check] = {
    "Int": lambda value: type(value) is int and -_INT_LIMIT <= value < _INT_LIMIT,
    "Float": lambda value: type(value) in (int, float),
    "String": lambda value: type(value) is str,
    "ID": lambda value: type(value) in (str, int),
    "Boolean": lambda value: type(value) is bool,
}


def compile_coercion(schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> Coerce:
    """A function of raw values; it raises VariablesInvalid."""
    checker = _Checker()
    declared = [_declared(schema, definition, checker) for definition in definitions]

    def coerce(raw: Mapping[str, Any]) -> dict[str, Any]:
        coerced = {}
        for name, check, default in declared:
            if name in raw:
                coerced[name] = raw[name]
                if not check(raw[name]):
                    _judge(schema, definitions, raw)
            elif default is not Undefined:
                coerced[name] = default
            elif not check(None):
                _judge(schema, definitions, raw)
        return coerced

    return coerce


def _declared(schema: GraphQLSchema, definition: VariableDefinitionNode, checker: "_Checker") -> tuple[str, Check, Any]:
    type_ = type_from_ast(schema, definition.type)
    check = checker.check(type_) if is_input_type(type_) else _refuse
    default = value_from_ast_untyped(definition.default_value) if definition.default_value else Undefined
    return definition.variable.name.value, check, default


def _refuse(_: Any) -> bool:
    return False


def _judge(schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], raw: Mapping[str, Any]) -> None:
    judged = get_variable_values(schema, definitions, dict(raw), max_errors=MAX_ERRORS)
    if isinstance(judged, list):
        raise VariablesInvalid(judged)


class _Checker:
    """Makes the checks of types; recursive input types are why it remembers them."""

    def __init__(self) -> None:
        self._inputs: dict[str, Check] = {}

    def check(self, type_: GraphQLInputType) -> Check:
        """Whether a raw value is surely valid."""
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type)
        present = self._present(type_)
        return lambda value: value is None or present(value)

    def _present(self, type_: Any) -> Check:
        if isinstance(type_, GraphQLList):
            item = self.check(type_.of_type)
            return lambda value: all(map(item, value)) if type(value) is list else value is not None and item(value)
        if isinstance(type_, GraphQLEnumType):
            return lambda value: type(value) is str and value in type_.values
        if isinstance(type_, GraphQLInputObjectType):
            return self._input(type_)
        return _SCALARS.get(type_.name, lambda value: value is not None)

    def _input(self, type_: GraphQLInputObjectType) -> Check:
        if type_.name not in self._inputs:
            self._inputs[type_.name] = lambda value: self._inputs[type_.name](value)
            self._inputs[type_.name] = self._input_check(type_)
        return self._inputs[type_.name]

    def _input_check(self, type_: GraphQLInputObjectType) -> Check:
        checks = {name: self.check(field.type) for name, field in type_.fields.items()}
        required = [name for name, field in type_.fields.items() if _is_required(field)]

        def check(value: Any) -> bool:
            if type(value) is not dict or not all(name in value for name in required):
                return False
            if type_.is_one_of and (len(value) != 1 or None in value.values()):
                return False
            return all(name in checks and checks[name](given) for name, given in value.items())

        return check


def _is_required(field: GraphQLInputField) -> bool:
    return isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
