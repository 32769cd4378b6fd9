"""TypeIDs outside, UUIDs inside."""

import contextlib
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import InvalidId
from chassis.identifiers import format_id, kind_of, new_id, parse_id


@given(st.uuids())
def test_an_id_comes_back(value: UUID) -> None:
    text = format_id("contact", value)
    assert (parse_id("contact", text), kind_of(text)) == (value, "contact")


def test_ids_sort_by_the_time_of_their_making() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {value.version for value in made} == {7}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "contact",
        "contact_",
        "contact_x",
        "account_01h455vb4pex5vsknk084sn02q",
        str(UUID(int=7)),
        "x" * 10_000,
        "é_é",
    ],
)
def test_what_is_no_id_of_the_kind_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(InvalidId) as refused:
        parse_id("contact", text, "contactId")
    assert refused.value.path == ["contactId"]
    assert "contact_" in refused.value.message
    assert len(refused.value.message) < 200


@given(st.text())
def test_any_text_is_an_id_or_a_typed_refusal(text: str) -> None:
    with contextlib.suppress(InvalidId):
        parse_id("contact", text)
