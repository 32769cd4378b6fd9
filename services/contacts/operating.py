"""Plans, from the operators' command line: what no administrator does by themselves, and always with a name.

`python -m services.contacts plan show | subscribe | unsubscribe | extend | crm | pro --organization NAME-OR-ID …`
"""

import argparse
import json
import sys
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import telemetry
from chassis.auth import Actor
from chassis.database import Database, UnitOfWork, create_engine
from chassis.errors import DomainError
from chassis.identifiers import format_id, parse_id
from chassis.plans import Plan
from chassis.text import line
from services.contacts import events, model
from services.contacts.commands import plans
from services.contacts.commands.loading import locked
from services.contacts.settings import ContactsSettings

ACTS = ("show", "tell", "subscribe", "unsubscribe", "extend", "crm", "pro")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line's options. Ends the process where one is missing."""
    parser = argparse.ArgumentParser("python -m services.contacts plan")
    parser.add_argument("act", choices=ACTS, help="`tell` only tells the other services again")
    parser.add_argument("--organization", required=True, help="its name or its id")
    parser.add_argument("--operator", help="who does it; needed for everything but show")
    parser.add_argument("--note", help="why: an invoice, a request")
    parser.add_argument("--days", type=int, default=15, help="of extend")
    told = parser.parse_args(arguments)
    if told.act != "show" and not told.operator:
        parser.error("say who does it: --operator NAME")
    if told.days < 1:
        parser.error("--days must be at least 1")
    return told


async def plan(arguments: Sequence[str]) -> None:
    """Do it, and print what the organization has then as one JSON line."""
    told = parse(arguments)
    settings = ContactsSettings.load_or_exit()
    telemetry.configure(settings, "contacts-plan")
    database = Database(str(settings.database_url), model.Base, "contacts")
    system = create_engine(str(settings.database_system_url))
    try:
        organization = await _find(system, told.organization)
        async with database.unit_of_work(Actor.system(organization)) as work:
            await _act(work, told)
        async with database.unit_of_work(Actor.system(organization)) as work:
            sys.stdout.write(json.dumps(await _shown(work)) + "\n")
    except DomainError as error:
        raise SystemExit(error.message) from None
    finally:
        await database.close()
        await system.dispose()


async def _find(system: AsyncEngine, name: str) -> UUID:
    columns = model.Organization
    wanted = [columns.name == name]
    if name.startswith("organization_"):
        wanted.append(columns.id == parse_id("organization", name, "organization"))
    async with system.connect() as connection:
        found = (await connection.scalars(select(columns.id).where(or_(*wanted)))).all()
    if len(found) != 1:
        raise SystemExit(f"{len(found)} organizations are called {name}: give an id.")
    return found[0]


async def _act(work: UnitOfWork, told: argparse.Namespace) -> None:
    by = plans.By(line(told.operator, "operator") if told.operator else None, told.note)
    match told.act:
        case "subscribe":
            await plans.subscribe(work, by)
        case "unsubscribe":
            await plans.unsubscribe(work, by)
        case "extend":
            await plans.extend_trial(work, by, told.days)
        case "crm" | "pro":
            await plans.change_plan(work, Plan(told.act.upper()), by)
        case "tell":
            organization = await locked(work, model.Organization, work.organization)
            organization.change(None, work.now, {})
            await work.emit(events.organization_changed(organization))


async def _shown(work: UnitOfWork) -> dict[str, str | None]:
    organization = await locked(work, model.Organization, work.organization)
    ends = organization.trial_ends_at
    return {
        "organization": format_id("organization", organization.id),
        "name": organization.name,
        "plan": organization.plan.value,
        "state": organization.plan_standing.state(work.now).value,
        "trialEndsAt": ends.isoformat() if ends else None,
        "subscribedAt": organization.subscribed_at.isoformat() if organization.subscribed_at else None,
    }
