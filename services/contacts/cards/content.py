"""What a card shows: parsed at the border, kept and sent as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from chassis import text
from chassis.errors import InvalidInput
from services.contacts import values
from services.contacts.model import Kind
from services.contacts.values import Country

MAX_OF_A_KIND = 10
MAX_LINK = 500


@dataclass(frozen=True, slots=True)
class Reach:
    """An address or a number, and its use."""

    value: str
    kind: str = Kind.WORK.value


@dataclass(frozen=True, slots=True)
class Link:
    """An address on the web, and what it is called."""

    url: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """A person as a card shows them."""

    given_name: str | None = None
    family_name: str | None = None
    title: str | None = None
    company: str | None = None
    phones: Sequence[Reach] = ()
    emails: Sequence[Reach] = ()
    links: Sequence[Link] = ()
    languages: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Never empty, once checked."""
        return " ".join(filter(None, (self.given_name, self.family_name)))

    def as_json(self) -> dict[str, Any]:
        """What `of_json` takes."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Self:
        """From what `as_json` made."""
        return cls(
            given_name=told["given_name"],
            family_name=told["family_name"],
            title=told["title"],
            company=told["company"],
            phones=[Reach(**each) for each in told["phones"]],
            emails=[Reach(**each) for each in told["emails"]],
            links=[Link(**each) for each in told["links"]],
            languages=[*told["languages"]],
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody typed, before it is parsed."""

    given_name: str | None = None
    family_name: str | None = None
    title: str | None = None
    company: str | None = None
    phones: Sequence[tuple[str, Kind]] = ()
    emails: Sequence[tuple[str, Kind]] = ()
    links: Sequence[tuple[str, str | None]] = ()
    languages: Sequence[str] = ()


def parse(told: Written, country: Country) -> Content:
    """What a card shows. Raises InvalidInput naming the field."""
    for field in ("phones", "emails", "links", "languages"):
        if len(getattr(told, field)) > MAX_OF_A_KIND:
            raise InvalidInput(field, f"A card shows at most {MAX_OF_A_KIND}.")
    content = Content(
        given_name=text.optional_line(told.given_name, "givenName"),
        family_name=text.optional_line(told.family_name, "familyName"),
        title=text.optional_line(told.title, "title"),
        company=text.optional_line(told.company, "company"),
        phones=[
            Reach(values.parse_phone(number, f"phones.{place}.number", country), kind.value)
            for place, (number, kind) in enumerate(told.phones)
        ],
        emails=[
            Reach(values.parse_email(address, f"emails.{place}.address"), kind.value)
            for place, (address, kind) in enumerate(told.emails)
        ],
        links=[
            Link(_web_address(url, f"links.{place}.url"), text.optional_line(label, f"links.{place}.label"))
            for place, (url, label) in enumerate(told.links)
        ],
        languages=[text.line(each, f"languages.{place}", most=35) for place, each in enumerate(told.languages)],
    )
    if not content.name:
        raise InvalidInput("familyName", "Give a given name, a family name, or both.")
    return content


def _web_address(told: str, field: str) -> str:
    """An address that a browser may be sent to: never `javascript:` or a file."""
    url = text.line(told, field, most=MAX_LINK)
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or any(c.isspace() or c in '<>"' for c in url):
        raise InvalidInput(field, "Not a web address; write it as https://www.example.com.")
    return url
