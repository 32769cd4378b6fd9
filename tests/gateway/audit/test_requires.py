"""`@requires`: nested, of lists, with arguments, in conflict, chained, circular, through interfaces and fragments."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate

PARCELS: list[dict[str, Any]] = [
    {
        "id": f"p{n}",
        "weight": n,
        "usd": 10 * n,
        "size": {"width": n, "height": 2},
        "lines": [{"sku": "a", "pieces": n}, {"sku": "b", "pieces": 1}],
        "sender": {"id": f"s{n}", "zone": n},
    }
    for n in (1, 2)
]
SENDERS = [parcel["sender"] for parcel in PARCELS]
RATES = {"USD": 1, "EUR": 2}


def post_office() -> Federation:
    return federate(
        "requires",
        catalog={
            "Query.parcels": PARCELS,
            "Query.parcel": PARCELS[0],
            "Parcel": PARCELS,
            "Person": SENDERS,
            "Parcel.price": lambda parcel, currency: parcel["usd"] * RATES[currency],
            "Line.count": lambda line, unit: line["pieces"] * (1 if unit == "piece" else 100),
        },
        shipping={
            "Parcel": [{"id": parcel["id"]} for parcel in PARCELS],
            "Person": SENDERS,
            "Parcel.feeUsd": lambda parcel: parcel["price"] * parcel["weight"],
            "Parcel.feeEur": lambda parcel: parcel["price"] * parcel["weight"],
            "Parcel.volume": lambda parcel: parcel["size"]["width"] * parcel["size"]["height"],
            "Parcel.pieces": lambda parcel: sum(line["count"] for line in parcel["lines"]),
            "Parcel.label": lambda parcel: "{id} in zone {zone}".format(**parcel["sender"]),
            "Parcel.quote": lambda parcel, express: parcel["weight"] * (5 if express else 1),
        },
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("feeUsd", [{"feeUsd": 10}, {"feeUsd": 40}]),
        ("volume", [{"volume": 2}, {"volume": 4}]),
        ("pieces", [{"pieces": 2}, {"pieces": 3}]),
        ("label", [{"label": "s1 in zone 1"}, {"label": "s2 in zone 2"}]),
        ("quote", [{"quote": 1}, {"quote": 2}]),
        ("quote(express: true)", [{"quote": 5}, {"quote": 10}]),
        ("a: quote b: quote(express: true)", [{"a": 1, "b": 5}, {"a": 2, "b": 10}]),
        ("feeUsd feeEur", [{"feeUsd": 10, "feeEur": 20}, {"feeUsd": 40, "feeEur": 80}]),
        ('price(currency: "EUR") feeUsd', [{"price": 20, "feeUsd": 10}, {"price": 40, "feeUsd": 40}]),
        (
            'eur: price(currency: "EUR") price(currency: "USD") feeEur feeUsd',
            [{"eur": 20 * n, "price": 10 * n, "feeEur": 20 * n * n, "feeUsd": 10 * n * n} for n in (1, 2)],
        ),
        (
            'lines { count(unit: "box") } pieces',
            [
                {"lines": [{"count": 100}, {"count": 100}], "pieces": 2},
                {"lines": [{"count": 200}, {"count": 100}], "pieces": 3},
            ],
        ),
        ("weight: id quote", [{"weight": "p1", "quote": 1}, {"weight": "p2", "quote": 2}]),
        ("price: weight feeUsd", [{"price": 1, "feeUsd": 10}, {"price": 2, "feeUsd": 40}]),
        ("size { width: height } volume", [{"size": {"width": 2}, "volume": 2}, {"size": {"width": 2}, "volume": 4}]),
        (
            "id: weight label volume",
            [
                {"id": 1, "label": "s1 in zone 1", "volume": 2},
                {"id": 2, "label": "s2 in zone 2", "volume": 4},
            ],
        ),
    ],
)
async def test_what_is_needed_is_fetched_and_sent(fields: str, expected: list[Any]) -> None:
    assert await post_office().data(f"{{ parcels {{ {fields} }} }}") == {"parcels": expected}


async def test_fields_with_the_same_needs_share_a_fetch() -> None:
    federation = post_office()
    await federation.data("{ parcel { feeUsd volume pieces label quote } }")
    assert federation.calls == ["catalog", "shipping"]


async def test_what_is_needed_stays_out_of_the_answer() -> None:
    assert await post_office().data("{ parcel { feeUsd } }") == {"parcel": {"feeUsd": 10}}


ARTICLES = [{"id": "a1", "onSale": True, "price": 600.0}, {"id": "a2", "onSale": False, "price": 5.0}]


def store() -> Federation:
    rows = [{"id": article["id"]} for article in ARTICLES]
    return federate(
        "requires-chain",
        store={"Query.article": ARTICLES[0], "Query.articles": ARTICLES, "Article": ARTICLES},
        prices={"Article": ARTICLES},
        judge={
            "Article": rows,
            "Article.dear": lambda article: article["price"] > 500,
            "Article.dearOnSale": lambda article: not article["onSale"],
        },
        wallet={
            "Article": rows,
            "Article.affordable": lambda article: not article["dear"],
            "Article.affordableOnSale": lambda article: not article["dearOnSale"],
            "Article.verdict": lambda article: f"{article['dear']} {article['dearOnSale']}",
        },
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("affordable", [{"affordable": False}, {"affordable": True}]),
        ("dear", [{"dear": True}, {"dear": False}]),
        ("dear affordable", [{"dear": True, "affordable": False}, {"dear": False, "affordable": True}]),
        ("affordableOnSale", [{"affordableOnSale": True}, {"affordableOnSale": False}]),
        ("verdict", [{"verdict": "True False"}, {"verdict": "False True"}]),
        (
            "affordable affordableOnSale",
            [
                {"affordable": False, "affordableOnSale": True},
                {"affordable": True, "affordableOnSale": False},
            ],
        ),
    ],
)
async def test_needs_have_needs_of_their_own(fields: str, expected: list[Any]) -> None:
    assert await store().data(f"{{ articles {{ {fields} }} }}") == {"articles": expected}


async def test_a_chain_is_as_long_as_it_must_be() -> None:
    federation = store()
    await federation.data("{ article { affordable } }")
    assert federation.calls == ["store", "prices", "judge", "wallet"]


def notes() -> Federation:
    writers = [{"id": "w1", "years": 1}, {"id": "w2", "years": 20}]
    rows = [{"id": "n1", "writer": writers[0]}, {"id": "n2", "writer": writers[1]}]
    entities = {"Note": rows, "Writer": writers}
    return federate(
        "requires-circular",
        posts=entities | {"Query.notes": rows, "Note.senior": lambda note: not note["junior"]},
        writers=entities | {"Note.junior": lambda note: note["writer"]["years"] < 5},
    )


@pytest.mark.parametrize(("field", "first"), [("junior", True), ("senior", False)])
async def test_two_subgraphs_need_each_other(field: str, first: bool) -> None:
    assert await notes().data(f"{{ notes {{ {field} }} }}") == {"notes": [{field: first}, {field: not first}]}


def lectures() -> Federation:
    triangle = {"__typename": "Triangle", "area": 6, "sides": 3, "base": 4}
    square = {"__typename": "Square", "area": 9, "sides": 4, "edge": 3}
    facts = [{"id": "f1", "shape": triangle}, {"id": "f2", "shape": None}, {"id": "f3", "shape": square}]
    return federate(
        "requires-abstract",
        facts={"Query.fact": facts[0], "Fact": facts},
        lectures={
            "Query.first": facts[1],
            "Query.second": facts[2],
            "Fact": facts,
            "Fact.lecture": lambda fact: _lecture(fact["shape"]),
            "Fact.summary": lambda fact: str(fact["shape"] and fact["shape"]["area"]),
        },
    )


def _lecture(shape: Any) -> str:
    if shape is None:
        return "nothing"
    own = shape["edge"] if shape["__typename"] == "Square" else shape["base"]
    return f"{shape['area']} {shape['sides']} {own}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ fact { lecture } }", {"fact": {"lecture": "6 3 4"}}),
        (
            "{ fact { shape { __typename } lecture } }",
            {"fact": {"shape": {"__typename": "Triangle"}, "lecture": "6 3 4"}},
        ),
        ("{ first { id shape { __typename } } }", {"first": {"id": "f2", "shape": None}}),
        ("{ first { lecture summary } }", {"first": {"lecture": "nothing", "summary": "None"}}),
        ("{ second { lecture } }", {"second": {"lecture": "9 4 3"}}),
        ("{ second { summary shape { area } } }", {"second": {"summary": "9", "shape": {"area": 9}}}),
        (
            "{ fact { shape { ... on Triangle { area: base } } summary } }",
            {"fact": {"shape": {"area": 4}, "summary": "6"}},
        ),
    ],
)
async def test_needs_may_hold_conditions_on_types(query: str, expected: Any) -> None:
    assert await lectures().data(query) == expected


def places() -> Federation:
    home = {"__typename": "Home", "id": "h1", "city": "Rome"}
    office = {"__typename": "Office", "id": "o1", "city": "Bonn"}
    cabin = {"__typename": "Cabin", "id": "c1", "city": "Oslo"}
    users = [{"id": "u1", "place": home}, {"id": "u2", "place": office}, {"id": "u3", "place": cabin}]
    entities = {"Home": [home], "Office": [office], "User": users}
    cities = {place["id"]: place["city"] for place in (home, office, cabin)}
    return federate(
        "requires-interface",
        users=entities
        | {
            "Query.a": users[0],
            "User.city": lambda user: cities[user["place"]["id"]],
            "User.country": lambda user: f"country of {user['place']['id']}" if "id" in user["place"] else None,
        },
        places=entities | {"Query.b": users[1], "Cabin": [cabin]},
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ a { city } }", {"a": {"city": "Rome"}}),
        ("{ b { city country } }", {"b": {"city": "Bonn", "country": "country of o1"}}),
        ("{ a { country } }", {"a": {"country": None}}),
        ("{ a { place { __typename id } } }", {"a": {"place": {"__typename": "Home", "id": "h1"}}}),
        ("{ a { place { ... on Home { city } } city } }", {"a": {"place": {"city": "Rome"}, "city": "Rome"}}),
    ],
)
async def test_needs_may_pass_through_an_interface(query: str, expected: Any) -> None:
    assert await places().data(query) == expected
