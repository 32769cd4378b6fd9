"""A letter to subject, text and HTML, through the templates of its kind."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from chassis import markdown
from services.notifier.audience import Reason
from services.notifier.mail.letter import Letter
from services.notifier.mail.plain import one_line
from services.notifier.mail.templates import FOLDER
from services.notifier.mail.translations import translations
from services.notifier.mail.wording import Wording

_SUBJECT_LENGTH = 180


@dataclass(frozen=True)
class Rendered:
    """What a person reads."""

    subject: str
    text: str
    html: str


def render(letter: Letter) -> Rendered:
    """Write the letter in its reader's language. Raises jinja2.UndefinedError where a template asks for the unknown."""
    words = Wording(letter.recipient.locale, letter.recipient.time_zone)
    environment = _environment(words.locale)
    context = _context(letter, words)

    def part(name: str) -> str:
        return environment.get_template(f"{letter.kind}/{name}.jinja").render(context)

    context["subject"] = one_line(part("subject.txt"), _SUBJECT_LENGTH)
    context["ask"] = part("ask.txt")
    return Rendered(context["subject"], part("body.txt"), part("body.html"))


def _context(letter: Letter, words: Wording) -> dict[str, Any]:
    appointment, instruction = letter.appointment, letter.instruction
    return {
        "letter": letter,
        "locale": words.locale,
        "author": letter.author.name if letter.author else letter.organization,
        "mentioned": Reason.MENTIONED in letter.reasons,
        "assigned": Reason.ASSIGNEE in letter.reasons,
        "removed": Reason.REMOVED in letter.reasons,
        "until": words.day(letter.offer.until) if letter.offer and letter.offer.until else "",
        "gross": words.amount(letter.offer),
        "due": words.moment(instruction.due_at) if instruction and instruction.due_at else "",
        "expires": words.moment(letter.expires_at) if letter.expires_at else "",
        "since": words.moment(letter.stopped.failing_since) if letter.stopped else "",
        "short_when": words.short(appointment.starts_at) if appointment else "",
        "html": _html(letter),
        "total": words.number(letter.bundle.total) if letter.bundle else "",
        "reply": words.reply(letter.reply) if letter.reply else "",
        "facts": words.facts(letter),
        "headline": words.headline(letter),
        "reason": words.reason_of(letter),
        "suggestions": words.suggestions(letter),
        "answers": words.answers(letter),
        "why": words.why(letter),
        "sections": words.sections(letter),
    }


def _html(letter: Letter) -> Markup:
    """A message's body: the one part of a letter that is HTML before it comes to a template."""
    if letter.message is None:
        return Markup()
    to_html = markdown.to_html if letter.message.markdown else markdown.plain_to_html
    return Markup(to_html(letter.message.body))  # noqa: S704  # it is escaped there, and its links are looked at


@cache
def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(("html.jinja", "html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]  # from the i18n extension
    return environment
