"""Links that let somebody in: invitations and signing in. Signed here, opened once by the contacts service.

The link is made when its mail is written, and exists nowhere but in the mail.
"""

from datetime import UTC, datetime
from typing import Any

from chassis.auth import DOORS_AUDIENCE, TokenSigner
from chassis.identifiers import format_id
from proto.contacts.v1.messages_pb2 import Invitation, SignIn
from services.notifier.mail.letter import Links
from services.notifier.model import CauseKind
from services.notifier.queries import Found
from services.notifier.settings import NotifierSettings

_PATHS = {CauseKind.INVITATION.value: "invitations", CauseKind.SIGN_IN.value: "sign-in"}


class DoorShut(Exception):
    """A link that would not open; its text is why the mail does not go."""


def is_door(due: Found) -> bool:
    """Whether a delivery's mail lets somebody in."""
    return due.cause_kind in _PATHS


def content_of(due: Found) -> Invitation | SignIn:
    """What a door's mail is about."""
    kind = Invitation if due.cause_kind == CauseKind.INVITATION.value else SignIn
    return kind.FromString(due.content)


def expiry(about: Invitation | SignIn) -> datetime:
    """When the link stops opening."""
    return about.expires_at.ToDatetime(tzinfo=UTC)


class Doors:
    """Makes the links, with the key that signs them; None where there is no key."""

    def __init__(self, settings: NotifierSettings) -> None:
        file = settings.links_key_file
        self._signer = TokenSigner.from_file(file, settings.links_issuer) if file else None
        self._base = settings.accounts_url.rstrip("/")

    def links(self, due: Found, now: datetime) -> Links:
        """Where a door's mail leads. Raises DoorShut."""
        if self._signer is None:
            raise DoorShut("LINKS_OFF: LIANT_NOTIFIER_LINKS_KEY_FILE is not set")
        seconds = (expiry(content_of(due)) - now).total_seconds()
        if seconds <= 0:
            raise DoorShut("LINK_EXPIRED")
        token = self._signer.sign(_claims(due), DOORS_AUDIENCE, seconds)
        return Links(page=f"{self._base}/{_PATHS[due.cause_kind]}/{token}", unsubscribe="")


def _claims(due: Found) -> dict[str, Any]:
    return {
        "sub": format_id(due.cause_kind, due.cause_id),
        "org": format_id("organization", due.organization_id),
        "rev": due.revision,
    }
