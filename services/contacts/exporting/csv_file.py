"""CSV as spreadsheets open it: UTF-8 with its mark, and no cell that is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from chassis.identifiers import format_id
from services.contacts.exporting.contacts import Exported
from services.contacts.links import SocialNetwork, network_of
from services.contacts.values import show_phone

BOM = "\ufeff"
_SEVERAL = " ::: "
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"\+[\d ().-]+")
_ENGLISH = (
    "Id|Given name|Family name|E-mail|E-mail 2|Telephone|Mobile|Other phones|Street|Postal code|City|Region|Country"
    "|Street 2|Postal code 2|City 2|Region 2|Country 2|Tags|Language|Spoken languages|Social networks|Notes"
)
_FRENCH = (
    "Id|Prénom|Nom|E-mail|E-mail 2|Téléphone|Mobile|Autres téléphones|Rue|Code postal|Ville|Région|Pays"
    "|Rue 2|Code postal 2|Ville 2|Région 2|Pays 2|Étiquettes|Langue|Langues parlées|Réseaux sociaux|Notes"
)


def heading(locale: str) -> str:
    """The first line, in a collaborator's language; an import understands it."""
    return BOM + line((_FRENCH if locale == "fr" else _ENGLISH).split("|"))


def rows(page: Iterable[Exported]) -> str:
    """A line a contact."""
    return "".join(line(_cells(each)) for each in page)


def line(cells: Sequence[str]) -> str:
    """One line (RFC 4180), its formulas made harmless."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows instead of computing (OWASP, CSV injection); a telephone number is none."""
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _cells(each: Exported) -> list[str]:
    emails = [row.address for row in each.emails]
    mobile = next((row.number for row in each.phones if row.kind == "MOBILE"), None)
    others = [row.number for row in each.phones if row.number != mobile]
    row = each.row
    return [
        format_id("contact", row.id),
        row.given_name or "",
        row.family_name or "",
        emails[0] if emails else "",
        _SEVERAL.join(emails[1:]),
        show_phone(others[0]) if others else "",
        show_phone(mobile) if mobile else "",
        _SEVERAL.join(show_phone(number) for number in others[1:]),
        *_places(each.addresses[:1]),
        *_places(each.addresses[1:]),
        _tags([tag.name for tag in each.tags]),
        row.language or "",
        _SEVERAL.join(row.languages or ()),
        _SEVERAL.join(_profile(each) for each in row.social_links or ()),
        row.notes or "",
    ]


def _profile(link: dict[str, str]) -> str:
    """Of a network that its address does not tell, with its name."""
    told = network_of(link["url"]) or link["network"] == SocialNetwork.OTHER
    return link["url"] if told else f"{link['network'].title()}: {link['url']}"


def _places(rows: Sequence[Any]) -> list[str]:
    """The five cells of addresses: each cell tells its part of every address."""
    parts = ("lines", "postal_code", "city", "region", "country")
    return [_SEVERAL.join(getattr(row, part) or "" for row in rows) for part in parts]


def _tags(names: Sequence[str]) -> str:
    told = _SEVERAL.join(names)
    # A single one with a comma in it is not to be read as two.
    return f"{told}{_SEVERAL}".rstrip() if len(names) == 1 and re.search("[,;]", told) else told
