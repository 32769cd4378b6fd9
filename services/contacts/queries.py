"""Every SELECT of the read side: Core rows, only the columns that are shown. Batches keep the order of their keys."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, case, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from chassis.admission import Known
from chassis.auth import Actor
from chassis.database import ReadSession
from chassis.plans import Standing
from chassis.sharing import Sharing
from services.contacts.model import (
    Account,
    AccountAddress,
    AccountCustomValue,
    AccountEmail,
    AccountPhone,
    AccountStatusChange,
    AccountTag,
    BankAccount,
    Collaborator,
    Contact,
    ContactAddress,
    ContactCustomValue,
    ContactEmail,
    ContactPhone,
    ContactStatusChange,
    ContactTag,
    CustomField,
    FieldRecord,
    FieldWorkKind,
    Group,
    GroupMember,
    HistoryEntry,
    Interlocutor,
    Invitation,
    Organization,
    PlanChange,
    Tag,
    Team,
    TeamMember,
)

Rows = Sequence[Row[Any]]
Statement = Select[*tuple[Any, ...]]
Having = Callable[[Iterable[ColumnElement[bool]]], ColumnElement[bool]]

ORGANIZATION = select(
    Organization.id,
    Organization.version,
    Organization.name,
    Organization.locale,
    Organization.time_zone,
    Organization.country,
    Organization.sharing,
    Organization.plan,
    Organization.trial_ends_at,
    Organization.subscribed_at,
    Organization.created_at,
    Organization.updated_at,
)
COLLABORATOR = select(
    Collaborator.id,
    Collaborator.version,
    Collaborator.name,
    Collaborator.email,
    Collaborator.role,
    Collaborator.department,
    Collaborator.locale,
    Collaborator.time_zone,
    Collaborator.disabled_at,
    Collaborator.contact_id,
    Collaborator.created_at,
    Collaborator.updated_at,
)
INVITATION = select(
    Invitation.id,
    Invitation.version,
    Invitation.name,
    Invitation.email,
    Invitation.role,
    Invitation.department,
    Invitation.locale,
    Invitation.time_zone,
    Invitation.collaborator_id,
    Invitation.contact_id,
    Invitation.invited_by_id,
    Invitation.expires_at,
    Invitation.accepted_at,
    Invitation.revoked_at,
    Invitation.created_at,
    Invitation.updated_at,
)
CONTACT = select(
    Contact.id,
    Contact.version,
    Contact.given_name,
    Contact.family_name,
    Contact.language,
    Contact.status,
    Contact.origin,
    Contact.languages,
    Contact.relation_kinds,
    Contact.social_links,
    Contact.relationship_manager_id,
    Contact.created_at,
    Contact.updated_at,
    Contact.deleted_at,
    Contact.merged_into_id,
)
ACCOUNT = select(
    Account.id,
    Account.version,
    Account.name,
    Account.siren,
    Account.siret,
    Account.vat_number,
    Account.status,
    Account.parent_id,
    Account.website,
    Account.domain,
    Account.relation_kinds,
    Account.social_links,
    Account.relationship_manager_id,
    Account.created_at,
    Account.updated_at,
    Account.deleted_at,
    Account.merged_into_id,
)
INTERLOCUTOR = select(
    Interlocutor.id,
    Interlocutor.version,
    Interlocutor.contact_id,
    Interlocutor.account_id,
    Interlocutor.job_title,
    Interlocutor.decision_maker,
    Interlocutor.started_on,
    Interlocutor.ended_at,
    Interlocutor.created_at,
    Interlocutor.updated_at,
    Interlocutor.deleted_at,
)
GROUP = select(
    Group.id,
    Group.version,
    Group.name,
    Group.description,
    Group.kind,
    Group.definition,
    Group.member_count,
    Group.refresh_due_at,
    Group.refreshed_at,
    Group.problem,
    Group.created_at,
    Group.updated_at,
    Group.deleted_at,
)
TEAM = select(
    Team.id,
    Team.version,
    Team.name,
    Team.description,
    Team.lead_id,
    Team.created_at,
    Team.updated_at,
    Team.deleted_at,
)

CUSTOM_FIELD = select(
    CustomField.id,
    CustomField.version,
    CustomField.subject,
    CustomField.key,
    CustomField.label_fr,
    CustomField.label_en,
    CustomField.type,
    CustomField.required,
    CustomField.position,
    CustomField.options,
    CustomField.archived_at,
)
TAG = select(Tag.id, Tag.version, Tag.name, Tag.color, Tag.created_at, Tag.updated_at)
HISTORY = select(
    HistoryEntry.id,
    HistoryEntry.at,
    HistoryEntry.action,
    HistoryEntry.version,
    HistoryEntry.interlocutor_id,
    HistoryEntry.cause,
    HistoryEntry.by_id,
    HistoryEntry.changes,
)


async def caller(read: ReadSession, actor: Actor) -> Known:
    """What is known of a caller: this service is where it is decided."""
    columns = (Organization.plan, Organization.trial_ends_at, Organization.subscribed_at)
    person = (Collaborator.role, Collaborator.disabled_at)
    shared = (Organization.sharing, _mates(actor.collaborator).label("mates"))
    statement = select(*columns, *person, *shared).outerjoin(Collaborator, Collaborator.id == actor.collaborator)
    found = await read.first(statement.where(Organization.id == actor.organization))
    if found is None:
        return Known()
    standing = Standing(found.plan, found.trial_ends_at, found.subscribed_at is not None)
    return Known(found.disabled_at is not None, found.role, standing, found.sharing, found.mates)


def _mates(collaborator: UUID | None) -> ColumnElement[Any]:
    """Who is in a team with a collaborator; read only where teams share their portfolios."""
    mine, mate = aliased(TeamMember), aliased(TeamMember)
    alive = (Team.id == mine.team_id, Team.deleted_at.is_(None))
    together = select(func.array_agg(mate.collaborator_id.distinct())).where(
        mine.collaborator_id == collaborator, mate.team_id == mine.team_id, *alive
    )
    return case((Organization.sharing == Sharing.TEAM_PORTFOLIO, together.scalar_subquery()))


async def collaborators_of_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Who of the contacts is, or was, a collaborator."""
    found = {row.contact_id: row for row in await read.rows(COLLABORATOR.where(Collaborator.contact_id.in_(ids)))}
    return [found.get(id) for id in ids]


async def invitations(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Invitations by id."""
    return await _by_id(read, INVITATION, Invitation.id, ids)


async def plan_history(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """What became of organizations' plans, oldest first."""
    columns = (PlanChange.organization_id, PlanChange.id, PlanChange.at, PlanChange.step, PlanChange.plan)
    more = (PlanChange.trial_ends_at, PlanChange.subscribed, PlanChange.by_id, PlanChange.operator, PlanChange.note)
    statement = select(*columns, *more).order_by(PlanChange.at, PlanChange.id)
    return await _of_each(read, statement, PlanChange.organization_id, ids)


async def organizations(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Organizations by id: the caller's own, and None for any other."""
    return await _by_id(read, ORGANIZATION, Organization.id, ids)


async def collaborators(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Collaborators by id."""
    return await _by_id(read, COLLABORATOR, Collaborator.id, ids)


async def contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Contacts by id, deleted ones included; for one that was merged, the one that it became part of."""
    return await _followed(read, CONTACT, Contact, ids)


async def accounts(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Accounts by id, deleted ones included; for one that was merged, the one that it became part of."""
    return await _followed(read, ACCOUNT, Account, ids)


async def interlocutors(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Interlocutors by id, ended ones included."""
    return await _by_id(read, INTERLOCUTOR, Interlocutor.id, ids)


async def teams(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Teams by id, deleted ones included."""
    return await _by_id(read, TEAM, Team.id, ids)


async def team_sizes(read: ReadSession, ids: Sequence[UUID]) -> list[int]:
    """How many members teams have."""
    counted = select(TeamMember.team_id, func.count().label("members")).group_by(TeamMember.team_id)
    found = {row.team_id: row.members for row in await read.rows(counted.where(TeamMember.team_id.in_(ids)))}
    return [found.get(id, 0) for id in ids]


async def teams_of_collaborators(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The teams that collaborators are in, by name."""
    statement = TEAM.add_columns(TeamMember.collaborator_id).join(TeamMember, TeamMember.team_id == Team.id)
    alive = statement.where(Team.deleted_at.is_(None)).order_by(Team.name_sort, Team.id)
    return await _of_each(read, alive, TeamMember.collaborator_id, ids)


async def groups(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Groups by id, deleted ones included."""
    return await _by_id(read, GROUP, Group.id, ids)


async def groups_of_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The groups that contacts are in, by name."""
    statement = GROUP.add_columns(GroupMember.contact_id).join(GroupMember, GroupMember.group_id == Group.id)
    alive = statement.where(Group.deleted_at.is_(None), GroupMember.active)
    return await _of_each(read, alive.order_by(Group.name_sort, Group.id), GroupMember.contact_id, ids)


async def contact_notes(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """The notes on contacts."""
    return await _by_id(read, select(Contact.id, Contact.notes), Contact.id, ids)


async def account_notes(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """The notes on accounts."""
    return await _by_id(read, select(Account.id, Account.notes), Account.id, ids)


async def bank_accounts(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The sealed bank details of companies, the main ones first."""
    bank = BankAccount
    columns = (bank.account_id, bank.iban_sealed, bank.bic_sealed, bank.holder_sealed)
    return await _of_each(read, select(*columns).order_by(bank.position), bank.account_id, ids)


async def custom_fields(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Custom fields by id."""
    return await _by_id(read, CUSTOM_FIELD, CustomField.id, ids)


async def contact_custom_values(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The values of contacts' custom fields, with the fields, in their order."""
    return await _of_each(read, _custom_values(ContactCustomValue), ContactCustomValue.contact_id, ids)


async def account_custom_values(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The values of accounts' custom fields, with the fields, in their order."""
    return await _of_each(read, _custom_values(AccountCustomValue), AccountCustomValue.account_id, ids)


def _custom_values(table: Any) -> Statement:
    owner = table.contact_id if table is ContactCustomValue else table.account_id
    values = CUSTOM_FIELD.add_columns(owner, table.text, table.millionths, table.day, table.truth)
    joined = values.join(table, table.field_id == CustomField.id)
    return joined.order_by(CustomField.position, CustomField.key, table.position)


async def tags(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Tags by id."""
    return await _by_id(read, TAG, Tag.id, ids)


async def contact_tags(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The tags of contacts, by name."""
    statement = TAG.add_columns(ContactTag.contact_id).join(ContactTag, ContactTag.tag_id == Tag.id)
    return await _of_each(read, statement.order_by(Tag.name_sort), ContactTag.contact_id, ids)


async def account_tags(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The tags of accounts, by name."""
    statement = TAG.add_columns(AccountTag.account_id).join(AccountTag, AccountTag.tag_id == Tag.id)
    return await _of_each(read, statement.order_by(Tag.name_sort), AccountTag.account_id, ids)


async def tagged_contacts(read: ReadSession, ids: Sequence[UUID]) -> list[int]:
    """How many contacts have each tag."""
    statement = select(ContactTag.tag_id, func.count().label("count")).join(
        Contact, Contact.id == ContactTag.contact_id
    )
    return await _counts(read, statement.where(Contact.deleted_at.is_(None)), ContactTag.tag_id, ids)


async def tagged_accounts(read: ReadSession, ids: Sequence[UUID]) -> list[int]:
    """How many accounts have each tag."""
    statement = select(AccountTag.tag_id, func.count().label("count")).join(
        Account, Account.id == AccountTag.account_id
    )
    return await _counts(read, statement.where(Account.deleted_at.is_(None)), AccountTag.tag_id, ids)


async def contact_emails(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The addresses of contacts, the primary one first."""
    columns = (ContactEmail.contact_id, ContactEmail.address, ContactEmail.kind, ContactEmail.position)
    return await _of_each(read, select(*columns).order_by(ContactEmail.position), ContactEmail.contact_id, ids)


async def contact_phones(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The telephones of contacts, the primary one first."""
    columns = (ContactPhone.contact_id, ContactPhone.number, ContactPhone.kind, ContactPhone.position)
    return await _of_each(read, select(*columns).order_by(ContactPhone.position), ContactPhone.contact_id, ids)


async def contact_addresses(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The places of persons, the main one first."""
    return await _of_each(read, _places(ContactAddress, ContactAddress.contact_id), ContactAddress.contact_id, ids)


async def account_addresses(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The places of companies, the main one first."""
    return await _of_each(read, _places(AccountAddress, AccountAddress.account_id), AccountAddress.account_id, ids)


def _places(table: type[ContactAddress] | type[AccountAddress], owner: Any) -> Statement:
    columns = (table.kind, table.lines, table.postal_code, table.city, table.region, table.country)
    return select(owner, *columns).order_by(table.position)


async def account_emails(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The e-mail addresses of companies, the primary one first."""
    columns = (AccountEmail.account_id, AccountEmail.address, AccountEmail.kind, AccountEmail.position)
    return await _of_each(read, select(*columns).order_by(AccountEmail.position), AccountEmail.account_id, ids)


async def account_phones(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The telephones of companies, the primary one first."""
    columns = (AccountPhone.account_id, AccountPhone.number, AccountPhone.kind, AccountPhone.position)
    return await _of_each(read, select(*columns).order_by(AccountPhone.position), AccountPhone.account_id, ids)


async def account_history(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The commercial histories of accounts, oldest first."""
    step = AccountStatusChange
    columns = (step.account_id, step.status, step.at, step.by_id, step.reason, step.quote_id)
    return await _of_each(read, select(*columns).order_by(step.at, step.id), step.account_id, ids)


async def contact_status_history(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The commercial histories of persons, oldest first."""
    step = ContactStatusChange
    columns = (step.contact_id, step.status, step.at, step.by_id, step.reason, step.quote_id)
    return await _of_each(read, select(*columns).order_by(step.at, step.id), step.contact_id, ids)


def has_email(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with an address for which all the clauses hold."""
    return exists().where(ContactEmail.contact_id == Contact.id, *clauses)


def has_phone(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a telephone for which all the clauses hold."""
    return exists().where(ContactPhone.contact_id == Contact.id, *clauses)


def has_place(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a place for which all the clauses hold."""
    return exists().where(AccountAddress.account_id == Account.id, *clauses)


def lives(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a place for which all the clauses hold."""
    return exists().where(ContactAddress.contact_id == Contact.id, *clauses)


def account_has_email(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with an address for which all the clauses hold."""
    return exists().where(AccountEmail.account_id == Account.id, *clauses)


def account_has_phone(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a telephone for which all the clauses hold."""
    return exists().where(AccountPhone.account_id == Account.id, *clauses)


def contact_has_tag(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a tag for which all the clauses hold."""
    return exists().where(ContactTag.contact_id == Contact.id, Tag.id == ContactTag.tag_id, *clauses)


def account_has_tag(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a tag for which all the clauses hold."""
    return exists().where(AccountTag.account_id == Account.id, Tag.id == AccountTag.tag_id, *clauses)


def unnested(column: Any) -> tuple[Any, Any]:
    """The values of an array, each a row; and the value."""
    rows = func.unnest(column).column_valued("several")
    return rows, rows


def networks(column: Any) -> tuple[Any, Any]:
    """Social links, each a row; and their network."""
    rows = func.jsonb_array_elements(column, type_=JSONB).column_valued("links")
    return rows, rows["network"].astext


def among(values: Any) -> Having:
    """Rows one of whose values, unnested from a column of theirs, is one for which all the clauses hold."""
    return lambda clauses: select(values).where(*clauses).exists()


def serves(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts who are current interlocutors of an account for which all the clauses hold."""
    current = (Interlocutor.contact_id == Contact.id, Interlocutor.ended_at.is_(None))
    return exists().where(Account.id == Interlocutor.account_id, Account.deleted_at.is_(None), *current, *clauses)


def speaks(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts with a current link to a company for which all the clauses hold."""
    return exists().where(Interlocutor.contact_id == Contact.id, Interlocutor.ended_at.is_(None), *clauses)


def served_by(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Accounts with a current interlocutor for whom all the clauses hold."""
    current = (Interlocutor.account_id == Account.id, Interlocutor.ended_at.is_(None))
    return exists().where(Contact.id == Interlocutor.contact_id, Contact.deleted_at.is_(None), *current, *clauses)


def managed(table: type[Contact | Account]) -> Having:
    """Contacts or accounts whose relationship manager is one for whom all the clauses hold."""
    return lambda clauses: exists().where(Collaborator.id == table.relationship_manager_id, *clauses)


def led(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Teams whose lead is one for whom all the clauses hold."""
    return exists().where(Collaborator.id == Team.lead_id, *clauses)


def is_link_of(table: type[Contact | Account], column: SQLColumnExpression[UUID]) -> Having:
    """Interlocutors whose contact or account is one for which all the clauses hold."""
    return lambda clauses: exists().where(table.id == column, *clauses)


def is_member_of(group: UUID) -> ColumnElement[bool]:
    """Contacts in one group, which may itself be deleted."""
    return exists().where(GroupMember.group_id == group, GroupMember.contact_id == Contact.id, GroupMember.active)


def in_group(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Contacts in a group, not deleted, for which all the clauses hold."""
    mine = (GroupMember.contact_id == Contact.id, GroupMember.active)
    return exists().where(*mine, Group.id == GroupMember.group_id, Group.deleted_at.is_(None), *clauses)


def in_team(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Collaborators in a team, not deleted, for which all the clauses hold."""
    mine = (TeamMember.collaborator_id == Collaborator.id, Team.id == TeamMember.team_id, Team.deleted_at.is_(None))
    return exists().where(*mine, *clauses)


def has_member(clauses: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Teams with a member for which all the clauses hold."""
    return exists().where(TeamMember.team_id == Team.id, *clauses)


def is_deleted(
    table: type[Contact | Account | Team | Group | Interlocutor], wanted: bool | None
) -> ColumnElement[bool]:
    """Only the deleted, or only the others; None for the others."""
    return table.deleted_at.is_not(None) if wanted else table.deleted_at.is_(None)


async def _followed(
    read: ReadSession, statement: Statement, table: type[Contact] | type[Account], ids: Sequence[UUID]
) -> list[Row[Any] | None]:
    """By id, through merges: one statement, and one more for each step of the longest chain of merges."""
    found = {id: row for id, row in zip(ids, await _by_id(read, statement, table.id, ids), strict=True) if row}
    while merged := {id: row.merged_into_id for id, row in found.items() if row.merged_into_id is not None}:
        winners = {row.id: row for row in await read.rows(statement.where(table.id.in_(set(merged.values()))))}
        found.update({id: winners[winner] for id, winner in merged.items()})
    return [found.get(id) for id in ids]


async def _by_id(read: ReadSession, statement: Statement, id_of: Any, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    found = {row.id: row for row in await read.rows(statement.where(id_of.in_(ids)))}
    return [found.get(id) for id in ids]


async def _counts(read: ReadSession, statement: Statement, owner: Any, ids: Sequence[UUID]) -> list[int]:
    rows = await read.rows(statement.where(owner.in_(ids)).group_by(owner))
    found: dict[UUID, int] = dict(map(tuple, rows))
    return [found.get(id, 0) for id in ids]


async def _of_each(read: ReadSession, statement: Statement, owner: Any, ids: Sequence[UUID]) -> list[Rows]:
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await read.rows(statement.where(owner.in_(ids))):
        found[getattr(row, owner.key)].append(row)
    return [found[id] for id in ids]


FIELD_RECORD = select(
    FieldRecord.id,
    FieldRecord.client_id,
    FieldRecord.kind,
    FieldRecord.subject,
    FieldRecord.collaborator_id,
    FieldRecord.captured_at,
    FieldRecord.received_at,
    FieldRecord.applied_at,
    FieldRecord.contact_id,
    FieldRecord.account_id,
    FieldRecord.account_created,
    FieldRecord.kept,
    FieldRecord.latitude,
    FieldRecord.longitude,
    FieldRecord.accuracy_meters,
    FieldRecord.positioned_at,
)


async def field_records(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Records from the field by id."""
    return await _by_id(read, FIELD_RECORD, FieldRecord.id, ids)


async def meetings(read: ReadSession, ids: Sequence[UUID]) -> list[Rows]:
    """The records by which contacts were first recorded outside."""
    statement = FIELD_RECORD.where(FieldRecord.kind == FieldWorkKind.SUSPECT).order_by(FieldRecord.captured_at)
    return await _of_each(read, statement, FieldRecord.contact_id, ids)


# For the queries of rooms of their own.
rows_by_id, rows_of_each = _by_id, _of_each
