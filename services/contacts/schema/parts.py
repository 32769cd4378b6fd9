"""What contacts and accounts have several of, as it is read."""

from typing import Any, Self

import strawberry
from sqlalchemy import Row

from services.contacts.schema.enums import Kind, SocialNetwork
from services.contacts.values import show_phone


@strawberry.type(description="One of somebody's e-mail addresses.")
class EmailAddress:
    """See model.ContactEmail."""

    address: str = strawberry.field(description="The address.")
    kind: Kind = strawberry.field(description="What it is used for.")
    primary: bool = strawberry.field(description="Whether it is the one to write to first.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.contact_emails or account_emails."""
        return cls(address=row.address, kind=row.kind, primary=row.position == 0)


@strawberry.type(description="One of somebody's telephone numbers.")
class PhoneNumber:
    """See model.ContactPhone."""

    number: str = strawberry.field(description="In E.164, for machines: +33123456789.")
    shown: str = strawberry.field(description="For people: +33 1 23 45 67 89.")
    kind: Kind = strawberry.field(description="What it is used for.")
    primary: bool = strawberry.field(description="Whether it is the one to call first.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.contact_phones or account_phones."""
        return cls(number=row.number, shown=show_phone(row.number), kind=row.kind, primary=row.position == 0)


@strawberry.type(description="A place of a person or of a company.")
class PostalAddress:
    """See model.Place."""

    kind: Kind = strawberry.field(description="What it is used for.")
    lines: str = strawberry.field(description="Street and number, building…; several lines.")
    postal_code: str | None = strawberry.field(description="Postal code.")
    city: str | None = strawberry.field(description="City.")
    region: str | None = strawberry.field(description="Region, state or province.")
    country: str = strawberry.field(description="Country (ISO 3166-1): FR.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """From a row of queries.contact_addresses or account_addresses."""
        names = ("kind", "lines", "postal_code", "city", "region", "country")
        return cls(**{name: getattr(row, name) for name in names})


@strawberry.type(description="Where somebody is on a social network.")
class SocialLink:
    """See links.SocialNetwork."""

    network: SocialNetwork = strawberry.field(description="Which network.")
    url: str = strawberry.field(description="The address, https.")

    @classmethod
    def of(cls, told: dict[str, str]) -> Self:
        """From a link as it is kept."""
        return cls(network=SocialNetwork(told["network"]), url=told["url"])
