"""Where a mail's time goes, as both databases and the sink tell it afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median
from uuid import UUID

from sqlalchemy import text

from bench.notifier.deals import Deals
from bench.notifier.system import Taken
from tests.notifier.house import House


@dataclass(frozen=True)
class Hops:
    """One mail's moments, seconds since 1970."""

    committed: float
    published: float
    told: float
    """Its delivery's transaction began."""
    sending: float
    taken: float


async def hops_of(house: House, deals: Deals, committed: Mapping[UUID, float], taken: Sequence[Taken]) -> list[Hops]:
    """Those of every mail about these events."""
    async with deals.database.engine.connect() as connection:
        scope = text("SELECT set_config('liant.organization', :id, true)")
        await connection.execute(scope, {"id": str(deals.organization)})
        rows = await connection.execute(text("SELECT aggregate_id, extract(epoch FROM published_at) AS at FROM outbox"))
        published = {row.aggregate_id: float(row.at) for row in rows}
    rows_of = await house.rows(
        "SELECT message_id, cause_id, extract(epoch FROM delivery.created_at) AS told,"
        " extract(epoch FROM started_at) AS sending FROM delivery JOIN attempt ON delivery_id = delivery.id"
    )
    of = {row.message_id: row for row in rows_of}
    found = [(of[mail.message_id], mail.at) for mail in taken if of[mail.message_id].cause_id in committed]
    return [
        Hops(committed[row.cause_id], published[row.cause_id], float(row.told), float(row.sending), at)
        for row, at in found
    ]


def told_at_each_hop(hops: Sequence[Hops]) -> str:
    """Medians of each moment after the commit."""
    names = [field.name for field in fields(Hops)][1:]
    return ", ".join(f"{name} {median(getattr(each, name) - each.committed for each in hops):.3f} s" for name in names)
