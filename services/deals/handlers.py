"""Messages of the contacts service to copies. An older version never overwrites a newer one: a replay is harmless."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from chassis.copies import keep_copies, keep_copy, table_of
from chassis.database import UnitOfWork
from chassis.identifiers import kind_of, parse_id
from chassis.inbox import Handler
from chassis.messages import Received
from chassis.sets import Difference
from chassis.together import Together
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.commands import merging
from services.deals.commands.alerts import close_what_is_over
from services.deals.commands.ownership import follow_owner
from services.deals.commands.pipelines import ensure_default_pipeline
from services.deals.model import (
    GROUPS,
    Base,
    Collaborator,
    CustomField,
    Duplicate,
    Interlocutor,
    Organization,
    Team,
    TeamMember,
)

ToldContact = Received[pb.ContactCreated] | Received[pb.ContactChanged] | Received[pb.ContactStatusChanged]
ToldDuplicate = Received[pb.DuplicateFound] | Received[pb.DuplicateSettled]
ToldAccount = Received[pb.AccountCreated] | Received[pb.AccountChanged] | Received[pb.AccountStatusChanged]


async def organization_changed(work: UnitOfWork, message: Received[pb.OrganizationChanged]) -> None:
    """Copy an organization; it begins with a pipeline."""
    told = message.body.organization
    values = {
        "name": told.name,
        "locale": told.locale,
        "time_zone": told.time_zone,
        "plan": pb.Organization.Plan.Name(told.plan) if told.plan else None,
        "trial_ends_at": told.trial_ends_at.ToDatetime(UTC) if told.HasField("trial_ends_at") else None,
        "subscribed": told.subscribed,
        "sharing": told.sharing or None,
    }
    await _copy(work, Organization, message, values)
    await ensure_default_pipeline(work)


async def collaborator_changed(work: UnitOfWork, message: Received[pb.CollaboratorChanged]) -> None:
    """Copy a collaborator; the deals of an owner who was disabled, or is no longer, are seen to at once."""
    told = message.body.collaborator
    values = {
        "name": told.name,
        "role": pb.Collaborator.Role.Name(told.role),
        "department": told.department,
        "time_zone": told.time_zone,
        "disabled": told.disabled,
    }
    await _copy(work, Collaborator, message, _owned(work, values))
    await follow_owner(work, message.aggregate_id)


async def team_changed(work: UnitOfWork, message: Received[pb.TeamChanged]) -> None:
    """Copy a team with its members."""
    told = message.body.team
    values = {"name": told.name, "lead_id": _collaborator(told.lead_id), "deleted": told.deleted}
    if await _copy(work, Team, message, _owned(work, values)):
        await work.session.execute(delete(TeamMember).where(TeamMember.team_id == message.aggregate_id))
        own = _owned(work, {"team_id": message.aggregate_id})
        rows = [{**own, "collaborator_id": parse_id("collaborator", id)} for id in told.member_ids]
        if rows:
            await work.session.execute(insert(TeamMember), rows)


async def group_changed(work: UnitOfWork, message: Received[pb.GroupChanged]) -> None:
    """Copy what a group of contacts is called."""
    told = message.body.group
    await GROUPS.describe(work, message.aggregate_id, message.version, told.name, deleted=told.deleted)


async def group_members_changed(work: UnitOfWork, message: Received[pb.GroupMembersChanged]) -> None:
    """Copy who came into a group of contacts, and who left it."""
    told = message.body
    added, removed = ([parse_id("contact", id) for id in ids] for ids in (told.added_ids, told.removed_ids))
    await GROUPS.differ(work, Difference(message.aggregate_id, message.version, added, removed, told.reset))


async def custom_field_changed(work: UnitOfWork, message: Received[pb.CustomFieldChanged]) -> None:
    """Copy a field that the organization adds to its deals; those of contacts and accounts are not deals'."""
    told = message.body.custom_field
    if told.subject != pb.CustomField.DEAL:
        return
    values = {
        "key": told.key,
        "type": pb.CustomField.Type.Name(told.type),
        "required": told.required,
        "position": told.position,
        "options": [{"key": one.key, "archived": one.archived} for one in told.options],
        "archived_at": message.time if told.archived else None,
        "deleted": told.deleted,
    }
    await _copy(work, CustomField, message, _owned(work, values))


_STATUS_SINCE = (("status_since", "status"),)


async def contacts_changed(work: UnitOfWork, messages: Sequence[ToldContact]) -> None:
    """Copy contacts."""
    await _copy_parties(work, "contact", [_row(work, message, _contact(message)) for message in messages])


def _contact(message: ToldContact) -> dict[str, Any]:
    told = message.body.contact
    return {
        "name": f"{told.given_name} {told.family_name}".strip(),
        "relationship_manager_id": _collaborator(told.relationship_manager_id),
        "status": _status(told.status),
        "status_since": message.time,
        "origin": _origin(told.origin),
        "reachable": bool(told.email or told.phone),
        "deleted": told.deleted,
        "supplier": pb.SUPPLIER in told.relation_kinds,
        "merged_into_id": parse_id("contact", told.merged_into_id) if told.merged_into_id else None,
    }


async def accounts_changed(work: UnitOfWork, messages: Sequence[ToldAccount]) -> None:
    """Copy accounts."""
    await _copy_parties(work, "account", [_row(work, message, _account(message)) for message in messages])


def _account(message: ToldAccount) -> dict[str, Any]:
    told = message.body.account
    return {
        "name": told.name,
        "relationship_manager_id": _collaborator(told.relationship_manager_id),
        "status": _status(told.status),
        "status_since": message.time,
        "deleted": told.deleted,
        "supplier": pb.SUPPLIER in told.relation_kinds,
        "merged_into_id": parse_id("account", told.merged_into_id) if told.merged_into_id else None,
    }


async def duplicates_told(work: UnitOfWork, messages: Sequence[ToldDuplicate]) -> None:
    """Copy pairs that may be the same."""
    rows = [_row(work, message, _duplicate(message)) for message in messages]
    await keep_copies(work, table_of(Duplicate), rows, (("found_at", "open"),))


def _duplicate(message: ToldDuplicate) -> dict[str, Any]:
    told = message.body.duplicate
    kind = kind_of(told.first_id)
    return {
        "first_id": parse_id(kind, told.first_id),
        "second_id": parse_id(kind, told.second_id),
        "score": told.score,
        "open": told.state == pb.Duplicate.OPEN,
        "found_at": message.time,
    }


async def interlocutors_changed(work: UnitOfWork, messages: Sequence[Received[pb.InterlocutorChanged]]) -> None:
    """Copy links between contacts and accounts."""
    rows = [_row(work, message, _interlocutor(message.body.interlocutor)) for message in messages]
    await keep_copies(work, table_of(Interlocutor), rows)


def _interlocutor(told: pb.Interlocutor) -> dict[str, Any]:
    return {
        "contact_id": parse_id("contact", told.contact_id),
        "account_id": parse_id("account", told.account_id),
        "job_title": told.job_title,
        "decision_maker": told.decision_maker,
        "ended_at": told.ended_at.ToDatetime(UTC) if told.HasField("ended_at") else None,
    }


async def _copy_parties(work: UnitOfWork, kind: merging.Kind, rows: Sequence[dict[str, Any]]) -> None:
    """Copy contacts or accounts; what names one follows it into a merge, and back."""
    copy = merging.COPIES[kind]
    mine = copy.id.in_([row["id"] for row in rows])
    seen = select(copy.id, copy.merged_into_id).where(mine).order_by(copy.id).with_for_update()
    before: dict[UUID, UUID | None] = {row.id: row.merged_into_id for row in await work.session.execute(seen)}
    newer = await keep_copies(work, table_of(copy), rows, _STATUS_SINCE)
    for row in rows:
        if row["id"] in newer and (was := before.get(row["id"])) != row["merged_into_id"]:
            await _follow(work, kind, row["id"], was, row["merged_into_id"])
    await close_what_is_over(work, *newer)


async def _follow(work: UnitOfWork, kind: merging.Kind, id: UUID, before: UUID | None, after: UUID | None) -> None:
    if before is not None:
        await merging.go_back(work, kind, id, before)
    if after is not None:
        await merging.follow(work, kind, id, after)


async def _copy(work: UnitOfWork, kind: type[Base], message: Received[Any], values: dict[str, Any]) -> bool:
    """Whether the copy was older."""
    return await keep_copy(work, table_of(kind), {"id": message.aggregate_id, **values, "version": message.version})


def _row(work: UnitOfWork, message: Received[Any], values: dict[str, Any]) -> dict[str, Any]:
    return {"id": message.aggregate_id, "organization_id": work.organization, **values, "version": message.version}


def _owned(work: UnitOfWork, values: dict[str, Any]) -> dict[str, Any]:
    return {"organization_id": work.organization, **values}


def _status(told: pb.Status.ValueType) -> str:
    """What was written before statuses were told is a suspect, as it was then."""
    return pb.Status.Name(told or pb.SUSPECT)


def _origin(told: pb.Contact.Origin.ValueType) -> str:
    """Empty for what was written before origins were told."""
    return pb.Contact.Origin.Name(told) if told else ""


def _collaborator(id: str) -> UUID | None:
    return parse_id("collaborator", id) if id else None


COPIES: Mapping[type[Message], Handler] = {
    pb.OrganizationChanged: organization_changed,
    pb.CollaboratorChanged: collaborator_changed,
    pb.TeamChanged: team_changed,
    pb.GroupChanged: group_changed,
    pb.GroupMembersChanged: group_members_changed,
    pb.ContactCreated: Together(contacts_changed),
    pb.ContactChanged: Together(contacts_changed),
    pb.AccountCreated: Together(accounts_changed),
    pb.AccountChanged: Together(accounts_changed),
    pb.InterlocutorChanged: Together(interlocutors_changed),
    pb.CustomFieldChanged: custom_field_changed,
    pb.DuplicateFound: Together(duplicates_told),
    pb.DuplicateSettled: Together(duplicates_told),
}
