"""What is wrong with the mails, without sending one: stale templates, missing words, missing variables."""

from collections.abc import Iterator, Set
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import TemplateError

from services.notifier.mail import templates
from services.notifier.mail.letter import Letter
from services.notifier.mail.preview import samples
from services.notifier.mail.rendering import render
from services.notifier.mail.translations import LOCALES, catalogue_path

_PACKAGE = Path(__file__).parent
_METHODS = [("templates/**.txt.jinja", "jinja2"), ("templates/**.html.jinja", "jinja2"), ("**.py", "python")]


def faults() -> Iterator[str]:
    """Everything that is wrong, a sentence each."""
    for source in templates.stale():
        yield f"{source}: run `python -m services.notifier.mail compile`"
    asked = sentences()
    for locale in LOCALES:
        if locale != "en":  # what the templates are written in
            with catalogue_path(locale).open("rb") as file:
                yield from faults_of_catalogue(read_po(file, locale=locale), asked)
    yield from faults_of_letters(samples())


def sentences() -> Set[str]:
    """What templates and code ask the catalogues for."""
    return {str(found[2]) for found in extract_from_dir(_PACKAGE, _METHODS, keywords={"say": None, "_": None})}


def faults_of_catalogue(catalogue: Catalog, asked: Set[str]) -> Iterator[str]:
    """Sentences that are missing, fuzzy, of no use any more, or whose places differ from the original's."""
    told = {str(message.id): message for message in catalogue if message.id}
    where = f"{catalogue.locale_identifier or ''}: "
    yield from (f"{where}no translation of {id!r}" for id in sorted(asked - set(told)))
    yield from (f"{where}nothing asks for {id!r}" for id in sorted(set(told) - asked))
    for id, message in told.items():
        if not message.string or message.fuzzy:
            yield f"{where}{'fuzzy' if message.fuzzy else 'empty'} translation of {id!r}"
        yield from (f"{where}{id!r}: {error}" for error in message.check(catalogue))


def faults_of_letters(letters: Iterator[tuple[str, Letter]]) -> Iterator[str]:
    """Letters that cannot be rendered: a variable that is missing, a template that is broken."""
    for name, letter in letters:
        try:
            render(letter)
        except TemplateError as error:
            yield f"{name}: {error.message}"
