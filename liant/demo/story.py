"""What the demo does, as its people do it: through the gateway, each with their own token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from liant.demo.mails import Expected
from liant.documents import document
from liant.graphql import Client
from liant.system.people import TIME_ZONE
from liant.system.state import Founded
from services.contacts.importing.readers.book import read_file
from services.contacts.importing.readers.card import Card

CONTACTS = Path(__file__).parent / "contacts"
APPOINTMENT = "Visite de l'atelier"
INSTRUCTION = "Préparer les statuts de la reprise"


@dataclass(frozen=True)
class Told:
    """What was made, and the mails that must follow."""

    contacts: int
    skipped: int
    deal: str
    expected: list[Expected]


class Story:
    """Amélie, the administrator, writes; three colleagues are told."""

    def __init__(self, client: Client, founded: Founded, now: datetime) -> None:
        self._client = client
        self._founded = founded
        self._today = now.astimezone(ZoneInfo(TIME_ZONE)).date()

    async def tell(self) -> Told:
        """Make everything. Raises GraphQLFailed."""
        books = [read_file(path) for path in sorted(CONTACTS.iterdir())]
        cards = [card for book in books for card in book.cards]
        contacts = {card.family_name: await self._contact(card) for card in cards}
        account = await self._account(cards, contacts)
        deal = await self._deal(account, contacts)
        expected = [*await self._appointment(deal), *await self._instruction(deal)]
        return Told(len(contacts), sum(len(book.skipped) for book in books), deal, expected)

    async def _contact(self, card: Card) -> str:
        return await self._make(
            "create_contact",
            givenName=card.given_name or None,
            familyName=card.family_name or None,
            emails=[{"address": address} for address, _ in card.emails],
            phones=[{"number": number} for number, _ in card.phones],
            language="fr",
        )

    async def _account(self, cards: list[Card], contacts: Mapping[str, str]) -> str:
        company = cards[0].organization
        account = await self._make("create_account", name=company, siren="732829320", status="PROSPECT")
        for card in cards:
            if card.organization == company:
                await self._make(
                    "create_interlocutor",
                    accountId=account,
                    contactId=contacts[card.family_name],
                    jobTitle=card.job_title,
                    decisionMaker=card is cards[0],
                )
        return account

    async def _deal(self, account: str, contacts: Mapping[str, str]) -> str:
        return await self._make(
            "create_deal",
            title="Reprise de l'atelier Saint-Éloi",
            accountId=account,
            primaryContactId=contacts["Dupré"],
            participants=[{"contactId": contacts["Nguyễn-Beaufort"], "part": "Experte-comptable"}],
            followerIds=[self._id("james")],
            ownerId=self._id("karim"),
            amount="18500.00",
            currency="EUR",
        )

    async def _appointment(self, deal: str) -> list[Expected]:
        begins = datetime.combine(self._today + timedelta(days=7), time(14, 30), ZoneInfo(TIME_ZONE))
        await self._make(
            "plan_appointment",
            dealId=deal,
            title=APPOINTMENT,
            description="Faire le tour des machines avec Mme Dupré, puis parler du calendrier.",
            startsAt=begins.isoformat(),
            endsAt=(begins + timedelta(hours=1, minutes=30)).isoformat(),
            timeZone=TIME_ZONE,
            place="12 rue des Tanneurs, 69005 Lyon",
            concernedIds=[self._id("zoe")],
        )
        return self._expected(APPOINTMENT)

    async def _instruction(self, deal: str) -> list[Expected]:
        due = datetime.combine(self._today + timedelta(days=3), time(18), ZoneInfo(TIME_ZONE))
        await self._make(
            "give_instruction",
            dealId=deal,
            title=INSTRUCTION,
            description="Reprendre le modèle de 2024 ; Mme Dupré garde 60 % des parts.",
            assigneeId=self._id("zoe"),
            dueAt=due.isoformat(),
        )
        return self._expected(INSTRUCTION)

    def _expected(self, title: str) -> list[Expected]:
        """Zoë is named, Karim owns the deal, James follows it; Amélie wrote it, so she knows."""
        return [Expected(self._email(name), title) for name in ("karim", "zoe", "james")]

    async def _make(self, mutation: str, **input: Any) -> str:
        return str((await self._client.mutate(document(mutation), {"input": input}))["id"])

    def _email(self, first_name: str) -> str:
        return next(each.email for each in self._founded.members if each.email.startswith(f"{first_name}."))

    def _id(self, first_name: str) -> str:
        return next(each.id for each in self._founded.members if each.email.startswith(f"{first_name}."))
