"""Markdown to HTML that is safe to show and to mail.

Raw HTML is text; links lead to http, https and mailto only; images are links, since a picture fetched from elsewhere
tells whoever serves it who reads what, and when.
"""

from collections.abc import Sequence
from functools import cache
from html import unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = {"http", "https", "mailto"}
_LEVELS = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
_STYLES = {
    "h2": "font-size:19px;line-height:1.3;margin:20px 0 8px",
    "h3": "font-size:17px;line-height:1.3;margin:16px 0 8px",
    "h4": "font-size:16px;line-height:1.3;margin:16px 0 8px",
    "p": "margin:0 0 12px",
    "a": "color:#0f5c63",
    "blockquote": "margin:0 0 12px;padding:0 0 0 12px;border-left:3px solid #d5dde3",
    "pre": "white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px",
    "th": "text-align:left;padding:4px 12px 4px 0",
    "td": "vertical-align:top;padding:4px 12px 4px 0",
}


class _Renderer(RendererHTML):
    """The publication's title is the page's first heading; images become links to them."""

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        words = self.renderInlineAsText(token.children or [], options, env)
        address = nh3.clean_text(str(token.attrs.get("src", "")))
        return f'<a href="{address}">{nh3.clean_text(words) or address}</a>'

    def heading_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"<{_LEVELS[tokens[index].tag]}>"

    def heading_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        return f"</{_LEVELS[tokens[index].tag]}>\n"


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    return parser.enable(["table", "strikethrough"])


def html_of(markdown: str) -> str:
    """For pages."""
    return _clean(markdown)


def mail_html_of(markdown: str) -> str:
    """For mails: styles stand on each element, since clients leave style sheets out."""
    return _clean(markdown, {tag: {"style": style} for tag, style in _STYLES.items()})


def _clean(markdown: str, styles: dict[str, dict[str, str]] | None = None) -> str:
    return nh3.clean(
        _parser().render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values=styles,
    )


def text_of(markdown: str) -> str:
    """Its words alone, in one line: a summary."""
    words = nh3.clean(_parser().render(markdown).replace("<br />", " "), tags=set())
    return " ".join(unescape(words).split())
