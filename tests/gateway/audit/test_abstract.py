"""Unions and interfaces that differ from subgraph to subgraph."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

OVENS: list[dict[str, Any]] = [{"__typename": "Oven", "id": f"o{n}", "years": n} for n in (1, 2)]
TOASTERS: list[dict[str, Any]] = [{"__typename": "Toaster", "id": f"t{n}", "years": 2 + n} for n in (1, 2)]


def appliances() -> Federation:
    by_id = {row["id"]: row for row in (*OVENS, *TOASTERS)}
    return federate(
        "distributed",
        a={
            "Query.appliances": [*OVENS, *TOASTERS],
            "Query.node": lambda _, id: by_id.get(id),
            "Query.nodes": TOASTERS,
            "Query.toasters": TOASTERS,
            "Oven": OVENS,
            "Toaster": TOASTERS,
        },
        b={"Oven": OVENS},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ appliances { ... on Node { id } } }", {"appliances": [{"id": id_} for id_ in ("o1", "o2", "t1", "t2")]}),
        (
            "{ appliances { ... on Guaranteed { years } } }",
            {"appliances": [{"years": 1}, {"years": 2}, {"years": 3}, {"years": 4}]},
        ),
        ("{ nodes { ... on Toaster { years } ... on Oven { id } } }", {"nodes": [{"years": 3}, {"years": 4}]}),
        ("{ nodes { id } }", {"nodes": [{"id": "t1"}, {"id": "t2"}]}),
        (
            "{ nodes { ... on Node { id ... on Node { id ... on Guaranteed { years } } } } }",
            {"nodes": [{"id": "t1", "years": 3}, {"id": "t2", "years": 4}]},
        ),
        (
            "{ toasters { ...T ...N } } fragment T on Toaster { id } fragment N on Node { id __typename }",
            {"toasters": [{"id": "t1", "__typename": "Toaster"}, {"id": "t2", "__typename": "Toaster"}]},
        ),
        ('{ node(id: "t1") { ... on Toaster { years } } }', {"node": {"years": 3}}),
        ('{ node(id: "none") { id } }', {"node": None}),
    ],
)
async def test_a_condition_holds_for_what_any_subgraph_says_of_a_type(query: str, expected: Any) -> None:
    assert await appliances().data(query) == expected


@pytest.mark.parametrize("type_", ["Oven", "Toaster"])
async def test_a_subgraph_that_gives_a_wrong_type_is_an_error_and_null(type_: str) -> None:
    answer = await appliances().ask(f'{{ node(id: "o1") {{ ... on {type_} {{ years }} }} }}')
    assert answer["data"] == {"node": None}
    assert answer["errors"][0]["path"] == ["node"]


def accounts() -> Federation:
    user: dict[str, Any] = {"__typename": "User", "id": "u1", "name": "User"}
    admin: dict[str, Any] = {"__typename": "Admin", "id": "a1", "name": "Admin"}
    user["peers"] = admin["peers"] = [user, admin]
    return federate("mismatch", a={"Query.users": [user]}, b={"Query.accounts": [user, admin], "User": [user]})


NAMES: list[dict[str, Any]] = [{"id": "u1", "name": "User"}, {"id": "a1", "name": "Admin"}]
BOTH = "... on User {{ id name {0} }} ... on Admin {{ id name {0} }}"


async def test_fields_whose_types_do_not_merge_in_a_subgraph_are_asked_under_aliases() -> None:
    data = await accounts().data(f"{{ users {{ id name }} accounts {{ {BOTH.format('')} }} }}")
    assert data == {"users": NAMES[:1], "accounts": NAMES}


async def test_aliases_inside_are_unmade_at_every_depth() -> None:
    third = f"peers {{ {BOTH.format('')} }}"
    second = f"peers {{ {BOTH.format(third)} }}"
    data = await accounts().data(f"{{ accounts {{ {BOTH.format(second)} }} }}")
    deep: list[dict[str, Any]] = [name | {"peers": NAMES} for name in NAMES]
    assert data == {"accounts": [name | {"peers": deep} for name in NAMES]}


ACTIONS: dict[str, Any] = {
    "Say": {"__typename": "Say", "id": "a1", "words": "hello"},
    "Move": {"__typename": "Move", "id": "a2", "far": 3},
    "Wait": {"__typename": "Wait", "id": "a3", "long": 4},
    "Sing": {"__typename": "Sing", "id": "a4", "tune": "la"},
}


def actions() -> Federation:
    in_a = [ACTIONS["Say"], ACTIONS["Move"], ACTIONS["Wait"]]
    in_b = [ACTIONS["Say"], ACTIONS["Sing"]]
    holder = {"id": "h1", "own": {"actions": in_a}, "foreign": {"actions": in_b}}
    return federate(
        "partial-union",
        a={"Query.reply": {"message": "hi", "actions": in_a}, "Query.onlyA": holder, "Holder": [holder]},
        b={"Query.onlyB": holder, "Holder": [holder]},
    )


EVERY = "__typename ... on Say { words } ... on Move { far } ... on Sing { tune } ... on Wait { long }"
IN_A: list[dict[str, Any]] = [
    {"__typename": "Say", "words": "hello"},
    {"__typename": "Move", "far": 3},
    {"__typename": "Wait", "long": 4},
]
IN_B = [{"__typename": "Say", "words": "hello"}, {"__typename": "Sing", "tune": "la"}]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"{{ reply {{ message actions {{ {EVERY} }} }} }}", {"reply": {"message": "hi", "actions": IN_A}}),
        (
            "{ reply { actions { ... on Move { far } } } }",
            {"reply": {"actions": [{}, {"far": 3}, {}]}},
        ),
        (f"{{ onlyA {{ own {{ actions {{ {EVERY} }} }} }} }}", {"onlyA": {"own": {"actions": IN_A}}}),
        (f"{{ onlyB {{ foreign {{ actions {{ {EVERY} }} }} }} }}", {"onlyB": {"foreign": {"actions": IN_B}}}),
        (f"{{ onlyA {{ foreign {{ actions {{ {EVERY} }} }} }} }}", {"onlyA": {"foreign": {"actions": IN_B}}}),
        (
            "{ onlyA { own { actions { __typename ... on Sing { tune } } } } }",
            {"onlyA": {"own": {"actions": [{"__typename": action["__typename"]} for action in IN_A]}}},
        ),
    ],
)
async def test_a_subgraph_is_asked_only_for_the_members_it_knows(query: str, expected: Any) -> None:
    assert await actions().data(query) == expected


BOOK = {"__typename": "Book", "id": "b", "title": "Emma", "aTitle": "A Emma", "bTitle": "B Emma"}
SONG = {"__typename": "Song", "id": "s", "title": "Lied", "aTitle": "A Lied"}
MOVIE = {"__typename": "Movie", "id": "m", "title": "Alien", "bTitle": "B Alien"}


def media() -> Federation:
    viewer = {"media": BOOK}
    return federate(
        "union-intersection",
        a={
            "Query.media": BOOK,
            "Query.aMedia": SONG,
            "Query.viewer": viewer,
            "Book": [BOOK],
            "Song": [SONG],
        },
        b={"Query.media": BOOK, "Query.bMedia": MOVIE, "Query.viewer": viewer, "Book": [BOOK], "Movie": [MOVIE]},
    )


TITLES = "__typename ... on Song { title aTitle } ... on Movie { title bTitle } ... on Book { title aTitle bTitle }"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ media { ... on Movie { title } } }", {"media": {}}),
        ("{ media { ... on Book { title } ... on Movie { title } } }", {"media": {"title": "Emma"}}),
        (f"{{ media {{ {TITLES} }} }}", {"media": {key: BOOK[key] for key in BOOK if key != "id"}}),
        (f"{{ aMedia {{ {TITLES} }} }}", {"aMedia": {key: SONG[key] for key in SONG if key != "id"}}),
        (f"{{ bMedia {{ {TITLES} }} }}", {"bMedia": {key: MOVIE[key] for key in MOVIE if key != "id"}}),
        ("{ aMedia { ... on Movie { title bTitle } } }", {"aMedia": {}}),
        ("{ viewer { media { ... on Movie { title } } } }", {"viewer": {"media": {}}}),
        (
            f"{{ viewer {{ media {{ {TITLES} }} }} }}",
            {"viewer": {"media": {key: BOOK[key] for key in BOOK if key != "id"}}},
        ),
    ],
)
async def test_a_union_may_have_other_members_elsewhere(query: str, expected: Any) -> None:
    assert await media().data(query) == expected


def wares() -> Federation:
    one: dict[str, Any] = {"__typename": "Book", "id": "b1", "price": 9.5}
    two = one | {"id": "b2", "similar": one}
    one["similar"] = two
    return federate("circular", a={"Query.ware": one, "Book": [one, two]}, b={"Book": [one, two]})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "{ ware { similar { ... on Ware { similar { __typename } } } } }",
            {"ware": {"similar": {"similar": {"__typename": "Book"}}}},
        ),
        (
            "{ ware { similar { __typename ... on Book { id } similar { ... on Book { id } } }"
            " ... on Book { id price similar { id price } } } }",
            {
                "ware": {
                    "similar": {"__typename": "Book", "id": "b2", "similar": {"id": "b1"}, "price": 9.5},
                    "id": "b1",
                    "price": 9.5,
                }
            },
        ),
    ],
)
async def test_an_interface_may_refer_to_itself(query: str, expected: Any) -> None:
    assert await wares().data(query) == expected


def machines() -> Federation:
    mixer = {"__typename": "Mixer", "id": "m1"}
    bosses = [{"__typename": "Boss", "id": f"u{n}", "name": f"Boss {n}"} for n in (1, 2)]
    return federate(
        "typename",
        a={"Query.union": mixer, "Query.interface": {"__typename": "Fridge", "id": "f1"}, "Mixer": [mixer]},
        b={"Query.users": bosses, "User": bosses, "Mixer": [mixer]},
        c={"User": bosses, "Boss": bosses},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ __typename }", {"__typename": "Query"}),
        (
            "{ a: __typename union { __typename t: __typename } }",
            {"a": "Query", "union": {"__typename": "Mixer", "t": "Mixer"}},
        ),
        (
            "{ interface { id __typename t: __typename u: __typename } }",
            {"interface": {"id": "f1", "__typename": "Fridge", "t": "Fridge", "u": "Fridge"}},
        ),
        ("{ union { ... on Mixer { t: __typename } ... on Fridge { t: __typename } } }", {"union": {"t": "Mixer"}}),
        (
            "{ interface { __typename ... on Node { t: __typename } } }",
            {"interface": {"__typename": "Fridge", "t": "Fridge"}},
        ),
        ("{ users { id } }", {"users": [{"id": "u1"}, {"id": "u2"}]}),
        ("{ users { __typename } }", {"users": [{"__typename": "Boss"}, {"__typename": "Boss"}]}),
        (
            "{ users { __typename: id name: __typename } }",
            {"users": [{"__typename": "u1", "name": "Boss"}, {"__typename": "u2", "name": "Boss"}]},
        ),
    ],
)
async def test_the_type_s_name_may_be_asked_anywhere_under_any_name(query: str, expected: Any) -> None:
    assert await machines().data(query) == expected


def reviews() -> Federation:
    products = [{"id": f"p{n}", "name": f"Product {n}", "price": n} for n in (1, 2)]
    reviews = [
        {"__typename": kind, "product": product} for kind, product in zip(("Anonymous", "Named"), products, strict=True)
    ]
    return federate(
        "overfetch",
        a={"Query.review": reviews[0], "Query.reviews": reviews, "Product": products},
        b={"Product": products},
        c={"Product": products},
    )


BY_KIND = "{ ... on Anonymous { product { name } } ... on Named { product { name price } } }"


async def test_what_another_member_wants_is_not_fetched_for_this_one() -> None:
    federation = reviews()
    assert await federation.data(f"{{ review {BY_KIND} }}") == {"review": {"product": {"name": "Product 1"}}}
    assert federation.calls == ["a", "b"]


async def test_each_member_of_a_list_gets_what_it_wants() -> None:
    federation = reviews()
    data = await federation.data(f"{{ reviews {BY_KIND} }}")
    assert data == {"reviews": [{"product": {"name": "Product 1"}}, {"product": {"name": "Product 2", "price": 2}}]}
    asked = {fetch.subgraph: [sent["id"] for sent in fetch.representations] for fetch in federation.fetches}
    assert asked["c"] == ["p2"]
