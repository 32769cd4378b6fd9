"""CSV files of Google, Outlook, LinkedIn, Thunderbird, and those that firms made themselves."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import liant.demo
from services.contacts.importing.readers.book import UnreadableBook, entries, look_at, read_file
from services.contacts.importing.readers.card import Card, Detail, Profile, Reach, Skipped
from services.contacts.importing.readers.columns import Column, Target
from tests.contacts.importing.books import cards, found, names

SHIPPED = Path(liant.demo.__file__).parent / "contacts"


def test_the_shipped_csv_is_read_with_quotes_line_breaks_and_shared_cells() -> None:
    book = read_file(SHIPPED / "google.csv")
    first = book.cards[0]
    assert names([first]) == ["Noémie Châtelain"]
    assert first.emails == [Reach("noemie@chatelain-fils.example", "WORK")]
    assert [each.value for each in first.phones] == ["06 45 67 89 01", "04 78 00 11 22"]
    assert (first.organization, first.job_title) == ("Châtelain & Fils", "Directrice, achats")
    assert [entry.found for entry in book.skipped] == [Skipped("NO_NAME")]


def test_the_older_google_csv_is_read() -> None:
    text = (
        "Name,Given Name,Family Name,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name,Organization 1 - Title\n"
        "Zoë Lefèvre,Zoë,Lefèvre,* Work,zoe@example.com,Cabinet,Avocate\n"
    )
    assert cards(text) == [Card("Zoë", "Lefèvre", [Reach("zoe@example.com", "WORK")], [], "Cabinet", "Avocate")]


FRENCH = (
    "Titre;Prénom;Deuxième prénom;Nom;Société;Profession;Téléphone (bureau);Téléphone (domicile);Tél. mobile;"
    "Anniversaire;Adresse de messagerie;Notes\r\n"
    "Mme;Zoé;;Lefèvre;Cabinet;Notaire;04 66 00 00 01;;06 39 98 00 01;12/03/1979;zoe@example.fr;"
    '"Matin ;\r\nà 10 h"\r\n'
)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_french_outlook_is_read_in_every_encoding(codec: str, delimiter: str) -> None:
    text = FRENCH if delimiter == ";" else FRENCH.replace(";", delimiter).replace("Matin \t", "Matin ;")
    [one] = cards(text, codec)
    assert names([one]) == ["Zoé Lefèvre"]
    assert one.phones == [Reach("04 66 00 00 01", "WORK"), Reach("06 39 98 00 01", "MOBILE")]
    assert (one.organization, one.job_title) == ("Cabinet", "Notaire")
    assert (one.notes, one.details) == ("Matin ;\nà 10 h", [Detail("Anniversaire", "12/03/1979")])


def test_english_outlook_is_read() -> None:
    text = (
        "Title,First Name,Last Name,Company,Job Title,Home Phone,Business Phone,E-mail Address,E-mail Type,"
        "E-mail Display Name,E-mail 2 Address,Priority\nMr,Paul,Durand,ACME,CEO,,0140506070,p@d.example,SMTP,"
        "Paul (p@d.example),q@d.example,Normal\n"
    )
    people = [Reach("p@d.example"), Reach("q@d.example")]
    assert cards(text) == [Card("Paul", "Durand", people, [Reach("0140506070", "WORK")], "ACME", "CEO")]


def test_linkedin_begins_after_its_notes() -> None:
    text = (
        'Notes:\n"When exporting your connection data, you may notice that some e-mail addresses are missing."\n\n'
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Zoé,Martin,https://x.example,zoe@x.example,Acme,CEO,12 Nov 2024\n"
    )
    file = io.BytesIO(text.encode())
    book = look_at(file)
    [entry] = entries(file, book)
    assert (book.flavour, entry.line) == ("LINKEDIN", 5)
    assert entry.found == Card(
        "Zoé", "Martin", [Reach("zoe@x.example")], [], "Acme", "CEO", profiles=[Profile("https://x.example")]
    )


def test_thunderbird_is_read_in_both_languages() -> None:
    english = "First Name,Last Name,Display Name,Primary Email,Secondary Email,Work Phone,Mobile Number\n"
    french = (
        "Prénom,Nom de famille,Nom à afficher,Première adresse électronique,Adresse électronique secondaire,"
        "Tél. professionnel,Portable\n"
    )
    row = "Paul,Durand,Paul D,p@d.example,q@d.example,0140506070,0612345678\n"
    assert cards(english + row) == cards(french + row)
    assert look_at(io.BytesIO(french.encode())).flavour == "THUNDERBIRD"


def test_a_firm_s_own_file_is_understood() -> None:
    text = (
        "Civilité;Nom;Prénom;Société;Fonction;Tél. fixe;Tél. portable;E-mail;Code client\n"
        "M.;Durand;Paul;ACME;Gérant;0140506070;0612345678;p@d.example;C123\n"
    )
    [one] = cards(text, "cp1252")
    assert names([one]) == ["Paul Durand"]
    assert (one.external_id, [each.kind for each in one.phones]) == ("C123", ["WORK", "MOBILE"])


def test_columns_without_a_known_heading_are_known_by_what_they_hold() -> None:
    text = "Durand;Paul;p@d.example;06 12 34 56 78\nMartin;Zoé;z@d.example;06 12 34 56 79\n"
    book = look_at(io.BytesIO(text.encode()))
    targets = [column.target for column in book.mapping]
    assert (book.heading, targets) == (-1, [Target.DETAIL, Target.DETAIL, Target.EMAIL, Target.PHONE])


def test_a_mapping_can_be_changed() -> None:
    file = io.BytesIO(b"a,b\nDurand,Paul\n")
    mapping = [Column(0, Target.FAMILY_NAME), Column(1, Target.GIVEN_NAME)]
    assert [entry.found for entry in entries(file, look_at(file), mapping)] == [Card("Paul", "Durand")]


def test_excel_s_own_first_line_tells_the_delimiter() -> None:
    assert names(cards("sep=;\nPrénom;Nom\nZoé;Lefèvre, Anne\n")) == ["Zoé Lefèvre, Anne"]


def test_a_row_that_cannot_be_read_does_not_end_the_file() -> None:
    people = found("Nom,Prénom\nDurand,Paul\nx," + "y" * 200_000 + "\nMartin,Ada\n")
    assert people[0] == Card("Paul", "Durand")
    assert people[-1] == Card("Ada", "Martin")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "EMPTY_FILE"), (b"\xef\xbb\xbf\r\n", "EMPTY_FILE"), (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, None)],
)
def test_what_is_no_address_book_is_refused(content: bytes, code: str | None) -> None:
    with pytest.raises(UnreadableBook) as refusal:
        look_at(io.BytesIO(content))
    assert refusal.value.code == (code or "NOT_AN_ADDRESS_BOOK")


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    file = io.BytesIO(content)
    try:
        list(entries(file, look_at(file)))
    except UnreadableBook:
        return
