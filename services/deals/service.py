"""How the deals service is composed."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from starlette.routing import BaseRoute

from chassis import telemetry
from chassis.database import Database, create_engine
from chassis.lifecycle import Loop
from chassis.service import Running, Service
from services.deals.expiring import Expiry
from services.deals.handlers import COPIES
from services.deals.model import Base
from services.deals.queries.copies import caller
from services.deals.reactions import REACTIONS
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT
from services.deals.settings import DealsSettings
from services.deals.tools import tools
from services.deals.worker import Sweep

if TYPE_CHECKING:
    import strawberry

_HELD_SECONDS = 1.0
_log = structlog.get_logger(__name__)


def thresholds(settings: DealsSettings) -> dict[str, timedelta]:
    """How long each rule waits, where settings say so."""
    return {DEAL_WITHOUT_NEXT_EVENT.name: timedelta(seconds=settings.next_event_seconds)}


def loops(running: Running) -> dict[str, Loop]:
    """What the worker runs besides relay and consumers."""
    settings: DealsSettings = running.settings
    expiry = Expiry(running.system, running.database, settings.quote_sweep_seconds)
    return {"sweep": _sweep(settings, running.database).run, "expiry": expiry.run}


def _sweep(settings: DealsSettings, database: Database) -> Sweep:
    # Of its own: one statement of an audit may take longer than any other.
    system = create_engine(
        str(settings.database_system_url),
        pool_size=1,
        application="liant-deals-sweep",
        statement_seconds=settings.audit_statement_seconds,
    )
    return Sweep(system, database, thresholds(settings), settings.sweep_seconds, audit_hour=settings.audit_hour)


async def audit() -> None:
    """Have every rule look at everything now, and see to what no turn had found. Waits for the turn that is held."""
    settings = DealsSettings.load_or_exit()
    telemetry.configure(settings, "deals-audit")
    database = Database(str(settings.database_url), Base, "deals", pool_size=1)
    sweep = _sweep(settings, database)
    while (missed := await sweep.audit()) is None:  # noqa: ASYNC110  # another process's turn
        await asyncio.sleep(_HELD_SECONDS)
    await database.close()
    _log.info("audited by hand", missed=missed)


def _routes(running: Running) -> list[BaseRoute]:
    from services.deals.pages import page_routes  # templates: only `web` needs them

    return page_routes(running.database, running.system, tools(running.settings))


def _schema() -> "strawberry.federation.Schema":
    from services.deals.schema import build_schema  # strawberry: only `web` needs it

    return build_schema()


SERVICE = Service(
    settings=DealsSettings,
    base=Base,
    migrations=Path(__file__).parent / "migrations",
    schema=_schema,
    copies=COPIES,
    reactions=REACTIONS,
    look=caller,
    tools=lambda running: tools(running.settings),
    loops=loops,
    routes=_routes,
)
