"""Cards to values that cannot be wrong: what is refused is told, and kept where it does no harm."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from chassis.errors import InvalidInput
from chassis.text import BIDI, MAX_LINE, MAX_NOTE, REFUSED, folded
from services.contacts import values
from services.contacts.commands.contacts import MAX_OF_A_KIND, ContactValues, Email, Phone
from services.contacts.commands.parts import Address
from services.contacts.commands.tags import MAX_TAG_NAME, MAX_TAGS_EACH
from services.contacts.importing.places import address
from services.contacts.importing.problems import LONGEST_EXCERPT, Problem, label
from services.contacts.importing.profiles import MAX_LANGUAGES, MAX_PROFILES, languages, told_links
from services.contacts.importing.readers.card import Card, Entry, Place, Profile, Reach, Skipped
from services.contacts.links import Language
from services.contacts.model import Kind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """What an entry says of a contact; `values` is None where nothing can be made of it."""

    line: int
    values: ContactValues | None = None
    emails: list[Email] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    external_id: str | None = None
    company: str | None = None
    job_title: str | None = None
    problems: list[Problem] = field(default_factory=list)
    photo: bytes | None = None
    addresses: list[Address] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def reached(self) -> list[str]:
        """Addresses and numbers."""
        return [*(each.address for each in self.emails), *(each.number for each in self.phones)]


@dataclass(frozen=True, slots=True)
class Habits:
    """Where telephone numbers without a country code are from, the language of notes that are made, and whether the
    company that an entry names becomes an account; it is a line of the notes otherwise."""

    country: values.Country
    locale: str
    companies: bool = True


def person(entry: Entry, habits: Habits) -> Person:
    """Parse an entry."""
    if isinstance(entry.found, Skipped):
        return Person(entry.line, problems=[Problem(entry.found.reason)])
    return _Reading(habits, entry.line).read(entry.found)


class _Reading:
    def __init__(self, habits: Habits, line: int) -> None:
        self._habits = habits
        self._line = line
        self._problems: list[Problem] = []
        self._left: list[tuple[str, str]] = []

    def read(self, card: Card) -> Person:
        names = {"given_name": ("givenName", card.given_name), "family_name": ("familyName", card.family_name)}
        told = {name: self._clean(text, field) or None for name, (field, text) in names.items()}
        emails = [Email(address, kind) for address, kind in self._emails(card.emails)]
        phones = [Phone(number, kind) for number, kind in self._phones(card.phones)]
        if any(len(text or "") > MAX_LINE for text in told.values()):
            return self._refused(
                "NAME_TOO_LONG", next(text or "" for text in told.values() if len(text or "") > MAX_LINE)
            )
        if not any(told.values()):
            return self._refused("NO_NAME", "")
        addresses, tags = list(self._addresses(card.addresses)), self._tags(card.tags)
        company = self._company(card)
        found: ContactValues = {
            "given_name": told["given_name"],
            "family_name": told["family_name"],
            "language": _language(card.language),
            "social_links": self._links(card.profiles),
            "languages": self._languages(card),
            "notes": self._notes(card, company is not None),
        }
        external_id = self._clean(card.external_id or "", "externalId")[:MAX_LINE] or None
        job_title = self._clean(card.job_title or "", "jobTitle")[:MAX_LINE] or None if company else None
        work = (external_id, company, job_title)
        return Person(self._line, found, emails, phones, *work, self._problems, card.photo, addresses, tags)

    def _company(self, card: Card) -> str | None:
        """The name of an account, where one is to be made; a name that nobody could find again stays in the notes."""
        if not self._habits.companies:
            return None
        told = self._clean(card.organization or "", "organization")
        return told if folded(told) and len(told) <= MAX_LINE else None

    def _refused(self, code: str, text: str) -> Person:
        return Person(self._line, problems=[Problem(code, "", text[:LONGEST_EXCERPT])])

    def _clean(self, text: str, field: str, allowed: str = "") -> str:
        told = unicodedata.normalize("NFC", text)
        kept = "".join(" " if _is_harmful(each, allowed) else each for each in told)
        if kept != told:
            self._problems.append(Problem("CHARACTERS_REMOVED", field, kept.strip()[:LONGEST_EXCERPT]))
        return kept.strip() if allowed else " ".join(kept.split())

    def _emails(self, reaches: Sequence[Reach]) -> Iterator[tuple[values.EmailAddress, Kind]]:
        for value, kind in self._bounded(reaches, "emails"):
            try:
                yield values.parse_email(value, "emails"), Kind(kind)
            except InvalidInput:
                self._leave("NOT_AN_EMAIL", "emails", "email", value)

    def _phones(self, reaches: Sequence[Reach]) -> Iterator[tuple[values.PhoneNumber, Kind]]:
        for value, kind in self._bounded(reaches, "phones"):
            try:
                yield values.parse_written_phone(value, "phones", self._habits.country), Kind(kind)
            except InvalidInput:
                self._leave("NOT_A_PHONE", "phones", "phone", value)

    def _addresses(self, places: Sequence[Place]) -> Iterator[Address]:
        for place in self._bounded(places, "addresses"):
            lines = self._clean(place.lines.replace("\r\n", "\n"), "addresses", allowed="\n")
            told = (place.postal_code, place.city, place.region, place.country)
            code, city, region, country = (self._clean(part, "addresses") for part in told)
            found = address(Place(lines, code, city, region, country, place.kind, []), self._habits.country)
            if found is not None:
                yield found
                continue
            if lines:  # whole, but for a country that nobody knows, or a part that is too long
                self._problems.append(Problem("ADDRESS_LEFT", "addresses", " ".join(lines.split())[:LONGEST_EXCERPT]))
            self._left.extend(place.written)

    def _links(self, told: Sequence[Profile]) -> list[dict[str, str]]:
        """Those of social networks; other sites stay in the notes."""
        found: list[dict[str, str]] = []
        for profile, link in told_links(told):
            if link is None:
                self._left.append(("website", " ".join(profile.value.split())))
            elif len(found) == MAX_PROFILES:
                self._leave("TOO_MANY", "socialLinks", "website", link["url"])
            else:
                found.append(link)
        return found

    def _languages(self, card: Card) -> list[Language]:
        unwritten = card.language if card.language and not _language(card.language) else ""
        found, left = languages([unwritten, *card.languages])
        self._left += [("language", each) for each in (*left, *found[MAX_LANGUAGES:])]
        return found[:MAX_LANGUAGES]

    def _tags(self, told: Sequence[str]) -> list[str]:
        found: dict[str, str] = {}
        for name in (self._clean(each, "tags") for each in told):
            if not folded(name):
                continue
            if len(name) > MAX_TAG_NAME or len(found) == MAX_TAGS_EACH:
                self._leave("TAG_LEFT", "tags", "tag", name)
            else:
                found.setdefault(folded(name), name)
        return list(found.values())

    def _bounded(self, reaches: Sequence[T], field: str) -> Sequence[T]:
        if len(reaches) > MAX_OF_A_KIND:
            self._problems.append(Problem("TOO_MANY", field))
        return reaches[:MAX_OF_A_KIND]

    def _leave(self, code: str, field: str, name: str, value: str) -> None:
        self._problems.append(Problem(code, field, self._clean(value, field)[:LONGEST_EXCERPT]))
        self._left.append((name, value))

    def _notes(self, card: Card, has_company: bool) -> str | None:
        kept = [
            ("organization", "" if has_company else card.organization or ""),
            ("jobTitle", "" if has_company else card.job_title or ""),
            *card.details,
            *self._left,
        ]
        lines = [f"{label(name, self._habits.locale)}: {value}" for name, value in kept if value]
        whole = "\n\n".join(filter(None, (card.notes or "", "\n".join(lines))))
        told = self._clean(whole.replace("\r\n", "\n"), "notes", allowed="\n\t")
        if len(told) > MAX_NOTE:
            self._problems.append(Problem("CUT", "notes", told[:LONGEST_EXCERPT]))
        return told[:MAX_NOTE] or None


def _language(told: str | None) -> values.Locale | None:
    start = (told or "").strip().casefold()[:2]
    return values.Locale(start) if start in values.LOCALES else None


def _is_harmful(character: str, allowed: str) -> bool:
    return character not in allowed and (character in BIDI or unicodedata.category(character) in REFUSED)
