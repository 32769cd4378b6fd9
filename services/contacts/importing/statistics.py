"""The planner's statistics while an import fills its tables.

A session plans its checks of foreign keys once, and again when a table's statistics are renewed. Those planned for an
empty table read everything of the organization for each row, until autovacuum comes by.
"""

from sqlalchemy import text

from chassis.database import UnitOfWork

TABLES = ("contact", "contact_email", "contact_phone", "contact_address", "account", "interlocutor", "search_entry")
_RENEW = text("SELECT renew_statistics(CAST(:tables AS text[]))")


def are_due(batch: int) -> bool:
    """Whether to look before this batch, counted from 0: each time that so many have been written again."""
    return batch & (batch - 1) == 0


async def renew(work: UnitOfWork) -> None:
    """Renew those of tables that have doubled; in a transaction of its own, since it locks them against autovacuum."""
    await work.session.execute(_RENEW.bindparams(tables=[*TABLES]))
