"""A fetch's selections as the text of a GraphQL operation, with aliases where its subgraph's types would clash."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gateway.planner.place import FieldStep


class Selected:
    """A field in a fetch, with what is selected below it."""

    __slots__ = ("alias", "children", "step")

    def __init__(self, step: FieldStep) -> None:
        self.step = step
        self.alias: str | None = None
        """The response key, where another one than the client's has to be used."""
        self.children: dict[FieldStep, Selected] = {}

    @property
    def key(self) -> str:
        """The response key in the subgraph's answer."""
        return self.alias or self.step.key


@dataclass(frozen=True, slots=True)
class Renaming:
    """A response key to give back its name, at a path of the fetch's answer."""

    path: tuple[str, ...]
    alias: str
    key: str


@dataclass(slots=True)
class SelectionTree:
    """All selections of one fetch."""

    children: dict[FieldStep, Selected] = field(default_factory=dict)

    def add(self, steps: tuple[FieldStep, ...]) -> None:
        """Selects a field and those that lead to it."""
        level = self.children
        for step in steps:
            level = level.setdefault(step, Selected(step)).children

    def steps(self) -> Iterator[FieldStep]:
        """Every field."""
        return _steps(self.children)

    def drop_repeated(self) -> None:
        """Leaves that are selected for every type need no selection for one."""
        _drop_repeated(self.children)

    def alias_clashes(self) -> list[Renaming]:
        """Gives aliases to fields of one response key whose types differ; deepest renamings first."""
        renamings: list[Renaming] = []
        _alias(list(self.children.values()), (), renamings)
        return sorted(renamings, key=lambda renaming: -len(renaming.path))

    def text(self) -> str:
        """The selection set, on one line."""
        return _print(self.children.values())


def _steps(level: dict[FieldStep, Selected]) -> Iterator[FieldStep]:
    for selected in level.values():
        yield selected.step
        yield from _steps(selected.children)


def _drop_repeated(level: dict[FieldStep, Selected]) -> None:
    everywhere = {step._replace(on=None) for step in level if step.on is None and step.leaf and not step.conditions}
    for step in list(level):
        if step.on and step._replace(on=None, conditions=()) in everywhere:
            del level[step]
        else:
            _drop_repeated(level[step].children)


def _alias(scope: Iterable[Selected], path: tuple[str, ...], out: list[Renaming]) -> None:
    """GraphQL wants one shape per response key, over all type conditions of a scope."""
    by_key: defaultdict[str, dict[str, list[Selected]]] = defaultdict(lambda: defaultdict(list))
    for selected in scope:
        by_key[selected.step.key][_shape(selected.step)].append(selected)
    for key, by_shape in by_key.items():
        for number, same in enumerate(by_shape.values()):
            alias = f"_{key.lstrip('_')}_as_{number}" if number else key
            if number:
                out.append(Renaming(path, alias, key))
                for selected in same:
                    selected.alias = alias
            _alias([child for selected in same for child in selected.children.values()], (*path, alias), out)


def _shape(step: FieldStep) -> str:
    if step.leaf:
        return step.shape
    return "".join(character for character in step.shape if character in "[]!")


def _print(level: Iterable[Selected]) -> str:
    by_condition: defaultdict[str | None, list[Selected]] = defaultdict(list)
    for selected in level:
        by_condition[selected.step.on].append(selected)
    return "{" + " ".join(_print_group(on, group) for on, group in by_condition.items()) + "}"


def _print_group(on: str | None, group: list[Selected]) -> str:
    fields = " ".join(_print_field(selected) for selected in group)
    return f"... on {on}{{{fields}}}" if on else fields


def _print_field(selected: Selected) -> str:
    step = selected.step
    name = step.name if selected.key == step.name else f"{selected.key}:{step.name}"
    inner: dict[bool, str] = {}
    outer = ""
    for condition in step.conditions:  # a directive may stand at a field once
        outer += f"... {condition}{{" if condition.wanted in inner else ""
        inner.setdefault(condition.wanted, f" {condition}")
    below = _print(selected.children.values()) if selected.children else ""
    return f"{outer}{name}{step.arguments}{''.join(inner.values())}{below}{'}' * outer.count('{')}"
