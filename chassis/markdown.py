"""Markdown that users write, as HTML that is safe anywhere and as text that is pleasant to read."""

import re
from functools import cache
from html import escape

from markdown_it import MarkdownIt

_PARAGRAPHS = re.compile(r"\n{2,}")
_SCHEMES = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


def to_html(text: str) -> str:
    """CommonMark as HTML. Tags in the text are shown, never obeyed; links lead to http, https and mailto only.

    Images are left out as such: fetching one tells its owner who reads.
    """
    html: str = _parser().render(text)
    return html


def plain_to_html(text: str) -> str:
    """Text as HTML that shows it line by line."""
    return "".join(f"<p>{'<br />'.join(map(escape, part.split(chr(10))))}</p>\n" for part in _PARAGRAPHS.split(text))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
    parser.validateLink = lambda url: _SCHEMES.match(url) is not None  # type: ignore[method-assign]  # its own way to say so
    return parser
