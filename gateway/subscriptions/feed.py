"""Subscriptions fed by NATS JetStream: each message becomes an entity's representation, completed by federation."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Protocol

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode
from graphql.execution.values import get_argument_values, get_variable_values

from chassis.bus import Delivered
from gateway.pipeline.execute import VariablesRefused
from gateway.pipeline.refused import Refused
from gateway.pipeline.run import Ready
from gateway.subscriptions.mapping import FeedMapping, Names
from gateway.subscriptions.results import Event


class Stream(Protocol):
    """The broker, as far as a feed needs it."""

    def follow(self, stream: str, subjects: list[str], after: int | None) -> AsyncGenerator[Delivered, None]:
        """Messages from now on, or those after a place in the stream and then from now on."""


class BadCursor(Refused):
    """A cursor that no result of this subscription carried."""

    code = "BAD_CURSOR"
    of_document = True

    def __init__(self) -> None:
        super().__init__("The cursor is not one of this subscription: subscribe without it, and read what was missed.")


class Feed:
    """The source of one root field."""

    def __init__(self, mapping: FeedMapping, stream: Stream) -> None:
        self._mapping = mapping
        self._stream = stream

    async def events(self, ready: Ready, cursor: str | None) -> AsyncGenerator[Event, None]:
        """An event for each message that is for this caller and these arguments. Raises `Refused`."""
        mapping = self._mapping
        names = Names(arguments=_arguments(ready), claims=ready.context.caller.claims)
        after = _place(cursor)
        async with aclosing(self._stream.follow(mapping.stream, mapping.subjects_for(names), after)) as messages:
            async for message in messages:
                told = names.with_message(message.headers, mapping.decode(message.headers, message.payload))
                entity = mapping.representation(told) if mapping.concerns(told) else None
                if entity is not None:
                    yield Event(entity, cursor=str(message.sequence), unchecked=True)


def _place(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise BadCursor
    return int(cursor)


def _arguments(ready: Ready) -> dict[str, Any]:
    """The arguments of the root field, coerced (GraphQL specification, 6.4.1). Raises `VariablesRefused`."""
    node, schema = ready.prepared.node, ready.prepared.schema
    variables = get_variable_values(schema, node.variable_definitions or (), ready.variables)
    if isinstance(variables, list):
        raise VariablesRefused(tuple(variables))
    field = _root_field(node.selection_set)
    root = schema.subscription_type
    if field is None or root is None:
        return {}
    return get_argument_values(root.fields[field.name.value], field, variables)


def _root_field(selection_set: SelectionSetNode) -> FieldNode | None:
    """The only field of a subscription (5.2.3.1); those within a named fragment are taken to have no arguments."""
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            return node
        if isinstance(node, InlineFragmentNode) and (found := _root_field(node.selection_set)):
            return found
    return None
