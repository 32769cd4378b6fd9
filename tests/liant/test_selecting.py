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
    "contacts": "cards.LINKS cards.CARDS custom_fields.CUSTOM_FIELDS duplicate_lists.PAIRS duplicate_lists.SEARCHES"
    " following.FOLLOWED invitations.INVITATIONS merge_roots.MERGES purges.PURGES tags.TAGS",
    "deals": "quote_queries.PRODUCTS quote_queries.QUOTES quote_queries.REQUESTS quote_queries.CONTRACTS"
    " quote_queries.INVOICES",
    "notifier": "dead_letters.DEAD_LETTERS publications.READERS publications.UNSUBSCRIPTIONS suppressions.ADDRESSES"
    " webhooks.MESSAGES webhooks.ENDPOINTS",
}
"""Lists whose nodes are made of nearly all their columns, or of few: they read whole rows."""
ENTITIES = {
    "contacts": {"Contact", "Account", "Interlocutor", "Collaborator", "Team", "Group"},
    "deals": {"Deal", "Alert", "Comment"},
    "notifier": set[str](),
}


def told(service: str, kind: type[T]) -> dict[str, T]:
    """What a service's modules have of a kind, by module and name."""
    package = importlib.import_module(f"services.{service}.schema")
    found: dict[int, tuple[str, T]] = {}
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for name, value in vars(importlib.import_module(each.name)).items():
            if isinstance(value, kind):
                found.setdefault(id(value), (f"{each.name.rpartition('.')[2]}.{name}", value))
    return dict(found.values())


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_narrows_its_columns_or_is_known_not_to(service: str) -> None:
    assert {name for name, each in told(service, Listing).items() if each.needs is None} == set(WHOLE[service].split())


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
    for each in told(service, Listing).values():
        if each.needs is not None:
            node = cast("Any", each.node).__self__
            listed[node.__strawberry_definition__.name] = node
            yield node, each
    yield from ((listed[each.name], each) for each in told(service, Entities).values())


@pytest.mark.parametrize("service", SERVICES)
def test_these_entities_read_what_is_selected(service: str) -> None:
    assert {each.name for each in told(service, Entities).values()} == ENTITIES[service]
