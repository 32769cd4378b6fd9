"""Every change of a contact, account or interlocutor, written down in the transaction of the change.

A row that will change is watched (commands.loading does it for whatever it locks), and recorded once it has changed;
a row that was never watched is a new one. Many rows are recorded in one statement.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from chassis.arrays import insert_rows
from chassis.copies import table_of
from chassis.database import UnitOfWork
from chassis.identifiers import format_id, new_id
from services.contacts.model import Account, Contact, HistoryAction, HistoryEntry, Interlocutor

Recorded = Contact | Account | Interlocutor
Seen = dict[str, Any]
_WATCHED = "liant.watched"


class Change(NamedTuple):
    """What one field was and became, as JSON; the field as the graph calls it."""

    field: str
    before: Any
    after: Any


def _reference(name: str, kind: str) -> Callable[[Any], Any]:
    def read(row: Any) -> str | None:
        id = getattr(row, name)
        return None if id is None else format_id(kind, id)

    return read


def _tags(row: Any) -> list[str]:
    return sorted(each.tag.name for each in row.tags)


def _links(row: Any) -> list[list[str]]:
    return [[each["network"], each["url"]] for each in row.social_links]


def _kinds(row: Any) -> list[str]:
    return sorted(each.value for each in row.relation_kinds)


def _each(name: str, *parts: str) -> Callable[[Any], Any]:
    read = attrgetter(*parts)
    return lambda row: [[_plain(part) for part in read(each)] for each in getattr(row, name)]


_PLACES = _each("addresses", "kind", "lines", "postal_code", "city", "region", "country")
FIELDS: Mapping[type[Any], Mapping[str, Callable[[Any], Any]]] = {
    Contact: {
        "givenName": attrgetter("given_name"),
        "familyName": attrgetter("family_name"),
        "language": attrgetter("language"),
        "notes": attrgetter("notes"),
        "status": attrgetter("status"),
        "relationshipManager": _reference("relationship_manager_id", "collaborator"),
        "emails": _each("emails", "address", "kind"),
        "phones": _each("phones", "number", "kind"),
        "addresses": _PLACES,
        "languages": lambda row: list(row.languages),
        "relationKinds": _kinds,
        "socialLinks": _links,
        "tags": _tags,
    },
    Account: {
        "name": attrgetter("name"),
        "siren": attrgetter("siren"),
        "siret": attrgetter("siret"),
        "vatNumber": attrgetter("vat_number"),
        "notes": attrgetter("notes"),
        "status": attrgetter("status"),
        "relationshipManager": _reference("relationship_manager_id", "collaborator"),
        "parent": _reference("parent_id", "account"),
        "website": attrgetter("website"),
        "emails": _each("emails", "address", "kind"),
        "phones": _each("phones", "number", "kind"),
        "addresses": _PLACES,
        "relationKinds": _kinds,
        "socialLinks": _links,
        "tags": _tags,
    },
    Interlocutor: {
        "contact": _reference("contact_id", "contact"),
        "account": _reference("account_id", "account"),
        "jobTitle": attrgetter("job_title"),
        "decisionMaker": attrgetter("decision_maker"),
        "startedOn": attrgetter("started_on"),
        "endedAt": attrgetter("ended_at"),
    },
}


def watch(work: UnitOfWork, *rows: Recorded) -> None:
    """Remember how rows are before they change; what was remembered of them already stays."""
    watched = work.session.info.setdefault(_WATCHED, {})
    for row in rows:
        if row.id not in watched:
            watched[row.id] = (_seen(row), _deleted_at(row))


async def record(work: UnitOfWork, *rows: Recorded, cause: str | None = None, more: Sequence[Change] = ()) -> None:
    """Write down what changed of rows since they were watched; nothing of what did not change.

    `cause`: the TypeID of what made the change, where it was not a person at their desk. `more`: changes of what a row
    does not hold itself; only with a single row.
    """
    await work.session.flush()
    entries = [entry for row in rows if (entry := _entry(work, row, cause, more)) is not None]
    await insert_rows(work.session, table_of(HistoryEntry), entries)


def _entry(work: UnitOfWork, row: Recorded, cause: str | None, more: Sequence[Change]) -> dict[str, Any] | None:
    watched = work.session.info.setdefault(_WATCHED, {})
    before, deleted_at = watched.get(row.id, (None, None))
    after = _seen(row)
    changes = [*differences(before or {}, after), *more]
    action = HistoryAction.CREATED if before is None else _action(deleted_at, _deleted_at(row))
    watched[row.id] = (after, _deleted_at(row))
    if action is HistoryAction.UPDATED and not changes:
        return None
    return {
        "id": new_id(),
        "organization_id": work.organization,
        **_about(row),
        "version": row.version,
        "action": action,
        "at": work.now,
        "by_id": work.actor.collaborator,
        "cause": cause,
        "changes": [change._asdict() for change in changes],
    }


def differences(before: Seen, after: Seen) -> list[Change]:
    """Fields whose values differ; nothing, an empty text and an empty list are the same."""
    told = [Change(field, _told(before.get(field)), _told(value)) for field, value in after.items()]
    return [change for change in told if change.before != change.after]


def _told(value: Any) -> Any:
    return None if value in ("", []) else value


def _seen(row: Recorded) -> Seen:
    return {field: _plain(read(row)) for field, read in FIELDS[type(row)].items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


def _deleted_at(row: Recorded) -> datetime | None:
    return row.deleted_at


def _action(before: datetime | None, after: datetime | None) -> HistoryAction:
    if before is None and after is not None:
        return HistoryAction.DELETED
    return HistoryAction.RESTORED if before is not None and after is None else HistoryAction.UPDATED


def _about(row: Recorded) -> dict[str, UUID | None]:
    if isinstance(row, Interlocutor):
        return {"contact_id": row.contact_id, "account_id": row.account_id, "interlocutor_id": row.id}
    own = "contact_id" if isinstance(row, Contact) else "account_id"
    return {"contact_id": None, "account_id": None, "interlocutor_id": None, own: row.id}
