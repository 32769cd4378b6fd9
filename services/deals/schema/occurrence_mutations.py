"""One occurrence of an appointment, or those that follow; answers to invitations."""

from datetime import datetime
from typing import Annotated

import strawberry

from chassis import text
from chassis.errors import InvalidInput
from chassis.graphql.context import Info
from chassis.identifiers import parse_id
from services.deals.commands import answering
from services.deals.commands import occurrences as commands
from services.deals.schema.enums import Answer, Scope
from services.deals.schema.event_mutations import MOST_OF_A_REASON, EventResult
from services.deals.schema.events import EventType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Update, Write, written
from services.deals.values.moments import LONGEST_APPOINTMENT, moment
from services.deals.values.recurrence import read_rule
from services.deals.values.references import optional_id


@strawberry.input(description="Where an occurrence of a recurring appointment goes. `id` is the appointment's.")
class MoveOccurrenceInput(Update):
    """See commands.occurrences.OccurrenceMove."""

    occurrence: datetime = strawberry.field(description="Which one: its id within the series, with its offset.")
    scope: Scope = strawberry.field(default=Scope.THIS, description="This one, or this and those that follow.")
    starts_at: datetime = strawberry.field(description="When it begins from now on.")
    ends_at: datetime = strawberry.field(description="When it ends from now on.")
    place: str | None = strawberry.field(default=None, description="Where it is from now on; as before if absent.")
    recurrence: str | None = strawberry.field(
        default=None, description="How those that follow come again; as before if absent."
    )


@strawberry.input(description="An occurrence of a recurring appointment that will not be.")
class CancelOccurrenceInput(Update):
    """See commands.occurrences.OccurrenceCancellation."""

    occurrence: datetime = strawberry.field(description="Which one: its id within the series, with its offset.")
    scope: Scope = strawberry.field(default=Scope.THIS, description="This one, or this and those that follow.")
    reason: str | None = strawberry.field(default=None, description="Why.")


@strawberry.input(description="What somebody who was invited answers.")
class AnswerInvitationInput(Write):
    """See commands.answering.Reply."""

    event_id: strawberry.ID = strawberry.field(description="The appointment.")
    answer: Answer = strawberry.field(description="The answer.")
    contact_id: strawberry.ID | None = strawberry.field(
        default=None, description="The contact who told you; you answer yourself if absent."
    )


@strawberry.type
class OccurrenceMutation:
    """Part of the root of writing."""

    @strawberry.mutation(
        description="Move an occurrence; or this and those that follow, which are an appointment of their own then.",
        extensions=writing(),
    )
    async def move_occurrence(self, info: Info, input: Annotated[MoveOccurrenceInput, GIVEN]) -> EventResult:
        """See commands.occurrences.move_occurrence."""
        starts_at, ends_at = moment("startsAt", input.starts_at), moment("endsAt", input.ends_at)
        if not starts_at < ends_at <= starts_at + LONGEST_APPOINTMENT:
            raise InvalidInput("endsAt", f"It ends after it begins, {LONGEST_APPOINTMENT.days} days later at most.")
        order = commands.OccurrenceMove(
            id=parse_id("event", input.id),
            occurrence=moment("occurrence", input.occurrence),
            scope=input.scope,
            starts_at=starts_at,
            ends_at=ends_at,
            place=text.optional_line(input.place, "place"),
            rule=None if input.recurrence is None else read_rule(input.recurrence),
            expected_version=input.expected_version,
        )
        return await written(info, input, commands.move_occurrence, order, EventType)

    @strawberry.mutation(description="Cancel an occurrence, or this and those that follow.", extensions=writing())
    async def cancel_occurrence(self, info: Info, input: Annotated[CancelOccurrenceInput, GIVEN]) -> EventResult:
        """See commands.occurrences.cancel_occurrence."""
        order = commands.OccurrenceCancellation(
            id=parse_id("event", input.id),
            occurrence=moment("occurrence", input.occurrence),
            scope=input.scope,
            reason=text.optional_line(input.reason, "reason", most=MOST_OF_A_REASON) or "",
            expected_version=input.expected_version,
        )
        return await written(info, input, commands.cancel_occurrence, order, EventType)

    @strawberry.mutation(
        description="Answer an invitation; or write down what a contact answered.", extensions=writing()
    )
    async def answer_invitation(self, info: Info, input: Annotated[AnswerInvitationInput, GIVEN]) -> EventResult:
        """See commands.answering.answer_invitation."""
        person = optional_id("contact", input.contact_id, "contactId") or info.context.actor.collaborator
        if person is None:
            raise InvalidInput("contactId", "Say who answers.")
        order = answering.Reply(event=parse_id("event", input.event_id, "eventId"), person=person, answer=input.answer)
        return await written(info, input, answering.answer_invitation, order, EventType)
