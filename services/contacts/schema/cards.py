"""Business cards, links and exchanges, as they are read."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.connections import Order
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from chassis.graphql.filters import ChoiceFilter, Conditions, DateTimeFilter, IdFilter, by, condition, where
from chassis.graphql.listing import Listing, Within, list_field
from chassis.graphql.ordering import Columns, Ordering
from chassis.identifiers import format_id, parse_id
from services.contacts import model
from services.contacts.cards import queries
from services.contacts.cards.content import Content
from services.contacts.schema.enums import ExchangeSide, ExchangeState, Kind
from services.contacts.schema.organizations import Collaborator
from services.contacts.schema.rules import reading
from services.contacts.values import show_phone

if TYPE_CHECKING:
    from services.contacts.schema.contacts import Contact

_Contact = Annotated["Contact", strawberry.lazy("services.contacts.schema.contacts")]


@strawberry.type(description="A telephone number on a card.")
class CardPhone:
    """See cards.content.Reach."""

    number: str = strawberry.field(description="In E.164.")
    shown: str = strawberry.field(description="For people.")
    kind: Kind = strawberry.field(description="What it is used for.")


@strawberry.type(description="An e-mail address on a card.")
class CardEmail:
    """See cards.content.Reach."""

    address: str = strawberry.field(description="The address.")
    kind: Kind = strawberry.field(description="What it is used for.")


@strawberry.type(description="A web address on a card.")
class CardWebLink:
    """See cards.content.Link."""

    url: str = strawberry.field(description="Where it leads.")
    label: str | None = strawberry.field(description="What it is called.")


@strawberry.type(description="What a card shows of a person.")
class CardContent:
    """See cards.content.Content."""

    given_name: str | None = strawberry.field(description="First name.")
    family_name: str | None = strawberry.field(description="Last name.")
    title: str | None = strawberry.field(description="What they do.")
    company: str | None = strawberry.field(description="Where.")
    phones: list[CardPhone] = strawberry.field(description="Telephone numbers.")
    emails: list[CardEmail] = strawberry.field(description="E-mail addresses.")
    links: list[CardWebLink] = strawberry.field(description="Web addresses.")
    languages: list[str] = strawberry.field(description="Languages they speak.")

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From what the tables keep."""
        content = Content.of_json(told)
        return cls(
            given_name=content.given_name,
            family_name=content.family_name,
            title=content.title,
            company=content.company,
            phones=[CardPhone(number=e.value, shown=show_phone(e.value), kind=Kind(e.kind)) for e in content.phones],
            emails=[CardEmail(address=each.value, kind=Kind(each.kind)) for each in content.emails],
            links=[CardWebLink(url=each.url, label=each.label) for each in content.links],
            languages=[*content.languages],
        )


class CardOrderField(StrEnum):
    """See _COLUMNS."""

    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


described(
    CardOrderField,
    "What cards, links and exchanges can be ordered by.",
    CREATED_AT="When it was made.",
    UPDATED_AT="When it last changed.",
)


@strawberry.input(description="One term of an order.")
class CardOrder(Ordering):
    """See chassis.graphql.ordering.Term."""

    field: CardOrderField = strawberry.field(description="By what.")


@strawberry.input(description="Which links. All the conditions given must hold.")
class CardLinkFilter:
    """See _LINK."""

    created_at: DateTimeFilter | None = condition("When it was made.")
    revoked_at: DateTimeFilter | None = condition("When it was revoked; isNull for those that were not.")
    expires_at: DateTimeFilter | None = condition("When it expires.")


@strawberry.input(description="Which cards. All the conditions given must hold.")
class BusinessCardFilter:
    """See _CARD."""

    collaborator_id: IdFilter | None = condition("Whose.")
    deleted_at: DateTimeFilter | None = condition("When it was deleted; isNull for those that were not.")
    created_at: DateTimeFilter | None = condition("When it was made.")


@strawberry.input(description="Which exchanges. All the conditions given must hold.")
class CardExchangeFilter:
    """See _EXCHANGE."""

    collaborator_id: IdFilter | None = condition("Whose.")
    contact_id: IdFilter | None = condition("The contact that it made.")
    side: ChoiceFilter[ExchangeSide] | None = condition("Whose card it began with.")
    state: ChoiceFilter[ExchangeState] | None = condition("How far it is.")
    created_at: DateTimeFilter | None = condition("When it was proposed.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")


@strawberry.type(description="An address by which a card is seen. What it is in full was told once, when it was made.")
class CardLink:
    """See model.CardLink."""

    id: strawberry.ID = strawberry.field(description="TypeID, `card_link_…`.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(description="When it opens nothing more, if ever.")
    revoked_at: datetime | None = strawberry.field(description="When it was revoked, if it was.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.LINK."""
        return cls(
            id=strawberry.ID(format_id("card_link", row.id)),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )


_LINK: Conditions = {
    "created_at": by(model.CardLink.created_at),
    "revoked_at": by(model.CardLink.revoked_at),
    "expires_at": by(model.CardLink.expires_at),
}
LINKS = Listing(
    queries.LINK,
    model.CardLink.id,
    CardLink.of,
    lambda filter: where(filter, _LINK),
    {CardOrderField.CREATED_AT: (model.CardLink.created_at, False)},
)


@strawberry.type(description="A business card: what a collaborator chose to show of themselves.")
class BusinessCard:
    """See model.BusinessCard."""

    key: strawberry.Private[UUID]
    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `business_card_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    label: str = strawberry.field(description="What its owner calls it; nobody else sees it.")
    locale: str | None = strawberry.field(description="The language of its page: fr or en; the visitor's if null.")
    shows_photo: bool = strawberry.field(description="Whether it shows its owner's photo.")
    content: CardContent = strawberry.field(description="What it shows.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last changed.")
    deleted_at: datetime | None = strawberry.field(description="When it was deleted, if it was.")

    @strawberry.field(description="Whose card it is.")
    async def collaborator(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.collaborator_id)

    links = list_field(
        lambda: LINKS,
        CardLink,
        filter=CardLinkFilter,
        order=CardOrder,
        within=Within(model.CardLink.card_id),
        description="The addresses it is seen by.",
    )

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.CARD."""
        return cls(
            key=row.id,
            row=row,
            id=strawberry.ID(format_id("business_card", row.id)),
            version=row.version,
            label=row.label,
            locale=row.locale,
            shows_photo=row.shows_photo,
            content=CardContent.of(row.content),
            created_at=row.created_at,
            updated_at=row.updated_at,
            deleted_at=row.deleted_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.cards, id)
        return cls.of(row) if row else None


@strawberry.type(description="An exchange of business cards, as your side sees it.")
class CardExchange:
    """See model.CardExchange."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `card_exchange_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    side: ExchangeSide = strawberry.field(description="Whose card it began with.")
    state: ExchangeState = strawberry.field(description="How far it is.")
    note: str | None = strawberry.field(description="What the guest wrote with it.")
    theirs: CardContent | None = strawberry.field(description="What they share; null as long as they share nothing.")
    update: CardContent | None = strawberry.field(
        description="Their newer card: takeCardUpdate brings the contact up to it, leaveCardUpdate does not."
    )
    without_account: bool = strawberry.field(description="Whether they filled in the form of your card's page.")
    proposed_at: datetime = strawberry.field(description="When it was proposed.")
    expires_at: datetime = strawberry.field(description="Until when it can be accepted.")
    answered_at: datetime | None = strawberry.field(description="When it was accepted or declined.")
    ended_at: datetime | None = strawberry.field(description="When one of the two ended it.")
    ended_by_them: bool = strawberry.field(description="Whether it was the other who ended it.")

    @strawberry.field(description="Who exchanges, on your side.")
    async def collaborator(self, info: Info) -> Collaborator | None:
        """One statement for all."""
        return await Collaborator.load(info, self.row.collaborator_id)

    @strawberry.field(description="The card that your side shares, or is asked to share.")
    async def ours(self, info: Info) -> BusinessCard | None:
        """One statement for all."""
        return await BusinessCard.load(info, self.row.card_id)

    @strawberry.field(description="The contact that it made, once accepted.")
    async def contact(self, info: Info) -> _Contact | None:
        """One statement for all."""
        from services.contacts.schema.contacts import Contact  # the two types show each other

        return await Contact.load(info, self.row.contact_id) if self.row.contact_id else None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.EXCHANGE."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("card_exchange", row.id)),
            version=row.version,
            side=row.side,
            state=row.state,
            note=row.message,
            theirs=CardContent.of(row.peer) if row.peer else None,
            update=CardContent.of(row.offered) if row.offered else None,
            without_account=row.visitor_hash is not None,
            proposed_at=row.created_at,
            expires_at=row.expires_at,
            answered_at=row.answered_at,
            ended_at=row.ended_at,
            ended_by_them=row.ended_by_peer,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """One, gathered with the others that are asked for at the same time."""
        row = await info.context.load(queries.exchanges, id)
        return cls.of(row) if row else None


_CARD: Conditions = {
    "collaborator_id": by(model.BusinessCard.collaborator_id, "collaborator"),
    "deleted_at": by(model.BusinessCard.deleted_at),
    "created_at": by(model.BusinessCard.created_at),
}
_EXCHANGE: Conditions = {
    "collaborator_id": by(model.CardExchange.collaborator_id, "collaborator"),
    "contact_id": by(model.CardExchange.contact_id, "contact"),
    "side": by(model.CardExchange.side),
    "state": by(model.CardExchange.state),
    "created_at": by(model.CardExchange.created_at),
    "updated_at": by(model.CardExchange.updated_at),
}


def _columns(table: type[model.BusinessCard | model.CardExchange]) -> Columns:
    return {
        CardOrderField.CREATED_AT: (table.created_at, False),
        CardOrderField.UPDATED_AT: (table.updated_at, False),
    }


CARDS = Listing(
    queries.CARD,
    model.BusinessCard.id,
    BusinessCard.of,
    lambda filter: where(filter, _CARD),
    _columns(model.BusinessCard),
)
EXCHANGES = Listing(
    queries.EXCHANGE,
    model.CardExchange.id,
    CardExchange.of,
    lambda filter: where(filter, _EXCHANGE),
    _columns(model.CardExchange),
    (Order(model.CardExchange.id, descending=True),),
    {
        "note": ("message",),
        "theirs": ("peer",),
        "update": ("offered",),
        "withoutAccount": ("visitor_hash",),
        "proposedAt": ("created_at",),
        "endedByThem": ("ended_by_peer",),
        "collaborator": ("collaborator_id",),
        "ours": ("card_id",),
        "contact": ("contact_id",),
    },
)
_Id = Annotated[strawberry.ID, strawberry.argument(description="Its TypeID.")]


@strawberry.type
class CardQueries:
    """Fields of Query."""

    @strawberry.field(description="One business card, deleted or not; null if there is none.", extensions=reading())
    async def business_card(self, info: Info, id: _Id) -> BusinessCard | None:
        """By id."""
        return await BusinessCard.load(info, parse_id("business_card", id))

    @strawberry.field(description="One exchange of cards; null if there is none.", extensions=reading())
    async def card_exchange(self, info: Info, id: _Id) -> CardExchange | None:
        """By id."""
        return await CardExchange.load(info, parse_id("card_exchange", id))

    business_cards = list_field(
        lambda: CARDS,
        BusinessCard,
        filter=BusinessCardFilter,
        order=CardOrder,
        description="Business cards, a page at a time.",
        extensions=reading(),
    )
    card_exchanges = list_field(
        lambda: EXCHANGES,
        CardExchange,
        filter=CardExchangeFilter,
        order=CardOrder,
        description="Exchanges of cards, a page at a time: those PROPOSED await an answer.",
        extensions=reading(),
        newest_first=True,
    )
