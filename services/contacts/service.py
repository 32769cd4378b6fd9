"""The contacts service, composed."""

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from chassis.lifecycle import Loop
from chassis.service import Running, Service
from services.contacts.duplicates.worker import DuplicateWorker
from services.contacts.importing.transfers import sweep
from services.contacts.importing.worker import ImportWorker
from services.contacts.model import Base
from services.contacts.pictures.preparing import Preparer
from services.contacts.queries import caller
from services.contacts.settings import ContactsSettings, tools

if TYPE_CHECKING:
    import strawberry


def _loops(running: Running) -> dict[str, Loop]:
    worker = ImportWorker(running.database, running.system, running.settings.import_lease_seconds)
    duplicates = DuplicateWorker(running.database, running.system, running.settings.duplicate_lease_seconds)
    return {
        "imports": worker.run,
        "transfers": lambda stop: sweep(running.system, stop),
        "duplicates": duplicates.follow,
        "duplicate searches": duplicates.search,
    }


def _routes(running: Running) -> list[BaseRoute]:
    from services.contacts.app import transfer_routes  # filters are strawberry's: only `web` needs them
    from services.contacts.pictures.routes import picture_routes

    return [
        *transfer_routes(running.database, running.settings),
        *picture_routes(running.database, Preparer()),
    ]


def _schema() -> "strawberry.federation.Schema":
    from services.contacts.schema import schema  # strawberry: only `web` needs it

    return schema()


SERVICE = Service(
    settings=ContactsSettings,
    base=Base,
    migrations=Path(__file__).parent / "migrations",
    schema=_schema,
    tools=tools,
    look=caller,
    loops=_loops,
    routes=_routes,
)
