"""What a record from the field does to the contact and the company it is about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from chassis.database import UnitOfWork
from chassis.identifiers import format_id
from chassis.text import MAX_NOTE, folded
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.accounts import AccountValues, create_account
from services.contacts.commands.contacts import (
    MAX_OF_A_KIND,
    SUSPECT,
    ContactValues,
    Email,
    Phone,
    create_contact,
    set_emails,
    set_phones,
)
from services.contacts.commands.interlocutors import InterlocutorValues, create_interlocutor
from services.contacts.commands.loading import locked_alive
from services.contacts.commands.pictures import OWNERS, add_picture, thawed_picture
from services.contacts.commands.protection import check_wanted
from services.contacts.model import Contact, ContactOrigin, FieldRecord, Interlocutor, Kind
from services.contacts.values import EmailAddress, PhoneNumber, show_phone

# Fields of which a contact has one: the record captured last wins, unless somebody changed it in the office.
_SINGLE = ("given_name", "family_name", "language")
_PERSON = ("given_name", "family_name", "phone", "email")


class Subject:
    """A suspect, seen by one of its records and those that were applied before it."""

    def __init__(self, work: UnitOfWork, record: FieldRecord, earlier: Sequence[FieldRecord]) -> None:
        self._work = work
        self._record = record
        self._told = record.content
        self._earlier = earlier
        self._contact_id = next((each.contact_id for each in earlier if each.contact_id), None)
        self._account_id = next((each.account_id for each in earlier if each.account_id), None)

    @property
    def _cause(self) -> str:
        return format_id("field_record", self._record.id)

    async def apply(self) -> None:
        """Do what the record says, and note on it to whom. Raises WrongState for a deleted contact or company."""
        if self._account_id is None and self._told.get("company"):
            self._account_id, self._record.account_created = await self._account(self._told["company"])
        if self._contact_id is not None:
            await self._change(await locked_alive(self._work, Contact, self._contact_id, "suspectId"))
        elif any(self._told.get(name) for name in _PERSON):
            self._contact_id = await self._add()
        elif self._account_id is not None:
            await self._note_on_account(self._account_id)
            await self._show("account", self._account_id)
        await self._link()
        self._record.contact_id, self._record.account_id = self._contact_id, self._account_id

    async def _add(self) -> UUID:
        told = self._told
        emails, phones = self._reached([], [])
        names = (told.get("given_name"), told.get("family_name"))
        # A contact has a name: until somebody learns it, the number or the address stands for it.
        stand_in = show_phone(told["phone"]) if told.get("phone") else told.get("email")
        values = ContactValues(
            given_name=names[0],
            family_name=names[1] if any(names) else stand_in,
            language=told.get("language"),
            notes=told.get("notes"),
            relationship_manager_id=self._record.collaborator_id,
            origin=ContactOrigin.FIELD,
        )
        id = await create_contact(self._work, values, emails, phones)
        await self._show("contact", id)
        return id

    async def _change(self, contact: Contact) -> None:
        values = {name: self._told[name] for name in _SINGLE if self._wins(name, contact)}
        if "family_name" not in values and "given_name" in values and self._is_stand_in(contact):
            values["family_name"] = None
        if self._told.get("notes"):
            values["notes"] = _more(contact.notes, self._told["notes"])
        emails, phones = self._reached(
            [Email(EmailAddress(each.address), each.kind) for each in contact.emails],
            [Phone(PhoneNumber(each.number), each.kind) for each in contact.phones],
        )
        await check_wanted(self._work, emails, phones, contact)
        contact.change(None, self._work.now, values)
        set_emails(contact, emails)
        set_phones(contact, phones)
        await self._show("contact", contact.id)
        await history.record(self._work, contact, cause=self._cause)
        await self._work.emit(events.contact_changed(contact))

    def _wins(self, name: str, contact: Contact) -> bool:
        """Whether the record's value of a field is to be taken."""
        if not self._told.get(name):
            return False
        tellers = [each for each in self._earlier if each.content.get(name) and name not in each.kept]
        if any(each.captured_at > self._record.captured_at for each in tellers):
            return False
        now, last = getattr(contact, name), tellers[-1].content[name] if tellers else None
        if now in (None, last, self._told[name]) or (name == "family_name" and self._is_stand_in(contact)):
            return True
        self._record.kept = [*self._record.kept, name]
        return False

    def _is_stand_in(self, contact: Contact) -> bool:
        numbers = {show_phone(each.number) for each in contact.phones}
        return contact.family_name in numbers | {each.address for each in contact.emails}

    def _reached(self, emails: list[Email], phones: list[Phone]) -> tuple[list[Email], list[Phone]]:
        email, phone = self._told.get("email"), self._told.get("phone")
        if email and email.casefold() not in {each.address.casefold() for each in emails}:
            emails = [*emails, Email(EmailAddress(email), Kind.WORK)]
        if phone and phone not in {each.number for each in phones}:
            phones = [*phones, Phone(PhoneNumber(phone), Kind.MOBILE)]
        return emails[:MAX_OF_A_KIND], phones[:MAX_OF_A_KIND]

    async def _account(self, name: str) -> tuple[UUID, bool]:
        """The only company of this name, or a new suspect; whether it is new."""
        columns = model.Account
        known = select(columns.id).where(columns.name_sort == folded(name), columns.deleted_at.is_(None)).limit(2)
        found = (await self._work.session.scalars(known)).all()
        if len(found) == 1:
            return found[0], False
        values = AccountValues(name=name, relationship_manager_id=self._record.collaborator_id)
        return await create_account(self._work, values, SUSPECT), True

    async def _link(self) -> None:
        if self._contact_id is None or self._account_id is None:
            return
        columns = Interlocutor
        current = select(columns.id).where(
            columns.contact_id == self._contact_id,
            columns.account_id == self._account_id,
            columns.ended_at.is_(None),
        )
        if await self._work.session.scalar(current) is None:
            title = next((each.content.get("job_title") for each in [self._record, *self._earlier]), None)
            values = InterlocutorValues(job_title=title, decision_maker=False)
            await create_interlocutor(self._work, self._contact_id, self._account_id, values)

    async def _note_on_account(self, id: UUID) -> None:
        if self._told.get("notes"):
            account = await locked_alive(self._work, model.Account, id, "suspectId")
            account.change(None, self._work.now, {"notes": _more(account.notes, self._told["notes"])})
            await history.record(self._work, account, cause=self._cause)
            await self._work.emit(events.account_changed(account))

    async def _show(self, kind: str, id: UUID) -> None:
        """Give the photo, unless there is one."""
        shown = select(model.Picture.id).where(OWNERS[kind] == id)
        if self._told.get("photo") and await self._work.session.scalar(shown) is None:
            await add_picture(self._work, kind, id, thawed_picture(self._told["photo"]))
        # A picture is held once: the record no longer needs it.
        self._record.content = {name: value for name, value in self._told.items() if name != "photo"}


def dated(note: str, at: datetime) -> str:
    """A note with the day it was taken on, since it may come much later."""
    return f"{at:%Y-%m-%d %H:%M} UTC: {note}"


def _more(notes: str | None, told: str) -> str:
    return f"{notes}\n\n{told}"[:MAX_NOTE] if notes else told
