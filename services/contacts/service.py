"""The contacts service, composed."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from chassis.lifecycle import Loop
from chassis.service import Running, Service
from services.contacts.duplicates.worker import DuplicateWorker
from services.contacts.handlers import REACTIONS
from services.contacts.importing.transfers import sweep
from services.contacts.importing.worker import ImportWorker
from services.contacts.model import Base
from services.contacts.pictures.preparing import Preparer
from services.contacts.queries import caller
from services.contacts.settings import ContactsSettings, doors, tools

if TYPE_CHECKING:
    import strawberry


def _loops(running: Running) -> dict[str, Loop]:
    from services.contacts.groups.worker import GroupWorker  # definitions are filters, and these are strawberry's

    settings: ContactsSettings = running.settings
    worker = ImportWorker(running.database, running.system, settings.import_lease_seconds, settings.max_tags)
    duplicates = DuplicateWorker(running.database, running.system, settings.duplicate_lease_seconds)
    clock, repair = (timedelta(seconds=each) for each in (settings.group_clock_seconds, settings.group_repair_seconds))
    groups = GroupWorker(running.database, running.system, clock, repair)
    return {
        "imports": worker.run,
        "transfers": lambda stop: sweep(running.system, stop),
        "duplicates": duplicates.follow,
        "duplicate searches": duplicates.search,
        "groups": groups.run,
    }


def _routes(running: Running) -> list[BaseRoute]:
    from services.contacts.app import transfer_routes  # filters are strawberry's: only `web` needs them
    from services.contacts.cards.pages import card_routes
    from services.contacts.doors.pages import door_routes
    from services.contacts.pictures.routes import picture_routes

    opened = doors(running)
    return [
        *(door_routes(opened, running.settings.front_url) if opened else ()),
        *transfer_routes(running.database, running.settings),
        *picture_routes(running.database, Preparer()),
        *card_routes(running.database, running.settings),
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
    reactions=REACTIONS,
    loops=_loops,
    routes=_routes,
)
