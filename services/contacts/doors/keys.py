"""Tokens in and out: what a link in a mail says, and what signing in gives."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.auth import DOORS_AUDIENCE, Actor, TokenRefused, TokenSigner
from chassis.identifiers import parse_id
from services.contacts.errors import LinkExpired, LinkUnknown


@dataclass(frozen=True, slots=True)
class Door:
    """What a link opens: an invitation or a sign-in of an organization, at a revision."""

    organization: UUID
    id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """Reads links and signs tokens, with the key that signs the links in mails; `seconds` is how long a token lives."""

    signer: TokenSigner
    audience: str
    seconds: float

    def invitation(self, token: str) -> Door:
        """Raises LinkUnknown, LinkExpired."""
        return self._door(token, "invitation")

    def sign_in(self, token: str) -> Door:
        """Raises LinkUnknown, LinkExpired."""
        return self._door(token, "sign_in")

    def access(self, actor: Actor) -> str:
        """A token for the gateway."""
        return self.signer.sign(actor.claims(), self.audience, self.seconds)

    def _door(self, token: str, kind: str) -> Door:
        claims = self._claims(token)
        try:
            organization = parse_id("organization", str(claims["org"]))
            return Door(organization, parse_id(kind, str(claims["sub"])), int(claims["rev"]))
        except Exception as error:
            raise LinkUnknown from error

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return self.signer.verify(token, DOORS_AUDIENCE)
        except TokenRefused as refused:
            raise (LinkExpired if refused.code == "TOKEN_EXPIRED" else LinkUnknown) from refused
