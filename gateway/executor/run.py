"""Running a plan's steps: in order, at once, or one fetch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from gateway.executor.fetch import CompiledFetch
from gateway.executor.state import Object, State
from gateway.planner.fetch_graph import Fetch
from gateway.planner.plan import AtOnce, Step
from gateway.planner.selection import Conditions

Run = Callable[[State], Awaitable[None]]


def compile_step(step: Step, fetches: dict[int, CompiledFetch]) -> Run | None:
    """A coroutine function that runs a step; None when all of it was left out."""
    if isinstance(step, Fetch):
        compiled = fetches.get(id(step))
        return _when_needed(compiled) if compiled else None
    runs = [run for inner in step.steps if (run := compile_step(inner, fetches))]
    if len(runs) < 2:
        return runs[0] if runs else None
    return _at_once_of(step, runs, fetches) if isinstance(step, AtOnce) else _in_order(runs)


def _at_once_of(step: AtOnce, runs: Sequence[Run], fetches: dict[int, CompiledFetch]) -> Run:
    direct = [fetches[id(inner)] for inner in step.steps if isinstance(inner, Fetch) and id(inner) in fetches]
    if len(direct) == len(step.steps) and all(fetch.fetch.always for fetch in direct):
        return _fetches_at_once(direct)
    return _at_once(runs)


def _when_needed(fetch: CompiledFetch) -> Run:
    if fetch.fetch.always:
        return fetch.run
    wanted = sorted(fetch.fetch.conditions)

    async def run(state: State) -> None:
        if _holds(wanted, state.variables):
            await fetch.run(state)

    return run


def _holds(wanted: Sequence[Conditions], variables: Object) -> bool:
    return any(all(variables.get(c.variable) is c.wanted for c in conditions) for conditions in wanted)


def _in_order(runs: Sequence[Run]) -> Run:
    async def run(state: State) -> None:
        for step in runs:
            await step(state)

    return run


def _at_once(runs: Sequence[Run]) -> Run:
    *others, last = runs

    async def run(state: State) -> None:
        tasks = [asyncio.ensure_future(step(state)) for step in others]
        try:
            await last(state)
            for task in tasks:
                await task
        except BaseException:
            for task in tasks:
                task.cancel()
            raise

    return run


def _fetches_at_once(fetches: Sequence[CompiledFetch]) -> Run:
    """Merges in the plan's order, so that an object's fields come in the same order whoever answers first."""
    *others, last = fetches
    for fetch in fetches:
        first = next(other for other in fetches if other.asks_like(fetch))
        if fetch.fetch.is_entity_fetch and first is not fetch:
            first.asked_with = fetch.asked_with = id(first)

    async def run(state: State) -> None:
        tasks = [asyncio.ensure_future(fetch.answer(state)) for fetch in others]
        try:
            final = await last.answer(state)
            answers = [await task for task in tasks]
        except BaseException:
            for task in tasks:
                task.cancel()
            raise
        for fetch, answer in zip(fetches, (*answers, final), strict=True):
            fetch.merge(state, answer)

    return run
