"""Reactions that tell collaborators of events, comments and alerts."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.identifiers import kind_of, parse_id
from chassis.inbox import TryLater
from chassis.messages import Received
from proto.deals.v1 import messages_pb2 as deals
from services.notifier import audience, queries
from services.notifier.audience import People, Reason, Ties
from services.notifier.commands.inviting import contacts_of, invite
from services.notifier.commands.telling import Told, left_out, settle, tell
from services.notifier.model import CauseKind
from services.notifier.needs import all_collaborators, collaborator_of, need, need_contacts, ties_of, wait

_URGENT = "URGENT"


async def tell_of_event(work: UnitOfWork, message: Received[deals.EventCreated] | Received[deals.EventChanged]) -> None:
    """Tell everyone concerned by an event, and those whom a change left out of an appointment."""
    event = message.body.event
    id, author = parse_id("event", event.id), collaborator_of(event.author_id)
    writer = collaborator_of(event.actor_id) or author
    ties = await ties_of(work, event.subject, message)
    concerned = list(audience.of_event(author, writer, await _people(work, event), ties))
    if event.kind == deals.Event.Kind.APPOINTMENT and event.revision > 0:
        concerned += [each for each in await left_out(work, id, concerned) if each.collaborator != writer]
    await need(work, concerned, [each for each in (author, writer) if each], message)
    await tell(work, _told(event, id, message), concerned)
    await need_contacts(work, contacts_of(event), message)
    await invite(work, event, message.time)


async def _people(work: UnitOfWork, event: deals.Event) -> People:
    named = all_collaborators(event.concerned_ids)
    # Whom deals no longer counts among those concerned is told nothing, invited or mentioned as they may have been.
    attendees = all_collaborators([one.id for one in event.attendees if kind_of(one.id) == "collaborator"])
    return People(
        named=named,
        department=await _of_departments(work, event.departments, named),
        attendees=[id for id in attendees if id in named],
        mentioned=[id for id in all_collaborators(event.mention_ids) if id in named],
        assignee=collaborator_of(event.assignee_id),
    )


async def _of_departments(work: UnitOfWork, departments: Collection[str], named: Collection[UUID]) -> list[UUID]:
    if not departments:
        return []
    people = await queries.collaborators(work.session, work.organization, named)
    return [id for id, person in people.items() if person.department in departments]


def _told(event: deals.Event, id: UUID, message: Received[Any]) -> Told:
    urgent = event.kind == deals.Event.Kind.INSTRUCTION and event.priority == _URGENT
    return Told(
        CauseKind.EVENT,
        id,
        event.revision,
        event.SerializeToString(),
        message.time,
        over=event.cancelled,
        urgent_for=frozenset({Reason.ASSIGNEE}) if urgent else frozenset(),
    )


async def tell_of_comment(work: UnitOfWork, message: Received[deals.CommentWritten]) -> None:
    """Tell those whom a comment mentions, and who owns or follows its deal; of a deleted one nobody any more."""
    comment = message.body.comment
    id, author = parse_id("comment", comment.id), collaborator_of(comment.author_id)
    told = Told(CauseKind.COMMENT, id, message.version, comment.SerializeToString(), message.time)
    if comment.deleted:
        return await settle(work, told, "DELETED")
    ties = await ties_of(work, comment.subject, message)
    edited = message.version > 1
    concerned = audience.of_comment(author, all_collaborators(comment.mention_ids), ties, edited=edited)
    await need(work, concerned, [author] if author else [], message)
    return await tell(work, told, concerned)


async def tell_of_alert(work: UnitOfWork, message: Received[deals.AlertRaised]) -> None:
    """Tell whoever should take charge of an alert."""
    await _tell_of_alert(work, message.body.alert, message)


async def _tell_of_alert(work: UnitOfWork, alert: deals.Alert, message: Received[Any]) -> None:
    # Handed over, it is no longer for whoever is tied to its deal.
    ties = Ties() if alert.escalation else await ties_of(work, alert.subject, message)
    admins = await queries.admins(work.session, work.organization)
    addressees, escalated = all_collaborators(alert.addressee_ids), alert.escalation > 0
    concerned = audience.of_alert(addressees, ties, admins, escalated=escalated)
    if not concerned:
        raise TryLater("an alert concerns nobody yet: no administrator is known", wait(work, message))
    await need(work, concerned, [], message)
    await tell(work, _told_alert(alert, message), concerned)


def _told_alert(alert: deals.Alert, message: Received[Any]) -> Told:
    id, content = parse_id("alert", alert.id), alert.SerializeToString()
    return Told(CauseKind.ALERT, id, alert.escalation, content, message.time, topic=alert.rule)


async def follow_alert(work: UnitOfWork, message: Received[deals.AlertChanged]) -> None:
    """Mails about an alert that somebody took charge of, or that closed, are not worth sending any more.

    One that went to somebody else, as nobody took charge, is told to them.
    """
    alert = message.body.alert
    if alert.status != deals.Alert.Status.RAISED:
        await settle(work, _told_alert(alert, message), deals.Alert.Status.Name(alert.status))
    elif alert.escalation:
        await _tell_of_alert(work, alert, message)
