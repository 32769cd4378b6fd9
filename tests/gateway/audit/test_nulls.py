"""Keys that are null, entities that a subgraph does not know, lists with holes."""

from typing import Any

from tests.gateway.audit.federation import Federation, federate

BOOKS: list[dict[str, Any]] = [
    {"id": "1", "upc": "b1", "author": {"id": "a1", "name": "Ada"}},
    {"id": "2", "upc": "b2", "author": {"id": "a2", "name": "Bob"}},
    {"id": "3", "upc": "b3", "author": {"id": "a3", "name": "Never"}},
]


def shelves() -> Federation:
    return federate(
        "null-keys",
        shelves={
            "Query.slots": [*({"book": book} for book in BOOKS), None, {"book": None}],
            "Query.oddities": [{"upc": None}, {"upc": "b1"}],
            "Book": BOOKS,
        },
        catalogue={"Book": BOOKS[:2]},
        authors={"Book": BOOKS},
    )


async def test_an_entity_that_the_way_does_not_know_has_nulls_behind_it() -> None:
    data = await shelves().data("{ slots { book { upc author { name } } } }")
    assert data["slots"] == [
        {"book": {"upc": "b1", "author": {"name": "Ada"}}},
        {"book": {"upc": "b2", "author": {"name": "Bob"}}},
        {"book": {"upc": "b3", "author": None}},
        None,
        {"book": None},
    ]


async def test_an_unknown_entity_is_not_asked_further() -> None:
    federation = shelves()
    await federation.data("{ slots { book { author { name } } } }")
    assert federation.calls == ["shelves", "catalogue", "authors"]
    assert [sent["id"] for sent in federation.fetches[2].representations] == ["1", "2"]


async def test_an_entity_whose_key_is_null_is_left_out() -> None:
    federation = shelves()
    answer = await federation.ask("{ oddities { upc author { name } } }")
    assert answer["data"] == {"oddities": [{"upc": None, "author": None}, {"upc": "b1", "author": {"name": "Ada"}}]}
    assert federation.complaints == []


async def test_a_required_field_of_an_unknown_entity_makes_its_parent_null() -> None:
    answer = await shelves().ask("{ slots { book { upc id } } }")
    assert answer["data"]["slots"][2] == {"book": None}
    assert answer["data"]["slots"][1] == {"book": {"upc": "b2", "id": "2"}}
    assert answer["errors"][0]["path"] == ["slots", 2, "book", "id"]


async def test_nothing_to_complete_means_no_fetch() -> None:
    federation = federate(
        "null-keys",
        shelves={"Query.slots": [None], "Query.oddities": [], "Book": BOOKS},
        catalogue={"Book": BOOKS},
        authors={"Book": BOOKS},
    )
    data = await federation.data("{ slots { book { author { name } } } oddities { author { name } } }")
    assert data == {"slots": [None], "oddities": []}
    assert federation.calls == ["shelves"]


async def test_the_same_entity_is_asked_once_and_told_everywhere() -> None:
    federation = federate(
        "null-keys",
        shelves={"Query.slots": [{"book": BOOKS[0]}] * 4, "Book": BOOKS},
        catalogue={"Book": BOOKS},
        authors={"Book": BOOKS},
    )
    data = await federation.data("{ slots { book { author { name } } } }")
    assert data == {"slots": [{"book": {"author": {"name": "Ada"}}}] * 4}
    assert [len(fetch.representations) for fetch in federation.fetches[1:]] == [1, 1]
