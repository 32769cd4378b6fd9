"""What users write becomes HTML that obeys nobody but us."""

import pytest

from chassis.markdown import plain_to_html, to_html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScript&#58;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "![i](https://tracker.example/p.png)",
        '[x](https://a.example "" onmouseover=alert(1) ")',
    ],
)
def test_no_markdown_makes_anything_that_acts(hostile: str) -> None:
    made = to_html(hostile)
    for tag in ("<script", "<img", 'href="javascript', 'href="data', 'href="vbscript', 'href="file', '" onm'):
        assert tag not in made, made


def test_what_is_meant_is_shown() -> None:
    assert to_html("**A** [b](https://b.example/?x=1&y=2)\nc") == (
        '<p><strong>A</strong> <a href="https://b.example/?x=1&amp;y=2">b</a><br />\nc</p>\n'
    )
    assert plain_to_html("<b>\nx\n\n\ny & z") == "<p>&lt;b&gt;<br />x</p>\n<p>y &amp; z</p>\n"
