"""Imports as people command them: start, run, cancel, revert."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput, NotFound, WrongState
from chassis.identifiers import new_id
from chassis.wake import notify
from services.contacts import events
from services.contacts.importing import files
from services.contacts.importing.problems import message
from services.contacts.importing.readers.columns import Column, Target
from services.contacts.model import ContactImport, ContactImportProblem, ImportKey, ImportState

CHANNEL = "contact_import"
_STOPPABLE = (ImportState.UPLOADING, ImportState.INSPECTING, ImportState.READY, ImportState.RUNNING)
_REVERTIBLE = (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED)
_NAMING = {Target.GIVEN_NAME, Target.FAMILY_NAME, Target.FULL_NAME, Target.EMAIL, Target.PHONE}


async def start_import(work: UnitOfWork, file_name: str) -> UUID:
    """A new import that waits for its file."""
    job = ContactImport(
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
        created_by_id=work.actor.collaborator,
        file_name=file_name,
        state=ImportState.UPLOADING,
        key=ImportKey.NONE,
    )
    work.session.add(job)
    await work.session.flush()
    return job.id


async def check_awaits_file(work: UnitOfWork, id: UUID) -> None:
    """Raise NotFound or WrongState unless the import waits for its file."""
    _check(await _locked(work, id), (ImportState.UPLOADING,), "id")


async def file_arrived(work: UnitOfWork, id: UUID, size: int) -> None:
    """The file is complete: have it looked at. Raises NotFound, WrongState."""
    job = await _locked(work, id)
    _check(job, (ImportState.UPLOADING,), "id")
    job.change(None, work.now, {"state": ImportState.INSPECTING, "size_bytes": size})
    await _moved(work, job)


async def run_import(
    work: UnitOfWork,
    id: UUID,
    mapping: Sequence[Column] | None,
    key: ImportKey,
    locale: str,
    expected: int | None,
    *,
    companies: bool = True,
) -> UUID:
    """Write the contacts, by the mapping proposed or another one. Raises NotFound, WrongState, InvalidInput."""
    job = await _locked(work, id)
    _check(job, (ImportState.READY,), "id")
    chosen = None if mapping is None else _checked(mapping, job)
    if not await files.has_chunks(work, id):
        raise WrongState(message("FILE_GONE", locale), "id")
    await work.session.execute(delete(ContactImportProblem).where(ContactImportProblem.import_id == id))
    told = {"mapping": chosen, "key": key, "companies": companies, "problem_count": 0}
    job.change(expected, work.now, {"state": ImportState.RUNNING, **told})
    await _moved(work, job)
    return id


async def cancel_import(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Stop it; what it wrote stays until it is reverted. Raises NotFound, WrongState, VersionConflict."""
    job = await _locked(work, id)
    _check(job, _STOPPABLE, "id")
    job.change(expected, work.now, {"state": ImportState.CANCELLED, "lease": None, "lease_until": None})
    await files.drop_chunks(work, id)
    await _moved(work, job)
    return id


async def revert_import(work: UnitOfWork, id: UUID, expected: int | None) -> UUID:
    """Take back all that it did. Raises NotFound, WrongState, VersionConflict."""
    job = await _locked(work, id)
    _check(job, _REVERTIBLE, "id")
    job.change(expected, work.now, {"state": ImportState.REVERTING, "lease": None, "lease_until": None})
    await _moved(work, job)
    return id


def _checked(mapping: Sequence[Column], job: ContactImport) -> list[list[object]]:
    width = len((job.book or {}).get("headers", ()))
    if not width:
        raise InvalidInput("mapping", "A vCard file has no columns to map: leave the mapping out.")
    if any(not 0 <= column.position < width for column in mapping):
        raise InvalidInput("mapping", f"The file has {width} columns: positions are 0 to {width - 1}.")
    if not any(column.target in _NAMING for column in mapping):
        raise InvalidInput("mapping", "Map at least a name, an e-mail address or a telephone number.")
    return [list(column) for column in mapping]


async def _locked(work: UnitOfWork, id: UUID) -> ContactImport:
    async with work.as_seen():
        job = await work.session.scalar(select(ContactImport).where(ContactImport.id == id).with_for_update())
    if job is None:
        raise NotFound("import", id)
    return job


def _check(job: ContactImport, allowed: Sequence[ImportState], field: str) -> None:
    if job.state not in allowed:
        wanted = " or ".join(state.value for state in allowed)
        raise WrongState(f"This import is {job.state.value}; that takes one that is {wanted}.", field)


async def _moved(work: UnitOfWork, job: ContactImport) -> None:
    """Wake the workers, and tell whoever watches."""
    await work.emit(events.import_moved(job))
    await notify(work.session, CHANNEL)
