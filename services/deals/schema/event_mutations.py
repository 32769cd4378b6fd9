"""Writing events: input types, their parsing, the mutations."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import events as commands
from services.deals.schema.enums import Priority
from services.deals.schema.events import EventType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, given, written
from services.deals.values import links
from services.deals.values.moments import moment, slot, time_zone
from services.deals.values.recurrence import Rule, read_rule
from services.deals.values.references import MOST_PEOPLE, ids, optional_id

MOST_OF_A_REASON = 1_000
MOST_ITEMS = 50
EventResult = Annotated[
    EventType | CommonErrors, strawberry.union("EventResult", description="The event, or why nothing was written.")
]


@strawberry.input(description="What every event has. It is on a deal, or on a contact alone, or on both.")
class WriteEventInput(Write):
    """Base of the inputs that write an event."""

    title: str = strawberry.field(description="Its title, on one line.")
    description: str = strawberry.field(default="", description="Its text.")
    deal_id: strawberry.ID | None = strawberry.field(default=None, description="The deal it is on.")
    contact_id: strawberry.ID | None = strawberry.field(default=None, description="The contact it is on.")
    concerned_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Collaborators whom it concerns."
    )
    departments: list[str] = strawberry.field(
        default_factory=list, description="Departments whose collaborators it concerns."
    )
    mention_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Collaborators whom its text names; it concerns them too."
    )


@strawberry.input(description="A note: what was said or done, to inform colleagues.")
class WriteNoteInput(WriteEventInput):
    """See commands.events.NewEvent."""


@strawberry.input(description="An appointment. Moments are given with their offset, as 2026-11-24T09:00:00+01:00.")
class PlanAppointmentInput(WriteEventInput):
    """See commands.events.NewEvent."""

    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    time_zone: str = strawberry.field(description="In whose clock it is agreed, an IANA name as Europe/Paris.")
    place: str | None = strawberry.field(default=None, description="Where it is.")
    link: str | None = strawberry.field(default=None, description="Where it is joined: http or https.")
    recurrence: str | None = strawberry.field(
        default=None, description="How it comes again: an RRULE of RFC 5545, as FREQ=WEEKLY;BYDAY=MO;COUNT=10."
    )
    attendee_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Collaborators whom it invites; it concerns them."
    )
    contact_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Contacts whom it invites.")


@strawberry.input(description="An instruction: what a colleague is asked to do.")
class GiveInstructionInput(WriteEventInput):
    """See commands.events.NewEvent."""

    assignee_id: strawberry.ID = strawberry.field(description="Who is asked.")
    due_at: datetime | None = strawberry.field(default=None, description="Until when, with its offset.")
    priority: Priority = strawberry.field(default=Priority.NORMAL, description="How much it presses.")
    checklist: list[str] = strawberry.field(default_factory=list, description="What there is to do, step by step.")


@strawberry.input(description="What to change of an event; what is absent stays.")
class UpdateEventInput(Update):
    """See commands.events.EventChange."""

    title: str | None = strawberry.field(default=UNSET, description="Its title, on one line; never null.")
    description: str | None = strawberry.field(default=UNSET, description="Its text.")
    starts_at: datetime | None = strawberry.field(default=UNSET, description="When an appointment begins; never null.")
    ends_at: datetime | None = strawberry.field(default=UNSET, description="When an appointment ends; never null.")
    time_zone: str | None = strawberry.field(default=UNSET, description="An appointment's IANA zone; never null.")
    place: str | None = strawberry.field(default=UNSET, description="Where an appointment is.")
    assignee_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="Whom an instruction asks; never null."
    )
    due_at: datetime | None = strawberry.field(default=UNSET, description="Until when an instruction is to be done.")
    priority: Priority | None = strawberry.field(default=UNSET, description="How much it presses; never null.")
    link: str | None = strawberry.field(default=UNSET, description="Where an appointment is joined.")
    recurrence: str | None = strawberry.field(
        default=UNSET, description="How an appointment comes again; null where it no longer does."
    )
    attendee_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Every collaborator whom an appointment invites from now on."
    )
    contact_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Every contact whom an appointment invites from now on."
    )
    departments: list[str] | None = strawberry.field(
        default=UNSET, description="Every department whose collaborators it concerns from now on."
    )
    mention_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Everybody whom its text names from now on."
    )
    concerned_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Everybody named on it from now on."
    )


@strawberry.input(description="Which event will not be.")
class CancelEventInput(Update):
    """See commands.events.Cancellation."""

    reason: str | None = strawberry.field(default=None, description="Why.")


def _common(input: WriteEventInput) -> dict[str, Any]:
    return {
        "title": text.line(input.title, "title"),
        "description": text.optional_note(input.description, "description") or "",
        "deal": optional_id("deal", input.deal_id, "dealId"),
        "contact": optional_id("contact", input.contact_id, "contactId"),
        "concerned": ids("collaborator", input.concerned_ids, "concernedIds"),
        "departments": _departments(input.departments),
        "mentions": ids("collaborator", input.mention_ids, "mentionIds"),
    }


def _departments(names: list[str]) -> tuple[str, ...]:
    if len(names) > MOST_PEOPLE:
        raise InvalidInput("departments", f"At most {MOST_PEOPLE} at a time.")
    return tuple(dict.fromkeys(text.line(one, "departments") for one in names))


def _rule(value: str | None) -> Rule | None:
    return None if value is None else read_rule(value)


def _link(value: str | None) -> str | None:
    return None if value is None else links.url(value, "link")


def appointment(input: PlanAppointmentInput) -> commands.NewEvent:
    """The command of an input. Raises InvalidInput, InvalidId."""
    return commands.NewEvent(
        **_common(input),
        slot=slot(input.starts_at, input.ends_at, input.time_zone),
        place=text.optional_line(input.place, "place"),
        link=_link(input.link),
        rule=_rule(input.recurrence),
        attendees=ids("collaborator", input.attendee_ids, "attendeeIds"),
        contacts=ids("contact", input.contact_ids, "contactIds"),
    )


def instruction(input: GiveInstructionInput) -> commands.NewEvent:
    """The command of an input. Raises InvalidInput, InvalidId."""
    assignment = commands.Assignment(
        assignee=parse_id("collaborator", input.assignee_id, "assigneeId"),
        due_at=None if input.due_at is None else moment("dueAt", input.due_at),
        priority=input.priority,
        checklist=_checklist(input.checklist),
    )
    return commands.NewEvent(**_common(input), assignment=assignment)


def _checklist(items: list[str]) -> tuple[str, ...]:
    if len(items) > MOST_ITEMS:
        raise InvalidInput("checklist", f"At most {MOST_ITEMS} items.")
    return tuple(text.line(one, "checklist") for one in items)


def event_change(input: UpdateEventInput) -> commands.EventChange:
    """The command of an input. Raises InvalidInput, InvalidId."""
    changes = {
        "title": _needed(input.title, "title", text.line),
        "description": UNSET
        if input.description is UNSET
        else text.optional_note(input.description, "description") or "",
        "starts_at": _needed(input.starts_at, "startsAt", lambda value, field: moment(field, value)),
        "ends_at": _needed(input.ends_at, "endsAt", lambda value, field: moment(field, value)),
        "time_zone": _needed(input.time_zone, "timeZone", lambda value, field: time_zone(field, value)),
        "place": UNSET if input.place is UNSET else text.optional_line(input.place, "place"),
        "link": UNSET if input.link is UNSET else _link(input.link),
        "recurrence": UNSET if input.recurrence is UNSET else (rule := _rule(input.recurrence)) and str(rule),
        "mention_ids": _given(input.mention_ids, lambda value: list(ids("collaborator", value, "mentionIds"))),
    }
    task_changes = {
        "assignee_id": _needed(
            input.assignee_id, "assigneeId", lambda value, field: parse_id("collaborator", value, field)
        ),
        "due_at": moment("dueAt", input.due_at) if input.due_at else input.due_at,
        "priority": _needed(input.priority, "priority", lambda value, _: value.value),
    }
    return commands.EventChange(
        id=parse_id("event", input.id),
        expected_version=input.expected_version,
        changes=given(**changes),
        task_changes=given(**task_changes),
        concerned=_told(input.concerned_ids, lambda value: ids("collaborator", value, "concernedIds")),
        departments=_told(input.departments, _departments),
        attendees=_told(input.attendee_ids, lambda value: ids("collaborator", value, "attendeeIds")),
        contacts=_told(input.contact_ids, lambda value: ids("contact", value, "contactIds")),
    )


def _given(value: Any, parse: Any) -> Any:
    """A list that an update may leave as it is; null leaves it too."""
    return UNSET if value is UNSET or value is None else parse(value)


def _told(value: Any, parse: Any) -> Any:
    """The same, where what is left is None."""
    return None if value is UNSET or value is None else parse(value)


def _needed(value: Any, field: str, parse: Any) -> Any:
    """A value that an update may leave as it is, but not take away."""
    if value is UNSET:
        return UNSET
    if value is None:
        raise InvalidInput(field, "It cannot be taken away.")
    return parse(value, field)


@strawberry.type
class EventMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Write a note.", extensions=writing())
    async def write_note(self, info: Info, input: Annotated[WriteNoteInput, GIVEN]) -> EventResult:
        """See commands.events.create_event."""
        return await written(info, input, commands.create_event, commands.NewEvent(**_common(input)), EventType)

    @strawberry.mutation(description="Plan an appointment.", extensions=writing())
    async def plan_appointment(self, info: Info, input: Annotated[PlanAppointmentInput, GIVEN]) -> EventResult:
        """See commands.events.create_event."""
        return await written(info, input, commands.create_event, appointment(input), EventType)

    @strawberry.mutation(description="Ask a colleague to do something.", extensions=writing())
    async def give_instruction(self, info: Info, input: Annotated[GiveInstructionInput, GIVEN]) -> EventResult:
        """See commands.events.create_event."""
        return await written(info, input, commands.create_event, instruction(input), EventType)

    @strawberry.mutation(
        description="Change an event; whom it concerns is told, and their calendars follow.", extensions=writing()
    )
    async def update_event(self, info: Info, input: Annotated[UpdateEventInput, GIVEN]) -> EventResult:
        """See commands.events.update_event."""
        return await written(info, input, commands.update_event, event_change(input), EventType)

    @strawberry.mutation(description="Cancel an event, and its open task.", extensions=writing())
    async def cancel_event(self, info: Info, input: Annotated[CancelEventInput, GIVEN]) -> EventResult:
        """See commands.events.cancel_event."""
        order = commands.Cancellation(
            id=parse_id("event", input.id),
            reason=text.optional_line(input.reason, "reason", most=MOST_OF_A_REASON) or "",
            expected_version=input.expected_version,
        )
        return await written(info, input, commands.cancel_event, order, EventType)

    write_notes = batch_of(write_note, "write_notes", "Write notes.")
    plan_appointments = batch_of(plan_appointment, "plan_appointments", "Plan appointments.")
    give_instructions = batch_of(give_instruction, "give_instructions", "Ask colleagues to do things.")
    update_events = batch_of(update_event, "update_events", "Change events; whom they concern is told.")
    cancel_events = batch_of(cancel_event, "cancel_events", "Cancel events, and their open tasks.")
