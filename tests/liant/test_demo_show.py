"""How the demo prints an answer."""

import json

from hypothesis import given
from hypothesis import strategies as st

from liant.demo.show import compact

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_it_is_the_same_json(value: object) -> None:
    assert json.loads(compact(value, 40)) == value


def test_what_fits_stays_on_its_line_and_the_rest_is_broken_up() -> None:
    text = compact({"title": "Atelier", "people": [{"name": "Zoë"}, {"name": "Karim Benali"}]}, 40)
    assert text.splitlines() == [
        "{",
        '  "title": "Atelier",',
        '  "people": [',
        '    {"name": "Zoë"},',
        '    {"name": "Karim Benali"}',
        "  ]",
        "}",
    ]
