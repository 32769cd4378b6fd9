"""Completion as the specification tells it (6.4.3), for data that is not as it should be: slow, exact, explaining."""

from typing import Any

from graphql import GraphQLList, GraphQLNonNull

from gateway.executor.paths import Location
from gateway.executor.shape import FieldShape, Shape

Object = dict[str, Any]

NULL_CODE = "NON_NULLABLE_FIELD_MISSING"
VALUE_CODE = "INVALID_VALUE"


class _Bubble(Exception):
    """A null where none may be: the parent becomes null."""


class Completion:
    """Completes one answer, adding the errors that nobody told yet."""

    def __init__(self, errors: list[Object], variables: Object) -> None:
        self.errors = errors
        self._variables = variables
        self._told = {tuple(error.get("path") or ()) for error in errors}

    def run(self, shape: Shape, data: Object) -> Object | None:
        """The answer's data; None when a null reached the root."""
        try:
            return self._object(shape, data, ())
        except _Bubble:
            return None

    def _object(self, shape: Shape, value: Any, path: Location) -> Object:
        if not isinstance(value, dict):
            self._tell(path, f"Expected an object of type {shape.type}.", VALUE_CODE)
            raise _Bubble
        fields = shape.fields if shape.fields is not None else shape.by_type.get(value.get("__typename", ""))
        if fields is None:
            self._tell(path, f"The runtime type of this {shape.type} is unknown.", VALUE_CODE)
            raise _Bubble
        return {field.key: self._field(field, value, (*path, field.key)) for field in fields if self._is_present(field)}

    def _is_present(self, field: FieldShape) -> bool:
        return any(
            all(self._variables.get(condition.variable) is condition.wanted for condition in conditions)
            for conditions in field.conditions
        )

    def _field(self, field: FieldShape, parent: Object, path: Location) -> Any:
        if field.name == "__typename" and len(path) == 1:
            return field.parent
        return self._value(field, field.type, parent.get(field.key), path)

    def _value(self, field: FieldShape, type_: Any, value: Any, path: Location) -> Any:
        if not isinstance(type_, GraphQLNonNull):
            try:
                return None if value is None else self._present(field, type_, value, path)
            except _Bubble:
                return None
        if value is None:
            self._tell(path, f"Cannot return null for non-nullable field {field.parent}.{field.name}.", NULL_CODE)
            raise _Bubble
        return self._present(field, type_.of_type, value, path)

    def _present(self, field: FieldShape, type_: Any, value: Any, path: Location) -> Any:
        if isinstance(type_, GraphQLList):
            return self._list(field, type_, value, path)
        if field.shape is not None:
            return self._object(field.shape, value, path)
        if field.values is not None and value not in field.values:
            self._tell(path, f"Enum {type_} cannot represent this value.", VALUE_CODE)
            raise _Bubble
        return value

    def _list(self, field: FieldShape, type_: GraphQLList[Any], value: Any, path: Location) -> list[Any]:
        if not isinstance(value, list):
            self._tell(path, f"Expected a list for {field.parent}.{field.name}.", VALUE_CODE)
            raise _Bubble
        return [self._value(field, type_.of_type, item, (*path, index)) for index, item in enumerate(value)]

    def _tell(self, path: Location, message: str, code: str) -> None:
        """Unless an error at, above or below this path was told."""
        if any(told[: len(path)] == path or path[: len(told)] == told for told in self._told if told):
            return
        self._told.add(path)
        self.errors.append({"message": message, "path": list(path), "extensions": {"code": code}})
