"""`@key`: several, compound, nested, of lists, one-way; entity calls through other subgraphs and parents."""

from typing import Any

from tests.gateway.audit.federation import Federation, federate

VEHICLES = [
    {
        "vin": f"v{number}",
        "plate": f"AA-{number}",
        "country": "FR" if number % 2 else "DE",
        "insurer": f"Insurer {number}",
        "serial": {"maker": "Ada", "number": number},
        "model": f"Model {number}",
    }
    for number in (1, 2, 3)
]


def fleet() -> Federation:
    return federate(
        "keys",
        registry={"Query.vehicles": VEHICLES, "Vehicle": VEHICLES},
        insurance={"Vehicle": VEHICLES},
        customs={"Vehicle": VEHICLES},
        maker={"Vehicle": VEHICLES},
        parking={"Query.parked": VEHICLES[:1]},
    )


async def test_a_compound_key_leads_to_another_subgraph() -> None:
    federation = fleet()
    data = await federation.data("{ vehicles { insurer } }")
    assert data == {"vehicles": [{"insurer": f"Insurer {number}"} for number in (1, 2, 3)]}
    assert federation.calls == ["registry", "insurance"]


async def test_all_entities_of_a_list_are_asked_in_one_fetch() -> None:
    federation = fleet()
    await federation.data("{ vehicles { insurer } }")
    assert len(federation.fetches[1].representations) == 3


async def test_a_nested_key_is_reached_through_an_intermediate_subgraph() -> None:
    federation = fleet()
    data = await federation.data("{ vehicles { plate model } }")
    assert data["vehicles"][2] == {"plate": "AA-3", "model": "Model 3"}
    assert federation.calls == ["registry", "customs", "maker"]


async def test_a_key_that_is_not_resolvable_still_leads_out() -> None:
    federation = fleet()
    data = await federation.data("{ parked { vin insurer model serial { number } } }")
    assert data == {"parked": [{"vin": "v1", "insurer": "Insurer 1", "model": "Model 1", "serial": {"number": 1}}]}


async def test_the_key_itself_is_answered_where_it_is() -> None:
    federation = fleet()
    assert await federation.data("{ parked { vin __typename } }") == {
        "parked": [{"vin": "v1", "__typename": "Vehicle"}]
    }
    assert federation.calls == ["parking"]


MAKERS = [{"code": "m1", "city": "Lyon"}, {"code": "m2", "city": "Metz"}]
LINES = [
    {"sku": "1", "batch": "b1", "maker": MAKERS[0], "price": {"cents": 100}},
    {"sku": "2", "batch": "b2", "maker": MAKERS[1], "price": {"cents": 250}},
]
MAKERS[0]["lead"], MAKERS[1]["lead"] = LINES  # type: ignore[assignment]
BASKET = {"lines": LINES, "heaviest": LINES[1], "total": 350}


def shop() -> Federation:
    return federate(
        "keys-of-lists",
        basket={"Query.basket": BASKET, "Basket": [BASKET], "Line": LINES, "Maker": MAKERS},
        link={"Line": LINES},
        stock={"Basket": [BASKET], "Line": LINES},
        tariff={"Basket": [BASKET], "Line": LINES, "Maker": MAKERS},
    )


async def test_a_key_may_select_below_a_list() -> None:
    data = await shop().data(
        "{ basket { lines { sku batch price { cents } maker { code city lead { sku } } } heaviest { sku } total } }"
    )
    assert data["basket"]["total"] == 350
    assert data["basket"]["heaviest"] == {"sku": "2"}
    assert data["basket"]["lines"][1] == {
        "sku": "2",
        "batch": "b2",
        "price": {"cents": 250},
        "maker": {"code": "m2", "city": "Metz", "lead": {"sku": "2"}},
    }


async def test_an_item_of_a_list_is_entered_by_what_other_subgraphs_know_of_it() -> None:
    data = await shop().data("{ basket { lines { price { cents } } } }")
    assert data == {"basket": {"lines": [{"price": {"cents": 100}}, {"price": {"cents": 250}}]}}


PEOPLE = [
    {
        "id": f"p{n}",
        "mail": f"p{n}@example.org",
        "badge": {"site": "S", "number": str(n), "letter": "L"},
        "name": f"Name {n}",
    }
    for n in (1, 2)
]


async def test_keys_that_lead_only_one_way_are_told_apart() -> None:
    federation = federate(
        "key-mashup",
        people={"Person": PEOPLE},
        teams={
            "Query.team": {"id": "t", "people": PEOPLE},
            "Person": PEOPLE,
            "Person.greeting": lambda person: f"Hello {person['name']}",
        },
    )
    data = await federation.data("{ team { id people { id name greeting } } }")
    assert data["team"]["people"][1] == {"id": "p2", "name": "Name 2", "greeting": "Hello Name 2"}
    assert federation.calls == ["teams", "people", "teams"]


SITES: list[dict[str, Any]] = [{"id": "s1", "name": "North", "position": {"lat": 1.5, "lon": 2.5}, "note": "n1"}]
DEPOTS: list[dict[str, Any]] = [
    {"id": "d1", "title": "One", "site": SITES[0]},
    {"id": "d2", "title": "Two", "site": None},
]


def depots() -> Federation:
    return federate(
        "parents",
        depots={"Query.depots": DEPOTS, "Depot": DEPOTS, "Site": SITES},
        hub={
            "Query.depot": lambda _, id: next((depot for depot in DEPOTS if depot["id"] == id), None),
            "Depot": DEPOTS,
        },
        maps={"Depot": DEPOTS},
        names={"Site": SITES},
    )


async def test_an_object_without_a_key_is_completed_through_its_parent() -> None:
    federation = depots()
    data = await federation.data("{ depots { id site { id name position { lat } note } } }")
    assert data["depots"] == [
        {"id": "d1", "site": {"id": "s1", "name": "North", "position": {"lat": 1.5}, "note": "n1"}},
        {"id": "d2", "site": None},
    ]
    assert sorted(federation.calls) == ["depots", "maps", "names"]


async def test_a_parent_is_called_alone_where_the_child_gives_nothing_else() -> None:
    data = await depots().data("{ depots { site { note } } }")
    assert data == {"depots": [{"site": {"note": "n1"}}, {"site": None}]}


async def test_what_a_child_shares_is_gathered_from_every_parent() -> None:
    federation = depots()
    data = await federation.data('{ depot(id: "d1") { id title site { id name note position { lon } } } }')
    site = {"id": "s1", "name": "North", "note": "n1", "position": {"lon": 2.5}}
    assert data == {"depot": {"id": "d1", "title": "One", "site": site}}
    assert sorted(federation.calls) == ["depots", "hub", "maps", "names"]
