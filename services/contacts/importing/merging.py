"""What an entry does to the contact it was recognized as: it completes and corrects, and never takes away."""

from collections.abc import Mapping
from typing import Any

from chassis.text import folded
from services.contacts.commands.contacts import MAX_OF_A_KIND, ContactValues, Email, Phone
from services.contacts.commands.parts import Address, Parts, set_parts
from services.contacts.commands.tags import MAX_TAGS_EACH
from services.contacts.importing.people import Person
from services.contacts.importing.places import same
from services.contacts.importing.profiles import MAX_LANGUAGES, MAX_PROFILES
from services.contacts.links import Language
from services.contacts.model import Contact, ContactTag, Kind, Tag
from services.contacts.values import Country, EmailAddress, PhoneNumber

Tags = Mapping[str, Tag]


def changes(contact: Contact, person: Person) -> ContactValues:
    """The columns that an entry gives another value."""
    told = person.values or {}
    found: ContactValues = {}
    for name in ("given_name", "family_name", "language"):
        if told.get(name) and told.get(name) != getattr(contact, name):
            found[name] = told[name]
    if more := [each for each in told.get("social_links", ()) if each not in (contact.social_links or ())]:
        found["social_links"] = [*(contact.social_links or ()), *more][:MAX_PROFILES]
    if spoken := [each for each in told.get("languages", ()) if each not in (contact.languages or ())]:
        found["languages"] = [Language(each) for each in (*(contact.languages or ()), *spoken)][:MAX_LANGUAGES]
    notes = told.get("notes")
    if notes and notes not in (contact.notes or ""):
        found["notes"] = f"{contact.notes}\n\n{notes}" if contact.notes else notes
    return found


def merge(contact: Contact, person: Person, now: Any, tags: Tags) -> bool:
    """Change a contact by an entry, `tags` by what their names sort as; whether anything changed."""
    told = changes(contact, person)
    emails, phones, addresses = _emails(contact), _phones(contact), _addresses(contact)
    more_emails = _more(emails, person.emails, lambda each: each.address.casefold())
    more_phones = _more(phones, person.phones, lambda each: each.number)
    more_addresses = _more(addresses, person.addresses, same)
    more_tags = new_tags(contact, person, tags)
    if not (told or more_emails or more_phones or more_addresses or more_tags):
        return False
    contact.change(None, now, {**told})
    set_parts(contact, Parts(emails + more_emails, phones + more_phones, addresses + more_addresses))
    contact.tags.extend(more_tags)
    return True


def new_tags(contact: Contact, person: Person, tags: Tags) -> list[ContactTag]:
    """What an entry's tags add to those of a contact, as far as it may have more."""
    there = {each.tag_id for each in contact.tags}
    found = [tag for tag in (tags.get(folded(name)) for name in person.tags) if tag and tag.id not in there]
    own = contact.organization_id
    return [ContactTag(organization_id=own, tag_id=tag.id, tag=tag) for tag in found[: MAX_TAGS_EACH - len(there)]]


def snapshot(contact: Contact) -> dict[str, Any]:
    """How a contact is, as JSON, to be put back."""
    return {
        "given_name": contact.given_name,
        "family_name": contact.family_name,
        "language": contact.language,
        "notes": contact.notes,
        "social_links": [*(contact.social_links or ())],
        "languages": [*(contact.languages or ())],
        "emails": [[each.address, each.kind.value] for each in contact.emails],
        "phones": [[each.number, each.kind.value] for each in contact.phones],
        "addresses": [[each.kind.value, *each[1:]] for each in _addresses(contact)],
        "tags": [str(each.tag_id) for each in contact.tags],
    }


def put_back(contact: Contact, before: dict[str, Any], now: Any) -> None:
    """Undo what merges did since a snapshot."""
    names = ("given_name", "family_name", "language", "notes", "social_links", "languages")
    told = {name: before[name] for name in names if name in before}  # one of before links were taken lacks them
    contact.change(None, now, told)
    emails = [Email(EmailAddress(address), Kind(kind)) for address, kind in before["emails"]]
    phones = [Phone(PhoneNumber(number), Kind(kind)) for number, kind in before["phones"]]
    if "addresses" not in before:  # an import of before addresses and tags were taken
        set_parts(contact, Parts(emails, phones))
        return
    set_parts(contact, Parts(emails, phones, [Address(Kind(kind), *parts) for kind, *parts in before["addresses"]]))
    contact.tags[:] = [each for each in contact.tags if str(each.tag_id) in before["tags"]]


def _emails(contact: Contact) -> list[Email]:
    return [Email(EmailAddress(each.address), each.kind) for each in contact.emails]


def _phones(contact: Contact) -> list[Phone]:
    return [Phone(PhoneNumber(each.number), each.kind) for each in contact.phones]


def _addresses(contact: Contact) -> list[Address]:
    rows = contact.addresses
    return [
        Address(each.kind, each.lines, each.postal_code, each.city, Country(each.country), each.region) for each in rows
    ]


def _more(there: list[Any], told: list[Any], key: Any) -> list[Any]:
    known = {key(each) for each in there}
    return [each for each in told if key(each) not in known][: MAX_OF_A_KIND - len(there)]
