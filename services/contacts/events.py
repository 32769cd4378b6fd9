"""Rows to messages: each tells the whole aggregate as it is after the change."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from google.protobuf.message import Message

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.contacts.v1 import messages_pb2 as messages
from services.contacts import model

PURGED = "[purged]"


def organization_changed(row: model.Organization) -> Outgoing:
    """An organization was set up or changed."""
    told = messages.Organization(
        id=format_id("organization", row.id),
        name=row.name,
        locale=row.locale,
        time_zone=row.time_zone,
        plan=messages.Organization.Plan.Value(row.plan.value),
        subscribed=row.subscribed_at is not None,
        sharing=row.sharing.value,
    )
    if row.trial_ends_at is not None:
        told.trial_ends_at.FromDatetime(row.trial_ends_at.astimezone(UTC))
    return Outgoing("organization", row.id, row.version, messages.OrganizationChanged(organization=told))


def collaborator_changed(row: model.Collaborator) -> Outgoing:
    """A collaborator was added, changed, disabled or enabled."""
    told = messages.Collaborator(
        id=format_id("collaborator", row.id),
        name=row.name,
        email=row.email,
        role=messages.Collaborator.Role.Value(row.role.value),
        department=row.department or "",
        locale=row.locale,
        time_zone=row.time_zone,
        disabled=row.disabled_at is not None,
        contact_id=format_id("contact", row.contact_id) if row.contact_id else "",
    )
    return Outgoing("collaborator", row.id, row.version, messages.CollaboratorChanged(collaborator=told))


def following_changed(organization: UUID, version: int, followed: Iterable[UUID]) -> Outgoing:
    """An organization follows another, or no longer."""
    told = messages.FollowingChanged(followed_ids=[format_id("organization", id) for id in followed])
    return Outgoing("following", organization, version, told)


def team_changed(row: model.Team, members: Iterable[UUID]) -> Outgoing:
    """A team was made, changed, deleted or restored, or its members changed."""
    told = messages.Team(
        id=format_id("team", row.id),
        name=row.name,
        description=row.description or "",
        lead_id=format_id("collaborator", row.lead_id) if row.lead_id else "",
        member_ids=[format_id("collaborator", id) for id in members],
        deleted=row.deleted_at is not None,
    )
    return Outgoing("team", row.id, row.version, messages.TeamChanged(team=told))


def group_changed(row: model.Group) -> Outgoing:
    """A group was made, changed, deleted or restored; its members are told by group_members_changed."""
    told = messages.Group(
        id=format_id("group", row.id),
        name=row.name,
        description=row.description or "",
        dynamic=row.kind is model.GroupKind.DYNAMIC,
        deleted=row.deleted_at is not None,
    )
    return Outgoing("group", row.id, row.version, messages.GroupChanged(group=told))


def group_members_changed(
    row: model.Group, added: Iterable[UUID], removed: Iterable[UUID], *, reset: bool = False
) -> Outgoing:
    """Contacts came into a group, others left it. Its version is the membership's, not the group's."""
    told = messages.GroupMembersChanged(
        group_id=format_id("group", row.id),
        added_ids=[format_id("contact", id) for id in added],
        removed_ids=[format_id("contact", id) for id in removed],
        reset=reset,
    )
    return Outgoing("group", row.id, row.membership_version, told)


def invitation_changed(row: model.Invitation) -> Outgoing:
    """Somebody was invited, again, or no longer."""
    told = messages.Invitation(
        id=format_id("invitation", row.id),
        collaborator_id=format_id("collaborator", row.collaborator_id),
        name=row.name,
        email=row.email,
        locale=row.locale,
        time_zone=row.time_zone,
        inviter_id=format_id("collaborator", row.invited_by_id) if row.invited_by_id else "",
        revision=row.revision,
        open=row.is_open,
    )
    told.expires_at.FromDatetime(row.expires_at.astimezone(UTC))
    return Outgoing("invitation", row.id, row.version, messages.InvitationChanged(invitation=told))


def sign_in_requested(row: model.SignIn, collaborator: UUID) -> Outgoing:
    """A collaborator's address is to be proven."""
    told = messages.SignIn(id=format_id("sign_in", row.id), collaborator_id=format_id("collaborator", collaborator))
    told.expires_at.FromDatetime(row.expires_at.astimezone(UTC))
    return Outgoing("sign_in", row.id, 1, messages.SignInRequested(sign_in=told))


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


def purged_whole(row: model.Contact | model.Account) -> Outgoing:
    """A contact or an account as it is once it is purged: nothing but its id, and what it had become part of."""
    kind, id = row.__tablename__, format_id(row.__tablename__, row.id)
    into = format_id(kind, row.merged_into_id) if row.merged_into_id else ""
    if isinstance(row, model.Contact):
        person = messages.Contact(id=id, family_name=PURGED, deleted=True, merged_into_id=into, purged=True)
        return Outgoing(kind, row.id, row.version, messages.ContactChanged(contact=person))
    company = messages.Account(id=id, name=PURGED, deleted=True, merged_into_id=into, purged=True)
    return Outgoing(kind, row.id, row.version, messages.AccountChanged(account=company))


def purge_made(row: model.Purge) -> Outgoing:
    """A purge, for the timelines."""
    told = messages.Purge(
        id=format_id("purge", row.id),
        subject_id=format_id(row.kind.value.lower(), row.subject_id),
        actor_id=format_id("collaborator", row.by_id) if row.by_id else "",
    )
    told.at.FromDatetime(row.at)
    return Outgoing("purge", row.id, 1, messages.PurgeMade(purge=told))


def import_moved(row: model.ContactImport) -> Outgoing:
    """An import came to another state, or did more of its entries."""
    told = messages.ImportMoved(
        id=format_id("import", row.id), state=row.state.value, position=row.position, total=row.total or 0
    )
    return Outgoing("import", row.id, row.version, told)


def merge_changed(row: model.Merge) -> Outgoing:
    """A merge was made, or undone."""
    kind, undone = row.kind.value.lower(), row.undone_at is not None
    actor = row.undone_by_id if undone else row.created_by_id
    told = messages.Merge(
        id=format_id("merge", row.id),
        winner_id=format_id(kind, row.winner_id),
        loser_id=format_id(kind, row.loser_id),
        actor_id=format_id("collaborator", actor) if actor else "",
        undone=undone,
    )
    told.at.FromDatetime(row.undone_at or row.created_at)
    return Outgoing("merge", row.id, row.version, messages.MergeChanged(merge=told))


def person_erased(row: model.Erasure, contacts: Sequence[UUID], identifiers: Sequence[str]) -> Outgoing:
    """A person is to be forgotten everywhere."""
    told = messages.PersonErased(
        erasure_id=format_id("erasure", row.id),
        contact_ids=[format_id("contact", id) for id in contacts],
        identifiers=identifiers,
    )
    return Outgoing("erasure", row.id, row.version, told)


def person_export_requested(row: model.PersonExport, contacts: Sequence[UUID], names: Sequence[str]) -> Outgoing:
    """Whoever keeps anything of a person is to tell it."""
    told = messages.PersonExportRequested(
        person_export_id=format_id("person_export", row.id),
        contact_ids=[format_id("contact", id) for id in contacts],
        identifiers=names,
    )
    return Outgoing("person_export", row.id, row.version, told)


def duplicate_found(row: model.DuplicatePair) -> Outgoing:
    """Two contacts or accounts may be the same; told again where the score changed."""
    return Outgoing("duplicate", row.id, row.version, messages.DuplicateFound(duplicate=_duplicate(row)))


def duplicate_settled(row: model.DuplicatePair) -> Outgoing:
    """A pair was merged, is known not to be one, or is not alike any more."""
    return Outgoing("duplicate", row.id, row.version, messages.DuplicateSettled(duplicate=_duplicate(row)))


def _duplicate(row: model.DuplicatePair) -> messages.Duplicate:
    kind = row.kind.value.lower()
    return messages.Duplicate(
        id=format_id("duplicate", row.id),
        first_id=format_id(kind, row.first_id),
        second_id=format_id(kind, row.second_id),
        score=row.score,
        state=messages.Duplicate.State.Value(row.state.value),
        reasons=[code for code, _, _ in row.reasons],
    )


def card_exchange_moved(row: model.CardExchange, card: Mapping[str, Any] | None, link_id: UUID | None) -> Outgoing:
    """One side of an exchange did something: for the other side's organization."""
    if row.peer_organization_id is None or row.peer_collaborator_id is None:
        raise ValueError("nobody to tell")
    told = messages.CardExchangeMoved(
        exchange_id=format_id("card_exchange", row.exchange_id),
        organization_id=format_id("organization", row.organization_id),
        collaborator_id=format_id("collaborator", row.collaborator_id),
        to_collaborator_id=format_id("collaborator", row.peer_collaborator_id),
        link_id=format_id("card_link", link_id) if link_id else "",
        state=messages.CardExchangeMoved.State.Value(row.state.value),
        card=None if card is None else _card(card),
        message=row.message or "",
    )
    return Outgoing("card_exchange", row.exchange_id, row.version, told, recipient=row.peer_organization_id)


def _card(told: Mapping[str, Any]) -> messages.Card:
    return messages.Card(
        **{name: told[name] or "" for name in ("given_name", "family_name", "title", "company")},
        phones=[messages.Card.Reach(**each) for each in told["phones"]],
        emails=[messages.Card.Reach(**each) for each in told["emails"]],
        links=[messages.Card.Link(url=each["url"], label=each["label"] or "") for each in told["links"]],
        languages=told["languages"],
        photo=[
            messages.Card.Picture(**{**each, "content": base64.b64decode(each["content"])}) for each in told["photo"]
        ],
    )


def card_of(told: messages.Card) -> dict[str, Any]:
    """A card of a message as commands take it: what `_card` was made of."""
    names = ("given_name", "family_name", "title", "company")
    return {
        **{name: getattr(told, name) or None for name in names},
        "phones": [{"value": each.value, "kind": each.kind} for each in told.phones],
        "emails": [{"value": each.value, "kind": each.kind} for each in told.emails],
        "links": [{"url": each.url, "label": each.label or None} for each in told.links],
        "languages": [*told.languages],
        "photo": [
            {
                "side": each.side,
                "width": each.width,
                "height": each.height,
                "content": base64.b64encode(each.content).decode(),
            }
            for each in told.photo
        ],
    }


def custom_field_changed(row: model.CustomField) -> Outgoing:
    """A custom field was defined, changed or archived."""
    return _custom_field(row, deleted=False)


def custom_field_deleted(row: model.CustomField) -> Outgoing:
    """A custom field that had no values is gone."""
    return _custom_field(row, deleted=True)


def _custom_field(row: model.CustomField, *, deleted: bool) -> Outgoing:
    told = messages.CustomField(
        id=format_id("custom_field", row.id),
        subject=messages.CustomField.Subject.Value(row.subject.value),
        key=row.key,
        label_fr=row.label_fr,
        label_en=row.label_en,
        type=messages.CustomField.Type.Value(row.type.value),
        required=row.required,
        position=row.position,
        options=[messages.CustomField.Option(**option) for option in row.options],
        archived=row.archived_at is not None,
        deleted=deleted,
    )
    return Outgoing("custom_field", row.id, row.version, messages.CustomFieldChanged(custom_field=told))
