"""Values of custom fields of contacts and accounts, written with them and told by their history."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis.custom_fields import Owner, Told, check_keys, write
from chassis.database import UnitOfWork
from services.contacts.commands.history import Change
from services.contacts.links import parse_web_url
from services.contacts.model import Account, AccountCustomValue, Contact, ContactCustomValue, CustomField
from services.contacts.model.custom_fields import CustomFieldSubject


async def set_custom_values(
    work: UnitOfWork, row: Contact | Account, told: Sequence[Told] | None, *, new: bool = False
) -> list[Change]:
    """Write values; None writes none. The changes for the history. Raises InvalidInput naming the field at fault.

    A `new` row needs a value of each required field.
    """
    if told is None:
        return []
    await work.session.flush()
    fields = await _fields(work, row)
    check_keys(told, fields, new=new)
    made = await write(work, _owner(row), fields, told, parse_web_url)
    return [Change(f"custom.{each.key}", each.before, each.after) for each in made]


async def _fields(work: UnitOfWork, row: Contact | Account) -> dict[str, CustomField]:
    """Locked for share: no type or option goes while values are written."""
    subject = CustomFieldSubject.CONTACT if isinstance(row, Contact) else CustomFieldSubject.ACCOUNT
    statement = select(CustomField).where(CustomField.subject == subject).order_by(CustomField.id)
    return {field.key: field for field in await work.session.scalars(statement.with_for_update(read=True))}


def _owner(row: Contact | Account) -> Owner:
    if isinstance(row, Contact):
        return Owner(ContactCustomValue, "contact_id", row.id)
    return Owner(AccountCustomValue, "account_id", row.id)
