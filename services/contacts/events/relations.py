"""What is told of contacts, accounts and interlocutors."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from google.protobuf.message import Message

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.contacts.v1 import messages_pb2 as messages
from services.contacts import model


def contact_created(row: model.Contact) -> Outgoing:
    """A contact was added."""
    return Outgoing("contact", row.id, row.version, messages.ContactCreated(contact=_contact(row)))


def contact_changed(row: model.Contact) -> Outgoing:
    """A contact was changed, deleted or restored."""
    return Outgoing("contact", row.id, row.version, messages.ContactChanged(contact=_contact(row)))


def _contact(row: model.Contact) -> messages.Contact:
    manager = row.relationship_manager_id
    return messages.Contact(
        id=format_id("contact", row.id),
        given_name=row.given_name or "",
        family_name=row.family_name or "",
        email=row.emails[0].address if row.emails else "",
        phone=row.phones[0].number if row.phones else "",
        relationship_manager_id=format_id("collaborator", manager) if manager else "",
        deleted=row.deleted_at is not None,
        status=messages.Status.Value(row.status.value),
        language=row.language or "",
        origin=messages.Contact.Origin.Value(row.origin.value),
        languages=row.languages,
        relation_kinds=_kinds(row),
        place=_place(row),
        merged_into_id=format_id("contact", row.merged_into_id) if row.merged_into_id else "",
    )


def account_created(row: model.Account) -> Outgoing:
    """An account was added."""
    return Outgoing("account", row.id, row.version, messages.AccountCreated(account=_account(row)))


def account_changed(row: model.Account) -> Outgoing:
    """An account was changed, deleted or restored."""
    return Outgoing("account", row.id, row.version, messages.AccountChanged(account=_account(row)))


def _account(row: model.Account) -> messages.Account:
    manager = row.relationship_manager_id
    return messages.Account(
        id=format_id("account", row.id),
        name=row.name,
        siren=row.siren or "",
        relationship_manager_id=format_id("collaborator", manager) if manager else "",
        deleted=row.deleted_at is not None,
        status=messages.Status.Value(row.status.value),
        merged_into_id=format_id("account", row.merged_into_id) if row.merged_into_id else "",
        relation_kinds=_kinds(row),
        place=_place(row),
        parent_id=format_id("account", row.parent_id) if row.parent_id else "",
        domain=row.domain or "",
    )


def _kinds(row: model.Contact | model.Account) -> list[messages.RelationKind.ValueType]:
    return [messages.RelationKind.Value(kind.value) for kind in row.relation_kinds]


def _place(row: model.Contact | model.Account) -> messages.Place | None:
    if not row.addresses:
        return None
    main = row.addresses[0]
    return messages.Place(
        postal_code=main.postal_code or "", city=main.city or "", region=main.region or "", country=main.country
    )


class Why(NamedTuple):
    """Who changed a status, when, why, and by which quote."""

    actor_id: UUID | None
    at: datetime
    reason: str | None
    quote_id: UUID | None


def status_changed(row: model.Contact | model.Account, before: model.AccountStatus, why: Why) -> Outgoing:
    """Where the firm stands with somebody changed; told beside the change of the whole."""
    change = messages.StatusChange(
        before=messages.Status.Value(before.value),
        after=messages.Status.Value(row.status.value),
        actor_id=format_id("collaborator", why.actor_id) if why.actor_id else "",
        reason=why.reason or "",
        quote_id=format_id("quote", why.quote_id) if why.quote_id else "",
    )
    change.at.FromDatetime(why.at)
    if isinstance(row, model.Contact):
        body: Message = messages.ContactStatusChanged(contact=_contact(row), change=change)
    else:
        body = messages.AccountStatusChanged(account=_account(row), change=change)
    return Outgoing(row.__tablename__, row.id, row.version, body)


def interlocutor_changed(row: model.Interlocutor) -> Outgoing:
    """A link between a contact and an account was made, changed or ended."""
    told = messages.Interlocutor(
        id=format_id("interlocutor", row.id),
        contact_id=format_id("contact", row.contact_id),
        account_id=format_id("account", row.account_id),
        job_title=row.job_title or "",
        decision_maker=row.decision_maker,
        deleted=row.deleted_at is not None,
    )
    if row.ended_at is not None:
        told.ended_at.FromDatetime(row.ended_at)
    return Outgoing("interlocutor", row.id, row.version, messages.InterlocutorChanged(interlocutor=told))
