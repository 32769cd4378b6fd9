"""Messages that deals reacts to once, beside its copies: facts of contacts and accounts, verdicts on acceptances."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.database import UnitOfWork
from chassis.dead_letters import replays
from chassis.identifiers import kind_of, parse_id
from chassis.inbox import Handler, TryLater
from chassis.messages import Received
from chassis.probing import probed
from proto.contacts.v1 import messages_pb2 as pb
from proto.notifier.v1 import messages_pb2 as notifier
from services.deals.commands.bounces import Bounces, note_bounces
from services.deals.commands.disclosing import disclose
from services.deals.commands.erasing import erase
from services.deals.commands.history import Author, record
from services.deals.commands.messages import News, note_delivery
from services.deals.commands.quotes.acceptance import Verdict, conclude
from services.deals.handlers import accounts_changed, contacts_changed
from services.deals.model import OUTBOX
from services.deals.queries.subjects import (
    deals_naming,
    read_subject,
    subject_of_account,
    subject_of_contact,
    subject_of_deal,
)
from services.deals.states.message import MailStatus


async def contact_status_changed(work: UnitOfWork, message: Received[pb.ContactStatusChanged]) -> None:
    """The firm stands elsewhere with a person: their timeline says so."""
    await contacts_changed(work, [message])
    await _record(work, "contact_status_changed", subject_of_contact(message.aggregate_id), message.body.change)


async def account_status_changed(work: UnitOfWork, message: Received[pb.AccountStatusChanged]) -> None:
    """The firm stands elsewhere with a company: its timeline says so."""
    await accounts_changed(work, [message])
    await _record(work, "account_status_changed", subject_of_account(message.aggregate_id), message.body.change)


async def merge_changed(work: UnitOfWork, message: Received[pb.MergeChanged]) -> None:
    """Two became one, or are two again: the winner's timeline says so, and then the loser's, too."""
    told = message.body.merge
    kind = kind_of(told.winner_id)
    about = subject_of_contact if kind == "contact" else subject_of_account
    author = Author(parse_id("collaborator", told.actor_id) if told.actor_id else None, told.at.ToDatetime(UTC))
    changes = {f"{kind}_id": (told.loser_id, told.winner_id), "merge_id": (None, told.id)}
    for id in [told.winner_id, told.loser_id] if told.undone else [told.winner_id]:
        row = (await work.session.execute(about(parse_id(kind, id)))).first()
        if row is None:
            raise TryLater(f"no copy yet of {id}")
        fact = f"{kind}_unmerged" if told.undone else f"{kind}_merged"
        await record(work, fact, read_subject(row), changes, author)


async def purge_made(work: UnitOfWork, message: Received[pb.PurgeMade]) -> None:
    """A deleted contact or account was purged: its timeline and those of the deals that name it say so."""
    told = message.body.purge
    kind = kind_of(told.subject_id)
    id = parse_id(kind, told.subject_id)
    about = subject_of_contact if kind == "contact" else subject_of_account
    row = (await work.session.execute(about(id))).first()
    if row is None:
        raise TryLater(f"no copy yet of {told.subject_id}")
    author = Author(parse_id("collaborator", told.actor_id) if told.actor_id else None, told.at.ToDatetime(UTC))
    changes = {f"{kind}_id": (told.subject_id, None)}
    await record(work, f"{kind}_purged", read_subject(row), changes, author)
    for deal in (await work.session.scalars(deals_naming(kind, id))).all():
        subject = read_subject((await work.session.execute(subject_of_deal(deal))).one())
        # On the deal's timeline alone: it stands on the other's once.
        alone = replace(subject, contact_id=None, account_id=None, participant_ids=())
        await record(work, f"{kind}_purged", alone, changes, author, id)


async def publication_answered(work: UnitOfWork, message: Received[notifier.PublicationAnswered]) -> None:
    """A contact answered a campaign: their timeline says so, and what."""
    told = message.body
    if told.contact_id:
        said = {"publication": told.title, "question": told.question, "choice": told.choice, "words": told.words}
        changes = {name: (None, value) for name, value in said.items() if value}
        await _record_of_contact(work, "publication_answered", told.contact_id, changes, told.at)


async def contact_unsubscribed(work: UnitOfWork, message: Received[notifier.ContactUnsubscribed]) -> None:
    """A contact wants no more campaigns: their timeline says so."""
    told = message.body
    changes = {"category": (None, told.category)}
    await _record_of_contact(work, "contact_unsubscribed", told.contact_id, changes, told.at)


async def _record_of_contact(work: UnitOfWork, fact: str, id: str, changes: Any, at: Timestamp) -> None:
    row = (await work.session.execute(subject_of_contact(parse_id("contact", id)))).first()
    if row is None:
        raise TryLater(f"no copy yet of {id}")
    await record(work, fact, read_subject(row), changes, Author(None, at.ToDatetime(UTC)))


async def person_erased(work: UnitOfWork, message: Received[pb.PersonErased]) -> None:
    """Forget a person."""
    told = message.body
    contacts = [parse_id("contact", id) for id in told.contact_ids]
    await erase(work, message.aggregate_id, contacts, told.identifiers)


async def person_export_requested(work: UnitOfWork, message: Received[pb.PersonExportRequested]) -> None:
    """Tell what is kept of a person."""
    told = message.body
    ids = [parse_id("contact", id) for id in told.contact_ids]
    await disclose(work, message.aggregate_id, ids, told.identifiers)


async def _record(work: UnitOfWork, kind: str, about: Any, change: pb.StatusChange) -> None:
    # The message carries the whole aggregate, so that the copy is there.
    subject = read_subject((await work.session.execute(about)).one())
    changes = {"status": (pb.Status.Name(change.before), pb.Status.Name(change.after))}
    told = {"reason": change.reason, "quote_id": change.quote_id}
    changes |= {name: (None, value) for name, value in told.items() if value}  # type: ignore[misc]  # nothing before
    actor = parse_id("collaborator", change.actor_id) if change.actor_id else None
    await record(work, kind, subject, changes, Author(actor, change.at.ToDatetime(UTC)))


async def client_made(work: UnitOfWork, message: Received[pb.ClientMade]) -> None:
    """An accepted quote's saga is over."""
    told = message.body
    await conclude(work, Verdict(parse_id("quote", told.quote_id), told.attempt))


async def client_refused(work: UnitOfWork, message: Received[pb.ClientRefused]) -> None:
    """An accepted quote made no client: what it set going is taken back."""
    told = message.body
    await conclude(work, Verdict(parse_id("quote", told.quote_id), told.attempt, told.reason))


async def message_delivery_changed(work: UnitOfWork, message: Received[notifier.MessageDeliveryChanged]) -> None:
    """A mail of a message was sent, or failed."""
    told = message.body.delivery
    news = News(
        message=parse_id("message", told.cause_id),
        contact=parse_id("contact", told.contact_id),
        status=MailStatus(told.status),
        reason=told.reason,
        at=told.at.ToDatetime(UTC),
    )
    await note_delivery(work, news)


async def address_told(
    work: UnitOfWork, message: Received[notifier.AddressBounced] | Received[notifier.AddressRecovered]
) -> None:
    """Mail to a contact came back, or goes again: its alert is raised or closed at once."""
    told = message.body.address
    if told.contact_id:
        counts = Bounces(parse_id("contact", told.contact_id), message.version, told.hard, told.soft)
        await note_bounces(work, counts, told.at.ToDatetime(UTC))


REACTIONS: Mapping[type[Message], Handler] = {
    pb.ContactStatusChanged: contact_status_changed,
    pb.AccountStatusChanged: account_status_changed,
    pb.ClientMade: client_made,
    pb.ClientRefused: client_refused,
    pb.MergeChanged: merge_changed,
    pb.PurgeMade: purge_made,
    pb.PersonErased: person_erased,
    pb.ProbeSent: probed,
    notifier.ProbeSent: probed,
    notifier.PublicationAnswered: publication_answered,
    notifier.ContactUnsubscribed: contact_unsubscribed,
    pb.PersonExportRequested: person_export_requested,
    notifier.MessageDeliveryChanged: message_delivery_changed,
    notifier.AddressBounced: address_told,
    notifier.AddressRecovered: address_told,
    notifier.DeadLetterReplayed: replays("deals", OUTBOX),
}
