"""An alert is told in the reader's language, in the words that its message brings."""

from dataclasses import replace

from services.notifier.mail.letter import Alarm, AlarmWords, Kind
from services.notifier.mail.preview import sample
from services.notifier.mail.rendering import render

WORDS = {
    "fr": AlarmWords("facture impayée", "La facture <F-12> était à payer le 20/11/2026.", ["Appeler le client"]),
    "en": AlarmWords("unpaid invoice", "The invoice <F-12> was due on 2026-11-20.", ["Call the client"]),
}


def test_it_is_told_in_french_and_in_english() -> None:
    alarm = Alarm("invoice_unpaid", {"name": "F-12"}, WORDS)
    for locale, words in WORDS.items():
        mail = render(replace(sample(Kind.ALERT, locale), alarm=alarm))
        assert words.headline in mail.subject.lower()
        assert words.reason in mail.text
        assert words.remedies[0] in mail.text and words.remedies[0] in mail.html
        assert "<F-12>" not in mail.html and "invoice_unpaid" not in mail.text


def test_a_message_without_words_shows_its_figures() -> None:
    mail = render(replace(sample(Kind.ALERT, "fr"), alarm=Alarm("invoice_unpaid", {"name": "F-12"})))
    assert "invoice_unpaid" in mail.text and "F-12" in mail.text
