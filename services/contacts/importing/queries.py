"""What is read of imports: Core rows, only the columns that are shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from chassis.database import ReadSession
from services.contacts.model import Collaborator, ContactImport, ContactImportProblem, Organization

IMPORT = select(
    ContactImport.id,
    ContactImport.version,
    ContactImport.created_by_id,
    ContactImport.file_name,
    ContactImport.state,
    ContactImport.size_bytes,
    ContactImport.book,
    ContactImport.mapping,
    ContactImport.key,
    ContactImport.total,
    ContactImport.position,
    ContactImport.created_count,
    ContactImport.updated_count,
    ContactImport.unchanged_count,
    ContactImport.skipped_count,
    ContactImport.problem_count,
    ContactImport.reverted_count,
    ContactImport.kept_count,
    ContactImport.companies,
    ContactImport.accounts_count,
    ContactImport.interlocutors_count,
    ContactImport.failure,
    ContactImport.created_at,
    ContactImport.updated_at,
)
PROBLEM = select(
    ContactImportProblem.number,
    ContactImportProblem.line,
    ContactImportProblem.code,
    ContactImportProblem.field,
    ContactImportProblem.excerpt,
)


async def imports(read: ReadSession, ids: Sequence[UUID]) -> list[Row[Any] | None]:
    """Imports by id; None where there is none."""
    return await read.by_key(IMPORT, ContactImport.id, ids)


async def samples(read: ReadSession, ids: Sequence[UUID]) -> list[list[dict[str, Any]]]:
    """The first rows of imports' files."""
    statement = select(ContactImport.id, ContactImport.sample).where(ContactImport.id.in_(ids))
    found = {row.id: row.sample or [] for row in await read.rows(statement)}
    return [found.get(id, []) for id in ids]


async def locales(read: ReadSession, ids: Sequence[UUID]) -> list[str]:
    """The languages of collaborators."""
    rows = await read.rows(select(Collaborator.id, Collaborator.locale).where(Collaborator.id.in_(ids)))
    found = {row.id: row.locale for row in rows}
    return [found.get(id, "fr") for id in ids]


async def countries(read: ReadSession, ids: Sequence[UUID]) -> list[str]:
    """The countries of organizations."""
    rows = await read.rows(select(Organization.id, Organization.country).where(Organization.id.in_(ids)))
    found = {row.id: row.country for row in rows}
    return [found.get(id, "FR") for id in ids]
