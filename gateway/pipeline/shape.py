"""Measures a document before it is validated: what counts is what fragments expand to, found in linear time."""

from collections import Counter
from dataclasses import dataclass

from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, OperationDefinitionNode
from graphql.language import FieldNode, SelectionSetNode, Visitor, visit

CEILING = 1_000_000_000  # counts saturate: fragments can double themselves 64 times over in a small document


@dataclass(frozen=True, slots=True)
class Shape:
    """Counts of the largest operation of a document, fragments followed."""

    root_fields: int = 0
    depth: int = 0
    aliases: int = 0
    directives: int = 0
    overlap: int = 0


@dataclass(slots=True)
class _Counts:
    fields_here: int = 0
    depth: int = 0
    aliases: int = 0
    directives: int = 0

    def add(self, other: "_Counts") -> None:
        self.fields_here = min(CEILING, self.fields_here + other.fields_here)
        self.depth = max(self.depth, other.depth)
        self.aliases = min(CEILING, self.aliases + other.aliases)
        self.directives = min(CEILING, self.directives + other.directives)


def measure(document: DocumentNode) -> Shape:
    """The shape of a parsed document, valid or not; circular fragments count once."""
    walker = _Walker(document)
    operations = [
        walker.of_operation(node) for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    return Shape(
        root_fields=max((counts.fields_here for counts in operations), default=0),
        depth=max((counts.depth for counts in operations), default=0),
        aliases=max((counts.aliases for counts in operations), default=0),
        directives=max((counts.directives for counts in operations), default=0),
        overlap=_overlap(document),
    )


class _Walker:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, _Counts] = {}

    def of_operation(self, node: OperationDefinitionNode) -> _Counts:
        counts = self._of_selections(node.selection_set)
        counts.directives += len(node.directives or ())
        return counts

    def _of_selections(self, selection_set: SelectionSetNode) -> _Counts:
        counts = _Counts()
        for node in selection_set.selections:
            counts.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                counts.add(self._of_field(node))
            elif isinstance(node, FragmentSpreadNode):
                counts.add(self._of_fragment(node.name.value))
            else:
                counts.add(self._of_selections(node.selection_set))  # type: ignore[attr-defined]  # an inline fragment
        return counts

    def _of_field(self, node: FieldNode) -> _Counts:
        below = self._of_selections(node.selection_set) if node.selection_set else _Counts()
        aliases = below.aliases + (node.alias is not None)
        return _Counts(fields_here=1, depth=below.depth + 1, aliases=aliases, directives=below.directives)

    def _of_fragment(self, name: str) -> _Counts:
        if name not in self._known:
            self._known[name] = _Counts()  # what a circular fragment finds of itself
            if (fragment := self._fragments.get(name)) is not None:
                self._known[name] = self._of_selections(fragment.selection_set)
        return self._known[name]


class _ResponseKeys(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.counted[(node.alias or node.name).value] += 1


def _overlap(document: DocumentNode) -> int:
    """The most pairs of fields that validation may have to compare (5.3.2), times two."""
    keys = _ResponseKeys()
    visit(document, keys)
    return sum(count * count for count in keys.counted.values() if count > 1)
