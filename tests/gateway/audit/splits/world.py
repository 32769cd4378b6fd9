"""A small shop, once as one schema and three times divided over subgraphs."""

from functools import cache
from pathlib import Path
from typing import Any

from tests.gateway.audit.federation import SCENARIOS, Federation, engine_of, subgraphs_in
from tests.gateway.audit.subgraph import Subgraph

SPLITS = ("split-types", "split-fields", "split-interface")

PEOPLE: list[dict[str, Any]] = [
    {"__typename": "Person", "id": f"p{n}", "name": name, "age": age, "badge": badge}
    for n, name, age, badge in (
        (1, "Ada", 36, {"color": "red", "number": 1}),
        (2, "Bob", None, None),
        (3, "Cy", 70, {"color": None, "number": 3}),
    )
]
for person, boss in zip(PEOPLE, (None, PEOPLE[0], PEOPLE[1]), strict=True):
    person["boss"] = boss

BOOKS: list[dict[str, Any]] = [
    {"__typename": "Book", "id": f"b{n}", "name": name, "cents": cents, "maker": maker, "stars": stars, "pages": 10 * n}
    for n, name, cents, maker, stars in (
        (1, "Emma", 500, PEOPLE[0], 5),
        (2, None, 700, None, None),
        (3, "Ulysses", 900, PEOPLE[2], 1),
    )
]
for book, sequel in zip(BOOKS, (BOOKS[1], BOOKS[0], None), strict=True):
    book["sequel"] = sequel

DISCS: list[dict[str, Any]] = [
    {
        "__typename": "Disc",
        "id": f"d{n}",
        "name": f"Disc {n}",
        "cents": None if n == 2 else 100,
        "maker": PEOPLE[n - 1],
        "stars": n,
        "minutes": None,
        "tracks": [{"title": f"Track {t}", "seconds": t, "artist": PEOPLE[t]} for t in range(n)],
    }
    for n in (1, 2)
]

ITEMS = [BOOKS[0], DISCS[0], BOOKS[1], DISCS[1], BOOKS[2]]
FOUND = [PEOPLE[1], DISCS[1], None, BOOKS[2], PEOPLE[0]]
BY_ID = {item["id"]: item for item in ITEMS}


def price(item: Any, currency: str | None) -> int | None:
    return None if item["cents"] is None else item["cents"] * (2 if currency == "USD" else 1)


RESOLVERS = {
    "Query.items": lambda _, first: ITEMS[:first],
    "Query.item": lambda _, id: BY_ID.get(id),
    "Query.top": DISCS[1],
    "Query.people": PEOPLE,
    "Query.search": lambda _, text=None: FOUND[: len(text)] if text else FOUND,
    "Book.price": price,
    "Disc.price": price,
    "Person.label": lambda person: f"{person['name']} ({person['age']})",
    "Person.items": lambda person: [item for item in ITEMS if item["maker"] and item["maker"]["id"] == person["id"]],
    "Item": ITEMS,
    "Book": BOOKS,
    "Disc": DISCS,
    "Person": PEOPLE,
}


def divided(split: str) -> Federation:
    """The shop over the subgraphs of a split."""
    folder = SCENARIOS / split
    names = [path.stem for path in sorted(folder.glob("*.graphql")) if path.stem != "supergraph"]
    return Federation(engine_of(folder), subgraphs_in(folder, dict.fromkeys(names, RESOLVERS)))


@cache
def whole() -> Subgraph:
    """The shop as one schema."""
    return Subgraph("whole", (Path(__file__).parent / "whole.graphql").read_text(), RESOLVERS)
