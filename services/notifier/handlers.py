"""Messages in: copies of what others own, and reactions that tell collaborators."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from chassis.copies import keep_copies, keep_copy, table_of
from chassis.database import UnitOfWork
from chassis.identifiers import parse_id
from chassis.inbox import Handlers, TryLater
from chassis.messages import Received
from chassis.probing import probed
from chassis.sets import Difference
from chassis.together import Together
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from services.notifier import audience, queries
from services.notifier.answers import tell_of_attendance
from services.notifier.audience import Concerned, Reason
from services.notifier.commands import merging
from services.notifier.commands.bouncing import follow_addresses, inherit_address
from services.notifier.commands.causes import Told, close
from services.notifier.commands.disclosing import disclose
from services.notifier.commands.erasing import erase
from services.notifier.commands.telling import tell, write_to
from services.notifier.letters_of_quotes import answered_content
from services.notifier.model import GROUPS, Account, CauseKind, Collaborator, Contact, Interlocutor, Organization, Team
from services.notifier.needs import Needs, all_collaborators, collaborator_of, wait
from services.notifier.publications.model import Following
from services.notifier.tellings import follow_alert, tell_of_alerts, tell_of_comments, tell_of_events


async def copy_organization(work: UnitOfWork, message: Received[contacts.OrganizationChanged]) -> None:
    """Keep the tenant's name, language and time zone."""
    told = message.body.organization
    row = {
        "id": work.organization,
        "name": told.name,
        "locale": told.locale,
        "time_zone": told.time_zone,
        "plan": contacts.Organization.Plan.Name(told.plan) if told.plan else None,
        "trial_ends_at": told.trial_ends_at.ToDatetime(UTC) if told.HasField("trial_ends_at") else None,
        "subscribed": told.subscribed,
        "sharing": told.sharing or None,
    }
    await keep_copy(work, table_of(Organization), {**row, "version": message.version})


async def copy_collaborator(work: UnitOfWork, message: Received[contacts.CollaboratorChanged]) -> None:
    """Keep who can be told, where, and in which language."""
    told = message.body.collaborator
    row = {
        "name": told.name,
        "email": told.email,
        "role": contacts.Collaborator.Role.Name(told.role),
        "department": told.department,
        "locale": told.locale,
        "time_zone": told.time_zone,
        "disabled": told.disabled,
    }
    await keep_copy(
        work, table_of(Collaborator), {**_key(work, "collaborator", told.id), **row, "version": message.version}
    )
    await follow_addresses(work, Collaborator, [message.aggregate_id])


async def copy_team(work: UnitOfWork, message: Received[contacts.TeamChanged]) -> None:
    """Keep who is in a team."""
    told = message.body.team
    key = _key(work, "team", told.id)
    row = {"name": told.name, "deleted": told.deleted, "members": all_collaborators(told.member_ids)}
    await keep_copy(work, table_of(Team), {**key, **row, "version": message.version})


async def copy_group(work: UnitOfWork, message: Received[contacts.GroupChanged]) -> None:
    """Keep what a group of contacts is called."""
    told = message.body.group
    await GROUPS.describe(work, message.aggregate_id, message.version, told.name, deleted=told.deleted)


async def copy_group_members(work: UnitOfWork, message: Received[contacts.GroupMembersChanged]) -> None:
    """Keep who came into a group of contacts, and who left it."""
    told = message.body
    added, removed = ([parse_id("contact", id) for id in ids] for ids in (told.added_ids, told.removed_ids))
    await GROUPS.differ(work, Difference(message.aggregate_id, message.version, added, removed, told.reset))


async def copy_following(work: UnitOfWork, message: Received[contacts.FollowingChanged]) -> None:
    """Keep which organizations this one follows."""
    followed = [parse_id("organization", id) for id in message.body.followed_ids]
    row = {"organization_id": work.organization, "followed": followed, "version": message.version}
    await keep_copy(work, table_of(Following), row)


ToldContact = Received[contacts.ContactCreated] | Received[contacts.ContactChanged]
ToldAccount = Received[contacts.AccountCreated] | Received[contacts.AccountChanged]


async def copy_contacts(work: UnitOfWork, messages: Sequence[ToldContact]) -> None:
    """Keep who manages the relation with contacts, and where to write to them."""
    rows = [_contact(work, message) for message in messages]
    before = await queries.known_contacts(work.session, work.organization, [row["id"] for row in rows])
    newer = await keep_copies(work, table_of(Contact), rows)
    for row in rows:
        if row["id"] in newer and (was := before.get(row["id"])) is not None:
            await _follow_merge(work, row["id"], was.merged_into_id, row["merged_into_id"])
            if was.email != row["email"]:
                await follow_addresses(work, Contact, [row["id"]])
                await inherit_address(work, row["id"], row["email"])


def _contact(work: UnitOfWork, message: ToldContact) -> dict[str, Any]:
    told = message.body.contact
    return {
        **_key(work, "contact", told.id),
        "relationship_manager_id": collaborator_of(told.relationship_manager_id),
        "merged_into_id": parse_id("contact", told.merged_into_id) if told.merged_into_id else None,
        "name": f"{told.given_name} {told.family_name}".strip(),
        "email": told.email,
        "deleted": told.deleted,
        "version": message.version,
    }


async def _follow_merge(work: UnitOfWork, contact: UUID, before: UUID | None, after: UUID | None) -> None:
    if before == after:
        return
    if before is not None:
        await merging.go_back(work, contact, before)
    if after is not None:
        await merging.follow(work, contact)


async def copy_accounts(work: UnitOfWork, messages: Sequence[ToldAccount]) -> None:
    """Keep who manages the relation with companies."""
    await keep_copies(work, table_of(Account), [_account(work, message) for message in messages])


async def copy_interlocutors(work: UnitOfWork, messages: Sequence[Received[contacts.InterlocutorChanged]]) -> None:
    """Keep who speaks for which company: it belongs to the portfolio of whoever manages the company."""
    await keep_copies(work, table_of(Interlocutor), [_interlocutor(work, message) for message in messages])


def _interlocutor(work: UnitOfWork, message: Received[contacts.InterlocutorChanged]) -> dict[str, Any]:
    told = message.body.interlocutor
    return {
        **_key(work, "interlocutor", told.id),
        "contact_id": parse_id("contact", told.contact_id),
        "account_id": parse_id("account", told.account_id),
        "ended_at": told.ended_at.ToDatetime(UTC) if told.HasField("ended_at") else None,
        "version": message.version,
    }


def _account(work: UnitOfWork, message: ToldAccount) -> dict[str, Any]:
    told = message.body.account
    return {
        **_key(work, "account", told.id),
        "relationship_manager_id": collaborator_of(told.relationship_manager_id),
        "merged_into_id": parse_id("account", told.merged_into_id) if told.merged_into_id else None,
        "version": message.version,
    }


async def tell_of_invitation(work: UnitOfWork, message: Received[contacts.InvitationChanged]) -> None:
    """Mail an invitation to whoever is to become a collaborator; only its newest link opens."""
    told = message.body.invitation
    id = parse_id("invitation", told.id)
    if not told.open:
        return await close(work, CauseKind.INVITATION, id)
    await Needs(work).people([], all_collaborators([told.inviter_id] if told.inviter_id else []), message)
    await close(work, CauseKind.INVITATION, id, before=told.revision)
    cause = Told(CauseKind.INVITATION, id, told.revision, told.SerializeToString(), message.time)
    invited = Concerned(parse_id("collaborator", told.collaborator_id), (Reason.INVITED,))
    return await tell(work, cause, [invited], told.email)


async def tell_of_sign_in(work: UnitOfWork, message: Received[contacts.SignInRequested]) -> None:
    """Mail the link that proves an address."""
    told = message.body.sign_in
    who = Concerned(parse_id("collaborator", told.collaborator_id), (Reason.SIGNING_IN,))
    await Needs(work).people([who], [], message)
    cause = Told(CauseKind.SIGN_IN, parse_id("sign_in", told.id), 0, told.SerializeToString(), message.time)
    await tell(work, cause, [who])


async def send_test(work: UnitOfWork, message: Received[contacts.ProbeSent]) -> None:
    """Mail a test where a probe asks for one, by the way of every mail to colleagues."""
    told = message.body
    if not told.mail_to:
        return
    if await queries.organization(work.session, work.organization) is None:
        raise TryLater("no copy yet of the organization", wait(work, message))
    cause = Told(CauseKind.TEST, message.aggregate_id, 0, told.SerializeToString(), message.time)
    await tell(work, cause, [Concerned(message.aggregate_id, (Reason.TESTING,))], told.mail_to)


async def send_quote(work: UnitOfWork, message: Received[deals.QuoteSent]) -> None:
    """Write to those whom a quote is sent to."""
    told = message.body
    people = [parse_id("contact", each.contact_id) for each in told.recipients]
    await Needs(work).contacts(people, message)
    quote = parse_id("quote", told.quote.id)
    await write_to(work, Told(CauseKind.QUOTE, quote, message.version, told.SerializeToString(), message.time), people)


async def send_quote_request(work: UnitOfWork, message: Received[deals.QuoteRequestSent]) -> None:
    """Write to the supplier who is asked for a quote."""
    told = message.body
    people = [parse_id("contact", told.contact_id)]
    await Needs(work).contacts(people, message)
    request = parse_id("quote_request", told.id)
    cause = Told(CauseKind.QUOTE_REQUEST, request, message.version, told.SerializeToString(), message.time)
    await write_to(work, cause, people)


async def send_message(work: UnitOfWork, message: Received[deals.MessageWritten]) -> None:
    """Write to a deal's people."""
    told = message.body.message
    people = [parse_id("contact", each.contact_id) for each in told.recipients]
    await Needs(work).contacts(people, message)
    id = parse_id("message", told.id)
    cause = Told(CauseKind.MESSAGE, id, message.version, told.SerializeToString(), message.time)
    await write_to(work, cause, people)


async def tell_of_answer(
    work: UnitOfWork,
    message: Received[deals.QuoteAccepted] | Received[deals.QuoteRefused] | Received[deals.QuoteAcceptanceCompensated],
) -> None:
    """Tell the owner, the sender and the followers what became of a quote."""
    told = message.body
    quote, actor = told.quote, "" if isinstance(told, deals.QuoteAcceptanceCompensated) else told.actor_id
    needs = Needs(work)
    ties = await needs.ties(quote.subject, message)
    concerned = audience.of_quote(collaborator_of(quote.sent_by_id), collaborator_of(actor), ties)
    await needs.people(concerned, [], message)
    # One attempt after another may be told at one version of the quote.
    id, revision, content = parse_id("quote", quote.id), message.version, answered_content(told)
    await tell(work, Told(CauseKind.QUOTE_ANSWERED, id, revision, content, message.time), concerned)


async def person_erased(work: UnitOfWork, message: Received[contacts.PersonErased]) -> None:
    """Forget a person."""
    told = message.body
    ids = [parse_id("contact", id) for id in told.contact_ids]
    await erase(work, message.aggregate_id, ids, told.identifiers)


async def person_export_requested(work: UnitOfWork, message: Received[contacts.PersonExportRequested]) -> None:
    """Tell what is kept of a person."""
    told = message.body
    ids = [parse_id("contact", id) for id in told.contact_ids]
    await disclose(work, message.aggregate_id, ids, told.identifiers)


def _key(work: UnitOfWork, kind: str, id: str) -> dict[str, UUID]:
    return {"organization_id": work.organization, "id": parse_id(kind, id)}


COPIES: Handlers = {
    contacts.OrganizationChanged: copy_organization,
    contacts.CollaboratorChanged: copy_collaborator,
    contacts.TeamChanged: copy_team,
    contacts.GroupChanged: copy_group,
    contacts.GroupMembersChanged: copy_group_members,
    contacts.FollowingChanged: copy_following,
    contacts.ContactCreated: Together(copy_contacts),
    contacts.ContactChanged: Together(copy_contacts),
    contacts.AccountCreated: Together(copy_accounts),
    contacts.AccountChanged: Together(copy_accounts),
    contacts.InterlocutorChanged: Together(copy_interlocutors),
}
REACTIONS: Handlers = {
    contacts.PersonErased: person_erased,
    contacts.PersonExportRequested: person_export_requested,
    contacts.InvitationChanged: tell_of_invitation,
    contacts.SignInRequested: tell_of_sign_in,
    contacts.ProbeSent: send_test,
    deals.ProbeSent: probed,
    deals.EventCreated: Together(tell_of_events),
    deals.EventChanged: Together(tell_of_events),
    deals.InvitationAnswered: tell_of_attendance,
    deals.CommentWritten: Together(tell_of_comments),
    deals.AlertRaised: Together(tell_of_alerts),
    deals.AlertChanged: follow_alert,
    deals.QuoteSent: send_quote,
    deals.QuoteAccepted: tell_of_answer,
    deals.QuoteRefused: tell_of_answer,
    deals.QuoteAcceptanceCompensated: tell_of_answer,
    deals.QuoteRequestSent: send_quote_request,
    deals.MessageWritten: send_message,
}
