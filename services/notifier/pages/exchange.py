"""A link's token for a short-lived token of its collaborator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.auth import Actor, Role, TokenSigner
from chassis.identifiers import format_id
from services.notifier import queries
from services.notifier.errors import LinkExpired, LinkUnknown
from services.notifier.links import hash_of, looks_like_token
from services.notifier.mail.translations import known_locale
from services.notifier.model import CauseKind
from services.notifier.queries import Found
from services.notifier.settings import NotifierSettings

ACCESS_SECONDS = 900


async def open_link(system: AsyncEngine, token: str, now: datetime) -> Found:
    """The link of a token. Raises LinkUnknown or LinkExpired; reads only, so that a scanner changes nothing."""
    if not looks_like_token(token):
        raise LinkUnknown
    async with system.connect() as connection:
        link = await queries.link(connection, hash_of(token))
    if link is None:
        raise LinkUnknown
    if link.expires_at <= now or link.disabled:
        raise LinkExpired
    return link


@dataclass(frozen=True)
class Exchange:
    """Signs what a link gives."""

    signer: TokenSigner
    settings: NotifierSettings

    def answer(self, link: Found) -> dict[str, Any]:
        """What the page needs: a token, where to use it, what the link is about, and how to speak to the reader."""
        thing = CauseKind(link.cause_kind).thing
        actor = Actor(link.organization_id, link.collaborator_id, Role(link.role))
        return {
            "accessToken": self.signer.sign(actor.claims(), self.settings.links_audience, ACCESS_SECONDS),
            "expiresIn": ACCESS_SECONDS,
            "gateway": self.settings.gateway_url,
            "about": {"kind": thing, "id": format_id(thing, link.cause_id)},
            "collaborator": format_id("collaborator", link.collaborator_id),
            "locale": known_locale(link.locale),
            "timeZone": link.time_zone,
        }
