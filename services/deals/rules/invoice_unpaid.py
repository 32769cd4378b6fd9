"""An invoice past its due date."""

from datetime import datetime, timedelta

from services.deals.model import Invoice
from services.deals.rules.base import ENGLISH, FRENCH, Case, Habit, Suggestion
from services.deals.rules.papers import PaperRule
from services.deals.rules.remedies import day

_REMIND = {
    FRENCH: (
        "Écrire un rappel",
        "Facture {name} en attente de paiement",
        "Bonjour,\n\nSauf erreur de notre part, la facture {name}, à payer le {day}, n'est pas encore réglée."
        " Merci de nous dire où elle en est.\n\nBien cordialement",
    ),
    ENGLISH: (
        "Write a reminder",
        "Invoice {name} awaiting payment",
        "Hello,\n\nUnless we are mistaken, the invoice {name}, due on {day}, has not been paid yet."
        " Please let us know where it stands.\n\nKind regards",
    ),
}


def _remind(case: Case, _: str) -> list[Suggestion]:
    if "primary_contact_id" not in case.figures:
        return []
    label, subject, body = _REMIND[case.language]
    due = day(datetime.fromisoformat(case.figures["day"]), case.language)
    told = {"name": case.figures["name"], "day": due}
    message = {"dealId": case.deal, "subject": subject.format(**told), "body": body.format(**told)}
    return [Suggestion(label, "writeMessage", {"input": message})]


INVOICE_UNPAID = PaperRule(
    name="invoice_unpaid",
    kind="invoice",
    habit=Habit(steps=(timedelta(days=1), timedelta(days=15), timedelta(days=30)), working=False),
    headlines={FRENCH: "facture impayée", ENGLISH: "unpaid invoice"},
    reasons={
        FRENCH: "La facture {name} était à payer le {day}, il y a {days}.",
        ENGLISH: "The invoice {name} was due on {day}, {days} ago.",
    },
    call={
        FRENCH: ("Appeler le client", "Facture impayée : « {title} »"),
        ENGLISH: ("Call the client", "Unpaid invoice: “{title}”"),
    },
    paper=Invoice,
    title=Invoice.number,
    day=Invoice.due_on,
    more=_remind,
    waiting=(Invoice.kind == "INVOICE", Invoice.status.in_(("ISSUED", "PARTLY_PAID"))),
)
