"""Which columns each field of a node is made of, told from its class: by how `of` and its resolvers read the row."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any

from strawberry.utils.str_converters import to_camel_case

Columns = set[str] | None
"""None where the row as a whole is passed on, or something that cannot be told."""


def columns_of_fields(node: Any) -> dict[str, Columns]:
    """By the fields' GraphQL names."""
    made = _made(node)
    return {
        field.graphql_name or to_camel_case(field.python_name): _columns(node, field, made)
        for field in node.__strawberry_definition__.fields
    }


def _columns(node: Any, field: Any, made: dict[str, Columns]) -> Columns:
    if field.base_resolver is None:
        return made.get(field.python_name)
    resolver = field.base_resolver.wrapped_func
    if resolver.__qualname__.startswith("list_field"):
        within = inspect.getclosurevars(resolver).nonlocals["within"]
        return _read_of("key", made) if within is not None else None
    return _of_method(node, resolver, made)


def _of_method(node: Any, method: Any, made: dict[str, Columns]) -> Columns:
    """What a method reads of its node, and the methods that it calls in turn."""
    found: set[str] = set()
    for name, inner in _read(_function(method), "self"):
        if name == "row":
            told = {inner} if inner else None
        elif inspect.isfunction(getattr(node, name, None)):
            told = _of_method(node, getattr(node, name), made)
        else:
            told = _read_of(name, made)
        if told is None:
            return None
        found |= told
    return found


def _read_of(name: str, made: dict[str, Columns]) -> Columns:
    return made.get(name, {"id"} if name in ("key", "id") else None)


def _made(node: Any) -> dict[str, Columns]:
    """What each attribute of a node is made of; nothing where `of` does more than to name them."""
    function = _function(node.of)
    row, last, named = function.args.args[1].arg, function.body[-1], dict[str, Columns]()
    for each in function.body:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            named[each.targets[0].id] = _of_row(each.value, row, named)
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Call):
        return {}
    return {each.arg: _of_row(each.value, row, named) for each in last.value.keywords if each.arg}


def _of_row(expression: ast.expr, row: str, named: dict[str, Columns]) -> Columns:
    found = {name for name, _ in _read(expression, row)}
    whole = any(isinstance(each, ast.Name) and each.id == row for each in ast.walk(expression))
    for each in ast.walk(expression):
        if isinstance(each, ast.Name) and each.id in named:
            found |= named[each.id] or set()
    return found if found or not whole else None


def _read(tree: ast.AST, of: str) -> Iterator[tuple[str, str | None]]:
    """Attributes that are read off a name, each with the attribute that is read off it in turn."""
    inner = {id(each.value): each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == of:
            yield each.attr, inner.get(id(each))


def _function(function: Any) -> ast.FunctionDef:
    found: Any = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    told: ast.FunctionDef = found
    return told
