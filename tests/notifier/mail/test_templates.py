"""Templates and catalogues: fresh, translated, and reading as they should in both languages."""

import re
from dataclasses import replace

import pytest
from babel.messages.catalog import Catalog
from jinja2 import Environment, StrictUndefined, UndefinedError
from syrupy.assertion import SnapshotAssertion

from services.notifier.audience import Reason
from services.notifier.mail import checking, rendering
from services.notifier.mail.letter import Kind, Letter
from services.notifier.mail.preview import sample, samples
from services.notifier.mail.rendering import render


def test_nothing_is_stale_untranslated_or_missing() -> None:
    assert [*checking.faults()] == []


def test_a_sentence_that_is_missing_fuzzy_of_no_use_or_of_other_places_is_told() -> None:
    catalogue = Catalog("fr")
    catalogue.add("Hello", "Bonjour", flags=["fuzzy"])
    catalogue.add("Bye", "")
    catalogue.add("Old", "Vieux")
    catalogue.add("By %(name)s", "Par %(nom)s", flags=["python-format"])
    found = " ".join(checking.faults_of_catalogue(catalogue, {"Hello", "Bye", "By %(name)s", "New"}))
    for words in (
        "no translation of 'New'",
        "nothing asks for 'Old'",
        "fuzzy translation of 'Hello'",
        "'By %(name)s': ",
    ):
        assert words in found
    assert "empty translation of 'Bye'" in found


def test_a_template_that_asks_for_what_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Environment(undefined=StrictUndefined)
    monkeypatch.setattr(checking, "render", lambda letter: broken.from_string("{{ nobody }}").render(letter=letter))
    letters = iter([("note", sample(Kind.EVENT_NOTE, "fr"))])
    assert [*checking.faults_of_letters(letters)] == ["note: 'nobody' is undefined"]


@pytest.mark.parametrize(("name", "letter"), [pytest.param(*pair, id=pair[0]) for pair in samples()])
def test_every_mail_reads_like_this(name: str, letter: Letter, snapshot: SnapshotAssertion) -> None:
    rendered = render(letter)
    assert f"{rendered.subject}\n\n{rendered.text}" == snapshot


def test_every_reason_is_told() -> None:
    told = render(replace(sample(Kind.EVENT_NOTE, "en"), reasons=tuple(Reason))).text
    for words in ("named on it", "assigned to you", "owner of the deal", "relationship manager of Hélène", "follow"):
        assert words in told


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_a_sentence_in_french(reason: Reason) -> None:
    told = render(replace(sample(Kind.EVENT_NOTE, "fr"), reasons=(reason,))).text
    assert re.search(r"Vous recevez ce message parce qu(e |’)\w", told)


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
