"""What a link to a quote opens."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.database import ReadSession
from services.deals.model import (
    Contact,
    Letterhead,
    Organization,
    Quote,
    QuoteAnswer,
    QuoteLine,
    QuoteLink,
    QuotePaper,
)


async def link_of(system: AsyncEngine, token_hash: bytes) -> Row[Any] | None:
    """A link, whatever the organization: for the system role."""
    columns: tuple[Any, ...] = (
        QuoteLink.organization_id,
        QuoteLink.quote_id,
        QuoteLink.contact_id,
        QuoteLink.expires_at,
    )
    async with system.connect() as connection:
        return (await connection.execute(select(*columns).where(QuoteLink.token_hash == token_hash))).first()


async def shown_quote(session: ReadSession, link: Any) -> Row[Any] | None:
    """The quote, its organization's names and zone, its reader's name, and its answer, if there is one."""
    statement = (
        select(
            Quote.__table__,
            Letterhead.legal_name,
            Organization.time_zone,
            Contact.name.label("reader"),
            QuoteAnswer.name.label("answered_by"),
            QuoteAnswer.at.label("answered_at"),
            QuotePaper.sha256,
        )
        .join(Letterhead, Letterhead.organization_id == Quote.organization_id)
        .join(Organization, Organization.id == Quote.organization_id)
        .join(QuotePaper, QuotePaper.quote_id == Quote.id)
        .outerjoin(Contact, Contact.id == link.contact_id)
        .outerjoin(QuoteAnswer, QuoteAnswer.quote_id == Quote.id)
        .where(Quote.id == link.quote_id)
    )
    return await session.first(statement)


def lines(quote: UUID) -> Select[*tuple[Any, ...]]:
    """The lines of a quote, in order."""
    return select(QuoteLine.__table__).where(QuoteLine.quote_id == quote).order_by(QuoteLine.position)


def paper(quote: UUID) -> Select[*tuple[Any, ...]]:
    """The bytes of a paper, with the number that names its file."""
    chosen = select(QuotePaper.content, QuotePaper.sha256, Quote.number, Quote.revision)
    return chosen.join(Quote, Quote.id == QuotePaper.quote_id).where(QuotePaper.quote_id == quote)
