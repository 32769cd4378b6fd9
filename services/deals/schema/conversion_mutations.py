"""Converting leads."""

from typing import Annotated

import strawberry

from chassis import text
from chassis.graphql.context import Info
from chassis.identifiers import parse_id
from services.deals.commands import conversion
from services.deals.commands.events import NewEvent
from services.deals.schema.deal_mutations import (
    DealResult,
    ParticipantInput,
    UpdateDealInput,
    changes_of,
    parts_of,
)
from services.deals.schema.deals import DealType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, written
from services.deals.values.references import optional_id


@strawberry.input(description="A lead to make an opportunity of. What is absent stays as the lead has it.")
class ConvertLeadInput(UpdateDealInput):
    """See commands.conversion.Conversion."""

    stage_id: strawberry.ID | None = strawberry.field(default=None, description="The stage it goes to.")
    participants: list[ParticipantInput] = strawberry.field(
        default_factory=list, description="Contacts to include in the exchanges from now on."
    )
    note: str | None = strawberry.field(default=None, description="A note to write on the deal at once: its title.")


@strawberry.type
class ConversionMutation:
    """Part of the root of writing."""

    @strawberry.mutation(
        description="Make an opportunity of a lead, with its people, its stage and a note, all or nothing.",
        extensions=writing(),
    )
    async def convert_lead(self, info: Info, input: Annotated[ConvertLeadInput, GIVEN]) -> DealResult:
        """See commands.conversion.convert_lead."""
        deal = parse_id("deal", input.id)
        note = text.optional_line(input.note, "note")
        order = conversion.Conversion(
            id=deal,
            expected_version=input.expected_version,
            changes=changes_of(input),
            stage=optional_id("stage", input.stage_id, "stageId"),
            participants=parts_of(input.participants),
            event=NewEvent(title=note, deal=deal) if note else None,
        )
        return await written(info, input, conversion.convert_lead, order, DealType)
