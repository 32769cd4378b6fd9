"""Response keys: what the gateway needs for itself must not collide with what the client asked for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from gateway.planner.selection import Node

Keys = tuple[str, ...]


class Claims:
    """Which response key holds which field, at each path of one operation."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._claims: defaultdict[Keys, dict[str, set[str]]] = defaultdict(dict)
        self._placed: dict[tuple[Keys, int], list[Node]] = {}
        self._claim_all(nodes, ())

    def place(self, nodes: list[Node], path: Keys) -> list[Node]:
        """A field set's nodes with keys that are free at this path, or already hold the same field."""
        identity = (path, id(nodes))
        if identity not in self._placed:
            self._placed[identity] = [self._place(node, path) for node in nodes]
        return self._placed[identity]

    def _place(self, node: Node, path: Keys) -> Node:
        key = self._key(node, self._claims[path])
        return replace(node, key=key, children=[self._place(child, (*path, key)) for child in node.children])

    def _key(self, node: Node, claims: dict[str, set[str]]) -> str:
        wanted, tried = node.name, 0
        while claims.setdefault(wanted, {node.signature}) != {node.signature}:
            wanted, tried = f"_{node.name}_{tried}", tried + 1
        return wanted

    def _claim_all(self, nodes: Iterable[Node], path: Keys) -> None:
        for node in nodes:
            self._claims[path].setdefault(node.key, set()).add(node.signature)
            self._claim_all(node.children, (*path, node.key))


def aliased_keys(nodes: Iterable[Node]) -> Iterator[str]:
    """Keys other than the field's name: representations that differ in them cannot be one."""
    for node in nodes:
        if node.key != node.name:
            yield node.key
        yield from aliased_keys(node.children)
