"""Reactions that tell collaborators of events, comments and alerts."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.identifiers import kind_of, parse_id
from chassis.messages import Received
from proto.deals.v1 import messages_pb2 as deals
from services.notifier import audience, queries
from services.notifier.audience import Concerned, People, Reason, Ties
from services.notifier.commands.causes import Told, settle
from services.notifier.commands.inviting import contacts_of, invite
from services.notifier.commands.telling import Telling, come_back, left_out, tell_all
from services.notifier.model import CauseKind
from services.notifier.needs import Needs, all_collaborators, collaborator_of

_URGENT = "URGENT"


ToldEvent = Received[deals.EventCreated] | Received[deals.EventChanged]


async def tell_of_events(work: UnitOfWork, messages: Sequence[ToldEvent]) -> None:
    """Tell everyone concerned by each event, and those whom a change left out of an appointment."""
    needs = Needs(work)
    await needs.look([message.body.event.subject for message in messages])
    concerned = [await _concerned(work, needs, message) for message in messages]
    await _need(needs, list(zip(messages, concerned, map(_writers, messages), strict=True)))
    await tell_all(work, [Telling(_told(each), whom) for each, whom in zip(messages, concerned, strict=True)])
    for message in messages:
        event = message.body.event
        if event.kind == deals.Event.Kind.APPOINTMENT:
            await needs.contacts(contacts_of(event), message)
            await invite(work, event, message.time)


async def _need(needs: Needs, told: Sequence[tuple[Received[Any], Sequence[Concerned], Sequence[UUID]]]) -> None:
    """Raise TryLater for the first message that is ahead of the copies of whom it concerns, and others it speaks of."""
    await needs.collaborators(
        {id for _, concerned, others in told for id in (*others, *(each.collaborator for each in concerned))}
    )
    for message, concerned, others in told:
        await needs.people(concerned, others, message)


def _writers(message: ToldEvent) -> list[UUID]:
    event = message.body.event
    return [id for id in (collaborator_of(event.author_id), collaborator_of(event.actor_id)) if id]


async def _concerned(work: UnitOfWork, needs: Needs, message: ToldEvent) -> list[Concerned]:
    event = message.body.event
    author = collaborator_of(event.author_id)
    writer = collaborator_of(event.actor_id) or author
    ties = await needs.ties(event.subject, message)
    concerned = list(audience.of_event(author, writer, await _people(needs, event), ties))
    if event.kind == deals.Event.Kind.APPOINTMENT and event.revision > 0:
        left = await left_out(work, parse_id("event", event.id), concerned)
        concerned += [each for each in left if each.collaborator != writer]
    return concerned


async def _people(needs: Needs, event: deals.Event) -> People:
    named = all_collaborators(event.concerned_ids)
    # Whom deals no longer counts among those concerned is told nothing, invited or mentioned as they may have been.
    attendees = all_collaborators([one.id for one in event.attendees if kind_of(one.id) == "collaborator"])
    return People(
        named=named,
        department=await _of_departments(needs, event.departments, named),
        attendees=[id for id in attendees if id in named],
        mentioned=[id for id in all_collaborators(event.mention_ids) if id in named],
        assignee=collaborator_of(event.assignee_id),
    )


async def _of_departments(needs: Needs, departments: Collection[str], named: Collection[UUID]) -> list[UUID]:
    if not departments:
        return []
    people = await needs.collaborators(named)
    return [id for id, person in people.items() if person.department in departments]


def _told(message: ToldEvent) -> Told:
    event = message.body.event
    urgent = event.kind == deals.Event.Kind.INSTRUCTION and event.priority == _URGENT
    return Told(
        CauseKind.EVENT,
        parse_id("event", event.id),
        event.revision,
        event.SerializeToString(),
        message.time,
        over=event.cancelled,
        urgent_for=frozenset({Reason.ASSIGNEE}) if urgent else frozenset(),
    )


async def tell_of_comments(work: UnitOfWork, messages: Sequence[Received[deals.CommentWritten]]) -> None:
    """Tell those whom a comment mentions, and who owns or follows its deal; of a deleted one nobody any more."""
    needs = Needs(work)
    await needs.look([message.body.comment.subject for message in messages])
    tellings = [each for message in messages if (each := await _of_comment(work, needs, message)) is not None]
    await tell_all(work, tellings)


async def _of_comment(work: UnitOfWork, needs: Needs, message: Received[deals.CommentWritten]) -> Telling | None:
    comment = message.body.comment
    id, author = parse_id("comment", comment.id), collaborator_of(comment.author_id)
    told = Told(CauseKind.COMMENT, id, message.version, comment.SerializeToString(), message.time)
    if comment.deleted:
        await settle(work, told, "DELETED")
        return None
    ties = await needs.ties(comment.subject, message)
    edited = message.version > 1
    concerned = audience.of_comment(author, all_collaborators(comment.mention_ids), ties, edited=edited)
    await needs.people(concerned, [author] if author else [], message)
    return Telling(told, concerned)


async def tell_of_alerts(work: UnitOfWork, messages: Sequence[Received[deals.AlertRaised]]) -> None:
    """Tell whoever should take charge of each alert."""
    await _tell_of_alerts(work, [(message.body.alert, message) for message in messages])


async def _tell_of_alerts(work: UnitOfWork, told: Sequence[tuple[deals.Alert, Received[Any]]]) -> None:
    needs, admins = Needs(work), await queries.admins(work.session, work.organization)
    await needs.look([alert.subject for alert, _ in told if not alert.escalation])
    concerned = [await _of_alert(needs, alert, message, admins) for alert, message in told]
    await _need(needs, [(message, whom, []) for (_, message), whom in zip(told, concerned, strict=True)])
    await tell_all(work, [Telling(_told_alert(*each), whom) for each, whom in zip(told, concerned, strict=True)])


async def _of_alert(
    needs: Needs, alert: deals.Alert, message: Received[Any], admins: Sequence[UUID]
) -> Sequence[Concerned]:
    # Handed over, it is no longer for whoever is tied to its deal.
    ties = Ties() if alert.escalation else await needs.ties(alert.subject, message)
    addressees, escalated = all_collaborators(alert.addressee_ids), alert.escalation > 0
    concerned = audience.of_alert(addressees, ties, admins, escalated=escalated)
    if not concerned:
        raise needs.later("an alert concerns nobody yet: no administrator is known", message)
    return concerned


def _told_alert(alert: deals.Alert, message: Received[Any]) -> Told:
    id, content = parse_id("alert", alert.id), alert.SerializeToString()
    return Told(CauseKind.ALERT, id, alert.escalation, content, message.time, topic=alert.rule)


async def follow_alert(work: UnitOfWork, message: Received[deals.AlertChanged]) -> None:
    """Mails about an alert that somebody took charge of, or that closed, are not worth sending any more.

    One that went to somebody else, as nobody took charge, is told to them; one whose snooze is over comes back into the
    inboxes: its taker's, or everybody's who was told of it.
    """
    alert = message.body.alert
    if alert.woken:
        taken = alert.status == deals.Alert.Status.TAKEN_IN_CHARGE
        whom = collaborator_of(alert.taken_in_charge_by_id) if taken else None
        await come_back(work, _told_alert(alert, message), whom)
    elif alert.status != deals.Alert.Status.RAISED:
        await settle(work, _told_alert(alert, message), deals.Alert.Status.Name(alert.status))
    elif alert.escalation:
        await _tell_of_alerts(work, [(alert, message)])
