"""Searches over the whole base, as people command them."""

from uuid import UUID

from sqlalchemy import func, select

from chassis.database import UnitOfWork
from chassis.errors import NotFound, WrongState
from chassis.identifiers import new_id
from services.contacts.model import Account, Contact, DuplicateKind, DuplicateSearch, DuplicateSearchState


async def start_search(work: UnitOfWork) -> UUID:
    """Have every contact and account looked at. Raises WrongState while another search runs."""
    running = select(DuplicateSearch.id).where(DuplicateSearch.state == DuplicateSearchState.RUNNING)
    if await work.session.scalar(running) is not None:
        raise WrongState("A search for duplicates is running already: wait for it, or cancel it.")
    search = DuplicateSearch(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        created_by_id=work.actor.collaborator,
        state=DuplicateSearchState.RUNNING,
        kind=DuplicateKind.CONTACT,
        total=sum([await _count(work, table) for table in (Contact, Account)]),
    )
    work.session.add(search)
    await work.session.flush()
    return search.id


async def cancel_search(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Stop it; what it found stays. Raises NotFound, WrongState, VersionConflict."""
    search = await work.session.scalar(select(DuplicateSearch).where(DuplicateSearch.id == id).with_for_update())
    if search is None:
        raise NotFound("duplicate_search", id)
    if search.state is not DuplicateSearchState.RUNNING:
        raise WrongState(f"This search is {search.state.value}: there is nothing to stop.", "id")
    search.change(expected, work.now, {"state": DuplicateSearchState.CANCELLED})
    return id


async def _count(work: UnitOfWork, table: type[Contact] | type[Account]) -> int:
    statement = select(func.count()).select_from(table).where(table.deleted_at.is_(None))
    return int(await work.session.scalar(statement) or 0)
