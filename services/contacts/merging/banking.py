"""Bank details follow sealed: nobody sees them, and each opens for its own account only."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from chassis.database import UnitOfWork
from services.contacts.model import BankAccount

Reseal = Callable[[bytes, UUID, UUID], bytes]
"""What was sealed for one account, sealed for another."""
_SEALED = ("iban_sealed", "bic_sealed", "holder_sealed")


async def take(work: UnitOfWork, winner: UUID, loser: UUID, reseal: Reseal) -> list[int]:
    """Give the winner the loser's bank details where it has none; their positions."""
    await work.session.flush()
    columns = BankAccount
    if await work.session.scalar(select(columns.position).where(columns.account_id == winner).limit(1)) is not None:
        return []
    mine = select(columns).where(columns.account_id == loser).order_by(columns.position)
    rows = [_resealed(row, winner, loser, reseal) for row in await work.session.scalars(mine)]
    if rows:
        await work.session.execute(insert(columns), rows)
    return [row["position"] for row in rows]


async def leave(work: UnitOfWork, winner: UUID, positions: Sequence[int]) -> None:
    """Take away what a merge gave."""
    if positions:
        mine = (BankAccount.account_id == winner, BankAccount.position.in_(positions))
        await work.session.execute(delete(BankAccount).where(*mine))


def _resealed(row: BankAccount, winner: UUID, loser: UUID, reseal: Reseal) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in _SEALED}
    sealed = {name: reseal(value, loser, winner) if value is not None else None for name, value in told.items()}
    return {"organization_id": row.organization_id, "account_id": winner, "position": row.position, **sealed}
