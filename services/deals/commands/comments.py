"""Comments: written, edited by their author, deleted by their author or an administrator."""

from dataclasses import dataclass
from uuid import UUID

from chassis.auth import Role
from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidInput
from chassis.identifiers import new_id
from services.deals import events
from services.deals.commands.events import locked_after_its_deal
from services.deals.commands.history import place, record, subject_of
from services.deals.commands.locking import locked
from services.deals.errors import CommentDeleted
from services.deals.model import Comment, CommentRevision, Deal, Event
from services.deals.values.references import Reference, references
from services.deals.values.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """What is said, about a deal or about an event."""

    body: str
    deal: UUID | None = None
    event: UUID | None = None
    mentions: tuple[UUID, ...] = ()

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return references("collaborator", "mentionIds", *self.mentions)


async def write_comment(work: UnitOfWork, order: NewComment) -> UUID:
    """Say something about a deal or an event. Raises NotFound, InvalidInput."""
    subject, event = await _subject(work, order.deal, order.event)
    comment = Comment(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        deal_id=order.deal,
        event_id=order.event,
        author_id=work.actor.collaborator,
        body=order.body,
        mention_ids=list(order.mentions),
        created_at=work.now,
    )
    work.session.add(comment)
    await work.session.flush()
    await place(work, subject, "comment", comment.id, comment.created_at, comment.author_id)
    await work.emit(events.comment_written(comment, subject, order.mentions, event))
    return comment.id


async def _subject(work: UnitOfWork, deal: UUID | None, event: UUID | None) -> tuple[Subject, Event | None]:
    if event is not None:
        found: Event = await locked_after_its_deal(work, event, field="eventId")
        return await subject_of(work, found.deal_id, found.contact_id), found
    if deal is None:
        raise InvalidInput("dealId", "A comment is on a deal or on an event: give dealId or eventId.")
    await locked(work, Deal, deal, "dealId")
    return await subject_of(work, deal, None), None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a comment says from now on."""

    id: UUID
    body: str
    mentions: tuple[UUID, ...]
    expected_version: int | None

    @property
    def references(self) -> list[Reference]:
        """Ids of people, with their fields."""
        return references("collaborator", "mentionIds", *self.mentions)


async def edit_comment(work: UnitOfWork, order: Edit) -> UUID:
    """Say it otherwise; who is named only now is told. Raises NotFound, VersionConflict, Forbidden, CommentDeleted."""
    comment, subject, event = await _mine(work, order.id, order.expected_version)
    if (comment.body, comment.mention_ids) == (order.body, list(order.mentions)):
        return comment.id
    added = [id for id in order.mentions if id not in comment.mention_ids]
    _keep(work, comment)
    comment.body, comment.mention_ids, comment.edited_at = order.body, list(order.mentions), work.now
    await record(work, "comment_edited", subject, {"comment_id": (None, comment.id)}, thing=comment.id)
    await work.emit(events.comment_written(comment, subject, added, event))
    return comment.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A comment that says nothing any more."""

    id: UUID
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def delete_comment(work: UnitOfWork, order: Deletion) -> UUID:
    """Take back what was said; what it was is kept. Raises NotFound, VersionConflict, Forbidden, CommentDeleted."""
    comment, subject, event = await _mine(work, order.id, order.expected_version, or_admin=True)
    _keep(work, comment)
    comment.body, comment.mention_ids, comment.deleted_at = "", [], work.now
    await record(work, "comment_deleted", subject, {"comment_id": (comment.id, None)}, thing=comment.id)
    await work.emit(events.comment_written(comment, subject, [], event))
    return comment.id


async def _mine(
    work: UnitOfWork, id: UUID, version: int | None, *, or_admin: bool = False
) -> tuple[Comment, Subject, Event | None]:
    comment = await locked(work, Comment, id, version=version)
    if comment.author_id != work.actor.collaborator and not (or_admin and work.actor.role is Role.ADMIN):
        raise Forbidden("change what somebody else said")
    if comment.deleted_at is not None:
        raise CommentDeleted
    event = None if comment.event_id is None else await work.session.get_one(Event, comment.event_id)
    deal, contact = (event.deal_id, event.contact_id) if event else (comment.deal_id, None)
    return comment, await subject_of(work, deal, contact), event


def _keep(work: UnitOfWork, comment: Comment) -> None:
    """Write down what it said until now."""
    work.session.add(
        CommentRevision(
            comment_id=comment.id,
            version=comment.version,
            organization_id=work.organization,
            body=comment.body,
            until=work.now,
            ended_by_id=work.actor.collaborator,
        )
    )
    comment.version += 1
