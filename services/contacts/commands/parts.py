"""What a contact or an account has several of: the rows that tell it, and lists that replace what there was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from chassis.custom_fields import Told
from services.contacts import model
from services.contacts.values import Country, EmailAddress, PhoneNumber

MAX_OF_A_KIND = 20
MAX_POSTAL_CODE = 12
MAX_LINES = 500


class Email(NamedTuple):
    """A parsed address and its use."""

    address: EmailAddress
    kind: model.Kind


class Phone(NamedTuple):
    """A parsed number and its use."""

    number: PhoneNumber
    kind: model.Kind


class Address(NamedTuple):
    """A place, parsed."""

    kind: model.Kind
    lines: str
    postal_code: str | None
    city: str | None
    country: Country
    region: str | None = None

    @property
    def one_line(self) -> str:
        """As it is shown: 5 rue X, 75001 Paris, FR."""
        town = " ".join(filter(None, (self.postal_code, self.city)))
        return ", ".join(filter(None, (*self.lines.split("\n"), town, self.region, self.country)))


@dataclass(frozen=True, slots=True)
class Parts:
    """Lists that replace those there were; None leaves them. `tags` are ids; `custom` tells some fields."""

    emails: Sequence[Email] | None = None
    phones: Sequence[Phone] | None = None
    addresses: Sequence[Address] | None = None
    tags: Sequence[UUID] | None = None
    custom: Sequence[Told] | None = None


NOTHING = Parts()


def set_parts(row: model.Contact | model.Account, parts: Parts) -> None:
    """Take the lists that are told, tags aside: commands.tags sees to those."""
    for name, kind in _TABLES[type(row)].items():
        told = getattr(parts, name)
        if told is not None:
            _replace(getattr(row, name), told, partial(kind, organization_id=row.organization_id))


def _replace(rows: list[Any], told: Sequence[Any], new: Callable[..., Any]) -> None:
    """Make rows tell what is told, in its order. Rows are used again, so that a change of one is an update."""
    rows[len(told) :] = []
    for position, each in enumerate(told):
        if position == len(rows):
            rows.append(new(position=position))
        for name, value in each._asdict().items():
            setattr(rows[position], name, value)


_TABLES: dict[type[Any], dict[str, Any]] = {
    model.Contact: {"emails": model.ContactEmail, "phones": model.ContactPhone, "addresses": model.ContactAddress},
    model.Account: {"emails": model.AccountEmail, "phones": model.AccountPhone, "addresses": model.AccountAddress},
}
