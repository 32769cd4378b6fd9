"""What can be wrong with a file or an entry, said to a person in French or English."""

from typing import NamedTuple


class Problem(NamedTuple):
    """A code of MESSAGES, the field it concerns and the beginning of what was there."""

    code: str
    field: str = ""
    excerpt: str = ""


LONGEST_EXCERPT = 80
_MESSAGES = {
    "EMPTY_FILE": ("The file is empty.", "Le fichier est vide."),
    "NOT_AN_ADDRESS_BOOK": (
        "This is neither a vCard file nor a CSV: export your contacts as .vcf or .csv and try again.",
        "Ce n'est ni un fichier vCard ni un CSV : exportez vos contacts en .vcf ou .csv, puis recommencez.",
    ),
    "NO_ENTRIES": ("There is nobody in this file.", "Il n'y a personne dans ce fichier."),
    "FILE_TOO_LARGE": (
        "The file is too large (at most {most} MB): cut it in several, or export it without photos.",
        "Le fichier est trop gros ({most} Mo au plus) : coupez-le en plusieurs, ou exportez-le sans les photos.",
    ),
    "FILE_GONE": (
        "The file is no longer kept: import it again.",
        "Le fichier n'est plus conservé : importez-le de nouveau.",
    ),
    "INTERNAL": (
        "Something went wrong on our side: the operators have been told. What was imported can be reverted.",
        "Une erreur est survenue de notre côté : l'exploitant en est informé. Ce qui est importé peut être annulé.",
    ),
    "NO_NAME": (
        "Neither name, e-mail address nor telephone number: nobody to add.",
        "Ni nom, ni adresse e-mail, ni téléphone : personne à ajouter.",
    ),
    "NOT_A_PERSON": (
        "A group or a company, not a person: left out.",
        "Un groupe ou une société, pas une personne : non importé.",
    ),
    "DO_NOT_CONTACT": (
        "This person asked to be forgotten and not to be taken in again: left out.",
        "Cette personne a demandé à être oubliée et à ne plus être reprise : non importée.",
    ),
    "UNREADABLE_ROW": (
        "The line cannot be read; a quotation mark may be missing.",
        "La ligne est illisible ; il manque peut-être un guillemet.",
    ),
    "NAME_TOO_LONG": (
        "The name has more than 200 characters: left out.",
        "Le nom dépasse 200 caractères : non importé.",
    ),
    "NOT_AN_EMAIL": (
        "Not an e-mail address; it is kept in the notes.",
        "Ce n'est pas une adresse e-mail ; elle est conservée dans les notes.",
    ),
    "NOT_A_PHONE": (
        "Not a telephone number; it is kept in the notes.",
        "Ce n'est pas un numéro de téléphone ; il est conservé dans les notes.",
    ),
    "ADDRESS_LEFT": (
        "The address is too long, or its country is not known; it is kept in the notes.",
        "L'adresse est trop longue ou son pays n'est pas connu ; elle est conservée dans les notes.",
    ),
    "TAG_LEFT": (
        "Not made a tag: too long, or too many of this contact; it is kept in the notes.",
        "Pas d'étiquette créée : trop longue, ou trop pour ce contact ; elle est conservée dans les notes.",
    ),
    "TOO_MANY_TAGS": (
        "Your organization has as many tags as it may; this one is kept in the notes.",
        "Votre organisation a atteint son nombre d'étiquettes ; celle-ci est conservée dans les notes.",
    ),
    "PHOTO_LEFT": (
        "The photo is damaged, too large or of another kind than JPEG, PNG or WebP: left out.",
        "La photo est abîmée, trop grande ou d'un autre type que JPEG, PNG ou WebP : non importée.",
    ),
    "TOO_MANY": ("More than 20: the first 20 are kept.", "Plus de 20 : les 20 premiers sont conservés."),
    "CUT": ("Too long: its beginning is kept.", "Trop long : le début est conservé."),
    "CHARACTERS_REMOVED": (
        "Invisible characters were taken out.",
        "Des caractères invisibles ont été retirés.",
    ),
}
_FIELDS = {
    "givenName": ("given name", "prénom"),
    "familyName": ("family name", "nom"),
    "emails": ("e-mail address", "adresse e-mail"),
    "phones": ("telephone", "téléphone"),
    "notes": ("notes", "notes"),
    "addresses": ("address", "adresse"),
    "tags": ("tag", "étiquette"),
    "photo": ("photo", "photo"),
    "externalId": ("external id", "identifiant externe"),
    "organization": ("company", "société"),
    "jobTitle": ("job title", "fonction"),
    "socialLinks": ("social networks", "réseaux sociaux"),
}
_LABELS = {
    "organization": ("Company", "Société"),
    "jobTitle": ("Job title", "Fonction"),
    "email": ("E-mail", "E-mail"),
    "phone": ("Telephone", "Téléphone"),
    "address": ("Address", "Adresse"),
    "tag": ("Tag", "Étiquette"),
    "birthday": ("Birthday", "Anniversaire"),
    "nickname": ("Nickname", "Surnom"),
    "website": ("Website", "Site web"),
    "language": ("Language", "Langue"),
    "messaging": ("Messaging", "Messagerie"),
    "fax": ("Fax", "Télécopie"),
}


def message(code: str, locale: str, **values: object) -> str:
    """A problem in a collaborator's language."""
    english, french = _MESSAGES[code]
    return (french if locale == "fr" else english).format(**values)


def field_name(field: str, locale: str) -> str:
    """A field as people call it."""
    english, french = _FIELDS.get(field, (field, field))
    return french if locale == "fr" else english


def label(name: str, locale: str) -> str:
    """What a detail is called in the notes; a column's own heading stays as it is."""
    english, french = _LABELS.get(name, (name, name))
    return french if locale == "fr" else english
