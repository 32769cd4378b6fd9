"""The subgraphs themselves: that they complain, else no scenario could fail."""

import json
from typing import Any

import pytest

from tests.gateway.audit.compose import schemas
from tests.gateway.audit.federation import SCENARIOS
from tests.gateway.audit.test_keys import fleet
from tests.gateway.audit.test_provides import reviews
from tests.gateway.audit.test_requires import post_office
from tests.gateway.audit.test_sharing import feeds
from tools.schemas import header

ENTITIES = "query ($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {0} {{ {1} }} }} }}"


def told(federation: Any, subgraph: str, query: str, *representations: dict[str, Any]) -> tuple[Any, list[str]]:
    asked = federation.subgraphs[subgraph]
    body = json.dumps({"query": query, "variables": {"r": list(representations)}})
    return json.loads(asked.answer(body.encode(), mutation=False)), asked.complaints


PARCEL = {"__typename": "Parcel", "id": "p1"}
VEHICLE = {"__typename": "Vehicle", "vin": "v1"}


@pytest.mark.parametrize(
    ("build", "subgraph", "query", "sent", "complaint"),
    [
        (fleet, "registry", "{ vehicles { insurer } }", [], "invalid: Cannot query field 'insurer'"),
        (fleet, "customs", ENTITIES.format("Vehicle", "vin"), [{"__typename": "Vehicle"}], "no resolvable key"),
        (fleet, "customs", ENTITIES.format("Vehicle", "vin"), [VEHICLE | {"insurer": 1}], "of another subgraph"),
        (fleet, "parking", "{ _entities { __typename } }", [], "invalid: Cannot query field '_entities'"),
        (post_office, "shipping", ENTITIES.format("Parcel", "quote"), [PARCEL], "needs ['weight']"),
        (
            post_office,
            "shipping",
            ENTITIES.format("Parcel", "volume"),
            [PARCEL | {"size": {"width": 1}}],
            "needs ['size.height']",
        ),
        (post_office, "shipping", ENTITIES.format("Parcel", "weight"), [PARCEL], "external and was asked"),
        (reviews, "reviews", "{ latest { bare { nick } } }", [], "external and was asked"),
        (reviews, "reviews", "{ latest { author { bio } } }", [], "external and was asked"),
        (feeds, "a", "{ feed { written } }", [], "overridden and was asked"),
    ],
)
def test_a_wrong_request_is_complained_of(
    build: Any, subgraph: str, query: str, sent: list[dict[str, Any]], complaint: str
) -> None:
    answer, complaints = told(build(), subgraph, query, *sent)
    assert answer["errors"]
    assert complaint in complaints[0]


@pytest.mark.parametrize(
    ("build", "subgraph", "query", "sent", "data"),
    [
        (reviews, "reviews", "{ latest { author { nick } } }", [], {"latest": {"author": {"nick": "Ada"}}}),
        (
            post_office,
            "shipping",
            ENTITIES.format("Parcel", "quote weight"),
            [PARCEL | {"weight": 7}],
            {"_entities": [{"quote": 7, "weight": 7}]},
        ),
        (fleet, "customs", ENTITIES.format("Vehicle", "vin"), [VEHICLE], {"_entities": [{"vin": "v1"}]}),
        (fleet, "customs", ENTITIES.format("Vehicle", "vin"), [VEHICLE | {"vin": "x"}], {"_entities": [None]}),
    ],
)
def test_a_right_request_is_answered(
    build: Any, subgraph: str, query: str, sent: list[dict[str, Any]], data: Any
) -> None:
    answer, complaints = told(build(), subgraph, query, *sent)
    assert (answer, complaints) == ({"data": data}, [])


def test_every_committed_supergraph_is_of_its_subgraphs() -> None:
    stale = [
        folder.name
        for folder in SCENARIOS.iterdir()
        if not (folder / "supergraph.graphql").read_text().startswith(header(schemas(folder)))
    ]
    assert stale == []
