"""Postal addresses of files to those that a contact has: parts cleaned, countries by name or code."""

from functools import cache

import phonenumbers
from babel import Locale

from chassis.text import MAX_LINE, folded
from services.contacts.commands.parts import MAX_LINES, MAX_POSTAL_CODE, Address
from services.contacts.importing.readers.card import Place
from services.contacts.model import Kind
from services.contacts.values import Country

_LANGUAGES = ("pt", "nl", "it", "es", "de", "en", "fr")
_OTHERS = {
    "GB": "uk|great britain|grande bretagne|england|angleterre|scotland|ecosse|wales|pays de galles|gbr",
    "US": "usa|united states of america|etats unis d amerique|u s a|u s|us of a",
    "FR": "fra|france metropolitaine|f",
    "DE": "deu|d|bundesrepublik deutschland",
    "BE": "bel|b",
    "CH": "che|suisse romande",
    "ES": "esp",
    "IT": "ita",
    "NL": "nld|the netherlands|hollande|holland",
    "CZ": "czech republic|republique tcheque",
}


def country_named(told: str, default: Country) -> Country | None:
    """A country by its code or by its name in the languages around; None for one that is not known."""
    name = folded(told)
    if not name:
        return default
    code = told.strip().upper()
    return Country(code) if code in phonenumbers.SUPPORTED_REGIONS else _names().get(name)


def address(place: Place, default: Country) -> Address | None:
    """The address that a place tells, its parts clean already; None where a part is missing or too long."""
    country = country_named(place.country, default)
    names = (place.city, place.region)
    long = len(place.lines) > MAX_LINES or len(place.postal_code) > MAX_POSTAL_CODE
    if country is None or not place.lines or long or any(len(name) > MAX_LINE for name in names):
        return None
    city, region = (name or None for name in names)
    return Address(Kind(place.kind), place.lines, place.postal_code or None, city, country, region)


def same(place: Address) -> tuple[str, ...]:
    """What two addresses have in common that are one."""
    return (folded(place.lines), folded(place.postal_code or ""), folded(place.city or ""), place.country)


@cache
def _names() -> dict[str, Country]:
    found: dict[str, Country] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in phonenumbers.SUPPORTED_REGIONS:
                found[folded(name)] = Country(code)
    found.update({name: Country(code) for code, names in _OTHERS.items() for name in names.split("|")})
    return found
