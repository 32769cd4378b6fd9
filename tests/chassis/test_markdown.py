"""What users write becomes HTML that obeys nobody but us."""

from html.parser import HTMLParser

import pytest

from chassis.markdown import plain_to_html, to_html, to_mail_html, to_words

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='vbscript:x'>x</a>",
    "<svg/onload=alert(1)><math><mtext><style><img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScript&#58;alert(1))",
    "[x](java\u0000script:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/relative)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "![i](https://tracker.example/p.png)",
    "![i](javascript:alert(1))",
    '![x" onerror="alert(1)](https://a.example/"onerror="x)',
    '[x](https://a.example "" onmouseover=alert(1) ")',
    '[x](https://a.example "\\" onmouseover=\\"alert(1)")',
    "<https://a.example/\u202e>",
    "`<b onclick=x>`",
    "```html\n<b onclick=x>\n```",
    "| <b onclick=x> |\n|---|\n| [x](javascript:alert(1)) |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("write", [to_html, to_mail_html])
def test_markdown_brings_nothing_live_with_it(source: str, write: object) -> None:
    found: list[tuple[str, list[tuple[str, str | None]]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, attrs))  # type: ignore[method-assign]
    parser.feed(write(source))  # type: ignore[operator]
    assert {tag for tag, _ in found} <= {"p", "a", "pre", "code", "br", "table", "thead", "tbody", "tr", "th", "td"}
    for name, value in [pair for _, attributes in found for pair in attributes]:
        assert name in ("href", "rel", "style", "title", "scope")
        assert name != "href" or str(value).startswith("https://")
        assert name != "style" or "url" not in str(value)


def test_markdown_says_what_it_says() -> None:
    assert to_html("# T\n\n**A** [l](https://a.example/?a=1&b=2)\nc") == (
        "<h2>T</h2>\n<p><strong>A</strong> "
        '<a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow">l</a><br>\nc</p>\n'
    )
    assert to_html("![plan](https://a.example/p.png)") == (
        '<p><a href="https://a.example/p.png" rel="noopener noreferrer nofollow">plan</a></p>\n'
    )
    assert plain_to_html("<b>\nx\n\n\ny & z") == "<p>&lt;b&gt;<br />x</p>\n<p>y &amp; z</p>\n"
    assert to_words("# T\n\n**a** < [b](https://c.example)\nc\n\n- d") == "T a < b c d"
