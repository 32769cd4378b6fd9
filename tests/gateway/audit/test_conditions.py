"""`@include` and `@skip`, with variables too: on what is fetched elsewhere, on what is needed, on whole fetches."""

from typing import Any

import pytest

from tests.gateway.audit.federation import Federation, federate


def lamps() -> Federation:
    maker = {"id": "m1", "name": "Maker", "city": "Ulm"}
    lamps = [{"id": f"l{n}", "watt": 40.0 * n, "maker": maker} for n in (1, 2)]
    rows = [{"id": lamp["id"], "maker": maker} for lamp in lamps]

    def never(_: Any) -> None:
        raise AssertionError("this must not be asked")

    return federate(
        "conditions",
        a={"Query.lamp": lamps[0], "Query.lamps": lamps, "Lamp": lamps},
        b={"Lamp": rows, "Maker": [maker], "Lamp.glows": lambda lamp: lamp["watt"] > 50, "Lamp.hidden": never},
        c={
            "Lamp": rows,
            "Maker": [maker],
            "Lamp.lit": lambda lamp: lamp["glows"],
            "Lamp.dark": lambda lamp: not lamp["glows"],
            "Lamp.never": never,
        },
    )


@pytest.mark.parametrize(
    ("query", "expected", "calls"),
    [
        (
            "query ($b: Boolean = false) { lamp { watt never @include(if: $b) } }",
            {"watt": 40.0},
            ["a"],
        ),
        ("query ($b: Boolean = true) { lamp { watt never @skip(if: $b) } }", {"watt": 40.0}, ["a"]),
        (
            "query ($b: Boolean = true) { lamp { watt dark @include(if: $b) } }",
            {"watt": 40.0, "dark": True},
            ["a", "b", "c"],
        ),
        ("query ($b: Boolean = false) { lamp { dark @skip(if: $b) } }", {"dark": True}, ["a", "b", "c"]),
        ("{ lamp { watt never @include(if: false) hidden @skip(if: true) } }", {"watt": 40.0}, ["a"]),
        ("query ($b: Boolean = false) { lamp { ... @include(if: $b) { never hidden } watt } }", {"watt": 40.0}, ["a"]),
        (
            "query ($b: Boolean = false) { lamp { lit never @include(if: $b) } }",
            {"lit": False},
            ["a", "b", "c"],
        ),
        (
            "query ($t: Boolean = true, $f: Boolean = false) "
            "{ lamp { lit @include(if: $t) @skip(if: $f) dark @include(if: $t) @skip(if: $t) } }",
            {"lit": False},
            ["a", "b", "c"],
        ),
        (
            "query ($f: Boolean = false) { lamp { ...F @include(if: $f) maker { name } } }"
            " fragment F on Lamp { maker { city } never }",
            {"maker": {"name": "Maker"}},
            ["a", "b"],
        ),
        (
            "query ($t: Boolean = true) { lamp { ...F @include(if: $t) maker { name } } }"
            " fragment F on Lamp { maker { city } }",
            {"maker": {"name": "Maker", "city": "Ulm"}},
            ["a", "b", "c"],
        ),
        ("query ($f: Boolean = false) { lamp { maker @include(if: $f) { city } id } }", {"id": "l1"}, ["a"]),
        (
            "query ($f: Boolean = false) { lamp { maker { city @include(if: $f) name } } }",
            {"maker": {"name": "Maker"}},
            ["a", "b"],
        ),
        (
            "query ($f: Boolean = false) { lamp { maker { ... on Maker @skip(if: $f) { city } } } }",
            {"maker": {"city": "Ulm"}},
            ["a", "b", "c"],
        ),
        ("query ($f: Boolean = false) { lamp { watt @include(if: $f) watt } }", {"watt": 40.0}, ["a"]),
        ("query ($f: Boolean = false) { lamp { watt @include(if: $f) lit } }", {"lit": False}, ["a", "b", "c"]),
        ("query ($f: Boolean = false) { lamp { __typename @include(if: $f) id } }", {"id": "l1"}, ["a"]),
        ("query ($f: Boolean = false) { lamp { id @include(if: $f) glows } }", {"glows": False}, ["a", "b"]),
    ],
)
async def test_what_is_not_wanted_is_not_fetched(query: str, expected: Any, calls: list[str]) -> None:
    federation = lamps()
    assert await federation.data(query) == {"lamp": expected}
    assert federation.calls == calls


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ lamp { ... @skip(if: $no) { ... @skip(if: $yes) { watt } id @skip(if: $no) } } }", {"id": "l1"}),
        ("{ lamp { ... @include(if: $yes) { ... @include(if: $no) { glows } glows } } }", {"glows": False}),
        ("{ lamp { maker { city @include(if: $no) } } }", {"maker": {}}),
        ("{ lamp { __typename @skip(if: $yes) maker { __typename @skip(if: true) } } }", {"maker": {}}),
        ("{ lamp { maker @skip(if: $yes) { id } maker { name } } }", {"maker": {"name": "Maker"}}),
        ("{ lamp @include(if: $no) { never } lamp { id } }", {"id": "l1"}),
    ],
)
async def test_conditions_may_be_anywhere_at_once(query: str, expected: Any) -> None:
    used = [f"${name}: Boolean!" for name in ("yes", "no") if f"${name}" in query]
    query = f"query ({', '.join(used)}) {query}" if used else query
    assert await lamps().data(query, {"yes": True, "no": False}) == {"lamp": expected}


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_same_plan_serves_both_values(wanted: bool) -> None:
    federation = lamps()
    query = "query ($b: Boolean!) { lamps { id ... @include(if: $b) { glows } dark @skip(if: $b) } }"
    data = await federation.data(query, {"b": wanted})
    one = {"glows": False} if wanted else {"dark": True}
    two = {"glows": True} if wanted else {"dark": False}
    assert data == {"lamps": [{"id": "l1"} | one, {"id": "l2"} | two]}


async def test_a_root_field_that_is_not_wanted_calls_nobody() -> None:
    federation = lamps()
    assert await federation.data("query ($f: Boolean = false) { lamp @include(if: $f) { id } }") == {}
    assert federation.calls == []
