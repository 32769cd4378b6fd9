"""Reasons, for people."""

from services.contacts.duplicates.score import Code

_WORDS = {
    Code.NAME: ("Même nom", "Same name"),
    Code.NAME_SWAPPED: ("Même nom, prénom et nom inversés", "Same name, first and last swapped"),
    Code.NICKNAME: ("Prénom d'usage du même nom", "Nickname of the same name"),
    Code.NAME_TYPO: ("Même nom à une faute près", "Same name but for a mistake"),
    Code.NAME_PART: ("Une partie du même nom", "A part of the same name"),
    Code.INITIAL: ("Initiale du même nom", "Initial of the same name"),
    Code.FAMILY_NAME: ("Même nom, en partie", "Same name, half of it"),
    Code.EMAIL: ("Même adresse e-mail", "Same e-mail address"),
    Code.SHARED_MAILBOX: ("Même boîte e-mail partagée", "Same shared mailbox"),
    Code.MOBILE: ("Même numéro de mobile", "Same mobile number"),
    Code.PHONE: ("Même numéro de téléphone", "Same telephone number"),
    Code.ACCOUNT: ("Interlocuteurs du même compte", "Interlocutors of the same account"),
    Code.DOMAIN: ("Même domaine e-mail", "Same e-mail domain"),
    Code.SIRET: ("Même SIRET", "Same SIRET"),
    Code.SIREN: ("Même SIREN", "Same SIREN"),
    Code.VAT_NUMBER: ("Même numéro de TVA", "Same VAT number"),
    Code.ADDRESS: ("Même adresse postale", "Same postal address"),
    Code.OTHER_NAME: ("Contre : un tout autre nom", "Against: quite another name"),
    Code.OTHER_SIREN: ("Contre : un autre SIREN", "Against: another SIREN"),
    Code.OTHER_SIRET: ("Contre : un autre établissement", "Against: another establishment"),
}


def explanation(code: Code, locale: str) -> str:
    """A few words in a reader's language."""
    french, english = _WORDS[code]
    return french if locale == "fr" else english
