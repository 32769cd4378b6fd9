"""Values of the fields that an organization adds to its deals."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from chassis.custom_fields import Owner, Told, check_keys, write
from chassis.database import UnitOfWork
from services.deals.model import CustomField, Deal, DealCustomValue
from services.deals.values.links import url


async def set_custom_values(
    work: UnitOfWork, deal: Deal, told: Sequence[Told], *, new: bool = False
) -> dict[str, tuple[Any, Any]]:
    """Write values, those that are not told stay; what changed, for the fact. Raises InvalidInput naming the field.

    A `new` deal needs a value of each required field.
    """
    if not told and not new:
        return {}
    await work.session.flush()
    fields = await _fields(work)
    check_keys(told, fields, new=new)
    made = await write(work, Owner(DealCustomValue, "deal_id", deal.id), fields, told, url)
    return {f"custom.{each.key}": (each.before, each.after) for each in made}


async def _fields(work: UnitOfWork) -> dict[str, CustomField]:
    """Held as they are while values are written: what contacts tells of them meanwhile waits."""
    mine = select(CustomField).where(CustomField.deleted.is_(False)).order_by(CustomField.id)
    return {field.key: field for field in await work.session.scalars(mine.with_for_update(read=True))}
