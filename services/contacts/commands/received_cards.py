"""A card that was received, as a contact."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.text import MAX_NOTE
from services.contacts import events
from services.contacts.commands import history
from services.contacts.commands.contacts import (
    MAX_OF_A_KIND,
    ContactValues,
    Email,
    Phone,
    create_contact,
    set_emails,
    set_phones,
)
from services.contacts.commands.loading import locked
from services.contacts.commands.pictures import add_picture, thawed_picture
from services.contacts.model import CardExchange, Contact, ContactEmail, ContactOrigin, Kind, Picture
from services.contacts.values import LOCALES, EmailAddress, Locale, PhoneNumber

Shown = Mapping[str, Any]


async def receive(work: UnitOfWork, row: CardExchange) -> UUID:
    """The contact of an exchange's peer: known by an earlier exchange or an address, or new."""
    card = row.peer or {}
    known = await _known(work, row, card)
    if known is None:
        values = ContactValues(
            given_name=card["given_name"],
            family_name=card["family_name"],
            language=_language(card),
            notes=_notes(card),
            relationship_manager_id=row.collaborator_id,
            origin=ContactOrigin.BUSINESS_CARD,
        )
        id = await create_contact(work, values, _emails(card), _phones(card), consented=True)
        await _show(work, id, card)
        return id
    await complete(work, row, known, {}, card)
    return known


async def complete(work: UnitOfWork, row: CardExchange, id: UUID, before: Shown, card: Shown) -> None:
    """Bring a contact up to a card: what only the card before told goes, what somebody else told stays."""
    contact = await locked(work, Contact, id)
    told = {name: card[name] for name in ("given_name", "family_name") if before and card.get(name)}
    if contact.language is None and _language(card):
        told["language"] = _language(card)
    if (notes := _notes(card)) and notes not in (contact.notes or ""):
        told["notes"] = f"{contact.notes}\n\n{notes}"[:MAX_NOTE] if contact.notes else notes
    contact.change(None, work.now, told)
    gone = {each["value"].casefold() for name in ("emails", "phones") for each in before.get(name, ())}
    kept_emails = [Email(EmailAddress(e.address), e.kind) for e in contact.emails if e.address.casefold() not in gone]
    kept_phones = [Phone(PhoneNumber(p.number), p.kind) for p in contact.phones if p.number not in gone]
    set_emails(contact, _merged(kept_emails, _emails(card), before))
    set_phones(contact, _merged(kept_phones, _phones(card), before))
    await history.record(work, contact, cause=format_id("card_exchange", row.id))
    await work.emit(events.contact_changed(contact))
    await _show(work, id, card)


async def _known(work: UnitOfWork, row: CardExchange, card: Shown) -> UUID | None:
    alive = Contact.deleted_at.is_(None)
    if row.peer_collaborator_id is not None:
        earlier = (
            select(Contact.id)
            .join(CardExchange, CardExchange.contact_id == Contact.id)
            .where(
                CardExchange.peer_organization_id == row.peer_organization_id,
                CardExchange.peer_collaborator_id == row.peer_collaborator_id,
                alive,
            )
        )
        if (found := await work.session.scalar(earlier.limit(1))) is not None:
            return found
    addresses = [each["value"].casefold() for each in card["emails"]]
    same = select(Contact.id).join(ContactEmail, ContactEmail.contact_id == Contact.id)
    same = same.where(func.lower(ContactEmail.address).in_(addresses), alive).order_by(Contact.id).limit(1)
    return await work.session.scalar(same) if addresses else None


def _merged(kept: list[Any], told: list[Any], before: Shown) -> list[Any]:
    """The card's own first where it was taken as an update; after what was there where it completes."""
    new = [each for each in told if each[0].casefold() not in {one[0].casefold() for one in kept}]
    return (new + kept if before else kept + new)[:MAX_OF_A_KIND]


async def _show(work: UnitOfWork, id: UUID, card: Shown) -> None:
    shown = select(Picture.id).where(Picture.contact_id == id)
    if card.get("photo") and await work.session.scalar(shown) is None:
        await add_picture(work, "contact", id, thawed_picture(card["photo"]))


def _emails(card: Shown) -> list[Email]:
    return [Email(EmailAddress(each["value"]), Kind(each["kind"])) for each in card["emails"]]


def _phones(card: Shown) -> list[Phone]:
    return [Phone(PhoneNumber(each["value"]), Kind(each["kind"])) for each in card["phones"]]


def _language(card: Shown) -> Locale | None:
    return next((Locale(each[:2].lower()) for each in card["languages"] if each[:2].lower() in LOCALES), None)


def _notes(card: Shown) -> str | None:
    """What a contact has no field for."""
    lines = [" · ".join(filter(None, (card.get("title"), card.get("company"))))]
    lines += [" ".join(filter(None, (each["label"], each["url"]))) for each in card["links"]]
    return "\n".join(filter(None, lines)) or None
