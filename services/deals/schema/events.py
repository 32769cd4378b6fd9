"""Events and tasks."""

import asyncio
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import Row

from chassis.graphql.connections import After, Before, Connection, First, Last
from chassis.graphql.context import Info
from chassis.identifiers import format_id, parse_id
from services.deals import model
from services.deals.queries import agenda, batches
from services.deals.schema.deals import DealType
from services.deals.schema.enums import EventKind, Priority, TaskStatus
from services.deals.schema.occurrences import Attendee, Begins, Ends, OccurrenceType, spanned
from services.deals.schema.papers import Document
from services.deals.schema.stubs import Collaborator, Contact
from services.deals.schema.timeline import Comment, NotificationType


@strawberry.federation.type(
    name="Event", keys=["id"], description="A note, an appointment or an instruction, written by a collaborator."
)
class EventType:
    """See model.Event."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `event_…`.")
    version: int = strawberry.field(description="Grows with every change; give it as `expectedVersion`.")
    revision: int = strawberry.field(description="Number of changes since it was written: an invitation's SEQUENCE.")
    kind: EventKind = strawberry.field(description="What it is.")
    title: str = strawberry.field(description="Its title.")
    description: str = strawberry.field(description="Its text; empty where there is none.")
    departments: list[str] = strawberry.field(description="Departments that were concerned when it was written.")
    starts_at: datetime | None = strawberry.field(description="When an appointment begins.")
    ends_at: datetime | None = strawberry.field(description="When an appointment ends.")
    time_zone: str | None = strawberry.field(description="In whose clock an appointment was agreed, an IANA name.")
    place: str | None = strawberry.field(description="Where an appointment is.")
    link: str | None = strawberry.field(description="Where an appointment is joined.")
    recurrence: str | None = strawberry.field(description="How an appointment comes again: an RRULE of RFC 5545.")
    excluded: list[datetime] = strawberry.field(description="Occurrences that were cancelled, by their id.")
    cancelled_at: datetime | None = strawberry.field(description="When it was cancelled, if it was.")
    created_at: datetime = strawberry.field(description="When it was written.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("event", row.id)),
            version=row.version,
            revision=row.revision,
            kind=EventKind(row.kind),
            title=row.title,
            description=row.description,
            departments=row.departments,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            time_zone=row.time_zone,
            place=row.place,
            link=row.link,
            recurrence=row.recurrence,
            excluded=row.excluded,
            cancelled_at=row.cancelled_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID | None) -> Self | None:
        """The event of an id, loaded with the others of the answer; None where there is none."""
        row = await info.context.load(batches.events, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("event", id))

    @strawberry.field(description="The deal it is on, if it is on one.")
    async def deal(self, info: Info) -> DealType | None:
        """Loaded with the others of the answer."""
        return await DealType.load(info, self.row.deal_id)

    @strawberry.field(description="The contact it is on, where one was named.")
    def contact(self) -> Contact | None:
        """A stub."""
        return Contact.of(self.row.contact_id)

    @strawberry.field(description="Who wrote it.")
    def author(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.author_id)

    @strawberry.field(description="Collaborators named on it, or of the departments named when it was written.")
    async def concerned(self, info: Info) -> list[Collaborator]:
        """One statement for all the events of an answer."""
        rows = await info.context.load(batches.concerned_of_event, self.row.id)
        people = (Collaborator.of(row.collaborator_id) for row in rows)
        return [person for person in people if person is not None]

    @strawberry.field(description="What colleagues say about it, oldest first.")
    async def comments(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Comment]:
        """One statement for all the events of an answer."""
        from services.deals.schema.comments import COMMENTS  # a comment knows what it is on

        ends = (first, after, last, before)
        return await COMMENTS.page_within(info, model.Comment.event_id, self.row.id, None, None, ends)

    @strawberry.field(description="Whom an appointment invites, and what they answered.")
    async def attendees(self, info: Info) -> list[Attendee]:
        """One statement for all the events of an answer."""
        return [Attendee.of(row) for row in await info.context.load(batches.attendees_of_event, self.row.id)]

    @strawberry.field(description="Collaborators whom its text names.")
    def mentions(self) -> list[Collaborator]:
        """Stubs."""
        return [one for id in self.row.mention_ids if (one := Collaborator.of(id)) is not None]

    @strawberry.field(
        description="Its occurrences that touch a span of at most 366 days; an appointment that comes once has one."
    )
    async def occurrences(self, info: Info, begins: Begins, ends: Ends) -> list[OccurrenceType]:
        """One statement for all the events of an answer."""
        span = spanned(begins, ends)
        moved = await info.context.load(batches.moved_of_event, self.row.id)
        return [OccurrenceType.of(one) for one in agenda.occurrences(self.row, moved, *span)]

    @strawberry.field(description="The appointment that it was cut from, where it is the rest of one.")
    async def cut_from(self, info: Info) -> "EventType | None":
        """Loaded with the others of the answer."""
        return await EventType.load(info, self.row.series_id)

    @strawberry.field(description="What is kept elsewhere about it, oldest first.")
    async def documents(self, info: Info) -> list[Document]:
        """One statement for all the events of an answer."""
        return [Document.of(row) for row in await info.context.load(batches.documents_of_event, self.row.id)]

    @strawberry.field(description="What an instruction asks; null for other kinds.")
    async def task(self, info: Info) -> "TaskType | None":
        """Loaded with the others of the answer."""
        row = await info.context.load(batches.task_of_event, self.row.id)
        return None if row is None else TaskType.of(row)


@strawberry.type(description="A step of a task.")
class ChecklistItem:
    """Part of a Task."""

    text: str = strawberry.field(description="What it is.")
    done: bool = strawberry.field(description="Whether it is done.")


@strawberry.federation.type(name="Task", keys=["id"], description="What an instruction asks of a collaborator.")
class TaskType:
    """See model.Task."""

    row: strawberry.Private[Row[Any]]
    id: strawberry.ID = strawberry.field(description="TypeID, `task_…`.")
    status: TaskStatus = strawberry.field(description="Where it is in its life.")
    due_at: datetime | None = strawberry.field(description="Until when; null where there is no hurry.")
    priority: Priority = strawberry.field(description="How much it presses.")
    checklist: list[ChecklistItem] = strawberry.field(description="What there is to do, step by step.")
    completed_at: datetime | None = strawberry.field(description="When it was done, if it was.")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """The node of a row."""
        return cls(
            row=row,
            id=strawberry.ID(format_id("task", row.id)),
            status=TaskStatus(row.status),
            due_at=row.due_at,
            priority=Priority(row.priority),
            checklist=[ChecklistItem(text=one["text"], done=one["done"]) for one in row.checklist],
            completed_at=row.completed_at,
        )

    @classmethod
    async def load(cls, info: Info, id: UUID) -> Self | None:
        """The task of an id; None where there is none."""
        row = await info.context.load(batches.tasks, id)
        return None if row is None else cls.of(row)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:
        """The entity of a key."""
        return await cls.load(info, parse_id("task", id))

    @strawberry.field(description="Who is asked.")
    def assignee(self) -> Collaborator:
        """A stub."""
        return Collaborator(id=strawberry.ID(format_id("collaborator", self.row.assignee_id)))

    @strawberry.field(description="Who did it, or said that it was done.")
    def completed_by(self) -> Collaborator | None:
        """A stub."""
        return Collaborator.of(self.row.completed_by_id)

    @strawberry.field(description="What was done with it and what changed of its instruction, oldest first.")
    async def history(self, info: Info) -> list[NotificationType]:
        """Facts, one statement for all the tasks of an answer."""
        things = (self.row.id, self.row.event_id)
        found = await asyncio.gather(*(info.context.load(batches.facts_of_thing, thing) for thing in things))
        facts = sorted((row for rows in found for row in rows), key=lambda row: (row.at, row.id))
        return [NotificationType.of(row) for row in facts]

    @strawberry.field(description="The instruction it belongs to.")
    async def event(self, info: Info) -> EventType | None:
        """Loaded with the others of the answer."""
        return await EventType.load(info, self.row.event_id)
