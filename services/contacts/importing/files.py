"""An import's file: kept as rows of bytes, handed to readers as a file on disk, so that memory stays flat."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import delete, exists, insert, select

from chassis.database import Database, UnitOfWork
from services.contacts.model import ContactImportChunk

CHUNK_BYTES = 1 << 18


async def put_chunk(work: UnitOfWork, id: UUID, position: int, content: bytes) -> None:
    """Keep one piece."""
    row = {"organization_id": work.organization, "import_id": id, "position": position, "content": content}
    await work.session.execute(insert(ContactImportChunk).values(row))


async def drop_chunks(work: UnitOfWork, id: UUID) -> None:
    """Forget the file."""
    await work.session.execute(delete(ContactImportChunk).where(ContactImportChunk.import_id == id))


async def has_chunks(work: UnitOfWork, id: UUID) -> bool:
    """Whether the file is still kept."""
    return bool(await work.session.scalar(select(exists().where(ContactImportChunk.import_id == id))))


@asynccontextmanager
async def on_disk(database: Database, organization: UUID, id: UUID) -> AsyncIterator[BinaryIO]:
    """The file, for as long as the block lasts."""
    columns = ContactImportChunk
    with tempfile.TemporaryFile(prefix="liant-import-") as file:
        async with database.read(organization) as read:
            position = 0
            wanted = select(columns.content).where(columns.import_id == id)
            while (content := await read.scalar(wanted.where(columns.position == position))) is not None:
                file.write(content)
                position += 1
        file.seek(0)
        yield file
