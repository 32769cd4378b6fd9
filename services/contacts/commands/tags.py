"""Tags: made, changed, put on contacts and accounts, merged, deleted."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import func, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound
from chassis.identifiers import format_id, new_id
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.loading import locked, locked_alive
from services.contacts.errors import TooManyTags
from services.contacts.model import Account, AccountTag, Contact, ContactTag, HistoryAction, HistoryEntry, Tag

MAX_TAGS_EACH = 50
MAX_TAG_NAME = 50
DEFAULT_COLOR = "#808080"
_LINKS: tuple[tuple[Any, Any, str], ...] = ((ContactTag, Contact, "contact_id"), (AccountTag, Account, "account_id"))


class TagValues(TypedDict, total=False):
    """Parsed values of a tag; what is absent stays as it is."""

    name: str
    color: str


async def create_tag(work: UnitOfWork, values: TagValues, most: int) -> UUID:
    """Make a tag. Raises TagExists, TooManyTags for an organization that has `most`."""
    await locked(work, model.Organization, work.organization)
    if (await work.session.scalar(select(func.count()).select_from(Tag)) or 0) >= most:
        raise TooManyTags(most)
    own = {"organization_id": work.organization, "version": 1, "created_at": work.now, "updated_at": work.now}
    tag = Tag(**values, id=new_id(), **own)
    work.session.add(tag)
    await work.session.flush()
    return tag.id


async def update_tag(work: UnitOfWork, id: UUID, values: TagValues, expected: int | None) -> UUID:
    """Rename or recolour a tag, wherever it is. Raises NotFound, VersionConflict, TagExists."""
    tag = await locked(work, Tag, id)
    tag.change(expected, work.now, {**values})
    await work.session.flush()
    return id


async def delete_tag(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take a tag off whatever has it, and away. Raises NotFound, VersionConflict."""
    tag = await locked(work, Tag, id)
    tag.change(expected, work.now, {})
    for link, table, owner in _LINKS:
        await _note(work, await _tagged(work, link, table, owner, id), owner, tag.name, None, format_id("tag", id))
    await work.session.delete(tag)
    return id


async def merge_tags(work: UnitOfWork, id: UUID, into: UUID, expected: int | None) -> UUID:
    """Put another tag on whatever has this one, and delete this one. Raises NotFound, VersionConflict, InvalidInput."""
    if id == into:
        raise InvalidInput("intoId", "Name another tag than the one to merge.")
    # In the order of their ids, so that two merges of the same tags never wait for each other.
    tags = {each: await locked(work, Tag, each, "intoId" if each == into else "id") for each in sorted((id, into))}
    tags[id].change(expected, work.now, {})
    cause = format_id("tag", id)
    for link, table, owner in _LINKS:
        rows = await _tagged(work, link, table, owner, id)
        column = getattr(link, owner)
        same = select(link.organization_id, column, literal(into).label("tag_id")).where(link.tag_id == id)
        names = ["organization_id", owner, "tag_id"]
        await work.session.execute(upsert(link).from_select(names, same).on_conflict_do_nothing())
        await _note(work, rows, owner, tags[id].name, tags[into].name, cause)
    await work.session.delete(tags[id])
    return into


async def change_tags(
    work: UnitOfWork,
    table: type[Contact] | type[Account],
    id: UUID,
    add: Sequence[UUID],
    remove: Sequence[UUID],
    expected: int | None,
) -> UUID:
    """Put tags on a contact or an account, and take others off. Raises NotFound, WrongState, VersionConflict."""
    row: Any = await locked_alive(work, table, id)
    there = [each.tag_id for each in row.tags]
    wanted = [each for each in dict.fromkeys([*there, *add]) if each not in remove]
    if set(wanted) == set(there):
        return id
    row.change(expected, work.now, {})
    await set_tags(work, row, wanted, "add")
    await history.record(work, row)
    await work.emit(events.contact_changed(row) if isinstance(row, Contact) else events.account_changed(row))
    return id


async def set_tags(work: UnitOfWork, row: Contact | Account, ids: Iterable[UUID] | None, field: str = "tagIds") -> None:
    """Give a row these tags and no others; None leaves it. Raises NotFound, InvalidInput for too many."""
    if ids is None:
        return
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MAX_TAGS_EACH:
        raise InvalidInput(field, f"At most {MAX_TAGS_EACH} tags are kept.")
    # Locked for share: a tag that is being deleted or merged is not put on anything meanwhile.
    found = select(Tag).where(Tag.id.in_(wanted)).order_by(Tag.id).with_for_update(read=True)
    tags = {tag.id: tag for tag in await work.session.scalars(found)}
    for id in wanted:
        if id not in tags:
            raise NotFound("tag", id, field)
    rows: Any = row.tags
    kept = {each.tag_id: each for each in rows}
    link = partial(ContactTag if isinstance(row, Contact) else AccountTag, organization_id=row.organization_id)
    rows[:] = [kept.get(id) or link(tag_id=id, tag=tags[id]) for id in wanted]


async def _tagged(work: UnitOfWork, link: Any, table: Any, owner: str, tag: UUID) -> Sequence[Any]:
    """What has a tag: ids and versions."""
    statement = select(table.id, table.version).join(link, getattr(link, owner) == table.id)
    return (await work.session.execute(statement.where(link.tag_id == tag))).all()


async def _note(work: UnitOfWork, rows: Sequence[Any], owner: str, before: str, after: str | None, cause: str) -> None:
    """That a tag went, and what came instead: told of each that had it, whose own row does not change."""
    change = {"field": "tags", "before": [before], "after": [after] if after else None}
    entries = [
        {
            "id": new_id(),
            "organization_id": work.organization,
            owner: row.id,
            "version": row.version,
            "action": HistoryAction.UPDATED,
            "at": work.now,
            "by_id": work.actor.collaborator,
            "cause": cause,
            "changes": [change],
        }
        for row in rows
    ]
    if entries:
        await work.session.execute(insert(HistoryEntry), entries)


async def tags_named(work: UnitOfWork, names: Iterable[str]) -> dict[str, Tag]:
    """Tags by what their names sort as, locked for share: none is deleted or merged meanwhile."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    found = select(Tag).where(Tag.name_sort.in_(wanted)).order_by(Tag.id).with_for_update(read=True)
    return {tag.name_sort: tag for tag in await work.session.scalars(found)}


async def make_tags(work: UnitOfWork, names: Mapping[str, str], most: int) -> set[str]:
    """Make tags, by what they sort as, while the organization has fewer than `most`; what those that are there now sort
    as. Who makes tags takes turns, as in create_tag.
    """
    await locked(work, model.Organization, work.organization)
    there = set(await tags_named(work, names))
    room = max(most - (await work.session.scalar(select(func.count()).select_from(Tag)) or 0), 0)
    wanted = [sort for sort in names if sort not in there][:room]
    own = {"organization_id": work.organization, "version": 1, "created_at": work.now, "updated_at": work.now}
    rows = [{"id": new_id(), **own, "name": names[sort], "name_sort": sort, "color": DEFAULT_COLOR} for sort in wanted]
    if rows:  # a tag may be renamed to one of these just now
        await work.session.execute(upsert(Tag).values(rows).on_conflict_do_nothing())
    return there | set(wanted)
