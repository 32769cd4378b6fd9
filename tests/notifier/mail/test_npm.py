"""What other programs read in the mails. Skipped where npm cannot install them."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.notifier.mail.invitation import invitation
from services.notifier.mail.letter import Kind, Letter, MovedOccurrence
from services.notifier.mail.preview import sample
from tools.mails import FOLDER, complaints, install


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    try:
        install()
    except SystemExit as error:
        pytest.skip(f"npm: {error}")


def read(letter: Letter) -> Any:
    found = invitation(letter, "liant.example", "liant@cabinet.example")
    assert found
    done = subprocess.run(["node", "calendar.mjs"], cwd=FOLDER, input=found.content, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_html_validate_and_caniemail_have_nothing_to_say() -> None:
    assert complaints() == ""


def test_ical_js_reads_a_series_its_exceptions_and_its_cancellation() -> None:
    letter = sample(Kind.EVENT_APPOINTMENT, revision=2)
    assert letter.appointment
    start = datetime(2027, 3, 22, 9, tzinfo=ZoneInfo("Europe/Paris"))  # a week before the clocks change
    week, hour = timedelta(days=7), timedelta(hours=1)
    moved = MovedOccurrence(start + week, start + week + hour, start + week + 2 * hour)
    when: dict[str, Any] = {"starts_at": start, "ends_at": start + hour, "recurrence": "FREQ=WEEKLY;COUNT=4"}
    series = replace(
        letter, appointment=replace(letter.appointment, **when, excluded=(start + 2 * week,), moved=(moved,))
    )
    told = read(series)
    assert (told["method"], told["sequence"]) == ("REQUEST", 2)
    assert told["starts"] == ["2027-03-22T08:00:00.000Z", "2027-03-29T08:00:00.000Z", "2027-04-12T07:00:00.000Z"]
    assert dict(told["attendees"])["mailto:paul@cabinet.example"] == "ACCEPTED"
    gone = read(replace(series, kind=Kind.EVENT_CANCELLED, revision=3))
    assert (gone["method"], gone["uid"], gone["sequence"]) == ("CANCEL", told["uid"], 3)
