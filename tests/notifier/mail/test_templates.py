"""Templates and catalogues: fresh, translated, and reading as they should in both languages."""

from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import UndefinedError
from syrupy.assertion import SnapshotAssertion

from services.notifier.audience import Reason
from services.notifier.mail import rendering, templates
from services.notifier.mail.letter import Kind, Letter
from services.notifier.mail.preview import sample, samples
from services.notifier.mail.rendering import render
from services.notifier.mail.translations import catalogue_path

PACKAGE = Path(templates.__file__).parent
METHODS = [("templates/**.txt.jinja", "jinja2"), ("templates/**.html.jinja", "jinja2"), ("**.py", "python")]


def test_compiled_templates_are_what_their_sources_give() -> None:
    assert templates.stale() == []


def test_french_has_every_sentence_and_no_other() -> None:
    with catalogue_path("fr").open("rb") as file:
        catalogue = read_po(file)
    french = {message.id: message for message in catalogue if message.id}
    asked = {found[2] for found in extract_from_dir(str(PACKAGE), METHODS, keywords={"say": None, "_": None})}
    assert asked == set(french)
    assert [message.id for message in french.values() if not message.string or message.fuzzy] == []
    assert [error for message in french.values() for error in message.check(catalogue)] == []


@pytest.mark.parametrize(("name", "letter"), [pytest.param(*pair, id=pair[0]) for pair in samples()])
def test_every_mail_reads_like_this(name: str, letter: Letter, snapshot: SnapshotAssertion) -> None:
    rendered = render(letter)
    assert f"{rendered.subject}\n\n{rendered.text}" == snapshot


def test_every_reason_is_told() -> None:
    told = render(replace(sample(Kind.EVENT_NOTE, "en"), reasons=tuple(Reason))).text
    for words in ("named on it", "assigned to you", "owner of the deal", "relationship manager of Hélène", "follow"):
        assert words in told


def test_a_reader_elsewhere_reads_their_own_time() -> None:
    letter = sample(Kind.EVENT_APPOINTMENT, "en")
    there = replace(letter, recipient=replace(letter.recipient, time_zone="America/New_York"))
    assert "Thursday, December 3, 2026, 4:30\u202fAM" in render(there).text


def test_an_unknown_rule_still_says_what_it_knows() -> None:
    letter = sample(Kind.ALERT, "en")
    assert letter.alarm
    unknown = replace(letter, alarm=replace(letter.alarm, rule="invoice_unpaid", figures={"days": "15"}, words={}))
    assert "Rule invoice_unpaid (days: 15)" in render(unknown).text


def test_a_template_that_asks_for_the_unknown_fails_loudly() -> None:
    environment = rendering._environment("en")
    with pytest.raises(UndefinedError):
        environment.from_string("{{ missing }}").render()
