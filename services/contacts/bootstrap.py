"""Setting up an organization with its first administrator, from the command line."""

import argparse
import json
import sys
from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import telemetry
from chassis.auth import Actor
from chassis.database import Database, create_engine
from chassis.errors import DomainError
from chassis.identifiers import format_id, new_id
from chassis.plans import Plan
from chassis.text import line
from services.contacts import model, values
from services.contacts.commands import organizations
from services.contacts.settings import ContactsSettings

_LOCK = 0xB007
_log = structlog.get_logger(__name__)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line's options. Ends the process where one is missing."""
    parser = argparse.ArgumentParser("python -m services.contacts bootstrap")
    parser.add_argument("--organization", required=True, help="its name")
    parser.add_argument("--locale", default="fr", help="fr or en")
    parser.add_argument("--time-zone", default="Europe/Paris", help="an IANA name")
    parser.add_argument("--country", default=values.DEFAULT_COUNTRY, help="two letters")
    parser.add_argument("--admin-name", required=True)
    parser.add_argument("--admin-email", required=True)
    parser.add_argument("--plan", choices=[plan.value for plan in Plan], default=Plan.PRO.value, help="PRO is a trial")
    return parser.parse_args(arguments)


async def bootstrap(arguments: Sequence[str]) -> None:
    """Make the organization and its administrator where they are not there yet; print their ids as one JSON line."""
    told = parse(arguments)
    settings = ContactsSettings.load_or_exit()
    telemetry.configure(settings, "contacts-bootstrap")
    database = Database(str(settings.database_url), model.Base, "contacts")
    system = create_engine(str(settings.database_system_url))
    try:
        organization, collaborator = await _set_up(told, database, system)
    except DomainError as error:
        raise SystemExit(f"{'.'.join(error.path)}: {error.message}") from None
    finally:
        await database.close()
        await system.dispose()
    ids = {
        "organization": format_id("organization", organization),
        "collaborator": format_id("collaborator", collaborator),
    }
    sys.stdout.write(json.dumps(ids) + "\n")


async def _set_up(told: argparse.Namespace, database: Database, system: AsyncEngine) -> tuple[UUID, UUID]:
    name = line(told.organization, "organization")
    admin = line(told.admin_name, "adminName")
    email = values.parse_email(told.admin_email, "adminEmail")
    async with system.connect() as connection:
        # Two of these at once must not make two organizations of one name. The lock ends with the transaction.
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = await connection.scalar(select(model.Organization.id).where(model.Organization.name == name))
        actor = Actor.system(found or new_id())
        async with database.unit_of_work(actor) as work:
            if found is None:
                await organizations.set_up_organization(
                    work,
                    name=name,
                    locale=values.parse_locale(told.locale, "locale"),
                    time_zone=values.parse_time_zone(told.time_zone, "timeZone"),
                    country=values.parse_country(told.country, "country"),
                    plan=Plan(told.plan),
                )
            collaborator = await organizations.set_up_admin(work, name=admin, email=email)
    _log.info("organization ready", name=name, made=found is None)
    return actor.organization, collaborator
