"""What is told of organizations, who works in them, teams and groups."""

from collections.abc import Iterable
from datetime import UTC
from uuid import UUID

from chassis.identifiers import format_id
from chassis.messages import Outgoing
from proto.contacts.v1 import messages_pb2 as messages
from services.contacts import model


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
