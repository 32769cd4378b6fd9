"""A blank in a mail is filled with each reader's token, wherever quoted-printable broke it, and nothing else is."""

import quopri

from hypothesis import given
from hypothesis import strategies as st

from chassis.links import new_token
from services.notifier.mail.blanks import Blanked
from services.notifier.mail.mime import quoted_printable

BLANK = new_token()
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120)


@given(TEXT, TEXT, TEXT)
def test_a_filled_blank_reads_as_if_the_token_had_been_written(before: str, between: str, after: str) -> None:
    token = new_token()
    written = f"{before}https://x.example/{BLANK}{between}{BLANK}{after}"
    filled = Blanked.of(quoted_printable(written), BLANK).filled(token)
    assert quopri.decodestring(filled) == f"{written.replace(BLANK, token)}\r\n".encode()
    assert all(len(line) <= 76 for line in filled.split(b"\r\n"))


@given(st.integers(0, 80))
def test_a_line_may_end_at_any_place_within_a_blank(offset: int) -> None:
    token, written = new_token(), "a" * offset + BLANK + "b" * 80
    found = Blanked.of(quoted_printable(written), BLANK)
    assert quopri.decodestring(found.filled(token)).decode().strip() == written.replace(BLANK, token)


@given(TEXT)
def test_without_a_blank_nothing_changes(text: str) -> None:
    content = quoted_printable(text)
    assert Blanked.of(content, BLANK).filled(new_token()) == content
    assert Blanked.of(content, "").filled("") == content


def test_two_readers_share_the_bytes_but_for_their_tokens() -> None:
    found = Blanked.of(f"see https://x.example/l/{BLANK} now".encode(), BLANK)
    one, other = new_token(), new_token()
    assert found.filled(one).replace(one.encode(), b"") == found.filled(other).replace(other.encode(), b"")
    assert BLANK.encode() not in found.filled(one)
