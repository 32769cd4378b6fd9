"""WCAG 2.2 AA of every mail: contrast in light and dark, language, headings, links, sizes of what is pressed."""

import re
from itertools import product

import pytest

from services.notifier.mail.letter import Letter
from services.notifier.mail.preview import samples
from services.notifier.mail.rendering import render
from services.notifier.mail.templates import FOLDER

HEAD = (FOLDER / "parts" / "head.mjml").read_text("utf-8")
DARK = HEAD.partition("prefers-color-scheme: dark")[2]
AA = 4.5
MOST_BYTES = 100_000


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.3."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def dark_colour(selector: str, name: str) -> str:
    found = re.search(re.escape(selector) + r" \{[^}]*?(?<![-\w])" + name + r": (#[0-9a-f]{6})", DARK)
    assert found, selector
    return found[1]


def test_texts_stand_out_on_light_grounds() -> None:
    sources = "".join(path.read_text("utf-8") for path in FOLDER.glob("**/*.mjml"))
    texts = set(re.findall(r'(?<!-)color(?:="|:\s?)(#[0-9a-f]{6})', sources.replace(DARK, ""))) - {"#ffffff"}
    assert {"#1f2933", "#52606d", "#0f5c63", "#9a3412"} <= texts
    assert [pair for pair in product(texts, ("#ffffff", "#f1f4f6")) if contrast(*pair) < AA] == []
    assert contrast("#ffffff", "#0f5c63") >= AA


def test_texts_stand_out_on_dark_grounds() -> None:
    card, page = dark_colour(".card > table", "background-color"), dark_colour(".page > table", "background")
    button = ".card .act a"
    assert contrast(dark_colour(button, "color"), dark_colour(button, "background")) >= AA
    assert contrast(dark_colour(".quiet a", "color"), page) >= AA
    for selector in (".card li", ".quiet a", ".card a", ".card .warn div"):
        assert contrast(dark_colour(selector, "color"), card) >= AA, selector


@pytest.mark.parametrize(("name", "letter"), [pytest.param(*pair, id=pair[0]) for pair in samples()])
def test_a_mail_can_be_read_by_ear_and_pressed_by_thumb(name: str, letter: Letter) -> None:
    html = render(letter).html
    assert html.startswith(f'<!doctype html><html lang="{letter.recipient.locale}"')
    assert len(re.findall("<h1", html)) <= 1
    assert '<meta name="color-scheme" content="light dark"' in html
    assert len(html.encode()) < MOST_BYTES
    words = [re.sub("<[^>]+>", "", text).strip() for text in re.findall(r"<a [^>]*>(.*?)</a>", html, re.S)]
    assert all(words)
    # Layout tables say nothing to a screen reader; the facts are a table that does.
    tables = re.findall(r"<table([^>]*)>", html)
    assert sum('role="presentation"' not in table for table in tables) <= 1
    # 14 px above and below 16 px of text: over the 24 px of 2.5.8.
    assert all("padding:14px 28px" in each for each in re.findall(r'<a [^>]*class="act"[^>]*>', html))
