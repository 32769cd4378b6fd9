"""Tags that entries name: made where they are not there, within what an organization may have."""

from collections.abc import Sequence

from chassis.database import UnitOfWork
from chassis.text import folded
from services.contacts.commands.tags import make_tags, tags_named
from services.contacts.importing.people import Person
from services.contacts.importing.problems import LONGEST_EXCERPT, Problem, label


async def make_missing(work: UnitOfWork, people: Sequence[Person], most: int, locale: str) -> None:
    """Make the tags that a batch names, in a transaction of its own, so that nobody waits for the batch. Those beyond
    `most` become a line of the notes and a problem.
    """
    names: dict[str, str] = {}
    for name in (name for person in people for name in person.tags):
        names.setdefault(folded(name), name)
    there = set(await tags_named(work, names))
    if missing := {sort: name for sort, name in names.items() if sort not in there}:
        there |= await make_tags(work, missing, most)
    for person in people:
        if left := [name for name in person.tags if folded(name) not in there]:
            _leave(person, left, locale)


def _leave(person: Person, left: Sequence[str], locale: str) -> None:
    person.tags[:] = [name for name in person.tags if name not in left]
    person.problems.extend(Problem("TOO_MANY_TAGS", "tags", name[:LONGEST_EXCERPT]) for name in left)
    if person.values is not None:
        lines = "\n".join(f"{label('tag', locale)}: {name}" for name in left)
        person.values["notes"] = "\n".join(filter(None, (person.values.get("notes"), lines)))
