"""The catalogue, and who the organization is on paper."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import UnitOfWork
from chassis.errors import AlreadyExists, VersionConflict
from chassis.identifiers import new_id
from services.deals.commands.locking import locked
from services.deals.model import Letterhead, Product
from services.deals.values.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A product or service to put into the catalogue: parsed values of its columns."""

    values: dict[str, Any]
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChange:
    """What a product becomes: columns that the caller gave; `archived` to take it out of the catalogue, or back."""

    id: UUID
    expected_version: int | None
    changes: dict[str, Any]
    archived: bool | None = None
    references: tuple[Reference, ...] = ()


async def create_product(work: UnitOfWork, order: NewProduct) -> UUID:
    """Put something into the catalogue. Raises AlreadyExists for a code that is in use."""
    await _check_sku(work, order.values.get("sku"), None)
    product = Product(
        **order.values,
        id=new_id(),
        organization_id=work.organization,
        version=1,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(product)
    await work.session.flush()
    return product.id


async def update_product(work: UnitOfWork, order: ProductChange) -> UUID:
    """Change what the catalogue proposes; lines keep their prices. Raises NotFound, VersionConflict, AlreadyExists."""
    product = await locked(work, Product, order.id, version=order.expected_version)
    changes = dict(order.changes)
    if order.archived is not None and order.archived != (product.archived_at is not None):
        changes["archived_at"] = work.now if order.archived else None
    for name, value in changes.items():
        setattr(product, name, value)
    if product.archived_at is None:
        await _check_sku(work, product.sku, product.id)
    if changes:
        product.version, product.updated_at = product.version + 1, work.now
    return product.id


async def _check_sku(work: UnitOfWork, sku: str | None, mine: UUID | None) -> None:
    if sku is None:
        return
    with work.session.no_autoflush:
        taken = select(Product.id).where(Product.sku == sku, Product.archived_at.is_(None))
        if (await work.session.scalar(taken.with_for_update())) not in (None, mine):
            raise AlreadyExists(f"Another product has the code {sku}.", "sku")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterheadChange:
    """Who the organization is on paper, whole."""

    values: dict[str, Any]
    expected_version: int | None
    references: tuple[Reference, ...] = ()


async def set_letterhead(work: UnitOfWork, order: LetterheadChange) -> UUID:
    """Say who the organization is on paper; papers that were made stay. Raises VersionConflict."""
    current = await work.session.scalar(
        select(Letterhead.version).where(Letterhead.organization_id == work.organization).with_for_update()
    )
    if order.expected_version is not None and order.expected_version != (current or 0):
        raise VersionConflict(order.expected_version, current or 0)
    values = {**order.values, "updated_at": work.now}
    statement = insert(Letterhead).values(organization_id=work.organization, version=1, **values)
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=[Letterhead.organization_id], set_={**values, "version": Letterhead.version + 1}
        )
    )
    return work.organization
