"""vCards as they come out of telephones, Outlook and Google."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import liant.demo
from services.contacts.importing.readers.book import entries, look_at, read_file
from services.contacts.importing.readers.card import Card, Detail, Place, Reach, Skipped
from services.contacts.importing.readers.vcard import read_vcards
from tests.contacts.importing.books import card, cards, found, names

SHIPPED = Path(liant.demo.__file__).parent / "contacts"
CORPUS = Path("/work/shared/corpus")


def read(text: str) -> list[Card | Skipped]:
    return [entry.found for entry in read_vcards(io.BytesIO(text.encode("utf-8", "replace")), "utf-8")]


def test_the_shipped_vcards_are_read_with_their_accents() -> None:
    book = read_file(SHIPPED / "carnet.vcf")
    first = book.cards[0]
    assert (first.given_name, first.family_name) == ("Hélène", "Dupré")
    assert [each.value for each in first.emails] == ["helene.dupre@atelier-saint-eloi.example"]
    assert [each.value for each in first.phones] == ["06 12 34 56 78", "04 72 40 12 34"]
    assert (first.organization, first.job_title) == ("Atelier Saint-Éloi, menuiserie", "Gérante")
    assert names(book.cards[1:]) == ["Gaëtan L'Hostis", "Maëlys Nguyễn-Beaufort", "Loïc Œuvrard"]
    assert [(entry.line, entry.found) for entry in book.skipped] == [(41, Skipped("NOT_A_PERSON"))]


@pytest.mark.parametrize(
    "name",
    [
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre;Zo=C3=A9;;;",
        "N;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Lef=E8vre;Zo=E9",
        "N;QUOTED-PRINTABLE:Lef=C3=A8vre=\r\n;Zo=C3=A9",
        "N;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre=3BZo=C3=A9",
        "N;CHARSET=nonsense:Lefèvre;Zoé",
        "n;language=fr:Lefèvre;Zoé",
        "item1.N:Lefèvre;Zoé;;;",
        "N:Lefè\r\n vre;Zoé;;;",
        "N:;;;;\r\nFN:Zoé Lefèvre",
        "FN:Lefèvre\\, Zoé",
    ],
)
@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_a_name_is_read_in_every_way_it_is_written(name: str, version: str) -> None:
    assert names(cards(card(name, version=version))) == ["Zoé Lefèvre"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_every_encoding_and_line_end_is_read(codec: str, end: str) -> None:
    text = card("N:Lefèvre;Zoé", "NOTE:première").replace("\r\n", end) * 2
    assert names(cards(text, codec)) == ["Zoé Lefèvre"] * 2


PICTURE = "/9j/4AAQSkZJRgABAQEAYABgAAD"


@pytest.mark.parametrize(
    "photo",
    [
        f"PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n {PICTURE}\r\n {PICTURE}==\r\n",
        f"PHOTO;ENCODING=b;TYPE=JPEG:{PICTURE}\r\n {PICTURE}",
        f"PHOTO:data:image/jpeg;base64,{PICTURE}",
        f"PHOTO;JPEG;BASE64:{PICTURE}\r\n{PICTURE}\r\n{PICTURE}=",
    ],
)
def test_a_photo_in_any_style_hides_nothing_after_it(photo: str) -> None:
    [one] = cards(card("N:Lefèvre;Zoé", photo, "TEL;CELL:0612345678", version="2.1"))
    assert one.phones == [Reach("0612345678", "MOBILE")]


def test_an_agent_is_somebody_too() -> None:
    inner = "AGENT:\r\n" + card("FN:Paul Aide", version="2.1").strip()
    people = cards(card("N:Lefèvre;Zoé", inner, "TEL:0612345678", version="2.1"))
    assert names(people) == ["Paul Aide", "Zoé Lefèvre"]
    assert people[1].phones == [Reach("0612345678")]


def test_a_card_without_end_does_not_swallow_the_next() -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Zoé Lefèvre\n" + card("FN:Paul Durand") + "BEGIN:VCARD\nN:Martin;Ada"
    assert names(cards(text)) == ["Zoé Lefèvre", "Paul Durand", "Ada Martin"]


def test_a_note_with_bare_line_breaks_stays_whole() -> None:
    [one] = cards(card("N:A;B", "NOTE:un\ndeux: trois\nquatre", "TEL:1", version="3.0"))
    assert (one.notes, one.phones) == ("un\ndeux: trois\nquatre", [Reach("1")])


def test_uses_come_from_types_and_apple_labels() -> None:
    [one] = cards(
        card(
            "N:A;B",
            "item1.TEL:+331",
            "item1.X-ABLabel:_$!<Mobile>!$_",
            "TEL;type=WORK;type=pref:+332",
            "TEL;WORK;FAX:+333",
            'EMAIL;INTERNET:"Omega" <omega@example.com>',
            "ADR;TYPE=home:;;5 rue X;Paris;;75001;France",
            version="3.0",
        )
    )
    assert one.phones == [Reach("+332", "WORK"), Reach("+331", "MOBILE")]
    assert one.emails == [Reach("omega@example.com")]
    assert one.details == [Detail("fax", "+333")]
    written = [Detail("address", "5 rue X, Paris, 75001, France")]
    assert one.addresses == [Place("5 rue X", "75001", "Paris", "", "France", "HOME", written)]


def test_who_has_no_name_is_called_by_what_there_is() -> None:
    assert names(cards(card("EMAIL:zoe@example.com"))) == ["zoe@example.com"]
    assert names(cards(card("ORG:ACME;Ventes"))) == ["ACME"]
    assert found(card("REV:2020")) == [Skipped("NO_NAME")]


def test_a_thousand_photos_are_passed_over() -> None:
    photos = [f"PHOTO;ENCODING=b:{'A' * 75}\r\n {'B' * 75}"] * 1000
    assert cards(card("N:A;B", *photos, "TEL:1"))[0].phones == [Reach("1")]


def test_a_quoted_parameter_may_hold_separators() -> None:
    assert cards(card("N:A;B", 'TEL;X="a:b;c";TYPE=cell:+331'))[0].phones == [Reach("+331", "MOBILE")]


def test_escapes_in_names_are_undone() -> None:
    assert cards(card(r"N:O\;Neil\\;Zoë\, Anne;;;")) == [Card("Zoë, Anne", "O;Neil\\")]


@pytest.mark.parametrize("broken", ["", "BEGIN:VCARD", "END:VCARD", ":\n;:\n =:"])
def test_what_is_no_card_gives_no_card(broken: str) -> None:
    assert [each for each in read(broken) if isinstance(each, Card)] == []


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    read(card(text) + text)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_a_folded_line_reads_as_the_whole_one(name: str) -> None:
    escaped = name.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    folded = "\r\n ".join(f"N:{escaped};Zoë")
    assert read(card(folded)) == [Card("Zoë", name)]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not part of the project")
def test_of_the_corpus_five_entries_name_nobody() -> None:
    total, unread = 0, []
    for path in sorted(each for each in CORPUS.rglob("*") if each.suffix.lower() in (".vcf", ".csv")):
        with path.open("rb") as file:
            found = list(entries(file, look_at(file))) if path.name != "Empty.vcf" else []
        total += len(found)
        unread += [f"{path.name}:{each.line}" for each in found if not isinstance(each.found, Card)]
    # Three places of business of companies without a name; a picture alone; made-up properties of another program.
    assert unread == [
        *(f"sample_etablissements_OK.csv:{line}" for line in (2, 3, 4)),
        "v21_android_custom_prop.vcf:1",
        "Photo_Outlook_v2.vcf:1",
    ]
    assert total >= 1652
