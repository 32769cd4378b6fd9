"""The words of each language. English is written in the templates; other languages are PO catalogues."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALES = ("fr", "en")
_FOLDER = Path(__file__).parent / "locales"


def known_locale(locale: str) -> str:
    """The language to write in for a BCP 47 locale: French unless it is English."""
    return "en" if locale.lower().startswith("en") else "fr"


def catalogue_path(locale: str) -> Path:
    """Where the catalogue of a language is."""
    return _FOLDER / locale / "LC_MESSAGES" / "mail.po"


@cache
def translations(locale: str) -> NullTranslations:
    """The catalogue of a language, compiled in memory: no .mo file to forget."""
    if locale == "en":
        return NullTranslations()
    compiled = BytesIO()
    with catalogue_path(locale).open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return Translations(compiled)
