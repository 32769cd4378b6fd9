"""Each rule of the deals service is told in both languages, with its figures."""

from dataclasses import replace

import pytest

from services.deals.rules import RULES
from services.notifier.mail.letter import Alarm, Kind
from services.notifier.mail.preview import sample
from services.notifier.mail.rendering import render

FIGURES = {
    "deal_without_next_event": {"last_event_at": "2026-11-20T09:00:00+00:00"},
    "deal_stale_in_stage": {
        "last_activity_at": "2026-11-02T09:00:00+00:00",
        "expected_days": "14",
        "stage": "Analyse",
        "previous_stage_id": "stage_x",
    },
    "close_date_passed": {"expected_close": "2026-11-20"},
    "close_date_pushed": {"count": "4", "last_push_at": "2026-11-20T09:00:00+00:00"},
    "deal_without_owner": {"owner": "", "owner_since": "2026-11-20T09:00:00+00:00"},
    "instruction_overdue": {"title": "Envoyer <le> devis", "due_at": "2026-11-20T09:00:00+00:00"},
}
FRENCH = {
    "deal_without_next_event": "rien ne s’y est passé",
    "deal_stale_in_stage": "pour 14 jours attendus à l’étape « Analyse »",
    "close_date_passed": "attendue le vendredi 20 novembre 2026",
    "close_date_pushed": "repoussée 4 fois à cette étape",
    "deal_without_owner": "Personne n’est responsable de l’affaire depuis le vendredi 20 novembre 2026",
    "instruction_overdue": "« Envoyer <le> devis » était à faire pour le vendredi 20 novembre 2026",
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_told_with_its_figures_in_french_and_english(rule: str) -> None:
    alarm = Alarm(rule, FIGURES[rule])
    french, english = [render(replace(sample(Kind.ALERT, locale), alarm=alarm)) for locale in ("fr", "en")]
    assert FRENCH[rule] in french.text
    assert rule not in french.text + english.text and rule.replace("_", " ") not in french.subject
    assert "<le>" not in french.html and "stage_x" not in french.text


def test_a_disabled_owner_is_named() -> None:
    alarm = Alarm("deal_without_owner", {"owner": "Bob Martin", "owner_since": ""})
    assert "The account of Bob Martin" in render(replace(sample(Kind.ALERT, "en"), alarm=alarm)).text
