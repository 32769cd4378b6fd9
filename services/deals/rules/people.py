"""What rules about contacts and accounts share: which ones count, and remedies on them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from chassis.identifiers import format_id
from services.deals.model import Account, Contact, Interlocutor
from services.deals.rules.base import About, Case, Suggestion
from services.deals.rules.remedies import next_working_morning

APPOINTMENT = timedelta(minutes=30)
TABLES: dict[About, Any] = {About.CONTACT: Contact, About.ACCOUNT: Account}


def counts(about: About) -> list[ColumnElement[bool]]:
    """Those that are there; a person who speaks for a company has the company's status, and the company's alerts."""
    if about is About.ACCOUNT:
        return [~Account.deleted]
    speaks = select(Interlocutor.id).where(Interlocutor.contact_id == Contact.id, Interlocutor.ended_at.is_(None))
    return [~Contact.deleted, ~speaks.correlate(Contact).exists()]


def change(case: Case, label: str, **fields: Any) -> Suggestion:
    """New values of the contact or account that an alert is about."""
    kind, id = subject(case)
    mutation = "updateContact" if kind == "contact" else "updateAccount"
    return Suggestion(label, mutation, {"input": {"id": format_id(kind, id), **fields}})


def subject(case: Case) -> tuple[str, UUID]:
    """Kind and id of what an alert is about. Raises ValueError for a deal."""
    if case.contact_id is not None:
        return "contact", case.contact_id
    if case.account_id is not None:
        return "account", case.account_id
    raise ValueError("this alert is about a deal")


def meet(case: Case, label: str, title: str) -> list[Suggestion]:
    """An appointment with the contact, or with who speaks for the account, on the next working morning."""
    contact = format_id("contact", case.contact_id) if case.contact_id else case.figures.get("speaker_id")
    if contact is None:
        return []
    starts_at = next_working_morning(case.now, case.time_zone)
    variables = {
        "contactId": contact,
        "title": title,
        "startsAt": starts_at.isoformat(),
        "endsAt": (starts_at + APPOINTMENT).isoformat(),
        "timeZone": case.time_zone,
        "concernedIds": [format_id("collaborator", case.viewer_id)] if case.viewer_id else [],
    }
    return [Suggestion(label, "planAppointment", {"input": variables})]
