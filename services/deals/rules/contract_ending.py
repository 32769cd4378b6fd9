"""A contract that ends soon, or whose notice must be given soon."""

from datetime import timedelta

from services.deals.model import Contract
from services.deals.rules.base import ENGLISH, FRENCH, Case, Habit, Suggestion
from services.deals.rules.papers import PaperRule, said
from services.deals.rules.remedies import MOST_OF_A_TITLE

_CALL = {
    FRENCH: ("Voir le client", "Suite du contrat : « {title} »"),
    ENGLISH: ("Meet the client", "What follows the contract: “{title}”"),
}


def _renew(case: Case, _: str) -> list[Suggestion]:
    known = {"accountId": "account_id", "primaryContactId": "primary_contact_id"}
    parties = {field: case.figures[name] for field, name in known.items() if name in case.figures}
    title = said(case.language, "Renouvellement : {title}", "Renewal: {title}")
    input = {"title": title.format(title=case.deal_title[:MOST_OF_A_TITLE]), "phase": "OPPORTUNITY", **parties}
    label = said(case.language, "Ouvrir l'affaire du renouvellement", "Open the renewal deal")
    return [Suggestion(label, "createDeal", {"input": input})] if parties else []


CONTRACT_ENDING = PaperRule(
    name="contract_ending",
    kind="contract",
    habit=Habit(steps=(timedelta(days=-90), timedelta(days=-30)), working=False),
    headlines={FRENCH: "contrat arrivant à échéance", ENGLISH: "contract ending"},
    reasons={
        FRENCH: "Le contrat « {name} » prend fin le {day}, dans {days}.",
        ENGLISH: "The contract “{name}” ends on {day}, in {days}.",
    },
    call=_CALL,
    paper=Contract,
    title=Contract.title,
    day=Contract.ends_on,
    waiting=(Contract.status == "ACTIVE", Contract.ends_on.is_not(None)),
    more=_renew,
)
CONTRACT_NOTICE = PaperRule(
    name="contract_notice",
    kind="contract",
    habit=Habit(steps=(timedelta(days=-15),), working=False),
    headlines={FRENCH: "préavis de contrat à venir", ENGLISH: "notice of a contract to come"},
    reasons={
        FRENCH: "Le préavis du contrat « {name} » est à donner avant le {day}, dans {days}.",
        ENGLISH: "Notice of the contract “{name}” is due by {day}, in {days}.",
    },
    call=_CALL,
    paper=Contract,
    title=Contract.title,
    day=Contract.notice_on,
    waiting=(Contract.status == "ACTIVE", Contract.notice_on.is_not(None)),
    more=_renew,
)
