"""How lists are filtered."""

from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from chassis.graphql.filters import (
    BooleanFilter,
    ChoiceFilter,
    Clauses,
    Condition,
    Conditions,
    DateFilter,
    DateTimeFilter,
    IdFilter,
    IntFilter,
    StringFilter,
    by,
    by_name,
    condition,
    linked,
    related,
    where,
)
from services.contacts import queries
from services.contacts.model import (
    Account,
    AccountAddress,
    AccountEmail,
    AccountPhone,
    AccountTag,
    Collaborator,
    Contact,
    ContactAddress,
    ContactEmail,
    ContactPhone,
    ContactTag,
    CustomFieldSubject,
    Group,
    GroupMember,
    Interlocutor,
    Tag,
    Team,
    TeamMember,
)
from services.contacts.schema.custom_conditions import CustomFieldCondition, on_custom_fields
from services.contacts.schema.enums import AccountStatus, ContactOrigin, GroupKind, RelationKind, Role, SocialNetwork


@strawberry.input(description="Which collaborators. All the conditions given must hold.")
class CollaboratorFilter:
    """See on_collaborators."""

    id: IdFilter | None = condition("Who.")
    name: StringFilter | None = condition("Name.")
    email: StringFilter | None = condition("E-mail address.")
    department: StringFilter | None = condition("Department.")
    role: ChoiceFilter[Role] | None = condition("What they may do.")
    disabled: bool | None = condition("Whether access was withdrawn.")
    team_id: IdFilter | None = condition("A team they are in; isNull for those who are in none.")
    created_at: DateTimeFilter | None = condition("When they were invited.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    and_: list["CollaboratorFilter"] | None = condition("All of these hold.", name="and")
    or_: list["CollaboratorFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "CollaboratorFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which teams. All the conditions given must hold.")
class TeamFilter:
    """See on_teams."""

    id: IdFilter | None = condition("Which one.")
    name: StringFilter | None = condition("Its name.")
    lead_id: IdFilter | None = condition("The collaborator who leads it.")
    lead: CollaboratorFilter | None = condition("What holds for who leads it.")
    member_id: IdFilter | None = condition("A collaborator in it; isNull for teams without members.")
    created_at: DateTimeFilter | None = condition("When it was made.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    deleted: bool | None = condition("True for the deleted ones only; they are left out otherwise.")
    and_: list["TeamFilter"] | None = condition("All of these hold.", name="and")
    or_: list["TeamFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "TeamFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which accounts. All the conditions given must hold.")
class AccountFilter:
    """See on_accounts."""

    id: IdFilter | None = condition("Which one.")
    version: IntFilter | None = condition("How often it changed.")
    name: StringFilter | None = condition("Its name.")
    siren: StringFilter | None = condition("Its SIREN.")
    siret: StringFilter | None = condition("Its SIRET.")
    vat_number: StringFilter | None = condition("Its VAT number.")
    status: ChoiceFilter[AccountStatus] | None = condition("Where your firm stands with it.")
    notes: StringFilter | None = condition("What is noted about it.")
    relationship_manager_id: IdFilter | None = condition("The collaborator in charge.")
    relationship_manager: CollaboratorFilter | None = condition("What holds for the collaborator in charge.")
    contact: "ContactFilter | None" = condition("What holds for somebody who speaks for it now.")
    city: StringFilter | None = condition("The city of any of its places.")
    postal_code: StringFilter | None = condition("The postal code of any of its places.")
    region: StringFilter | None = condition("The region of any of its places.")
    country: StringFilter | None = condition("The country of any of its places, as FR.")
    email: StringFilter | None = condition("Any of its e-mail addresses.")
    phone: StringFilter | None = condition("Any of its telephone numbers, in E.164.")
    website: StringFilter | None = condition("Its web site.")
    domain: StringFilter | None = condition("The host of its web site, without www.")
    parent_id: IdFilter | None = condition("The company it belongs to; isNull for those that belong to none.")
    relation_kind: ChoiceFilter[RelationKind] | None = condition("Any of what it is beside its status.")
    social_network: ChoiceFilter[SocialNetwork] | None = condition("Any of the networks it is found on.")
    tag_id: IdFilter | None = condition("Any of its tags; isNull for those without.")
    tag: StringFilter | None = condition("The name of any of its tags.")
    custom_fields: list[CustomFieldCondition] | None = condition("What holds for your own fields; all of these hold.")
    created_at: DateTimeFilter | None = condition("When its file was opened.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    deleted: bool | None = condition("True for the deleted ones only; they are left out otherwise.")
    and_: list["AccountFilter"] | None = condition("All of these hold.", name="and")
    or_: list["AccountFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "AccountFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which contacts. All the conditions given must hold.")
class ContactFilter:
    """See on_contacts."""

    id: IdFilter | None = condition("Who.")
    version: IntFilter | None = condition("How often it changed.")
    given_name: StringFilter | None = condition("First name.")
    family_name: StringFilter | None = condition("Last name.")
    email: StringFilter | None = condition("Any of the e-mail addresses.")
    phone: StringFilter | None = condition("Any of the telephone numbers, in E.164.")
    language: StringFilter | None = condition("The language to write in.")
    status: ChoiceFilter[AccountStatus] | None = condition("Where your firm stands with this person.")
    origin: ChoiceFilter[ContactOrigin] | None = condition("How they came into the address book.")
    spoken_language: StringFilter | None = condition("Any of the languages they speak (BCP 47).")
    city: StringFilter | None = condition("The city of any of their places.")
    postal_code: StringFilter | None = condition("The postal code of any of their places.")
    region: StringFilter | None = condition("The region of any of their places.")
    country: StringFilter | None = condition("The country of any of their places, as FR.")
    relation_kind: ChoiceFilter[RelationKind] | None = condition("Any of what they are beside their status.")
    social_network: ChoiceFilter[SocialNetwork] | None = condition("Any of the networks they are found on.")
    tag_id: IdFilter | None = condition("Any of their tags; isNull for those without.")
    tag: StringFilter | None = condition("The name of any of their tags.")
    custom_fields: list[CustomFieldCondition] | None = condition("What holds for your own fields; all of these hold.")
    notes: StringFilter | None = condition("What is noted about them.")
    relationship_manager_id: IdFilter | None = condition("The collaborator in charge.")
    relationship_manager: CollaboratorFilter | None = condition("What holds for the collaborator in charge.")
    account: AccountFilter | None = condition("What holds for a company they speak for now.")
    interlocutor: "InterlocutorFilter | None" = condition("What holds for a link with a company they speak for now.")
    group: IdFilter | None = condition("A group they are in; isNull for those who are in none.")
    created_at: DateTimeFilter | None = condition("When it was added.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    deleted: bool | None = condition("True for the deleted ones only; they are left out otherwise.")
    and_: list["ContactFilter"] | None = condition("All of these hold.", name="and")
    or_: list["ContactFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "ContactFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which groups. All the conditions given must hold.")
class GroupFilter:
    """See on_groups."""

    id: IdFilter | None = condition("Which one.")
    name: StringFilter | None = condition("Its name.")
    kind: ChoiceFilter[GroupKind] | None = condition("Who decides about its members.")
    member_count: IntFilter | None = condition("How many members it has.")
    created_at: DateTimeFilter | None = condition("When it was made.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    deleted: bool | None = condition("True for the deleted ones only; they are left out otherwise.")
    and_: list["GroupFilter"] | None = condition("All of these hold.", name="and")
    or_: list["GroupFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "GroupFilter | None" = condition("This does not hold.", name="not")


@strawberry.input(description="Which interlocutors. All the conditions given must hold.")
class InterlocutorFilter:
    """See on_interlocutors."""

    id: IdFilter | None = condition("Which one.")
    contact_id: IdFilter | None = condition("The person.")
    contact: ContactFilter | None = condition("What holds for the person.")
    account_id: IdFilter | None = condition("The company.")
    account: AccountFilter | None = condition("What holds for the company.")
    job_title: StringFilter | None = condition("Job title.")
    decision_maker: BooleanFilter | None = condition("Whether they decide.")
    started_on: DateFilter | None = condition("The day it began.")
    ended_at: DateTimeFilter | None = condition("When it ended; isNull for those that last.")
    created_at: DateTimeFilter | None = condition("When the link was made.")
    updated_at: DateTimeFilter | None = condition("When it last changed.")
    deleted: bool | None = condition("True for the deleted ones only; they are left out otherwise.")
    and_: list["InterlocutorFilter"] | None = condition("All of these hold.", name="and")
    or_: list["InterlocutorFilter"] | None = condition("At least one of these holds.", name="or")
    not_: "InterlocutorFilter | None" = condition("This does not hold.", name="not")


def among(unnested: tuple[Any, Any]) -> Condition:
    """The condition of a column of several values, unnested: any of them may hold."""
    rows, value = unnested
    return linked(value, queries.among(rows))


_COLLABORATOR: Conditions = {
    "id": by(Collaborator.id, "collaborator"),
    "name": by(Collaborator.name),
    "email": by(Collaborator.email),
    "department": by(Collaborator.department),
    "role": by(Collaborator.role),
    "disabled": lambda wanted: [
        Collaborator.disabled_at.is_not(None) if wanted else Collaborator.disabled_at.is_(None)
    ],
    "team_id": linked(TeamMember.team_id, queries.in_team, "team"),
    "created_at": by(Collaborator.created_at),
    "updated_at": by(Collaborator.updated_at),
}
_TEAM: Conditions = {
    "id": by(Team.id, "team"),
    "name": by(Team.name),
    "lead_id": by(Team.lead_id, "collaborator"),
    "lead": related(queries.led, _COLLABORATOR),
    "member_id": linked(TeamMember.collaborator_id, queries.has_member, "collaborator"),
    "created_at": by(Team.created_at),
    "updated_at": by(Team.updated_at),
    "deleted": lambda _: [],
}
_ACCOUNT: Conditions = {
    "id": by(Account.id, "account"),
    "version": by(Account.version),
    "name": by_name(Account.name, Account.name_sort),
    "siren": by(Account.siren),
    "siret": by(Account.siret),
    "vat_number": by(Account.vat_number),
    "status": by(Account.status),
    "notes": by(Account.notes),
    "relationship_manager_id": by(Account.relationship_manager_id, "collaborator"),
    "relationship_manager": related(queries.managed(Account), _COLLABORATOR),
    "city": linked(AccountAddress.city, queries.has_place),
    "postal_code": linked(AccountAddress.postal_code, queries.has_place),
    "region": linked(AccountAddress.region, queries.has_place),
    "country": linked(AccountAddress.country, queries.has_place),
    "email": linked(AccountEmail.address, queries.account_has_email),
    "phone": linked(AccountPhone.number, queries.account_has_phone),
    "website": by(Account.website),
    "domain": by(Account.domain),
    "parent_id": by(Account.parent_id, "account"),
    "relation_kind": among(queries.unnested(Account.relation_kinds)),
    "social_network": among(queries.networks(Account.social_links)),
    "tag_id": linked(AccountTag.tag_id, queries.account_has_tag, "tag"),
    "tag": linked(Tag.name, queries.account_has_tag),
    "custom_fields": on_custom_fields(CustomFieldSubject.ACCOUNT),
    "created_at": by(Account.created_at),
    "updated_at": by(Account.updated_at),
    "deleted": lambda _: [],
}
_LINK: Conditions = {
    "id": by(Interlocutor.id, "interlocutor"),
    "contact_id": by(Interlocutor.contact_id, "contact"),
    "account_id": by(Interlocutor.account_id, "account"),
    "job_title": by(Interlocutor.job_title),
    "decision_maker": by(Interlocutor.decision_maker),
    "started_on": by(Interlocutor.started_on),
    "ended_at": by(Interlocutor.ended_at),
    "created_at": by(Interlocutor.created_at),
    "updated_at": by(Interlocutor.updated_at),
    "deleted": lambda _: [],
}
_BEYOND = related(queries.speaks, {})
_CONTACT: Conditions = {
    "id": by(Contact.id, "contact"),
    "version": by(Contact.version),
    "given_name": by_name(Contact.given_name, Contact.given_name_sort),
    "family_name": by_name(Contact.family_name, Contact.family_name_sort),
    "email": linked(ContactEmail.address, queries.has_email),
    "phone": linked(ContactPhone.number, queries.has_phone),
    "language": by(Contact.language),
    "status": by(Contact.status),
    "origin": by(Contact.origin),
    "spoken_language": among(queries.unnested(Contact.languages)),
    "city": linked(ContactAddress.city, queries.lives),
    "postal_code": linked(ContactAddress.postal_code, queries.lives),
    "region": linked(ContactAddress.region, queries.lives),
    "country": linked(ContactAddress.country, queries.lives),
    "relation_kind": among(queries.unnested(Contact.relation_kinds)),
    "social_network": among(queries.networks(Contact.social_links)),
    "tag_id": linked(ContactTag.tag_id, queries.contact_has_tag, "tag"),
    "tag": linked(Tag.name, queries.contact_has_tag),
    "custom_fields": on_custom_fields(CustomFieldSubject.CONTACT),
    "notes": by(Contact.notes),
    "relationship_manager_id": by(Contact.relationship_manager_id, "collaborator"),
    "relationship_manager": related(queries.managed(Contact), _COLLABORATOR),
    "account": related(queries.serves, {**_ACCOUNT, "contact": related(queries.served_by, {})}),
    "interlocutor": related(
        queries.speaks, {**_LINK, "contact": related(queries.speaks, {}), "account": related(queries.speaks, {})}
    ),
    "group": linked(GroupMember.group_id, queries.in_group, "group"),
    "created_at": by(Contact.created_at),
    "updated_at": by(Contact.updated_at),
    "deleted": lambda _: [],
}
_ACCOUNTS: Conditions = {**_ACCOUNT, "contact": related(queries.served_by, _CONTACT)}
_INTERLOCUTOR: Conditions = {
    **_LINK,
    "contact": related(queries.is_link_of(Contact, Interlocutor.contact_id), _CONTACT),
    "account": related(queries.is_link_of(Account, Interlocutor.account_id), _ACCOUNTS),
}
_GROUP: Conditions = {
    "id": by(Group.id, "group"),
    "name": by(Group.name),
    "kind": by(Group.kind),
    "member_count": by(queries.MEMBERS),
    "created_at": by(Group.created_at),
    "updated_at": by(Group.updated_at),
    "deleted": lambda _: [],
}


def on_accounts(filter: AccountFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return [_deleted(Account, filter), *where(filter, _ACCOUNTS)]


def on_contacts(filter: ContactFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return [_deleted(Contact, filter), *where(filter, _CONTACT)]


def on_interlocutors(filter: InterlocutorFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return [_deleted(Interlocutor, filter), *where(filter, _INTERLOCUTOR)]


def on_collaborators(filter: CollaboratorFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput."""
    return where(filter, _COLLABORATOR)


def on_groups(filter: GroupFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return [_deleted(Group, filter), *where(filter, _GROUP)]


def on_teams(filter: TeamFilter | None) -> Clauses:
    """The clauses of a filter. Raises InvalidInput, InvalidId."""
    return [_deleted(Team, filter), *where(filter, _TEAM)]


def _deleted(
    table: type[Contact | Account | Team | Group | Interlocutor],
    filter: ContactFilter | AccountFilter | TeamFilter | GroupFilter | InterlocutorFilter | None,
) -> ColumnElement[bool]:
    return queries.is_deleted(table, bool(filter and filter.deleted))
