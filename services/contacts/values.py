"""Values that cannot be wrong once parsed: addresses, numbers, names of zones. Parsers raise InvalidInput."""

from typing import NewType
from zoneinfo import available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

from chassis.errors import InvalidInput

EmailAddress = NewType("EmailAddress", str)
PhoneNumber = NewType("PhoneNumber", str)
Siren = NewType("Siren", str)
Siret = NewType("Siret", str)
VatNumber = NewType("VatNumber", str)
Iban = NewType("Iban", str)
Bic = NewType("Bic", str)
TimeZone = NewType("TimeZone", str)
Locale = NewType("Locale", str)
Country = NewType("Country", str)

DEFAULT_COUNTRY = Country("FR")
MAX_LOCAL_PART = 64
_LONGEST = 254
_ZONES = available_timezones()
LOCALES = ("fr", "en")


def parse_email(text: str, field: str) -> EmailAddress:
    """An address that can be written to (RFC 5321), its domain in lower case; no look-up is made."""
    _bounded(text, field)
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise InvalidInput(field, f"Not an e-mail address: {error}") from error
    return EmailAddress(found.normalized)


def parse_phone(text: str, field: str, country: Country = DEFAULT_COUNTRY) -> PhoneNumber:
    """E.164 (ITU-T); a number without its country code is read as one of `country`."""
    _bounded(text, field)
    try:
        found = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise InvalidInput(field, "Not a telephone number; write it as +33 1 23 45 67 89.") from error
    if not phonenumbers.is_valid_number(found):
        raise InvalidInput(field, f"No such telephone number in {country}; write it as +33 1 23 45 67 89.")
    return PhoneNumber(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def parse_written_phone(text: str, field: str, country: Country) -> PhoneNumber:
    """E.164 of what an address book holds: a number of a range not given out yet is taken too. Raises InvalidInput."""
    _bounded(text, field)
    try:
        found = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise InvalidInput(field, "Not a telephone number.") from error
    if phonenumbers.is_possible_number_with_reason(found) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidInput(field, "Not a telephone number.")
    return PhoneNumber(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def show_phone(number: str) -> str:
    """An E.164 number as people read it: +33 1 23 45 67 89."""
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def parse_siren(text: str, field: str) -> Siren:
    """A company's number: nine digits, the last a Luhn check."""
    _bounded(text, field)
    try:
        return Siren(siren.validate(text))
    except ValidationError as error:
        raise InvalidInput(field, "Not a SIREN: nine digits, the last of them a check digit.") from error


def parse_siret(text: str, field: str) -> Siret:
    """An establishment's number: its company's SIREN and five digits."""
    _bounded(text, field)
    try:
        return Siret(siret.validate(text))
    except ValidationError as error:
        raise InvalidInput(field, "Not a SIRET: fourteen digits, the last of them a check digit.") from error


def parse_vat(text: str, field: str) -> VatNumber:
    """A VAT number of a member state of the European Union, its country's letters in front."""
    _bounded(text, field)
    try:
        return VatNumber(vat.validate(text))
    except ValidationError as error:
        raise InvalidInput(field, "Not a VAT number of the European Union; write it as FR 40 303 265 045.") from error


def parse_iban(text: str, field: str) -> Iban:
    """An IBAN (ISO 13616), its check digits and its country's shape right."""
    _bounded(text, field)
    try:
        return Iban(str(IBAN(text)))
    except SchwiftyException as error:
        raise InvalidInput(field, "Not an IBAN: check its digits.") from error


def parse_bic(text: str, field: str) -> Bic:
    """The code of a bank (ISO 9362): 8 or 11 letters and digits, its country one there is."""
    _bounded(text, field)
    try:
        return Bic(str(BIC(text)))
    except SchwiftyException as error:
        raise InvalidInput(field, "Not a BIC; write it as BNPAFRPP or BNPAFRPPXXX.") from error


def parse_time_zone(text: str, field: str) -> TimeZone:
    """A name of the IANA time zone database."""
    if text not in _ZONES:
        raise InvalidInput(field, "Not a time zone; write it as Europe/Paris.")
    return TimeZone(text)


def parse_locale(text: str, field: str) -> Locale:
    """A language that Liant writes in."""
    if text not in LOCALES:
        raise InvalidInput(field, f"Not a language that Liant writes in: {' or '.join(LOCALES)}.")
    return Locale(text)


def parse_country(text: str, field: str) -> Country:
    """Two letters (ISO 3166-1) of a country that has telephone numbers."""
    told = text.strip().upper()
    if told not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidInput(field, "Not a country; write its two letters, as FR.")
    return Country(told)


def _bounded(text: str, field: str) -> None:
    if len(text) > _LONGEST:
        raise InvalidInput(field, f"It has {len(text)} characters; at most {_LONGEST} are taken.")
