"""Writing business cards, and exchanging them."""

from collections.abc import Sequence
from typing import Annotated, Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.contacts import values
from services.contacts.cards import queries
from services.contacts.cards.content import Written, parse
from services.contacts.commands import cards as commands
from services.contacts.commands import exchanges
from services.contacts.commands.loading import country_of
from services.contacts.permissions import Rule
from services.contacts.schema.card_inputs import (
    MAX_MESSAGE,
    AcceptCardExchangeInput,
    CardContentInput,
    CreateBusinessCardInput,
    CreateCardLinkInput,
    DeclineCardExchangeInput,
    DeleteBusinessCardInput,
    EndCardExchangeInput,
    LeaveCardUpdateInput,
    ProposeCardExchangeInput,
    RevokeCardLinkInput,
    TakeCardUpdateInput,
    UpdateBusinessCardInput,
)
from services.contacts.schema.cards import BusinessCard, CardExchange, CardLink
from services.contacts.schema.rules import writing
from services.contacts.schema.unit import Write, given, once, parsed, parsed_moment, required


@strawberry.type(description="A new link to a card. Its addresses are told this once: keep them, or make another link.")
class CardLinkMade:
    """See commands.cards.open_link."""

    link: CardLink = strawberry.field(description="The link.")
    url: str = strawberry.field(description="The page to send and to print; relative where it begins with /.")
    qr_svg_url: str = strawberry.field(description="Its QR code, as SVG.")
    qr_png_url: str = strawberry.field(description="Its QR code, as PNG.")
    vcard_url: str = strawberry.field(description="The card as a vCard.")


BusinessCardResult = Annotated[
    BusinessCard | CommonErrors,
    strawberry.union("BusinessCardResult", description="The card, or why nothing was done."),
]
CardLinkResult = Annotated[
    CardLink | CommonErrors, strawberry.union("CardLinkResult", description="The link, or why nothing was done.")
]
CardLinkMadeResult = Annotated[
    CardLinkMade | CommonErrors, strawberry.union("CardLinkMadeResult", description="The link, or why there is none.")
]
CardExchangeResult = Annotated[
    CardExchange | CommonErrors,
    strawberry.union("CardExchangeResult", description="The exchange, or why nothing was done."),
]


@strawberry.type
class CardMutations:
    """Fields of Mutation."""

    @strawberry.mutation(description="Make a business card.", extensions=writing(Rule.USE_CARDS))
    async def create_business_card(
        self, info: Info, input: Annotated[CreateBusinessCardInput, strawberry.argument(description="The card.")]
    ) -> BusinessCardResult:
        """See commands.cards.create_card."""

        async def act(work: UnitOfWork) -> UUID:
            whose = work.actor.collaborator
            if input.collaborator_id is not None:
                whose = parse_id("collaborator", input.collaborator_id, "collaboratorId")
            told = await _values(work, input.label, input.content, input.locale, input.shows_photo)
            return await commands.create_card(work, cast("UUID", whose), told)

        return await _card(info, await once(info, input, act))

    @strawberry.mutation(description="Change a business card.", extensions=writing(Rule.USE_CARDS))
    async def update_business_card(
        self, info: Info, input: Annotated[UpdateBusinessCardInput, strawberry.argument(description="What to change.")]
    ) -> BusinessCardResult:
        """See commands.cards.update_card."""

        async def act(work: UnitOfWork) -> UUID:
            told = await _values(work, input.label, input.content, input.locale, input.shows_photo)
            return await commands.update_card(work, parse_id("business_card", input.id), told, input.expected_version)

        return await _card(info, await once(info, input, act))

    @strawberry.mutation(description="Delete a business card.", extensions=writing(Rule.END_EXCHANGES))
    async def delete_business_card(
        self, info: Info, input: Annotated[DeleteBusinessCardInput, strawberry.argument(description="Which one.")]
    ) -> BusinessCardResult:
        """See commands.cards.delete_card."""
        id = parse_id("business_card", input.id)
        done = await once(info, input, lambda work: commands.delete_card(work, id, input.expected_version))
        return await _card(info, done)

    @strawberry.mutation(
        description="Make an address by which a card is seen; with `replacesId`, in place of another.",
        extensions=writing(Rule.USE_CARDS),
    )
    async def create_card_link(
        self, info: Info, input: Annotated[CreateCardLinkInput, strawberry.argument(description="To which card.")]
    ) -> CardLinkMadeResult:
        """See commands.cards.open_link; without a key, since the token could not be told a second time."""
        card, expires_at = (
            parse_id("business_card", input.card_id, "cardId"),
            parsed_moment(input.expires_at, "expiresAt"),
        )
        token = ""

        async def act(work: UnitOfWork) -> UUID:
            nonlocal token
            if input.replaces_id is not None:
                await commands.revoke_link(work, parse_id("card_link", input.replaces_id, "replacesId"))
            id, token = await commands.open_link(work, card, expires_at)
            return id

        row = await info.context.load(queries.links, await once(info, Write(), act))
        url = f"{info.context.tools.public_url}/c/{token}"
        return CardLinkMade(
            link=CardLink.of(row),
            url=url,
            qr_svg_url=f"{url}/qr.svg",
            qr_png_url=f"{url}/qr.png",
            vcard_url=f"{url}/card.vcf",
        )

    @strawberry.mutation(description="Let a link open nothing more.", extensions=writing(Rule.END_EXCHANGES))
    async def revoke_card_link(
        self, info: Info, input: Annotated[RevokeCardLinkInput, strawberry.argument(description="Which one.")]
    ) -> CardLinkResult:
        """See commands.cards.revoke_link."""
        id = parse_id("card_link", input.id)
        done = await once(info, input, lambda work: commands.revoke_link(work, id))
        return CardLink.of(await info.context.load(queries.links, done))

    @strawberry.mutation(
        description="Offer your card in return for one that you saw: they become a contact of yours once they accept, "
        "and you of theirs.",
        extensions=writing(Rule.USE_CARDS),
    )
    async def propose_card_exchange(
        self, info: Info, input: Annotated[ProposeCardExchangeInput, strawberry.argument(description="To whom.")]
    ) -> CardExchangeResult:
        """See commands.exchanges.propose."""
        link = await _opened(info, input.link)
        card, message = parse_id("business_card", input.card_id, "cardId"), _message(input.note)
        return await _exchange(info, await once(info, input, lambda work: exchanges.propose(work, link, card, message)))

    @strawberry.mutation(
        description="Accept a proposal: they get a card of yours and a contact made of it, and you of theirs.",
        extensions=writing(Rule.USE_CARDS),
    )
    async def accept_card_exchange(
        self, info: Info, input: Annotated[AcceptCardExchangeInput, strawberry.argument(description="Which one.")]
    ) -> CardExchangeResult:
        """See commands.exchanges.accept."""
        id = parse_id("card_exchange", input.id)
        card = parse_id("business_card", input.card_id, "cardId") if input.card_id else None
        done = await once(info, input, lambda work: exchanges.accept(work, id, card, input.expected_version))
        return await _exchange(info, done)

    @strawberry.mutation(description="Decline a proposal.", extensions=writing(Rule.END_EXCHANGES))
    async def decline_card_exchange(
        self, info: Info, input: Annotated[DeclineCardExchangeInput, strawberry.argument(description="Which one.")]
    ) -> CardExchangeResult:
        """See commands.exchanges.decline."""
        id = parse_id("card_exchange", input.id)
        done = await once(info, input, lambda work: exchanges.decline(work, id, input.expected_version))
        return await _exchange(info, done)

    @strawberry.mutation(
        description="Take a proposal back, or end an exchange: the contacts stay, and are kept up to date no longer.",
        extensions=writing(Rule.END_EXCHANGES),
    )
    async def end_card_exchange(
        self, info: Info, input: Annotated[EndCardExchangeInput, strawberry.argument(description="Which one.")]
    ) -> CardExchangeResult:
        """See commands.exchanges.end."""
        id = parse_id("card_exchange", input.id)
        done = await once(info, input, lambda work: exchanges.end(work, id, input.expected_version))
        return await _exchange(info, done)

    @strawberry.mutation(
        description="Bring the contact up to their newer card: what their old card said goes, what you added stays.",
        extensions=writing(Rule.USE_CARDS),
    )
    async def take_card_update(
        self, info: Info, input: Annotated[TakeCardUpdateInput, strawberry.argument(description="Whose.")]
    ) -> CardExchangeResult:
        """See commands.exchanges.take_update."""
        id = parse_id("card_exchange", input.id)
        done = await once(info, input, lambda work: exchanges.take_update(work, id, input.expected_version))
        return await _exchange(info, done)

    @strawberry.mutation(description="Leave the contact as it is.", extensions=writing(Rule.USE_CARDS))
    async def leave_card_update(
        self, info: Info, input: Annotated[LeaveCardUpdateInput, strawberry.argument(description="Whose.")]
    ) -> CardExchangeResult:
        """See commands.exchanges.leave_update."""
        id = parse_id("card_exchange", input.id)
        done = await once(info, input, lambda work: exchanges.leave_update(work, id, input.expected_version))
        return await _exchange(info, done)


async def _values(work: UnitOfWork, label: Any, content: Any, locale: Any, shows_photo: Any) -> commands.CardValues:
    if content is None:
        raise InvalidInput("content", "It can be changed, not taken away.")
    shown = UNSET if content is UNSET else parse(_written(content), await country_of(work)).as_json()
    told = given(
        label=required(label, text.line, "label"),
        content=shown,
        locale=parsed(locale, values.parse_locale, "locale"),
        shows_photo=required(shows_photo, lambda value, _: value, "showsPhoto"),
    )
    return cast("commands.CardValues", told)


def _written(content: CardContentInput) -> Written:
    return Written(
        given_name=content.given_name,
        family_name=content.family_name,
        title=content.title,
        company=content.company,
        phones=[(each.number, each.kind) for each in content.phones],
        emails=[(each.address, each.kind) for each in content.emails],
        links=[(each.url, each.label) for each in content.links],
        languages=content.languages,
    )


async def _opened(info: Info, address: str) -> exchanges.Opened:
    """Whatever of the address was copied, its token is the segment after /c/."""
    segments: Sequence[str] = urlsplit(address.strip()[:2000]).path.split("/")
    token = segments[segments.index("c") + 1] if "c" in segments[:-1] else segments[-1]
    database = info.context.database
    link, _ = await queries.link_of(database, token, database.clock())
    if link is None:
        raise NotFound("card_link", token, "link")
    return link


def _message(told: str | None) -> str | None:
    return text.optional_note(told, "note", most=MAX_MESSAGE)


async def _card(info: Info, id: UUID) -> BusinessCard:
    return BusinessCard.of(await info.context.load(queries.cards, id))


async def _exchange(info: Info, id: UUID) -> CardExchange:
    return CardExchange.of(await info.context.load(queries.exchanges, id))
