"""Settings of the contacts service: `LIANT_CONTACTS_<NAME>`."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import TokenSigner
from chassis.config import ServiceSettings
from chassis.service import Running
from services.contacts.doors.keys import Keeper
from services.contacts.doors.sessions import Doors
from services.contacts.encryption import Cipher
from services.contacts.pictures.preparing import Preparer


class ContactsSettings(ServiceSettings):
    """See docs/decisions/0004-settings.md."""

    part: ClassVar[str] = "contacts"

    encryption_key_file: Path | None = Field(
        default=None, description="keys of bank details, one a line; bank details are refused without it"
    )
    public_url: str = Field(
        default="",
        description="where browsers reach this service's /transfers, /photos and /c; relative links without it",
    )
    links_key_file: Path | None = Field(
        default=None, description="Ed25519 private key (PEM) of the links in mails; without it nobody signs in by them"
    )
    links_issuer: str = "liant-links"
    links_audience: str = "liant"
    front_url: str = Field(
        default="", description="where whoever signed in goes on, with their token in the fragment; nowhere without it"
    )
    invitation_days: int = Field(default=7, ge=1, description="how long the link of an invitation opens")
    session_seconds: float = Field(default=3600, gt=0, description="how long a token of signing in is good for")
    session_days: int = Field(
        default=30, ge=1, description="how long a proven address counts: until then tokens are renewed by switching"
    )
    card_wrong_burst: int = Field(default=20, gt=0, description="wrong card links an address may try at once")
    card_wrong_per_minute: float = Field(default=20, gt=0, description="and then each minute")
    card_forms_burst: int = Field(default=5, gt=0, description="cards an address may offer by the page's form at once")
    card_forms_per_minute: float = Field(default=0.5, gt=0, description="and then each minute")
    import_max_bytes: int = Field(default=50 * 1024 * 1024, gt=0, description="the largest file that is imported")
    person_export_days: int = Field(
        default=7, ge=1, description="how long what was put together of a person can be fetched"
    )
    max_tags: int = Field(default=1000, gt=0, description="tags of one organization")
    max_custom_fields: int = Field(default=100, gt=0, description="custom fields of one kind of one organization")
    import_lease_seconds: float = Field(
        default=30, gt=0, description="after a worker died, another one goes on with its import this much later"
    )
    duplicate_lease_seconds: float = Field(
        default=30, gt=0, description="after a worker died, another one goes on with its search for duplicates"
    )
    group_snapshot_max: int = Field(
        default=100_000, gt=0, description="contacts that one mutation puts into a group by a filter"
    )
    group_clock_seconds: float = Field(
        default=900, gt=0, description="how often groups are computed whose members come and go as days pass"
    )
    group_repair_seconds: float = Field(
        default=86_400, gt=0, description="how often the other groups are computed, in case a change was missed"
    )


@dataclass(frozen=True, slots=True)
class Tools:
    """What resolvers find in `info.context.tools`: the cipher of bank details, if there is a key; where files go; what
    makes strangers' pictures harmless.
    """

    cipher: Cipher | None
    public_url: str
    import_max_bytes: int
    person_export_days: int
    max_tags: int
    max_custom_fields: int
    pictures: Preparer
    group_snapshot_max: int
    doors: Doors | None
    invitation_days: int
    system: AsyncEngine


def tools(running: Running) -> Tools:
    """Made once for all requests. Raises OSError or ValueError for a key file that cannot be used."""
    settings: ContactsSettings = running.settings
    file = settings.encryption_key_file
    return Tools(
        cipher=Cipher.from_file(file) if file else None,
        public_url=settings.public_url.rstrip("/"),
        import_max_bytes=settings.import_max_bytes,
        person_export_days=settings.person_export_days,
        max_tags=settings.max_tags,
        max_custom_fields=settings.max_custom_fields,
        pictures=Preparer(),
        group_snapshot_max=settings.group_snapshot_max,
        doors=doors(running),
        invitation_days=settings.invitation_days,
        system=running.system,
    )


def doors(running: Running) -> Doors | None:
    """How people come in; None where there is no key for their links."""
    settings: ContactsSettings = running.settings
    if settings.links_key_file is None:
        return None
    signer = TokenSigner.from_file(settings.links_key_file, settings.links_issuer)
    keeper = Keeper(signer, settings.links_audience, settings.session_seconds)
    return Doors(running.database, running.system, keeper, timedelta(days=settings.session_days))
