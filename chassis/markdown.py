"""Markdown that users write, as HTML that is safe anywhere and as text that is pleasant to read.

Raw HTML is text; links lead to http, https and mailto only; images are links, since a picture fetched from elsewhere
tells whoever serves it who reads what, and when.
"""

import re
from collections.abc import Sequence
from functools import cache
from html import escape, unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_PARAGRAPHS = re.compile(r"\n{2,}")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = {"http", "https", "mailto"}
_LEADS = re.compile(f"(?:{'|'.join(sorted(_SCHEMES))}):", re.IGNORECASE)
_LEVELS = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
_HEADS = {"th": {"scope": "col"}}  # WCAG H63
_STYLES = {
    "h2": "font-size:19px;line-height:1.3;margin:20px 0 8px",
    "h3": "font-size:17px;line-height:1.3;margin:16px 0 8px",
    "h4": "font-size:16px;line-height:1.3;margin:16px 0 8px",
    "p": "margin:0 0 12px",
    "ul": "margin:0 0 12px;padding-left:20px",
    "ol": "margin:0 0 12px;padding-left:20px",
    "a": "color:#0f5c63;overflow-wrap:anywhere",
    "hr": "margin:16px 0;border:0;border-top:1px solid #c3d3d5",
    "blockquote": "margin:0 0 12px;padding:0 0 0 12px;border-left:3px solid #c3d3d5",
    "pre": "margin:0 0 12px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px",
    "th": "text-align:left;padding:4px 12px 4px 0",
    "td": "vertical-align:top;padding:4px 12px 4px 0",
}


class _Renderer(RendererHTML):
    """What is around it has the page's first heading; images become links to them."""

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        words = self.renderInlineAsText(token.children or [], options, env)
        address = nh3.clean_text(str(token.attrs.get("src", "")))
        return f'<a href="{address}">{nh3.clean_text(words) or address}</a>'

    def heading_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"<{_LEVELS[tokens[index].tag]}>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"</{_LEVELS[tokens[index].tag]}>\n"


def to_html(text: str) -> str:
    """For pages. A line's end is one, as whoever wrote it saw it."""
    return _clean(text, _HEADS)


def to_mail_html(text: str) -> str:
    """For mails: styles stand on each element, since clients leave style sheets out."""
    return _clean(text, {tag: {"style": style, **_HEADS.get(tag, {})} for tag, style in _STYLES.items()})


def plain_to_html(text: str) -> str:
    """Text as HTML that shows it line by line."""
    return "".join(f"<p>{'<br />'.join(map(escape, part.split(chr(10))))}</p>\n" for part in _PARAGRAPHS.split(text))


def to_words(text: str) -> str:
    """Its words alone, in one line: a summary."""
    words = nh3.clean(_parser().render(text).replace("<br />", " "), tags=set())
    return " ".join(unescape(words).split())


def _clean(text: str, attributes: dict[str, dict[str, str]]) -> str:
    return nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values=attributes,
    )


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
    # An address without a scheme would lead somewhere else on every page that shows it.
    parser.validateLink = lambda url: _LEADS.match(url) is not None  # type: ignore[method-assign]  # its own way to say so
    return parser.enable(["table", "strikethrough"])
