"""What the columns of a CSV mean: proposed from headings in French and English, and from what the cells hold."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from chassis.text import folded
from services.contacts.links import NETWORK_NAMES


class Target(StrEnum):
    """What a column becomes."""

    GIVEN_NAME = "GIVEN_NAME"
    MIDDLE_NAME = "MIDDLE_NAME"
    FAMILY_NAME = "FAMILY_NAME"
    FULL_NAME = "FULL_NAME"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    ORGANIZATION = "ORGANIZATION"
    JOB_TITLE = "JOB_TITLE"
    NOTES = "NOTES"
    LANGUAGE = "LANGUAGE"
    LANGUAGES = "LANGUAGES"
    PROFILE = "PROFILE"
    EXTERNAL_ID = "EXTERNAL_ID"
    STREET = "STREET"
    POSTAL_CODE = "POSTAL_CODE"
    CITY = "CITY"
    REGION = "REGION"
    COUNTRY = "COUNTRY"
    WHOLE_ADDRESS = "WHOLE_ADDRESS"
    TAGS = "TAGS"
    DETAIL = "DETAIL"
    IGNORE = "IGNORE"


class Column(NamedTuple):
    """One column's place (from 0), what it becomes, and the use of an address or number."""

    position: int
    target: Target
    kind: str = "OTHER"


_WORDS = {
    Target.GIVEN_NAME: "first name|given name|firstname|givenname|prenom|prenoms|prenom usuel|vorname",
    Target.MIDDLE_NAME: "middle name|additional name|deuxieme prenom|second prenom|autres prenoms",
    Target.FAMILY_NAME: "last name|family name|lastname|familyname|surname|nom de famille|nom famille|nom usage"
    "|nachname",
    Target.FULL_NAME: "name|full name|fullname|display name|nom complet|nom a afficher|nom affiche|nom et prenom"
    "|nom prenom|prenom nom|prenom et nom|contact|interlocuteur|nom du contact|file as",
    Target.ORGANIZATION: "company|company name|organization|organisation|organization name|organization 1 name|societe"
    "|entreprise|raison sociale|nom de la societe|nom societe|employeur|client|compte|nom du compte|account"
    "|account name|etablissement|structure|enseigne",
    Target.JOB_TITLE: "job title|jobtitle|position|organization title|organization 1 title|profession|fonction|poste"
    "|intitule du poste|titre du poste|role|emploi",
    Target.NOTES: "notes|note|comment|comments|commentaire|commentaires|remarque|remarques|observation|observations"
    "|description",
    Target.LANGUAGE: "language|langue|langue de correspondance|preferred language|langue preferee",
    Target.LANGUAGES: "languages|langues|spoken languages|langues parlees",
    Target.EXTERNAL_ID: "id|uid|identifiant|external id|id externe|identifiant externe|reference|ref|code client"
    "|numero client|no client|n client|code contact|id contact|contact id|record id",
    Target.DETAIL: "birthday|anniversaire|date de naissance|siren|siret|tva|n tva|fax|telecopie"
    "|surnom|nickname|departement|department|service|secteur",
    Target.TAGS: "tags|tag|labels|label|categories|categorie|category|etiquettes|etiquette|libelles|mots cles|keywords"
    "|group membership",
    Target.IGNORE: "priority|priorite|private|prive|sensitivity|critere de diffusion|gender|sexe|initials|initiales"
    "|photo|title|titre|civilite|name prefix|name suffix|suffix|suffixe"
    "|phonetic first name|phonetic middle name|phonetic last name|yomi name|given name yomi|additional name yomi"
    "|family name yomi|isdeleted|created by id|createdbyid|ownerid|connected on",
}
_TARGETS = {word: target for target, words in _WORDS.items() for word in words.split("|")}
_EMAIL = re.compile(
    r"(?:(?:adresse|address|primary|secondary|work|home|business|personal|premiere|2e|professionnelle?|personnelle?"
    r"|secondaire|principal|bureau|domicile|pro|perso|de|du|contact|electronique|messagerie|adresse) )*"
    r"(?:e ?mails?|mel|courriels?|mail|adresse electronique|adresse de messagerie|messagerie)"
    r"(?: (?:address|adresse|professionnel|personnel|secondaire|principal|work|home|pro|perso|contact|value|\d))*"
)
_PHONE = re.compile(r"\b(phones?|telephones?|tel|mobiles?|portables?|gsm|cell|cellulaire|numero de telephone|fixe)\b")
_NO_PHONE = re.compile(r"\b(label|type|fax|telecopie|telecopieur|assistant|telex|pager|ttytdd|tty|radio|rappel)\b")
_KINDS = (
    ("BILLING", re.compile(r"\b(billing|invoicing|facturation)\b")),
    ("MOBILE", re.compile(r"\b(mobiles?|portables?|gsm|cell|cellulaire)\b")),
    ("HOME", re.compile(r"\b(home|domicile|personn?el(le)?|prive|perso|private)\b")),
    ("WORK", re.compile(r"\b(work|business|bureau|pro|professionn?el(le)?|office|company|societe|fixe|standard)\b")),
)
_CLUTTER = re.compile(
    r"(?:e ?mail|phone|address|website|relation|event|custom field|im) \d (?:label|type|service)"
    r"|e ?mail(?: \d)? (?:type|display name)|type de messagerie(?: \d)?|nom complet de l adresse de messagerie(?: \d)?"
)
NETWORKS = "|".join(name for name in NETWORK_NAMES if len(name) > 1)  # an X alone says nothing
_NETWORK = rf"(?:{NETWORKS}|social(?: networks?| links?| media)|reseaux sociaux|reseau social)"
_PROFILE = re.compile(
    rf"(?:(?:profile?|profils?|page|compte|lien|url|web|site) ){{0,2}}{_NETWORK}"
    r"(?: (?:url|profile?|profil|page|id|username|handle|link|lien|account))*"
    r"|(?:person |business |personal |profile |profil )?(?:(?:web ?site|site web|web ?page|page web)s?|web|url|site)"
    r"(?: (?:\d|url|value|valeur|profile|address|adresse))*|web ?page \d|website \d value"
)
_QUALIFIER = (
    r"(?:home|business|work|other|autre|domicile|bureau|perso|personnelle?|privee?|pro|professionnelle?|mailing|primary"
    r"|principale?|billing|facturation|address|adresse|postale|de|du|d|la|\d)"
)
_PLACES = tuple(
    (target, re.compile(rf"(?:{_QUALIFIER} )*?(?:{words})(?: {_QUALIFIER})*"))
    for target, words in (
        (Target.WHOLE_ADDRESS, r"address formatted|address \d formatted|formatted address|adresse complete"),
        (Target.POSTAL_CODE, "postal code|post ?code|zip(?: ?code)?|code postal|cp"),
        (Target.CITY, "city|ville|town|commune|localite"),
        (Target.REGION, "region|state|province|state province|dep region|departement region|region departement"),
        (Target.COUNTRY, "country|pays|country region|pays region"),
        (
            Target.STREET,
            "street|street address|rue|voie|adresse|address|address line|numero et rue|n et rue|extended address"
            "|complement(?: d)?|po box|boite postale",
        ),
    )
)
_AN_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
_A_PHONE = re.compile(r"[+(]?(?:\d[\s().+/-]{0,3}){9,16}")  # a date has fewer digits
_SNIFFED_SHARE = 0.6


def proposed(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Column]:
    """What each column most probably is."""
    names = [folded(header) for header in headers]
    has_given = any(_by_name(name) is Target.GIVEN_NAME for name in names)
    found: list[Column] = []
    for position, name in enumerate(names):
        target = _by_name(name)
        if name == "nom":  # with a given name beside it, it is the family's
            target = Target.FAMILY_NAME if has_given else Target.FULL_NAME
        if target is None:
            target = sniffed([row[position] for row in sample if position < len(row)]) or Target.DETAIL
        found.append(Column(position, target, kind_of(name)))
    return found


def known(headers: Sequence[str]) -> int:
    """How many cells read as headings."""
    return sum(folded(header) == "nom" or _by_name(folded(header)) is not None for header in headers)


def kind_of(name: str) -> str:
    """The use that a folded heading or label tells."""
    return next((kind for kind, words in _KINDS if words.search(name)), "OTHER")


def sniffed(cells: Sequence[str]) -> Target | None:
    """An address or a number, where most of the cells are one."""
    told = [cell.strip() for cell in cells if cell.strip()]
    for target, shape in ((Target.EMAIL, _AN_EMAIL), (Target.PHONE, _A_PHONE)):
        if told and sum(bool(shape.fullmatch(cell)) for cell in told) >= _SNIFFED_SHARE * len(told):
            return target
    return None


def _by_name(name: str) -> Target | None:
    if len(name) > 60:
        return None
    if _CLUTTER.fullmatch(name):
        return Target.IGNORE
    if _PROFILE.fullmatch(name):
        return Target.PROFILE
    if _EMAIL.fullmatch(name):
        return Target.EMAIL
    if _PHONE.search(name) and not _NO_PHONE.search(name):
        return Target.PHONE
    return _TARGETS.get(name) or next((target for target, shape in _PLACES if shape.fullmatch(name)), None)


def flavour(headers: Sequence[str]) -> str:
    """The program that wrote a file with these headings."""
    names = {folded(header) for header in headers}
    if {"connected on", "position"} <= names:
        return "LINKEDIN"
    if {"e mail 1 value", "phone 1 value", "organization 1 name"} & names:
        return "GOOGLE"
    if names & {"primary email", "premiere adresse electronique", "adresse electronique principale"}:
        return "THUNDERBIRD"
    return "OUTLOOK" if names & {"e mail address", "adresse de messagerie"} else "FREE"
