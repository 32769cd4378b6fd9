"""What contacts and accounts have several of, as it is written: input types and their parsing."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.custom_fields import CustomValueInput
from chassis.identifiers import parse_id
from services.contacts import links, values
from services.contacts.commands.loading import country_of
from services.contacts.commands.parts import MAX_LINES, MAX_OF_A_KIND, MAX_POSTAL_CODE, Address, Email, Parts, Phone
from services.contacts.model import RelationKind
from services.contacts.schema.enums import Kind, SocialNetwork
from services.contacts.schema.enums import RelationKind as RelationKindEnum
from services.contacts.schema.unit import field

MAX_CUSTOM_VALUES = 200
T = TypeVar("T")


@strawberry.input(description="An e-mail address.")
class EmailInput:
    """See values.parse_email."""

    address: str = strawberry.field(description="The address.")
    kind: Kind = strawberry.field(default=Kind.WORK, description="What it is used for.")


@strawberry.input(description="A telephone number.")
class PhoneInput:
    """See values.parse_phone."""

    number: str = strawberry.field(description="The number; without a country code, of your organization's country.")
    kind: Kind = strawberry.field(default=Kind.WORK, description="What it is used for.")


@strawberry.input(description="A place of a person or of a company.")
class AddressInput:
    """See commands.parts.Address."""

    kind: Kind = strawberry.field(default=Kind.WORK, description="What it is used for.")
    lines: str = strawberry.field(description="Street and number, building…; several lines.")
    postal_code: str | None = strawberry.field(default=None, description="Postal code.")
    city: str | None = strawberry.field(default=None, description="City.")
    region: str | None = strawberry.field(default=None, description="Region, state or province.")
    country: str = strawberry.field(default=values.DEFAULT_COUNTRY, description="Country (ISO 3166-1): FR.")


@strawberry.input(description="Where somebody is on a social network.")
class SocialLinkInput:
    """See links.parse_social_url."""

    network: SocialNetwork = strawberry.field(description="Which network.")
    url: str = strawberry.field(description="The address, https, of that network.")


@strawberry.input(description="What a contact and an account both have.")
class PartsInput:
    """Base of their inputs. Lists replace those there were; null empties them."""

    emails: list[EmailInput] | None = field("Addresses, the primary one first; they replace those there were.")
    phones: list[PhoneInput] | None = field("Numbers, the primary one first; they replace those there were.")
    addresses: list[AddressInput] | None = field("Places, the main one first; they replace those there were.")
    social_links: list[SocialLinkInput] | None = field("On social networks; they replace those there were.")
    relation_kinds: list[RelationKindEnum] | None = field("What they are beside their status; several at once.")
    tag_ids: list[strawberry.ID] | None = field("Tags; they replace those there were.")
    custom_values: list[CustomValueInput] | None = field("Values of custom fields; those that are not told stay.")


async def parts(work: UnitOfWork, input: PartsInput, *, new: bool = False) -> Parts:
    """The lists that an input tells; `new` things tell their custom fields, if only by silence.

    Raises InvalidInput, InvalidId.
    """
    custom = several(input.custom_values, "customValues", lambda item, _: item.told(), MAX_CUSTOM_VALUES)
    country = await country_of(work) if input.phones else values.DEFAULT_COUNTRY
    return Parts(
        emails=several(input.emails, "emails", _email),
        phones=several(input.phones, "phones", lambda item, path: _phone(item, path, country)),
        addresses=several(input.addresses, "addresses", _address),
        tags=ids(input.tag_ids, "tag", "tagIds"),
        custom=[] if custom is None and new else custom,
    )


def social_links(input: PartsInput) -> Any:
    """As they are kept; UNSET where the input does not tell them. Raises InvalidInput."""
    told = several(input.social_links, "socialLinks", _social_link)
    return UNSET if told is None else told


def relation_kinds(input: PartsInput) -> Any:
    """Each once; UNSET where the input does not tell them."""
    told = input.relation_kinds
    return UNSET if told is UNSET else [kind for kind in RelationKind if kind in (told or [])]


def several(items: Any, field: str, parse: Callable[[Any, str], T], most: int = MAX_OF_A_KIND) -> list[T] | None:
    """A list parsed; None where it is absent, empty where it is null. Raises InvalidInput."""
    if items is UNSET:
        return None
    told = list(items or [])
    if len(told) > most:
        raise InvalidInput(field, f"At most {most} are kept.")
    return [parse(item, f"{field}.{place}") for place, item in enumerate(told)]


def ids(told: Sequence[strawberry.ID] | None, kind: str, field: str) -> list[UUID] | None:
    """References; None where they are absent. Raises InvalidId."""
    return None if told is UNSET else [parse_id(kind, each, field) for each in told or []]


def _email(item: EmailInput, path: str) -> Email:
    return Email(values.parse_email(item.address, f"{path}.address"), item.kind)


def _phone(item: PhoneInput, path: str, country: values.Country) -> Phone:
    return Phone(values.parse_phone(item.number, f"{path}.number", country), item.kind)


def _address(item: AddressInput, path: str) -> Address:
    lines = text.optional_note(item.lines, f"{path}.lines", most=MAX_LINES)
    if lines is None:
        raise InvalidInput(f"{path}.lines", "It must not be empty.")
    return Address(
        item.kind,
        lines,
        text.optional_line(item.postal_code, f"{path}.postalCode", most=MAX_POSTAL_CODE),
        text.optional_line(item.city, f"{path}.city"),
        values.parse_country(item.country, f"{path}.country"),
        text.optional_line(item.region, f"{path}.region"),
    )


def _social_link(item: SocialLinkInput, path: str) -> dict[str, str]:
    network = links.SocialNetwork(item.network.value)
    return {"network": network.value, "url": links.parse_social_url(item.url, network, f"{path}.url")}
