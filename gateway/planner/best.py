"""The best combination: for each leaf one of its ways, so that the whole costs least."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.planner.place import Atom, FetchId, Place
from gateway.planner.selection import Conditions

MAX_COMBINATIONS = 4_000
"""Combinations weighed for one operation; beyond, the best one seen is taken."""

MAX_BRANCHINGS = 100
"""Leaves for which several ways are tried; for those after them the cheapest is taken."""

Cost = tuple[int, int, int]
"""Sequential fetches, fetches, selections."""


@dataclass(slots=True, eq=False)
class Leaf:
    """A wanted leaf and all the ways to it."""

    ways: Sequence[Place]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class _Chosen:
    fetches: frozenset[FetchId]
    atoms: frozenset[Atom]

    def adding(self, way: Place) -> "_Chosen":
        return _Chosen(self.fetches | way.fetches, self.atoms | frozenset(way.atoms))

    @property
    def cost(self) -> Cost:
        return max((fetch.level for fetch in self.fetches), default=0), len(self.fetches), len(self.atoms)


def best_combination(leaves: Sequence[Leaf]) -> list[Place]:
    """One way for each leaf, in their order: fewest sequential fetches, then fewest fetches, then fewest selections."""
    order = sorted(range(len(leaves)), key=lambda index: len(leaves[index].ways))
    search = _Search([leaves[index].ways for index in order])
    search.run(_Chosen(frozenset(), frozenset()), [], 0)
    return [place for _, place in sorted(zip(order, search.best, strict=True), key=lambda pair: pair[0])]


class _Search:
    """Depth first, cheapest way first; a branch that already costs as much as the best one is left."""

    def __init__(self, ways: Sequence[Sequence[Place]]) -> None:
        self.ways = ways
        self.best: list[Place] = []
        self.best_cost: Cost | None = None
        self.weighed = 0

    def run(self, chosen: _Chosen, places: list[Place], depth: int) -> None:
        """Completes the choice that was made for the first leaves."""
        while len(places) < len(self.ways):
            options = self._options(self.ways[len(places)], chosen)
            self.weighed += len(options)
            if len(options) > 1 and depth < MAX_BRANCHINGS and self.weighed < MAX_COMBINATIONS:
                for way, extended in options:
                    if not self._is_worse(extended):
                        self.run(extended, [*places, way], depth + 1)
                return
            way, chosen = options[0]
            places.append(way)
            if self._is_worse(chosen):
                return
        if not self._is_worse(chosen):
            self.best, self.best_cost = places, chosen.cost

    def _is_worse(self, chosen: _Chosen) -> bool:
        return self.best_cost is not None and chosen.cost >= self.best_cost

    def _options(self, ways: Sequence[Place], chosen: _Chosen) -> list[tuple[Place, _Chosen]]:
        """The ways, cheapest first; only the cheapest when it fetches nothing new."""
        if len(ways) == 1:
            return [(ways[0], chosen.adding(ways[0]))]
        options = [(way, chosen.adding(way)) for way in ways]
        options.sort(key=lambda option: option[1].cost)
        return options[:1] if options[0][1].cost[:2] == chosen.cost[:2] else options
