"""Settings of the contacts service: `LIANT_CONTACTS_<NAME>`."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from chassis.config import ServiceSettings
from services.contacts.encryption import Cipher


class ContactsSettings(ServiceSettings):
    """See docs/decisions/0004-settings.md."""

    part: ClassVar[str] = "contacts"

    encryption_key_file: Path | None = Field(
        default=None, description="keys of bank details, one a line; bank details are refused without it"
    )


def cipher(settings: ContactsSettings) -> Cipher | None:
    """What seals bank details, if there is a key. Raises OSError or ValueError for a file that cannot be used."""
    return Cipher.from_file(settings.encryption_key_file) if settings.encryption_key_file else None
