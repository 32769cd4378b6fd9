"""The choice among ways: the cheapest where it can be found, a good one in bounded time where not."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.planner import best
from gateway.planner.best import Leaf, best_combination
from gateway.planner.place import FetchId, Place

IDS = [FetchId(level, graph, ()) for level in (1, 2, 3) for graph in "abc"]


def way(*ids: FetchId) -> Place:
    return Place("a", "T", frozenset({"T"}), ids[-1], (), frozenset(ids))


def cost(ways: tuple[Place, ...] | list[Place]) -> tuple[int, int]:
    fetches = frozenset[FetchId]().union(*(chosen.fetches for chosen in ways))
    return max(fetch.level for fetch in fetches), len(fetches)


WAYS = st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True).map(lambda ids: way(*ids))
LEAVES = st.lists(st.lists(WAYS, min_size=1, max_size=3).map(lambda ways: Leaf(ways, ())), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(LEAVES)
def test_no_combination_is_cheaper(leaves: list[Leaf]) -> None:
    chosen = best_combination(leaves)
    assert all(place in leaf.ways for place, leaf in zip(chosen, leaves, strict=True))
    assert cost(chosen) == min(cost(combination) for combination in product(*(leaf.ways for leaf in leaves)))


def test_one_subgraph_for_all_beats_several() -> None:
    alone, shared = way(IDS[0]), way(IDS[1])
    leaves = [Leaf([alone, shared], ()), Leaf([shared], ()), Leaf([alone, shared], ())]
    assert best_combination(leaves) == [shared, shared, shared]


def test_the_search_ends_where_combinations_are_too_many() -> None:
    ids = [FetchId(1, f"s{number}", ()) for number in range(900)]
    leaves = [Leaf([way(ids[3 * n]), way(ids[3 * n + 1]), way(ids[3 * n + 2])], ()) for n in range(300)]
    chosen = best_combination(leaves)
    assert cost(chosen) == (1, 300)
    assert best.MAX_COMBINATIONS < 3**300
