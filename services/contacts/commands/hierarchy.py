"""Companies that belong to companies: no circle, and no more than MAX_LEVELS above one another."""

from uuid import UUID

from sqlalchemy import text

from chassis.database import UnitOfWork
from services.contacts import model
from services.contacts.commands.loading import locked_alive
from services.contacts.errors import ParentLoop, ParentTooDeep

MAX_LEVELS = 10
# Changes of an organization's tree take turns: two that are harmless by themselves may close a circle together.
_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('account_parent' || :organization, 0))")
_ABOVE = text(
    "WITH RECURSIVE above (id, parent_id, level) AS ("
    " SELECT id, parent_id, 1 FROM account WHERE id = :parent"
    " UNION ALL SELECT account.id, account.parent_id, level + 1 FROM account JOIN above ON account.id = above.parent_id"
    " WHERE level <= :most) SELECT id FROM above"
)
_BENEATH = text(
    "WITH RECURSIVE beneath (id, level) AS ("
    " SELECT id, 1 FROM account WHERE id = :own"
    " UNION ALL SELECT account.id, level + 1 FROM account JOIN beneath ON account.parent_id = beneath.id"
    " WHERE level <= :most) SELECT max(level) FROM beneath"
)


async def check_parent(work: UnitOfWork, own: UUID | None, parent: UUID | None) -> None:
    """Raise NotFound, WrongState, ParentLoop or ParentTooDeep where an account cannot belong to `parent`.

    Call it before any row of the unit of work is locked; `own` is None for an account that is not there yet.
    """
    if parent is None:
        return
    await work.session.execute(_TURN, {"organization": str(work.organization)})
    above = list(await work.session.scalars(_ABOVE, {"parent": parent, "most": MAX_LEVELS}))
    if own is not None and own in above:
        raise ParentLoop
    beneath = await work.session.scalar(_BENEATH, {"own": own, "most": MAX_LEVELS}) if own else 1
    if len(above) + (beneath or 1) > MAX_LEVELS:
        raise ParentTooDeep(MAX_LEVELS)
    await locked_alive(work, model.Account, parent, "parentId")
