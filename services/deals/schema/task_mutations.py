"""Ticking tasks off."""

from typing import Annotated

import strawberry

from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.identifiers import parse_id
from services.deals.commands import tasks as commands
from services.deals.schema.events import TaskType
from services.deals.schema.rights import writing
from services.deals.schema.unit import GIVEN, Write, written

TaskResult = Annotated[
    TaskType | CommonErrors, strawberry.union("TaskResult", description="The task, or why nothing was written.")
]


@strawberry.input(description="Which task is done.")
class CompleteTaskInput(Write):
    """See commands.tasks.Completion."""

    id: strawberry.ID = strawberry.field(description="The task.")


@strawberry.input(description="Which task is not done after all.")
class ReopenTaskInput(Write):
    """See commands.tasks.Completion."""

    id: strawberry.ID = strawberry.field(description="The task.")


@strawberry.input(description="Which step of a task is done, or not.")
class CheckTaskItemInput(Write):
    """See commands.tasks.Check."""

    id: strawberry.ID = strawberry.field(description="The task.")
    item: int = strawberry.field(description="The step's place in the checklist, from 0.")
    done: bool = strawberry.field(default=True, description="Whether it is done.")


@strawberry.type
class TaskMutation:
    """Part of the root of writing."""

    @strawberry.mutation(description="Tick a task; twice is once.", extensions=writing())
    async def complete_task(self, info: Info, input: Annotated[CompleteTaskInput, GIVEN]) -> TaskResult:
        """See commands.tasks.complete_task."""
        order = commands.Completion(id=parse_id("task", input.id))
        return await written(info, input, commands.complete_task, order, TaskType)

    @strawberry.mutation(description="Take a task's tick back.", extensions=writing())
    async def reopen_task(self, info: Info, input: Annotated[ReopenTaskInput, GIVEN]) -> TaskResult:
        """See commands.tasks.reopen_task."""
        order = commands.Completion(id=parse_id("task", input.id))
        return await written(info, input, commands.reopen_task, order, TaskType)

    @strawberry.mutation(description="Tick a step of a task, or take its tick back.", extensions=writing())
    async def check_task_item(self, info: Info, input: Annotated[CheckTaskItemInput, GIVEN]) -> TaskResult:
        """See commands.tasks.check_item."""
        order = commands.Check(id=parse_id("task", input.id), item=input.item, done=input.done)
        return await written(info, input, commands.check_item, order, TaskType)

    complete_tasks = batch_of(complete_task, "complete_tasks", "Tick tasks; twice is once.")
