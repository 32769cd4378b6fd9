"""Address books as programs spoil them: whoever a person could still make out is read."""

import base64
import io
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contacts.importing.readers.book import UnreadableBook, entries, look_at
from services.contacts.importing.readers.card import Card
from tests.contacts.importing.books import card, cards, names

PHOTO = base64.b64encode(random.Random(4).randbytes(3000)).decode()
FOLDED = "\r\n ".join(PHOTO[at : at + 74] for at in range(0, len(PHOTO), 74))
NAMES = ["Zoé Lefèvre", "Paul Müller", "Inès Çelik"]
BOOK = "".join(
    (
        card("N:Lefèvre;Zoé;;;", "FN:Zoé Lefèvre", "TEL;CELL:+33612345678", "EMAIL:zoe@example.fr", version="2.1"),
        card("FN:Paul Müller", "N:Müller;Paul;;;", f"PHOTO;ENCODING=b;TYPE=JPEG:{FOLDED}", "NOTE:Une", version="3.0"),
        card("FN:Inès Çelik", "N:Çelik;Inès;;;", "item1.URL:https://x.example", "item1.X-ABLabel:_$!<Home>!$_"),
    )
)  # fmt: skip


def _unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def _cut_folds(text: str) -> str:
    """Folded lines without their space, as some mail programs break them."""
    return text.replace("\r\n ", "\r\n")


def _without_end(text: str) -> str:
    return text.replace("END:VCARD\r\n", "", 2)


def _quoted(text: str) -> str:
    """Names in quoted-printable with a soft break in the middle of a character."""
    for name in ("Lefèvre;Zoé", "Müller;Paul", "Çelik;Inès"):
        told = "".join(f"={byte:02X}" for byte in name.encode()).replace("=3B", ";")
        half = len(told) // 2 // 3 * 3
        text = text.replace(
            f"N:{name};;;\r\n", f"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{told[:half]}=\r\n{told[half:]};;;\r\n"
        )
    return text


SPOILED: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "lines ended by LF": lambda text: text.replace("\r\n", "\n").encode(),
    "lines ended by CR": lambda text: text.replace("\r\n", "\r").encode(),
    "lines ended by CR CR LF": lambda text: text.replace("\r\n", "\r\r\n").encode(),
    "folds without their space": lambda text: _cut_folds(text).encode(),
    "not folded": lambda text: _unfolded(text).encode(),
    "folded by tabs": lambda text: text.replace("\r\n ", "\r\n\t").encode(),
    "an empty line after each": lambda text: text.replace("\r\n", "\r\n\r\n").encode(),
    "without END": lambda text: _without_end(text).encode(),
    "without VERSION": lambda text: text.replace("VERSION:", "X-VERSION:").encode(),
    "in small letters": lambda text: text.replace("BEGIN:VCARD", "begin:vcard").replace("\r\nFN:", "\r\nfn:").encode(),
    "spaces around": lambda text: text.replace("BEGIN:VCARD", "  BEGIN : VCARD ").replace("\nN:", "\nN: ").encode(),
    "quoted-printable, broken softly": lambda text: _quoted(text).encode(),
    "UTF-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "a mark before each card": lambda text: text.replace("BEGIN", "\ufeffBEGIN").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 big-endian": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without its mark": lambda text: text.encode("utf-16-le"),
    "Windows": lambda text: text.encode("cp1252"),
    "an old Mac": lambda text: text.encode("mac_roman"),
    "DOS": lambda text: text.encode("cp850"),
    "Windows, said to be UTF-8": lambda text: text.replace("\nN:", "\nN;CHARSET=UTF-8:").encode("cp1252"),
    "UTF-8, said to be Latin-1": lambda text: text.replace("\nN:", "\nN;CHARSET=ISO-8859-1:").encode(),
    "UTF-8, said to be nonsense": lambda text: text.replace("\nN:", "\nN;CHARSET=KLINGON:").encode(),
    "NUL bytes between cards": lambda text: text.replace("BEGIN", "\0\0BEGIN").encode(),
    "NUL bytes at the end": lambda text: text.encode() + b"\0" * 4096,
    "words of a mail before": lambda text: f"Bonjour,\r\nvoici mes contacts.\r\n\r\n{text}".encode(),
    "nested in an AGENT": lambda text: card("N:Patron;Le", f"AGENT:\r\n{text}", "TITLE:Chef", version="2.1").encode(),
    "a photo that never ends": lambda text: (text + card("FN:Fin", f"PHOTO;BASE64:{FOLDED}")[:-40]).encode(),
    "Outlook's base64 block": lambda text: text.replace("PHOTO;ENCODING=b", "PHOTO;ENCODING=BASE64").encode(),
    "grouped names": lambda text: text.replace("\r\nN:", "\r\nitem7.N:").replace("\r\nFN:", "\r\nitem7.FN:").encode(),
    "no N": lambda text: text.replace("\r\nN:", "\r\nX-N:").encode(),
    "an empty N": lambda text: text.replace("\r\nN:", "\r\nN:;;;;\r\nX-N:").encode(),
    "JCard-like quotes": lambda text: text.replace("\r\nN:", '\r\nN;SORT-AS="a;b:c":').encode(),
}


@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_cards_are_read(how: str) -> None:
    found = [" ".join(each.split()) for each in names(cards(SPOILED[how](BOOK)))]
    assert [each for each in NAMES if each not in found] == [], found


def test_a_thousand_photos_in_one_card_keep_one() -> None:
    photos = [f"PHOTO;ENCODING=b;TYPE=JPEG:{FOLDED}"] * 1000
    [zoe, paul] = cards(card("N:Lefèvre;Zoé", *photos, "TEL:+33612345678") + card("N:Müller;Paul"))
    assert (zoe.photo is not None, len(zoe.phones), paul.given_name) == (True, 1, "Paul")


MARKS = st.sampled_from(
    [b"\r\n", b"\n", b"\r", b"\0", b"=", b"=\r\n", b"\r\n ", b":", b";", b'"', b"\\", b"\xff", b"\xef\xbb\xbf",
     b"BEGIN:VCARD\r\n", b"END:VCARD\r\n", b"AGENT:\r\n", b"CHARSET=UTF-16;", b"ENCODING=QUOTED-PRINTABLE:", b"\x1a"]
)  # fmt: skip
PLACES = st.lists(st.tuples(st.integers(0, 3000), MARKS, st.integers(0, 6)), max_size=12)


@given(PLACES, st.sampled_from(list(SPOILED)))
def test_whatever_is_done_to_a_file_it_is_read_or_refused_with_a_reason(
    places: list[tuple[int, bytes, int]], how: str
) -> None:
    content = SPOILED[how](BOOK)
    for place, mark, dropped in places:
        content = content[:place] + mark + content[place + dropped :]
    file = io.BytesIO(content)
    try:
        found = list(entries(file, look_at(file)))
    except UnreadableBook as refused:
        assert refused.code in ("EMPTY_FILE", "NOT_AN_ADDRESS_BOOK")
        return
    for entry in found:
        if isinstance(entry.found, Card):
            assert entry.found.given_name or entry.found.family_name
