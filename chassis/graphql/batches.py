"""The batch form of a mutation, derived from the mutation itself."""

import types
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar, get_args

import strawberry
from strawberry.utils.str_converters import to_camel_case

from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.writes import Batch, Write, check_batch

Result = TypeVar("Result")
_unions: dict[str, Any] = {}


@strawberry.type(name="Batch", description="What became of each item of a batch.")
class BatchResults(Generic[Result]):
    """See batch_of."""

    results: list[Result] = strawberry.field(
        description="One for each item, in their order: what was written, or why it was not."
    )


def batch_of(mutation: Any, name: str, description: str) -> Any:
    """The mutation `name`, that takes a list of what `mutation` takes; its rule is the same.

    Each item is written in a savepoint: what is refused leaves nothing behind, and the others are written; with
    `allOrNone`, nothing is written unless everything is.
    """
    single: Callable[..., Any] = mutation.base_resolver.wrapped_func
    told = single.__annotations__
    given, result = get_args(told["input"])[0], told["return"]
    taken = _input_of(name, given)

    async def resolve(self: Any, info: Info, input: Any) -> Any:
        check_batch(len(input.items))
        content = [info.field_name, strawberry.asdict(input)]
        batch = Batch(info, input.all_or_none, input.idempotency_key, content)
        items = [single(self, info, item) for item in input.items]
        return BatchResults(results=await batch.run(to_camel_case(single.__name__), items))

    resolve.__annotations__ |= {
        "input": Annotated[taken, strawberry.argument(description="What to write.")],
        "return": _union_of(result),
    }
    return strawberry.mutation(resolver=resolve, description=description, extensions=list(mutation.extensions))


def _input_of(name: str, item: Any) -> Any:
    fields = {
        "items": strawberry.field(description="What to write, in order; 100 at most unless your operators say so."),
        "all_or_none": strawberry.field(
            default=False, description="Write nothing unless every item can be written; each result then says why."
        ),
    }
    kind = f"{to_camel_case(name)[0].upper()}{to_camel_case(name)[1:]}Input"
    annotations = {"__annotations__": {"items": list[item], "all_or_none": bool}, "__doc__": "See batch_of."}
    made = types.new_class(kind, (Write,), exec_body=lambda body: body.update(fields | annotations))
    return strawberry.input(made, description="Several writes of one kind.")


def _union_of(result: Any) -> Any:
    """The union of a batch's results and of what refuses a whole batch; one for all batches of the same results."""
    name = get_args(result)[1].graphql_name.removesuffix("Result") + "BatchResult"
    if name not in _unions:
        told = strawberry.union(name, description="What became of each item, or why nothing was looked at.")
        _unions[name] = Annotated[BatchResults[result] | CommonErrors, told]
    return _unions[name]
