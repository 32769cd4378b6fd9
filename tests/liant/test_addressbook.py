"""Address books as they come out of telephones, Outlook and Google."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import liant.demo
from liant.addressbook.card import Card, Skipped
from liant.addressbook.files import UnknownFormat, read_file
from liant.addressbook.google import NotGoogleCsv, read_google_csv
from liant.addressbook.vcard import read_vcards

SHIPPED = Path(liant.demo.__file__).parent / "contacts"


def card(*lines: str, version: str = "4.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def test_the_shipped_vcards_are_read_with_their_accents() -> None:
    book = read_file(SHIPPED / "carnet.vcf")
    assert book.cards[0] == Card(
        "Hélène",
        "Dupré",
        ["helene.dupre@atelier-saint-eloi.example"],
        ["06 12 34 56 78", "04 72 40 12 34"],
        "Atelier Saint-Éloi, menuiserie",
        "Gérante",
    )
    assert [(each.given_name, each.family_name) for each in book.cards[1:]] == [
        ("Gaëtan", "L'Hostis"),
        ("Maëlys", "Nguyễn-Beaufort"),
        ("Loïc", "Œuvrard"),
    ]
    assert book.cards[2].emails == ["maelys@beaufort-conseil.example", "maelys.nb@courriel.example"]
    assert book.cards[2].phones == ["+33-6-98-76-54-32"]
    assert book.skipped == [Skipped(41, "not a person")]


def test_the_shipped_csv_is_read_with_quotes_line_breaks_and_shared_cells() -> None:
    book = read_file(SHIPPED / "google.csv")
    assert book.cards[0] == Card(
        "Noémie",
        "Châtelain",
        ["noemie@chatelain-fils.example"],
        ["06 45 67 89 01", "04 78 00 11 22"],
        "Châtelain & Fils",
        "Directrice, achats",
    )
    assert book.cards[1].emails == ["fx.delatour@courriel.example", "fx@delatour.example"]
    assert [skipped.reason for skipped in book.skipped] == ["no name"]


def test_the_older_google_csv_is_read() -> None:
    text = (
        "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name,Organization 1 - Title\n"
        "Zoë Lefèvre,Zoë,Lefèvre,* Work,zoe@example.com,Cabinet,Avocate\n"
    )
    assert read_google_csv(text).cards == [Card("Zoë", "Lefèvre", ["zoe@example.com"], [], "Cabinet", "Avocate")]


def test_another_csv_is_refused() -> None:
    with pytest.raises(NotGoogleCsv):
        read_google_csv("nom;prenom\nLefèvre;Zoë\n")


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"contacts\.xlsx is not read"):
        read_file(tmp_path / "contacts.xlsx")


def test_a_file_of_french_windows_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "carnet.VCF"
    path.write_bytes(card("N:Lefèvre;Zoë;;;").encode("cp1252"))
    assert read_file(path).cards == [Card("Zoë", "Lefèvre")]


def test_an_old_version_is_skipped_and_says_what_to_do() -> None:
    book = read_vcards(card("N:Lefèvre;Zoë", version="2.1") + card("N:Dupré;Hélène"))
    assert [each.family_name for each in book.cards] == ["Dupré"]
    assert "export it as 3.0 or 4.0" in book.skipped[0].reason


def test_a_quoted_parameter_may_hold_separators() -> None:
    assert read_vcards(card("N:A;B", 'TEL;X="a:b;c";TYPE=cell:+331')).cards[0].phones == ["+331"]


def test_escapes_in_names_are_undone() -> None:
    assert read_vcards(card(r"N:O\;Neil\\;Zoë\, Anne;;;")).cards == [Card("Zoë, Anne", "O;Neil\\")]


@pytest.mark.parametrize("broken", ["", "BEGIN:VCARD", "END:VCARD", "BEGIN:VCARD\nVERSION:4.0\nN:A;B", ":\n;:\n =:"])
def test_what_is_no_card_gives_no_card(broken: str) -> None:
    assert read_vcards(broken).cards == []


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    read_vcards(card(text) + text)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_a_folded_line_reads_as_the_whole_one(name: str) -> None:
    escaped = name.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    folded = "\r\n ".join(f"N:{escaped};Zoë")
    assert read_vcards(card(folded)).cards == [Card("Zoë", name)]
