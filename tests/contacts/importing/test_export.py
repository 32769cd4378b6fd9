"""Contacts as files that spreadsheets and telephones open."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contacts.exporting.csv_file import harmless
from services.contacts.exporting.vcard_file import escaped, folded
from tests.contacts.importing.books import cards
from tests.contacts.importing.jobs import Desk


async def test_contacts_of_a_filter_are_a_csv(desk: Desk) -> None:
    await desk.office.a_contact(
        notes='=HYPERLINK("http://evil.example")',
        emails=[{"address": "zoe@example.fr"}, {"address": "z@b.example"}],
        phones=[{"number": "0123456789"}, {"number": "0612345678", "kind": "MOBILE"}],
    )
    await desk.office.a_contact(familyName="Autre")
    chosen = {"and": [{"familyName": {"startsWith": "Lef"}}, {"createdAt": {"gt": "2020-01-01T00:00:00+01:00"}}]}
    text = await desk.download("exportContacts", format="CSV", filter=chosen)
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["Prénom"], row["Nom"], row["E-mail"], row["E-mail 2"]) == (
        "Zoé", "Lefèvre", "zoe@example.fr", "z@b.example",
    )  # fmt: skip
    assert (row["Téléphone"], row["Mobile"]) == ("+33 1 23 45 67 89", "+33 6 12 34 56 78")
    assert row["Notes"].startswith("'=HYPERLINK")


async def test_what_was_exported_is_imported_again_unchanged(desk: Desk) -> None:
    await desk.office.a_contact(notes="=1+1", emails=[{"address": "zoe@example.fr"}], phones=[{"number": "0123456789"}])
    for format in ("CSV", "VCARD"):
        text = await desk.download("exportContacts", format=format)
        done = await desk.done(text, key="EMAIL")
        assert (done["created"], done["updated"], done["unchanged"]) == (0, 0, 1), format


async def test_contacts_are_vcards(desk: Desk) -> None:
    await desk.office.a_contact(notes="un\ndeux; trois", emails=[{"address": "zoe@example.fr"}], language="fr")
    text = await desk.download("exportContacts", format="VCARD")
    assert text.startswith("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:contact_")
    [zoe] = cards(text)
    assert (zoe.given_name, zoe.family_name, zoe.notes, zoe.language) == ("Zoé", "Lefèvre", "un\ndeux; trois", "fr")
    assert zoe.emails[0] == ("zoe@example.fr", "WORK")


async def test_more_than_a_page_is_exported_once(desk: Desk) -> None:
    rows = "".join(f"Durand{n};p{n}@d.example\n" for n in range(1100))
    await desk.done(f"Nom;E-mail\n{rows}")
    names = [row["Nom"] for row in csv.DictReader(io.StringIO(await desk.download("exportContacts", format="CSV")))]
    assert sorted(names) == sorted(f"Durand{n}" for n in range(1100))


async def test_a_filter_that_is_refused_is_refused_at_once(desk: Desk) -> None:
    refused = await desk.mutate(
        "exportContacts", {"format": "CSV", "filter": {"relationshipManagerId": {"eq": "x"}}}, ""
    )
    assert refused["code"] == "INVALID_ID"


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "+33 6|calc"])
def test_a_formula_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["+33 6 12 34 56 78", "Lefèvre", "", "a=b"])
def test_what_is_no_formula_stays(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_a_folded_line_is_short_and_reads_as_the_whole(text: str) -> None:
    line = folded(f"NOTE:{escaped(text)}")
    pieces = line.removesuffix("\r\n").split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert "".join(piece if n == 0 else piece[1:] for n, piece in enumerate(pieces)) == f"NOTE:{escaped(text)}"
