"""An invoice past its due date."""

from datetime import timedelta

from services.deals.model import Invoice
from services.deals.rules.base import ENGLISH, FRENCH, Habit
from services.deals.rules.papers import PaperRule

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
    waiting=(Invoice.kind == "INVOICE", Invoice.status.in_(("ISSUED", "PARTLY_PAID"))),
)
