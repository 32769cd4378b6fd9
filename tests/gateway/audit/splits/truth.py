"""When a partial answer is as good as it can be: the law that answers under failure must keep."""

from collections.abc import Iterator, Sequence
from typing import Any

Path = tuple[str | int, ...]


def departures(answer: Any, truth: Any, path: Path = ()) -> Iterator[Path]:
    """Where an answer is null and the truth is not; raises AssertionError where it says anything else."""
    if answer is None and truth is not None:
        yield path
    elif isinstance(truth, dict):
        assert answer.keys() == truth.keys(), path
        for key, value in truth.items():
            yield from departures(answer[key], value, (*path, key))
    elif isinstance(truth, list):
        assert len(answer) == len(truth), path
        for index, value in enumerate(truth):
            yield from departures(answer[index], value, (*path, index))
    else:
        assert answer == truth, path


def is_told(path: Path, told: Sequence[Path]) -> bool:
    """Whether some error is at or above a path, or below its parent: what it needs may have failed beside it."""
    parent = path[:-1]
    return any(error[: len(parent)] == parent or path[: len(error)] == error for error in told)
