"""`@provides`: nested, on interfaces and unions; a hint for what is asked, never more."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

USER = {"id": "u1", "nick": "Ada", "bio": "wrote it"}
REVIEW = {"id": "r1", "author": USER, "bare": USER}


def reviews() -> Federation:
    return federate(
        "provides",
        accounts={"Query.me": USER, "User": [USER]},
        reviews={
            "Query.latest": REVIEW,
            "Query.reader": USER,
            "Review": [REVIEW],
            "User": [USER],
            "User.reviews": [REVIEW],
        },
    )


@pytest.mark.parametrize(
    ("query", "calls"),
    [
        ("{ latest { author { nick } } }", ["reviews"]),
        ("{ latest { author { id name: nick } } }", ["reviews"]),
        ("{ latest { author { ... on User { nick } } } }", ["reviews"]),
        ("{ latest { bare { nick } } }", ["reviews", "accounts"]),
        ("{ latest { author { nick bio } } }", ["reviews", "accounts"]),
        ("{ latest { a: author { nick } b: bare { id } } }", ["reviews"]),
        ("{ reader { nick bio } }", ["reviews"]),
        ("{ reader { id ... @skip(if: true) { bio } } }", ["reviews"]),
        ("{ me { reviews { author { nick } } } }", ["accounts", "reviews"]),
    ],
)
async def test_what_a_parent_provides_needs_no_other_fetch(query: str, calls: list[str]) -> None:
    federation = reviews()
    await federation.data(query)
    assert federation.calls == calls


async def test_only_what_was_asked_of_the_provided_is_fetched() -> None:
    federation = reviews()
    assert await federation.data("{ reader { nick } }") == {"reader": {"nick": "Ada"}}
    assert "bio" not in federation.fetches[0].query


async def test_what_was_provided_is_not_asked_again_of_the_owner() -> None:
    federation = reviews()
    assert await federation.data("{ latest { author { ... { nick } ... { bio } } } }") == {
        "latest": {"author": {"nick": "Ada", "bio": "wrote it"}}
    }
    assert "nick" not in federation.fetches[1].query


def menu() -> Federation:
    groups: list[dict[str, Any]] = [{"id": f"g{n}", "label": f"Group {n}"} for n in (1, 2, 3)]
    for group, parent in zip(groups, groups[1:] + groups[:1], strict=True):
        group["parents"] = [parent]
    dishes = [{"id": "d1", "groups": groups[:2]}, {"id": "d2", "groups": groups[2:]}]

    def refuse(_: Any) -> None:
        raise AssertionError("the label is provided, not to be entered for")

    return federate(
        "provides-nested",
        menu={"Query.dishes": dishes, "Dish": dishes, "Group": refuse},
        index={"Query.dishes": dishes, "Dish": dishes},
        groups={"Dish": dishes, "Group": groups},
    )


async def test_a_nested_provision_is_used() -> None:
    federation = menu()
    data = await federation.data("{ dishes { id groups { id label parents { id label } } } }")
    assert data["dishes"][1]["groups"] == [
        {"id": "g3", "label": "Group 3", "parents": [{"id": "g1", "label": "Group 1"}]}
    ]
    assert federation.calls == ["menu"]


def works() -> Federation:
    novel = {"__typename": "Novel", "id": "n1", "title": "Emma"}
    film = {"__typename": "Film", "id": "f1", "title": "Alien"}
    animals = [
        {"__typename": "Lion", "id": "l1", "name": "Leo", "age": 3},
        {"__typename": "Seal", "id": "s1", "name": "Sam", "age": 4},
    ]
    park = {"__typename": "Park", "id": "z1", "animals": animals}
    entities = {"Novel": [novel], "Film": [film], "Park": [park], "Lion": animals[:1], "Seal": animals[1:]}
    roots = {"Query.works": [novel, film], "Query.zoo": park}
    return federate("provides-abstract", plain=roots | entities, rich=roots | entities, owner=entities)


@pytest.mark.parametrize(
    ("query", "expected", "calls"),
    [
        (
            "{ works { ... on Novel { id title } ... on Film { id } } }",
            {"works": [{"id": "n1", "title": "Emma"}, {"id": "f1"}]},
            ["rich"],
        ),
        (
            "{ works { ... on Novel { id title } ... on Film { id title } } }",
            {"works": [{"id": "n1", "title": "Emma"}, {"id": "f1", "title": "Alien"}]},
            ["rich", "owner"],
        ),
        (
            "{ zoo { id animals { id name } } }",
            {"zoo": {"id": "z1", "animals": [{"id": "l1", "name": "Leo"}, {"id": "s1", "name": "Sam"}]}},
            ["rich"],
        ),
    ],
)
async def test_a_provision_on_an_abstract_type_picks_the_subgraph(query: str, expected: Any, calls: list[str]) -> None:
    federation = works()
    assert await federation.data(query) == expected
    assert federation.calls == calls


async def test_only_the_type_that_is_not_provided_is_entered() -> None:
    federation = works()
    await federation.data("{ works { ... on Novel { title } ... on Film { title } } }")
    assert [sent["__typename"] for sent in federation.fetches[1].representations] == ["Film"]


async def test_fields_beyond_the_provision_are_found_elsewhere() -> None:
    data = await works().data("{ zoo { animals { id name ... on Seal { age } } } }")
    assert data["zoo"]["animals"] == [{"id": "l1", "name": "Leo"}, {"id": "s1", "name": "Sam", "age": 4}]
