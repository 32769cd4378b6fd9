"""Text that people type."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import InvalidInput
from chassis.text import MAX_LINE, folded, line, optional_line, optional_note


@pytest.mark.parametrize("text", ["Zoé", "O'Neil-Le Fèvre", "李小龍", "محمد", "Ünïcødé 👩‍🚀", "x" * MAX_LINE])
def test_names_of_the_world_are_kept(text: str) -> None:
    assert line(text, "name") == text


@pytest.mark.parametrize(
    "text", ["", "  ", "\u00a0", "a\nb", "a\tb", "a\x00", "\x1b[31m", "\u202eevil", "a\u2066b", "a\u2028b", "x" * 201]
)
def test_what_would_harm_a_line_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        line(text, "given.name")
    assert refused.value.path == ["given", "name"]


def test_an_optional_line_of_nothing_is_nothing_and_a_note_keeps_its_lines() -> None:
    assert optional_line("  ", "x") is None
    assert optional_line(None, "x") is None
    assert optional_note("a\r\nb\tc\n", "x") == "a\nb\tc"


def test_accents_composed_or_not_are_the_same_text() -> None:
    assert line(unicodedata.normalize("NFD", "Zoé"), "x") == "Zoé"


@given(st.text(max_size=300))
def test_any_text_is_kept_harmless_or_refused(text: str) -> None:
    try:
        kept = line(text, "x")
    except InvalidInput:
        return
    assert kept == kept.strip() and kept
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in kept)


@pytest.mark.parametrize(
    ("names", "sorted_names"),
    [
        (["Zola", "Éluard", "Eluard", "eco"], ["eco", "Éluard", "Eluard", "Zola"]),
        (["Le Fèvre", "Lefèvre", "O'Neil", "ONeil"], ["Le Fèvre", "Lefèvre", "O'Neil", "ONeil"]),
    ],
)
def test_names_sort_without_accents_case_and_punctuation(names: list[str], sorted_names: list[str]) -> None:
    assert sorted(names, key=folded) == sorted_names
