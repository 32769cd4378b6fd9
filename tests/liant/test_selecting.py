"""Lists and entities read the columns that a query selects, and each field has those that it is made of."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, TypeVar, cast
from uuid import uuid4

import pytest
from sqlalchemy import Row

from chassis.graphql.entities import Entities
from chassis.graphql.listing import Listing
from chassis.graphql.selecting import Partial, narrowed
from tests.support.needs import columns_of_fields

Told = Listing[Any] | Entities
T = TypeVar("T")
SERVICES = ("contacts", "deals", "notifier")
WHOLE = {
    "contacts": "CardLink BusinessCard CustomField DuplicatePair DuplicateSearch FollowedOrganization Invitation Merge"
    " Purge Tag",
    "deals": "Product Quote QuoteRequest Contract Invoice",
    "notifier": "DeadLetter Reader CampaignUnsubscription SuppressedAddress WebhookDelivery WebhookEndpoint",
}
"""Lists whose nodes are made of nearly all their columns, or of few: they read whole rows."""
ENTITIES = {
    "contacts": {"Contact", "Account", "Interlocutor", "Collaborator", "Team", "Group"},
    "deals": {"Deal", "Alert", "Comment"},
    "notifier": set[str](),
}


def told(service: str, kind: type[T]) -> list[T]:
    """What a service's modules have of a kind."""
    package = importlib.import_module(f"services.{service}.schema")
    found: dict[int, T] = {}
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        values = vars(importlib.import_module(each.name)).values()
        found |= {id(value): value for value in values if isinstance(value, kind)}
    return [*found.values()]


def _node(listing: Listing[Any]) -> Any:
    return cast("Any", listing.node).__self__


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_narrows_its_columns_or_is_known_not_to(service: str) -> None:
    whole = {_node(each).__strawberry_definition__.name for each in told(service, Listing) if each.needs is None}
    assert whole == set(WHOLE[service].split())


@pytest.mark.parametrize("service", SERVICES)
def test_a_field_alone_has_the_columns_that_it_is_made_of(service: str) -> None:
    looked = 0
    for node, each in _narrowing(service):
        there = {column.key for column in each.statement.selected_columns}
        for field, columns in columns_of_fields(node).items():
            read = {
                column.key
                for column in narrowed(each.statement, [field], each.needs or {}, each.always).selected_columns
            }
            if read != there:
                assert columns is not None, f"{node.__name__}.{field}: it cannot be told what it is made of"
                assert columns & there <= read, f"{node.__name__}.{field} is made of {columns}, and {read} are read"
                looked += 1
    assert looked or service == "notifier"


@pytest.mark.parametrize("service", SERVICES)
def test_a_node_is_made_of_its_key_alone(service: str) -> None:
    for node, each in _narrowing(service):
        key = {name: "TEXT" if name != "id" else uuid4() for name in each.always}
        assert node.of(Partial(cast("Row[Any]", SimpleNamespace(_mapping=key)))).id


def _narrowing(service: str) -> Iterator[tuple[Any, Told]]:
    """The nodes of lists and entities that read some of their columns."""
    listed = {}
    for each in told(service, Listing):
        if each.needs is not None:
            node = _node(each)
            listed[node.__strawberry_definition__.name] = node
            yield node, each
    yield from ((listed[each.name], each) for each in told(service, Entities))


@pytest.mark.parametrize("service", SERVICES)
def test_these_entities_read_what_is_selected(service: str) -> None:
    assert {each.name for each in told(service, Entities)} == ENTITIES[service]
