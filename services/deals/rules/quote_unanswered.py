"""A quote that was sent and that nobody answers, or that is about to expire."""

from datetime import date, timedelta

from services.deals.model import Quote
from services.deals.rules.base import ENGLISH, FRENCH, Case, Habit, Suggestion
from services.deals.rules.papers import PaperRule, said
from services.deals.rules.remedies import day

_WAITING = (Quote.status == "SENT",)
_CALL = {
    FRENCH: ("Appeler le contact", "Relance du devis : « {title} »"),
    ENGLISH: ("Call the contact", "Follow-up of the quote: “{title}”"),
}


_LONGER = timedelta(days=15)


def _more(case: Case, quote: str) -> list[Suggestion]:
    last = max(date.fromisoformat(case.figures["valid_until"]), case.now.date()) + _LONGER
    extend = said(case.language, "Prolonger jusqu'au {day}", "Extend until {day}").format(day=day(last, case.language))
    revise = said(case.language, "Faire une nouvelle version", "Make a new version")
    return [
        Suggestion(extend, "extendQuote", {"input": {"id": quote, "validUntil": last.isoformat()}}),
        Suggestion(revise, "reviseQuote", {"input": {"id": quote}}),
    ]


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
    more=_more,
    also={"valid_until": Quote.valid_until},
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
    more=_more,
    also={"valid_until": Quote.valid_until},
)
