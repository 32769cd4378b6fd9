"""Carrying out a suggestion in an alert's name."""

from typing import Annotated, Any

import strawberry

from chassis.errors import InvalidInput, NotFound, WrongState
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors, Error, register
from chassis.identifiers import parse_id
from services.deals.commands import alerts as commands
from services.deals.commands.alerts import Handling
from services.deals.permissions import MUTATIONS
from services.deals.schema.alerts import AlertType, Suggestion
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Write, written

_RUN = """mutation($input: {kind}) {{ result: {name}(input: $input) {{
    __typename ... on Error {{ code message path }} }} }}"""


@register
@strawberry.type(description="The suggestion's own mutation refused; nothing was written.")
class SuggestionRefused(Error):
    """What the mutation answered."""


@strawberry.type(description="The suggestion's mutation belongs to another service: run it yourself at the gateway.")
class SuggestionElsewhere:
    """The alert closes by itself once that took its cause away."""

    mutation: str = strawberry.field(description="Name of the mutation.")
    variables: strawberry.scalars.JSON = strawberry.field(description="Its arguments: `{input: {…}}`.")


ApplySuggestionResult = Annotated[
    AlertType | SuggestionElsewhere | SuggestionRefused | CommonErrors,
    strawberry.union("ApplySuggestionResult", description="The alert, resolved; or where and why it is not."),
]


@strawberry.input(description="Which of an alert's suggestions to carry out.")
class ApplySuggestionInput(Write):
    """See AlertType.suggestions."""

    alert_id: strawberry.ID = strawberry.field(description="The alert.")
    position: int = strawberry.field(description="The suggestion's place in `Alert.suggestions`, from 0.")
    mutation: str = strawberry.field(description="Its mutation, as you showed it: another one there is refused.")


@strawberry.type
class SuggestionMutation:
    """Part of the root of writing."""

    @strawberry.mutation(
        description="Carry out a suggestion in the alert's name: it ends RESOLVED by it.", extensions=writing()
    )
    async def apply_suggestion(
        self, info: Info, input: Annotated[ApplySuggestionInput, GIVEN]
    ) -> ApplySuggestionResult:
        """The suggestion's mutation in its own transaction, once for this alert; then the alert's."""
        id = parse_id("alert", input.alert_id, "alertId")
        suggestion = await _suggested(info, id, input)
        if suggestion.mutation not in MUTATIONS:
            return SuggestionElsewhere(mutation=suggestion.mutation, variables=suggestion.variables)
        if refused := await _run(info, suggestion, f"{input.alert_id}:{input.position}"):
            return refused
        order = Handling(id=id, reason=suggestion.mutation)
        return await written(info, input, commands.credit_remedy, order, AlertType)


async def _suggested(info: Info, id: Any, input: ApplySuggestionInput) -> Suggestion:
    alert = await AlertType.load(info, id)
    if alert is None:
        raise NotFound("alert", id, "alertId")
    found = await alert.suggested(info)
    if not found:
        raise WrongState(f"The alert is {alert.status.value}: there is nothing left to do about it.", "alertId")
    if not 0 <= input.position < len(found):
        raise InvalidInput("position", f"The alert has {len(found)} suggestions.")
    if found[input.position].mutation != input.mutation:
        raise InvalidInput("mutation", f"There stands {found[input.position].mutation} by now: read them again.")
    return found[input.position]


async def _run(info: Info, suggestion: Suggestion, key: str) -> SuggestionRefused | None:
    name = suggestion.mutation
    variables: Any = suggestion.variables
    told = {"input": {"idempotencyKey": key, **variables["input"]}}
    query = _RUN.format(kind=_input_of(info, name), name=name)
    answer = await info.schema.execute(query, variable_values=told, context_value=info.context)
    if answer.errors or answer.data is None:
        raise RuntimeError(f"{name} failed: {answer.errors}")
    result = answer.data["result"]
    if "code" not in result:
        return None
    return SuggestionRefused(code=result["code"], message=result["message"], path=result["path"])


def _input_of(info: Info, mutation: str) -> str:
    """The type of a mutation's input, as a document writes it: not each is called like its mutation."""
    root = info._raw_info.schema.mutation_type
    if root is None:
        raise RuntimeError("a schema without mutations")
    return str(root.fields[mutation].args["input"].type)
