"""A quote that was sent and that nobody answers, or that is about to expire."""

from datetime import timedelta

from services.deals.model import Quote
from services.deals.rules.base import ENGLISH, FRENCH, Case, Habit, Suggestion
from services.deals.rules.papers import PaperRule, said

_WAITING = (Quote.status == "SENT",)
_CALL = {
    FRENCH: ("Appeler le contact", "Relance du devis : « {title} »"),
    ENGLISH: ("Call the contact", "Follow-up of the quote: “{title}”"),
}


def _revise(case: Case, quote: str) -> list[Suggestion]:
    label = said(case.language, "Faire une nouvelle version", "Make a new version")
    return [Suggestion(label, "reviseQuote", {"input": {"id": quote}})]


QUOTE_UNANSWERED = PaperRule(
    name="quote_unanswered",
    kind="quote",
    habit=Habit(steps=(timedelta(days=7), timedelta(days=15)), working=False),
    headlines={FRENCH: "devis sans réponse", ENGLISH: "quote without an answer"},
    reasons={
        FRENCH: "Le devis {name}, envoyé le {day}, est sans réponse depuis {days}.",
        ENGLISH: "The quote {name}, sent on {day}, has had no answer for {days}.",
    },
    call=_CALL,
    paper=Quote,
    title=Quote.number,
    day=Quote.sent_at,
    waiting=_WAITING,
    more=_revise,
)
QUOTE_EXPIRING = PaperRule(
    name="quote_expiring",
    kind="quote",
    habit=Habit(steps=(timedelta(days=-3),), working=False),
    headlines={FRENCH: "devis sur le point d'expirer", ENGLISH: "quote about to expire"},
    reasons={
        FRENCH: "Le devis {name} expire le {day}, dans {days}, et n'a pas de réponse.",
        ENGLISH: "The quote {name} expires on {day}, in {days}, and has no answer.",
    },
    call=_CALL,
    paper=Quote,
    title=Quote.number,
    day=Quote.valid_until,
    waiting=_WAITING,
    more=_revise,
)
