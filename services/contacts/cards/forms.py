"""The form by which somebody without an account offers their card."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from chassis import text
from chassis.errors import DomainError
from chassis.links import looks_like_token
from chassis.pages import body
from services.contacts.cards.content import Written, parse
from services.contacts.cards.wording import words
from services.contacts.model import Kind
from services.contacts.values import Country

MAX_FORM_BYTES = 16_384
MAX_MESSAGE = 1000
_FIELDS = {
    "given_name": ("text", "given-name", False),
    "family_name": ("text", "family-name", True),
    "email": ("email", "email", False),
    "phone": ("tel", "tel", False),
    "company": ("text", "organization", False),
    "title": ("text", "organization-title", False),
}


class Incomplete(Exception):
    """Something is missing; `problem` is a key of wording's `problems`."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Given:
    """What was filled in, as it was. `token` came with the form: the same form sent twice is one proposal."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    title: str = ""
    message: str = ""
    token: str = ""
    consent: str = ""
    website: str = ""

    @property
    def trapped(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.website)

    def __getitem__(self, name: str) -> str:
        return str(getattr(self, name))


EMPTY = Given()


@dataclass(frozen=True, slots=True)
class Field:
    """A field, as the page shows it."""

    name: str
    label: str
    type: str
    autocomplete: str
    required: bool


def fields(locale: str) -> list[Field]:
    """The fields in their order."""
    labels = words(locale)["labels"]
    return [Field(name, labels[name], *told) for name, told in _FIELDS.items()]


async def read(request: Request) -> Given:
    """What a form's body says; a body that is no such form, or too long, says nothing."""
    content = await body(request, MAX_FORM_BYTES)
    if content is None:
        return EMPTY
    try:
        told = dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=30))
    except ValueError:
        return EMPTY
    return Given(**{name: told[name] for name in Given.__dataclass_fields__ if name in told})


def parsed(given: Given, country: Country) -> dict[str, Any]:
    """The card that was given. Raises Incomplete, InvalidInput."""
    if not looks_like_token(given.token):
        raise Incomplete("FORM")
    if given.consent != "yes":
        raise Incomplete("CONSENT")
    if not given.email.strip() and not given.phone.strip():
        raise Incomplete("CONTACT")
    written = Written(
        given_name=given.given_name or None,
        family_name=given.family_name or None,
        title=given.title or None,
        company=given.company or None,
        phones=[(given.phone, Kind.MOBILE)] if given.phone.strip() else [],
        emails=[(given.email, Kind.WORK)] if given.email.strip() else [],
    )
    return parse(written, country).as_json()


def message(given: Given) -> str | None:
    """The word that came with it. Raises InvalidInput."""
    return text.optional_note(given.message, "message", most=MAX_MESSAGE)


def problem_of(refused: DomainError) -> str:
    """A key of wording's `problems` for a refused value."""
    field = refused.path[0] if refused.path else ""
    if field in ("givenName", "familyName"):
        return "name"
    return field if field in ("emails", "phones", "message") else "other"
