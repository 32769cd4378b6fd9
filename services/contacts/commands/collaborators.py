"""Who has access to the back office."""

from typing import TypedDict
from uuid import UUID

from sqlalchemy import func, select

from chassis.auth import Role
from chassis.database import UnitOfWork
from services.contacts import events, model
from services.contacts.commands.loading import locked
from services.contacts.errors import LastAdmin
from services.contacts.values import EmailAddress, Locale, TimeZone


class CollaboratorValues(TypedDict, total=False):
    """Parsed values of a collaborator; what is absent stays as it is."""

    name: str
    email: EmailAddress
    role: Role
    department: str | None
    locale: Locale
    time_zone: TimeZone


async def create_collaborator(work: UnitOfWork, values: CollaboratorValues) -> UUID:
    """Give somebody access; language and time zone are the organization's unless told. Raises EmailTaken."""
    organization = await locked(work, model.Organization, work.organization)
    inherited = {"locale": organization.locale, "time_zone": organization.time_zone}
    collaborator = model.Collaborator(
        **{**inherited, **values},
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(collaborator)
    await work.session.flush()
    await work.emit(events.collaborator_changed(collaborator))
    return collaborator.id


async def update_collaborator(
    work: UnitOfWork, id: UUID, values: CollaboratorValues, disabled: bool | None, expected: int | None
) -> UUID:
    """Change, disable or enable a collaborator. Raises NotFound, VersionConflict, EmailTaken, LastAdmin."""
    # The organization's row is locked first: two administrators must not demote each other at the same moment.
    await locked(work, model.Organization, work.organization)
    collaborator = await locked(work, model.Collaborator, id)
    demoted = values.get("role", Role.ADMIN) is not Role.ADMIN
    if (demoted or disabled) and await _is_last_admin(work, collaborator):
        raise LastAdmin("disabled" if disabled else "role")
    told = {} if disabled is None else {"disabled_at": collaborator.disabled_at or work.now if disabled else None}
    collaborator.change(expected, work.now, {**values, **told})
    await work.session.flush()
    await work.emit(events.collaborator_changed(collaborator))
    return collaborator.id


async def _is_last_admin(work: UnitOfWork, collaborator: model.Collaborator) -> bool:
    if collaborator.role is not Role.ADMIN or collaborator.disabled_at is not None:
        return False
    columns = model.Collaborator
    others = select(func.count()).where(
        columns.role == Role.ADMIN, columns.disabled_at.is_(None), columns.id != collaborator.id
    )
    return await work.session.scalar(others) == 0
