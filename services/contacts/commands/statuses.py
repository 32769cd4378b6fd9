"""Where the firm stands with somebody: guarded steps, each with who, when, why and by which quote."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from chassis.database import UnitOfWork
from chassis.identifiers import format_id, new_id
from chassis.messages import Outgoing
from services.contacts import events, model
from services.contacts.commands import history
from services.contacts.commands.loading import locked_alive
from services.contacts.model import AccountStatus


@dataclass(frozen=True, slots=True)
class Step:
    """What a status becomes, and why."""

    status: AccountStatus
    reason: str | None = None
    quote_id: UUID | None = None


def begun(work: UnitOfWork, row: model.Contact | model.Account, step: Step | None = None) -> dict[str, Any]:
    """A step of a row's commercial history, to be inserted once the row is there."""
    return {
        "id": new_id(),
        "organization_id": row.organization_id,
        "contact_id" if isinstance(row, model.Contact) else "account_id": row.id,
        "status": row.status,
        "at": work.now,
        "by_id": work.actor.collaborator,
        "reason": step.reason if step else None,
        "quote_id": step.quote_id if step else None,
    }


async def begin(work: UnitOfWork, row: model.Contact | model.Account, step: Step) -> None:
    """Begin the commercial history of a new row."""
    # The row must be there before its history: the model knows no relationship between the two.
    await work.session.flush()
    await work.session.execute(insert(_table(row)), [begun(work, row, step)])


async def move(work: UnitOfWork, row: model.Contact | model.Account, step: Step | None) -> list[Outgoing]:
    """Take a step, and give the message that tells it; none where the status is that already.

    Raises StatusNotReachable.
    """
    if step is None or step.status is row.status:
        return []
    row.check_transition(step.status)
    before, row.status = row.status, step.status
    await begin(work, row, step)
    return [
        events.status_changed(row, before, events.Why(work.actor.collaborator, work.now, step.reason, step.quote_id))
    ]


async def become_client(
    work: UnitOfWork, table: type[model.Contact] | type[model.Account], id: UUID, quote_id: UUID, reason: str
) -> bool:
    """An accepted quote makes a client; whether it was none yet. Repeated, it changes nothing.

    Raises NotFound, WrongState.
    """
    row: Any = await locked_alive(work, table, id)
    if row.status is AccountStatus.CLIENT:
        return False
    row.change(None, work.now, {})
    told = await move(work, row, Step(AccountStatus.CLIENT, reason, quote_id))
    await history.record(work, row, cause=format_id("quote", quote_id))
    changed = events.contact_changed(row) if isinstance(row, model.Contact) else events.account_changed(row)
    await work.emit(changed, *told)
    return True


def _table(row: model.Contact | model.Account) -> Any:
    return model.ContactStatusChange if isinstance(row, model.Contact) else model.AccountStatusChange
