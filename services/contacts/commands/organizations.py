"""Setting up an organization, and changing it."""

from typing import TypedDict
from uuid import UUID

from sqlalchemy import select

from chassis.auth import Role
from chassis.database import UnitOfWork
from chassis.plans import Plan
from chassis.sharing import Sharing
from services.contacts import events, model
from services.contacts.commands import plans
from services.contacts.commands.loading import locked
from services.contacts.values import Country, EmailAddress, Locale, TimeZone


class OrganizationValues(TypedDict, total=False):
    """Parsed values of an organization."""

    name: str
    locale: Locale
    time_zone: TimeZone
    country: Country
    sharing: Sharing


async def set_up_organization(
    work: UnitOfWork, *, name: str, locale: Locale, time_zone: TimeZone, country: Country, plan: Plan = Plan.PRO
) -> model.Organization:
    """Make the organization that the unit of work is scoped to; PRO begins with its trial."""
    organization = model.Organization(
        id=work.organization,
        name=name,
        locale=locale,
        time_zone=time_zone,
        country=country,
        sharing=Sharing.EVERYTHING,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(organization)
    plans.begin(work, organization, plan)
    await work.emit(events.organization_changed(organization))
    return organization


async def set_up_admin(work: UnitOfWork, *, name: str, email: EmailAddress) -> UUID:
    """The organization's first administrator; who has this address already is left as they are."""
    organization = await locked(work, model.Organization, work.organization)
    columns = model.Collaborator
    found = await work.session.scalar(select(columns.id).where(columns.email == email))
    if found is not None:
        return found
    admin = model.Collaborator(
        organization_id=work.organization,
        name=name,
        email=email,
        role=Role.ADMIN,
        locale=organization.locale,
        time_zone=organization.time_zone,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(admin)
    await work.session.flush()
    await work.emit(events.collaborator_changed(admin))
    return admin.id


async def update_organization(work: UnitOfWork, values: OrganizationValues, expected: int | None) -> UUID:
    """Change the caller's organization. Raises VersionConflict."""
    organization = await locked(work, model.Organization, work.organization)
    organization.change(expected, work.now, {**values})
    await work.emit(events.organization_changed(organization))
    return organization.id
