"""The notifier, as its parts need it described."""

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from chassis.lifecycle import Loop
from chassis.service import Running, Service
from services.notifier.bounces.intake import intake_routes
from services.notifier.dead_letters.keeping import DeadLetterKeeper
from services.notifier.handlers import COPIES, REACTIONS
from services.notifier.model import NotifierBase
from services.notifier.pages import page_routes
from services.notifier.queries import caller
from services.notifier.settings import NotifierSettings
from services.notifier.tools import tools
from services.notifier.webhooks.telling import with_webhooks
from services.notifier.worker import worker_loops

if TYPE_CHECKING:
    import strawberry


def _loops(running: Running) -> dict[str, Loop]:
    keeper = DeadLetterKeeper(running.database, running.system, running.bus)
    return {**worker_loops(running.database, running.system, running.settings), "keep dead letters": keeper.run}


def _routes(running: Running) -> list[BaseRoute]:
    told = running.database, running.system, running.settings
    return [*page_routes(*told), *intake_routes(*told)]


def _schema() -> "strawberry.federation.Schema":
    from services.notifier.schema import build_schema  # strawberry: only `web` needs it

    return build_schema()


SERVICE = Service(
    settings=NotifierSettings,
    base=NotifierBase,
    migrations=Path(__file__).parent / "migrations",
    schema=_schema,
    copies=COPIES,
    look=caller,
    reactions=with_webhooks(COPIES, REACTIONS),
    loops=_loops,
    routes=_routes,
    tools=lambda running: tools(running.settings),
)
