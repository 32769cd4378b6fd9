"""A letter that many read alike is written once, and each reader still gets exactly what would be written for them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.identifiers import new_id
from chassis.links import new_token
from services.notifier import forms
from services.notifier.forms import BLANK, Forms
from services.notifier.links import links_of
from services.notifier.mail.letter import Kind, Letter
from services.notifier.mail.message import Form, Sender, compose
from services.notifier.mail.people import Recipient
from services.notifier.mail.preview import sample

NOW = datetime(2026, 11, 24, 15, 0, 5, tzinfo=UTC)
SENDER = Sender("liant@cabinet.example", "liant.cabinet.example")
URL = "https://liant.example"


def _letter(name: str = "Claire Dubois", token: str = BLANK, kind: Kind = Kind.EVENT_NOTE) -> Letter:
    reader = Recipient(name, f"{name[:4].lower()}@cabinet.example", "fr", "Europe/Paris")
    return replace(sample(kind), id=new_id(), recipient=reader, links=links_of(token, URL))


def _form(kept: Forms, letter: Letter) -> Form:
    form = kept.of(letter)
    assert form is not None
    return form


@pytest.mark.parametrize("kind", [Kind.EVENT_NOTE, Kind.EVENT_INSTRUCTION, Kind.ALERT, Kind.COMMENT])
def test_a_filled_form_is_the_mail_that_would_be_written(kind: Kind) -> None:
    token = new_token()
    own = _letter("Omar Bâ", token, kind)
    form = _form(Forms(SENDER), replace(own, links=links_of(BLANK, URL)))
    filled = form.mail(own.id, own.recipient.name, own.recipient.email, NOW, token)
    written = compose(own, SENDER, NOW)
    assert (filled.recipient, filled.message_id, filled.subject) == (
        written.recipient,
        written.message_id,
        written.subject,
    )
    # Where lines are broken, and with them the boundary, depends on which letters the token has.
    assert BLANK.encode() not in filled.content
    assert filled.content.count(token.encode()) >= 1
    assert abs(len(filled.content) - len(written.content)) <= 12


def test_readers_of_the_same_share_a_form_and_others_do_not() -> None:
    kept = Forms(SENDER)
    form = _form(kept, _letter())
    assert _form(kept, _letter("Omar Bâ")) is form
    english = replace(_letter(), recipient=Recipient("Omar", "omar@cabinet.example", "en", "Europe/Paris"))
    assert _form(kept, english) is not form
    assert _form(kept, replace(_letter(), reasons=())) is not form
    assert _form(kept, replace(_letter(), title="Another")) is not form


def test_an_appointment_names_its_reader_and_has_none() -> None:
    assert Forms(SENDER).of(_letter(kind=Kind.EVENT_APPOINTMENT)) is None


def test_what_was_written_longest_ago_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "_KEPT", 2)
    kept = Forms(SENDER)
    first = _form(kept, replace(_letter(), cause="event_1"))
    for cause in ("event_2", "event_3"):
        _form(kept, replace(_letter(), cause=cause))
    assert len(kept._kept) == 2
    assert _form(kept, replace(_letter(), cause="event_1")) is not first
