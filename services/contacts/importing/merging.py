"""What an entry does to the contact it was recognized as: it completes and corrects, and never takes away."""

from typing import Any

from services.contacts.commands.contacts import MAX_OF_A_KIND, ContactValues, Email, Phone, set_emails, set_phones
from services.contacts.importing.people import Person
from services.contacts.model import Contact, Kind
from services.contacts.values import EmailAddress, PhoneNumber


def changes(contact: Contact, person: Person) -> ContactValues:
    """The columns that an entry gives another value."""
    told = person.values or {}
    found: ContactValues = {}
    for name in ("given_name", "family_name", "language"):
        if told.get(name) and told.get(name) != getattr(contact, name):
            found[name] = told[name]
    notes = told.get("notes")
    if notes and notes not in (contact.notes or ""):
        found["notes"] = f"{contact.notes}\n\n{notes}" if contact.notes else notes
    return found


def merge(contact: Contact, person: Person, now: Any) -> bool:
    """Change a contact by an entry; whether anything changed."""
    told = changes(contact, person)
    emails, phones = _emails(contact), _phones(contact)
    more_emails = _more(emails, person.emails, lambda each: each.address.casefold())
    more_phones = _more(phones, person.phones, lambda each: each.number)
    if not (told or more_emails or more_phones):
        return False
    contact.change(None, now, {**told})
    set_emails(contact, (emails + more_emails)[:MAX_OF_A_KIND])
    set_phones(contact, (phones + more_phones)[:MAX_OF_A_KIND])
    return True


def snapshot(contact: Contact) -> dict[str, Any]:
    """How a contact is, as JSON, to be put back."""
    return {
        "given_name": contact.given_name,
        "family_name": contact.family_name,
        "language": contact.language,
        "notes": contact.notes,
        "emails": [[each.address, each.kind.value] for each in contact.emails],
        "phones": [[each.number, each.kind.value] for each in contact.phones],
    }


def put_back(contact: Contact, before: dict[str, Any], now: Any) -> None:
    """Undo what merges did since a snapshot."""
    told = {name: before[name] for name in ("given_name", "family_name", "language", "notes")}
    contact.change(None, now, told)
    set_emails(contact, [Email(EmailAddress(address), Kind(kind)) for address, kind in before["emails"]])
    set_phones(contact, [Phone(PhoneNumber(number), Kind(kind)) for number, kind in before["phones"]])


def _emails(contact: Contact) -> list[Email]:
    return [Email(EmailAddress(each.address), each.kind) for each in contact.emails]


def _phones(contact: Contact) -> list[Phone]:
    return [Phone(PhoneNumber(each.number), each.kind) for each in contact.phones]


def _more(there: list[Any], told: list[Any], key: Any) -> list[Any]:
    known = {key(each) for each in there}
    return [each for each in told if key(each) not in known]
