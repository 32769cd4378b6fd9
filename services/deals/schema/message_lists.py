"""How messages are filtered and ordered."""

from enum import StrEnum

import strawberry

from chassis.graphql.enums import described
from chassis.graphql.filters import (
    ChoiceFilter,
    Clauses,
    Conditions,
    DateTimeFilter,
    IdFilter,
    StringFilter,
    by,
    condition,
    related,
    where,
)
from chassis.graphql.ordering import Ordering
from services.deals.model import Deal, Message, MessageRecipient
from services.deals.queries import lists
from services.deals.schema.enums import MailStatus, Part
from services.deals.schema.lists import DEAL, DealFilter, plain


@strawberry.input(description="What holds for a recipient of a message.")
class MessageRecipientFilter:
    """A condition on a relation."""

    contact_id: IdFilter | None = condition("Who.")
    part: ChoiceFilter[Part] | None = condition("Whether it is written to them, or they have it in copy.")
    status: ChoiceFilter[MailStatus] | None = condition("Where the mail to them is.")


@strawberry.input(description="Which messages. All the conditions given must hold.")
class MessageFilter:
    """See on_messages."""

    id: IdFilter | None = condition("Which one.")
    subject: StringFilter | None = condition("What it is about.")
    author_id: IdFilter | None = condition("Who wrote it.")
    deal_id: IdFilter | None = condition("The deal it was written from.")
    deal: DealFilter | None = condition("What holds for its deal.")
    recipient: MessageRecipientFilter | None = condition("What holds for at least one of its recipients.")
    created_at: DateTimeFilter | None = condition("When it was written.")
    and_: list["MessageFilter"] | None = condition("All of these hold.", name="and")
    or_: list["MessageFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "MessageFilter | None" = condition("This does not hold.", name="not")


class MessageOrderField(StrEnum):
    """Values name columns."""

    CREATED_AT = "created_at"
    SUBJECT = "title"


described(
    MessageOrderField,
    "What messages can be ordered by.",
    CREATED_AT="When it was written.",
    SUBJECT="What it is about, by its code points.",
)


@strawberry.input(description="One term of an order of messages.")
class MessageOrder(Ordering):
    """One term."""

    field: MessageOrderField = strawberry.field(description="By what.")


_RECIPIENT: Conditions = plain(MessageRecipient, "part", "status", contact_id="contact")
_MESSAGE: Conditions = {
    **plain(Message, "created_at", id="message", author_id="collaborator", deal_id="deal"),
    "subject": by(Message.__table__.c.title),
    "deal": related(lists.has(Deal, Message.deal_id), DEAL),
    "recipient": related(lists.is_written_to, _RECIPIENT),
}


def on_messages(filter: MessageFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return where(filter, _MESSAGE)
