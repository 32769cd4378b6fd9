"""What the three subgraphs know: every entity is a function of its id, so all gateways are told the same."""

from typing import Any

PAGES = 64
CONTACTS_A_PAGE = 20
DEALS_A_CONTACT = 3
MESSAGES_A_DEAL = 2
COLLEAGUES = 40  # authors of the messages: some write several, as in a firm

FIRST_NAMES = ("Aurélie", "Bénédicte", "Camille", "Delphine", "Étienne", "François", "Grégoire", "Hélène")
LAST_NAMES = ("Lefèvre", "Martin", "Dubois", "Moreau", "Garnier", "Fontaine", "Chevalier")
CITIES = ("Lyon", "Nantes", "Saint-Étienne", "Orléans", "Besançon")
STAGES = ("SUSPECT", "PROSPECT", "ANALYSIS", "NEGOTIATION", "CONCLUSION", "ORDER")

Entity = dict[str, Any]


def identifier(kind: str, number: int) -> str:
    """As long as a TypeID."""
    return f"{kind}_01h455vb4pex5vskn{number:09d}"


def number(entity_id: str) -> int:
    """The number inside an identifier."""
    return int(entity_id[-9:])


def page(index: int) -> list[Entity]:
    """The contacts of a page, as the contacts subgraph knows them."""
    first = (index % PAGES) * CONTACTS_A_PAGE
    return [contact(identifier("contact", first + place)) for place in range(CONTACTS_A_PAGE)]


def contact(entity_id: str) -> Entity:
    """The contacts subgraph's part of a contact."""
    n = number(entity_id)
    first, last = FIRST_NAMES[n % 8], LAST_NAMES[n % 7]
    return {
        "__typename": "Contact",
        "id": entity_id,
        "firstName": first,
        "lastName": last,
        "email": f"contact.{n}@cabinet-{n % 31}.example.fr",
        "phone": None if n % 9 == 0 else f"+3347200{n:04d}",
        "jobTitle": f"Responsable de l'agence {n % 13}",
        "city": CITIES[n % 5],
        "createdAt": f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}T08:{n % 60:02d}:00Z",
        "account": None if n % 11 == 0 else account(identifier("account", n % 17)),
    }


def account(entity_id: str) -> Entity:
    """The contacts subgraph's part of an account."""
    n = number(entity_id)
    return {
        "__typename": "Account",
        "id": entity_id,
        "name": f"Cabinet {LAST_NAMES[n % 7]} & associés",
        "siren": f"{732829320 + n}",
        "city": CITIES[n % 5],
    }


def contact_deals(entity_id: str) -> Entity:
    """The deals subgraph's part of a contact."""
    n = number(entity_id)
    first = n * DEALS_A_CONTACT
    return {
        "__typename": "Contact",
        "id": entity_id,
        "deals": [deal(identifier("deal", first + place)) for place in range(DEALS_A_CONTACT)],
        "forecast": {
            "openDeals": n % 7,
            "amount": 1250.5 * (n % 90),
            "probability": (n % 20) / 20,
            "nextStep": f"Relancer la direction après la présentation du {n % 28 + 1} mars",
        },
    }


def account_deals(entity_id: str) -> Entity:
    """The deals subgraph's part of an account."""
    n = number(entity_id)
    return {"__typename": "Account", "id": entity_id, "signedAmount": 9800.25 * n, "openDeals": n % 6}


def deal(entity_id: str) -> Entity:
    """The deals subgraph's part of a deal."""
    n = number(entity_id)
    return {
        "__typename": "Deal",
        "id": entity_id,
        "title": f"Reprise de la comptabilité, lot {n}",
        "stage": STAGES[n % 6],
        "amount": 480.75 * (n % 200),
        "closesOn": f"2027-{n % 12 + 1:02d}-15",
        "won": (None, True, False)[n % 3],
    }


def contact_inbox(entity_id: str) -> Entity:
    """The notifier subgraph's part of a contact."""
    n = number(entity_id)
    inbox = {
        "unread": n % 12,
        "lastSubject": f"Confirmation de votre rendez-vous du {n % 28 + 1} avril",
        "lastSentAt": f"2026-03-{n % 28 + 1:02d}T09:00:00Z",
    }
    return {"__typename": "Contact", "id": entity_id, "inbox": inbox}


def deal_messages(entity_id: str) -> Entity:
    """The notifier subgraph's part of a deal."""
    first = number(entity_id) * MESSAGES_A_DEAL
    messages = [message(identifier("message", first + place)) for place in range(MESSAGES_A_DEAL)]
    return {"__typename": "Deal", "id": entity_id, "messages": messages}


def message(entity_id: str) -> Entity:
    """A message; its author is a contact that the contacts subgraph completes."""
    n = number(entity_id)
    author = n // (CONTACTS_A_PAGE * DEALS_A_CONTACT * MESSAGES_A_DEAL) * CONTACTS_A_PAGE + n * 7 % COLLEAGUES
    return {
        "__typename": "Message",
        "id": entity_id,
        "subject": f"Proposition d'accompagnement n° {n}",
        "preview": f"Bonjour, suite à notre échange de mardi, voici en pièce jointe la proposition pour le lot {n} ; "
        "dites-nous ce que vous en pensez.",
        "sentAt": f"2026-02-{n % 28 + 1:02d}T{n % 24:02d}:30:00Z",
        "opened": n % 2 == 0,
        "author": {"__typename": "Contact", "id": identifier("contact", author)},
    }
