"""What the pages of cards say, in French and English."""

from typing import Any

_FRENCH: dict[str, Any] = {
    "kinds": {
        "WORK": "Bureau", "MOBILE": "Mobile", "HOME": "Personnel", "BILLING": "Facturation", "OTHER": "Téléphone",
    },
    "email": "E-mail",
    "web": "Site",
    "languages": "Langues",
    "add": "Ajouter à mes contacts",
    "exchange": "Échanger nos cartes",
    "exchange_why": "Envoyez la vôtre à {name}. Vous serez dans ses contacts si votre proposition est acceptée.",
    "trap": "Laissez ce champ vide",
    "required": "obligatoire",
    "message": "Un mot (facultatif)",
    "consent": "J’accepte que {name} et son organisation gardent ces coordonnées. Je pourrai revenir sur ce choix.",
    "send": "Proposer l’échange",
    "qr": "Code QR de cette carte",
    "qr_alt": "Code QR qui mène à la carte de {name}",
    "keep": "Gardez l’adresse de cette page : vous y verrez la réponse, et pourrez y retirer votre proposition.",
    "labels": {
        "given_name": "Prénom", "family_name": "Nom", "email": "E-mail", "phone": "Téléphone",
        "company": "Société", "title": "Fonction",
    },
    "states": {
        "PROPOSED": ("Proposition envoyée", "Elle attend une réponse."),
        "ACCEPTED": ("Échange accepté", "Voici la carte partagée avec vous."),
        "DECLINED": ("Pas d’échange", "Votre proposition n’a pas été retenue ; vos coordonnées ne sont pas gardées."),
        "WITHDRAWN": ("Proposition retirée", "Vos coordonnées ne sont pas gardées."),
        "REVOKED": ("Échange terminé", "Les cartes ne sont plus tenues à jour."),
        "EXPIRED": ("Sans réponse", "La proposition a expiré ; vos coordonnées ne sont pas gardées."),
    },
    "end": {"PROPOSED": "Retirer ma proposition", "ACCEPTED": "Mettre fin à l’échange"},
    "end_why": {
        "PROPOSED": "Vos coordonnées seront oubliées.",
        "ACCEPTED": "Votre retrait sera signalé. Pour faire effacer vos coordonnées, écrivez à leur détenteur.",
    },
    "gone": {
        "UNKNOWN": ("Carte introuvable", "Cette adresse ne mène à aucune carte : elle a peut-être été mal recopiée."),
        "GONE": ("Carte retirée", "Ce lien n’est plus valable : demandez-en un nouveau à la personne."),
        "TOO_MANY": ("Trop d’essais", "Attendez une minute, puis réessayez."),
    },
    "problems": {
        "CONSENT": "Cochez la case pour accepter que vos coordonnées soient gardées.",
        "CONTACT": "Donnez une adresse e-mail ou un téléphone.",
        "TOO_MANY": "Trop de propositions pour le moment : réessayez plus tard.",
        "FORM": "Le formulaire a expiré : renvoyez-le.",
        "name": "Donnez un prénom ou un nom, de 200 caractères au plus.",
        "emails": "Cette adresse e-mail n’en est pas une.",
        "phones": "Ce numéro de téléphone n’existe pas ; écrivez-le comme +33 6 12 34 56 78.",
        "message": "Le mot a plus de 1 000 caractères.",
        "other": "Un champ ne peut pas être gardé : vérifiez-les.",
    },
}  # fmt: skip
_ENGLISH: dict[str, Any] = {
    "kinds": {"WORK": "Work", "MOBILE": "Mobile", "HOME": "Home", "BILLING": "Billing", "OTHER": "Telephone"},
    "email": "E-mail",
    "web": "Web",
    "languages": "Languages",
    "add": "Add to my contacts",
    "exchange": "Exchange cards",
    "exchange_why": "Send yours to {name}. You become a contact of theirs once your proposal is accepted.",
    "trap": "Leave this field empty",
    "required": "required",
    "message": "A word (optional)",
    "consent": "I agree that {name} and their organization keep these details. I can change my mind later.",
    "send": "Propose the exchange",
    "qr": "QR code of this card",
    "qr_alt": "QR code that leads to the card of {name}",
    "keep": "Keep this page’s address: it will show the answer, and lets you take your proposal back.",
    "labels": {
        "given_name": "First name", "family_name": "Last name", "email": "E-mail", "phone": "Telephone",
        "company": "Company", "title": "Job title",
    },
    "states": {
        "PROPOSED": ("Proposal sent", "It awaits an answer."),
        "ACCEPTED": ("Exchange accepted", "This is the card that is shared with you."),
        "DECLINED": ("No exchange", "Your proposal was not taken up; your details are not kept."),
        "WITHDRAWN": ("Proposal taken back", "Your details are not kept."),
        "REVOKED": ("Exchange ended", "The cards are kept up to date no longer."),
        "EXPIRED": ("No answer", "The proposal has expired; your details are not kept."),
    },
    "end": {"PROPOSED": "Take my proposal back", "ACCEPTED": "End the exchange"},
    "end_why": {
        "PROPOSED": "Your details will be forgotten.",
        "ACCEPTED": "They will see that you ended it. To have your details erased, write to whoever holds them.",
    },
    "gone": {
        "UNKNOWN": ("No such card", "This address leads to no card: it may have been copied wrongly."),
        "GONE": ("Card withdrawn", "This link is no longer valid: ask the person for a new one."),
        "TOO_MANY": ("Too many tries", "Wait a minute, then try again."),
    },
    "problems": {
        "CONSENT": "Tick the box to agree that your details are kept.",
        "CONTACT": "Give an e-mail address or a telephone number.",
        "TOO_MANY": "Too many proposals for now: try again later.",
        "FORM": "The form has expired: send it again.",
        "name": "Give a first or last name, of at most 200 characters.",
        "emails": "This is not an e-mail address.",
        "phones": "There is no such telephone number; write it as +33 6 12 34 56 78.",
        "message": "The word has more than 1,000 characters.",
        "other": "A field cannot be kept: check them.",
    },
}  # fmt: skip


def words(locale: str) -> dict[str, Any]:
    """Everything a page says."""
    return _FRENCH if locale == "fr" else _ENGLISH


def chosen(card_locale: str | None, accepted: str) -> str:
    """The card's language, else the first of Accept-Language (RFC 9110, section 12.5.4) that pages speak."""
    if card_locale:
        return card_locale
    ranked = sorted(enumerate(accepted.split(",")[:20]), key=lambda each: (-_quality(each[1]), each[0]))
    languages = [each.split(";")[0].strip()[:2].lower() for _, each in ranked]
    return next((each for each in languages if each in ("fr", "en")), "fr")


def _quality(told: str) -> float:
    try:
        return float(told.partition(";q=")[2] or 1)
    except ValueError:
        return 0.0
