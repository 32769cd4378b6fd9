"""What people of one organization do through the gateway."""

from dataclasses import dataclass
from typing import Any, Self

from liant.documents import document
from liant.system.people import ADMIN, COLLEAGUES
from tests.e2e.system import System

KARIM, ZOE, JAMES = (person.email for person in COLLEAGUES[:3])

WRITE_NOTE = """
mutation Write($input: WriteNoteInput!) {
  writeNote(input: $input) { ... on Event { id } ... on Error { code message path } }
}
"""

ONE_BY_ONE = """
mutation { setNotificationBundling(input: { foldSeconds: 0, burstCount: 1000 }) {
  ... on NotificationBundling { burstCount } ... on Error { code message }
} }
"""


@dataclass(frozen=True)
class Firm:
    """Amélie's token, her colleagues, and a deal that Karim owns and James follows."""

    system: System
    token: str
    ids: dict[str, str]
    contact: str
    deal: str

    @classmethod
    async def of(cls, system: System) -> Self:
        """Make the contact and the deal; every note is a mail, however many there are."""
        token = system.token(ADMIN.email)
        await system.data_of(token, ONE_BY_ONE, {})
        ids = {email: each["id"] for email, each in system.ready["collaborators"].items()}
        contact = await make(system, token, "create_contact", givenName="Hélène", familyName="Dupré")
        deal = await make(
            system,
            token,
            "create_deal",
            title="Reprise de l'atelier",
            primaryContactId=contact,
            ownerId=ids[KARIM],
            followerIds=[ids[JAMES]],
        )
        return cls(system, token, ids, contact, deal)

    async def note(self, title: str, **more: Any) -> dict[str, Any]:
        """Write a note on the deal, naming Zoë. Gives the gateway's whole answer."""
        told = {"title": title, "dealId": self.deal, "concernedIds": [self.ids[ZOE]], **more}
        return await self.system.ask(self.token, WRITE_NOTE, {"input": told})


async def make(system: System, token: str, mutation: str, **input: Any) -> str:
    """The id of what a mutation made. Raises AssertionError where it was refused."""
    [result] = (await system.data_of(token, document(mutation), {"input": input})).values()
    assert "id" in result, result
    return str(result["id"])
