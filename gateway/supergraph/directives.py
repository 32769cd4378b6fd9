"""Reading the directives of a supergraph document, under whatever names @link gave them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    value_from_ast_untyped,
)

_MACHINERY = ("link", "core", "join", "federation")
_KNOWN_AS_MARKS = ("tag", "inaccessible")


def arguments(directive: ConstDirectiveNode) -> dict[str, Any]:
    """Argument values of an applied directive; enum values come as their names."""
    return {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}


def applied(node: Any, name: str) -> Iterator[dict[str, Any]]:
    """Arguments of each application of a directive to a definition."""
    return (arguments(directive) for directive in node.directives or () if directive.name.value == name)


@dataclass(frozen=True, slots=True)
class Names:
    """What the linked specifications are called in this document."""

    join: str
    inaccessible: str
    prefixes: frozenset[str]

    def is_machinery(self, name: str) -> bool:
        """Whether a type or directive belongs to a linked specification, not to the users' schema."""
        prefix, separator, _ = name.partition("__")
        return name in self.prefixes or bool(separator and prefix in self.prefixes)


def linked_names(document: DocumentNode) -> Names:
    """Names given by @link (or the older @core) to the specifications."""
    links = dict(_links(document))
    prefixes = {*_MACHINERY, *_KNOWN_AS_MARKS, *links.values()}
    return Names(links.get("join", "join"), links.get("inaccessible", "inaccessible"), frozenset(prefixes))


def _links(document: DocumentNode) -> Iterator[tuple[str, str]]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            for directive in definition.directives or ():
                if directive.name.value in ("link", "core"):
                    yield _link(arguments(directive))


def _link(link: Mapping[str, Any]) -> tuple[str, str]:
    parts = str(link.get("url") or link.get("feature") or "").rstrip("/").split("/")
    name = parts[-2] if len(parts) > 1 else parts[-1]
    return name, str(link.get("as") or name)
