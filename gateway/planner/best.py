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


class _Way:
    """A way with what it costs by itself, counted once."""

    __slots__ = ("atoms", "fetches", "level", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.fetches = place.fetches
        self.atoms = frozenset(place.atoms)
        self.level = max(fetch.level for fetch in place.fetches)


def best_combination(leaves: Sequence[Leaf]) -> list[Place]:
    """One way for each leaf, in their order: fewest sequential fetches, then fewest fetches, then fewest selections."""
    order = sorted(range(len(leaves)), key=lambda index: len(leaves[index].ways))
    known = {place: _Way(place) for leaf in leaves for place in leaf.ways}
    ways = [[known[place] for place in leaves[index].ways] for index in order]
    search = _Search(ways)
    search.run(0, [], 0)
    return [way.place for _, way in sorted(zip(order, search.best, strict=True), key=lambda pair: pair[0])]


class _Search:
    """Depth first, cheapest way first; a branch that already costs as much as the best one is left.

    What is chosen so far is one growing set, cut back when a branch is left.
    """

    def __init__(self, ways: Sequence[Sequence[_Way]]) -> None:
        self.ways = ways
        self.best: list[_Way] = []
        self.best_cost: Cost | None = None
        self.weighed = 0
        self._fetches: set[FetchId] = set()
        self._atoms: set[Atom] = set()

    def run(self, level: int, chosen: list[_Way], depth: int) -> None:
        """Completes the choice that was made for the first leaves."""
        added: list[tuple[frozenset[FetchId], frozenset[Atom]]] = []
        while len(chosen) < len(self.ways):
            options = self._options(self.ways[len(chosen)], level)
            self.weighed += len(options)
            if len(options) > 1 and depth < MAX_BRANCHINGS and self.weighed < MAX_COMBINATIONS:
                self._branch(options, level, chosen, depth)
                break
            level = max(level, options[0].level)
            added.append(self._take(options[0]))
            chosen.append(options[0])
            if self._is_worse(level):
                break
        else:
            if not self._is_worse(level):
                self.best, self.best_cost = chosen, self._cost(level)
        for taken in added:
            self._give_back(taken)

    def _branch(self, options: list[_Way], level: int, chosen: list[_Way], depth: int) -> None:
        for way in options:
            taken = self._take(way)
            if not self._is_worse(max(level, way.level)):
                self.run(max(level, way.level), [*chosen, way], depth + 1)
            self._give_back(taken)

    def _take(self, way: _Way) -> tuple[frozenset[FetchId], frozenset[Atom]]:
        new = way.fetches - self._fetches, way.atoms - self._atoms
        self._fetches |= new[0]
        self._atoms |= new[1]
        return new

    def _give_back(self, taken: tuple[frozenset[FetchId], frozenset[Atom]]) -> None:
        self._fetches -= taken[0]
        self._atoms -= taken[1]

    def _cost(self, level: int) -> Cost:
        return level, len(self._fetches), len(self._atoms)

    def _is_worse(self, level: int) -> bool:
        return self.best_cost is not None and self._cost(level) >= self.best_cost

    def _options(self, ways: Sequence[_Way], level: int) -> list[_Way]:
        """The ways, cheapest first; only the cheapest when it fetches nothing new."""
        if len(ways) == 1:
            return [ways[0]]
        costs = [(self._extra(way, level), index) for index, way in enumerate(ways)]
        costs.sort()
        (cheapest_level, new_fetches, _), first = costs[0]
        if (cheapest_level, new_fetches) == (level, 0):
            return [ways[first]]
        return [ways[index] for _, index in costs]

    def _extra(self, way: _Way, level: int) -> Cost:
        return max(level, way.level), len(way.fetches - self._fetches), len(way.atoms - self._atoms)
