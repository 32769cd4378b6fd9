"""What is told of business cards."""

import base64
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.contacts.v1 import messages_pb2 as messages
from services.contacts import model


def card_exchange_moved(row: model.CardExchange, card: Mapping[str, Any] | None, link_id: UUID | None) -> Outgoing:
    """One side of an exchange did something: for the other side's organization."""
    if row.peer_organization_id is None or row.peer_collaborator_id is None:
        raise ValueError("nobody to tell")
    told = messages.CardExchangeMoved(
        exchange_id=format_id("card_exchange", row.exchange_id),
        organization_id=format_id("organization", row.organization_id),
        collaborator_id=format_id("collaborator", row.collaborator_id),
        to_collaborator_id=format_id("collaborator", row.peer_collaborator_id),
        link_id=format_id("card_link", link_id) if link_id else "",
        state=messages.CardExchangeMoved.State.Value(row.state.value),
        card=None if card is None else _card(card),
        message=row.message or "",
    )
    return Outgoing("card_exchange", row.exchange_id, row.version, told, recipient=row.peer_organization_id)


def _card(told: Mapping[str, Any]) -> messages.Card:
    return messages.Card(
        **{name: told[name] or "" for name in ("given_name", "family_name", "title", "company")},
        phones=[messages.Card.Reach(**each) for each in told["phones"]],
        emails=[messages.Card.Reach(**each) for each in told["emails"]],
        links=[messages.Card.Link(url=each["url"], label=each["label"] or "") for each in told["links"]],
        languages=told["languages"],
        photo=[
            messages.Card.Picture(**{**each, "content": base64.b64decode(each["content"])}) for each in told["photo"]
        ],
    )


def card_of(told: messages.Card) -> dict[str, Any]:
    """A card of a message as commands take it: what `_card` was made of."""
    names = ("given_name", "family_name", "title", "company")
    return {
        **{name: getattr(told, name) or None for name in names},
        "phones": [{"value": each.value, "kind": each.kind} for each in told.phones],
        "emails": [{"value": each.value, "kind": each.kind} for each in told.emails],
        "links": [{"url": each.url, "label": each.label or None} for each in told.links],
        "languages": [*told.languages],
        "photo": [
            {
                "side": each.side,
                "width": each.width,
                "height": each.height,
                "content": base64.b64encode(each.content).decode(),
            }
            for each in told.photo
        ],
    }
