"""What is given for business cards, their links and their exchanges."""

from datetime import datetime

import strawberry

from services.contacts.schema.part_inputs import EmailInput, PhoneInput
from services.contacts.schema.unit import Update, Write, field

MAX_MESSAGE = 1000


@strawberry.input(description="A web address on a card.")
class CardWebLinkInput:
    """See cards.content.Link."""

    url: str = strawberry.field(description="Where it leads: https://…")
    label: str | None = strawberry.field(default=None, description="What it is called.")


@strawberry.input(description="What a card shows.")
class CardContentInput:
    """See cards.content.parse."""

    given_name: str | None = strawberry.field(default=None, description="First name.")
    family_name: str | None = strawberry.field(default=None, description="Last name.")
    title: str | None = strawberry.field(default=None, description="What you do.")
    company: str | None = strawberry.field(default=None, description="Where.")
    phones: list[PhoneInput] = strawberry.field(default_factory=list, description="Telephone numbers, at most 10.")
    emails: list[EmailInput] = strawberry.field(default_factory=list, description="E-mail addresses, at most 10.")
    links: list[CardWebLinkInput] = strawberry.field(default_factory=list, description="Web addresses, at most 10.")
    languages: list[str] = strawberry.field(default_factory=list, description="Languages you speak, at most 10.")


@strawberry.input(description="A new card.")
class CreateBusinessCardInput(Write):
    """See commands.cards.create_card."""

    collaborator_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose; yours without it. Administrators make their colleagues' cards too."
    )
    label: str = strawberry.field(description="What you call it.")
    content: CardContentInput = strawberry.field(description="What it shows.")
    locale: str | None = strawberry.field(default=None, description="The language of its page; the visitor's without.")
    shows_photo: bool = strawberry.field(default=True, description="Whether it shows your photo.")


@strawberry.input(
    description="What to change of a card; what is absent stays. Those who hold it are offered the change."
)
class UpdateBusinessCardInput(Update):
    """See commands.cards.update_card."""

    label: str | None = field("What you call it.")
    content: CardContentInput | None = field("What it shows, in place of what it showed.")
    locale: str | None = field("The language of its page; null for the visitor's.")
    shows_photo: bool | None = field("Whether it shows your photo.")


@strawberry.input(description="Which card to delete: its links open nothing more.")
class DeleteBusinessCardInput(Update):
    """See commands.cards.delete_card."""


@strawberry.input(description="A link to a card.")
class CreateCardLinkInput:
    """See commands.cards.open_link."""

    card_id: strawberry.ID = strawberry.field(description="The card.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it opens nothing more; never if null."
    )
    replaces_id: strawberry.ID | None = strawberry.field(
        default=None, description="A link that is revoked in the same moment."
    )


@strawberry.input(description="Which link to revoke: from now on it opens nothing.")
class RevokeCardLinkInput(Write):
    """See commands.cards.revoke_link."""

    id: strawberry.ID = strawberry.field(description="The link.")


@strawberry.input(description="Your card, offered to somebody of another organization whose card you saw.")
class ProposeCardExchangeInput(Write):
    """See commands.exchanges.propose."""

    link: str = strawberry.field(description="The address of their card's page, as it was sent or scanned.")
    card_id: strawberry.ID = strawberry.field(description="The card of yours that you offer.")
    note: str | None = strawberry.field(default=None, description="A word with it, at most 1,000 characters.")


@strawberry.input(description="Which proposal to accept.")
class AcceptCardExchangeInput(Update):
    """See commands.exchanges.accept."""

    card_id: strawberry.ID | None = strawberry.field(
        default=None, description="The card that you share in return; the one they saw without it."
    )


@strawberry.input(description="Which proposal to decline: their card is forgotten.")
class DeclineCardExchangeInput(Update):
    """See commands.exchanges.decline."""


@strawberry.input(description="Which exchange to end: a proposal of yours is taken back, a card is updated no more.")
class EndCardExchangeInput(Update):
    """See commands.exchanges.end."""


@strawberry.input(description="Whose newer card to take.")
class TakeCardUpdateInput(Update):
    """See commands.exchanges.take_update."""


@strawberry.input(description="Whose newer card to leave.")
class LeaveCardUpdateInput(Update):
    """See commands.exchanges.leave_update."""
