"""The planner's statistics are renewed while an import fills its tables."""

from sqlalchemy import text

from chassis.auth import Actor
from services.contacts.importing import statistics
from tests.contacts.house import Office

_PAGES = text(
    "SELECT relname, relpages, pg_relation_size(oid) / current_setting('block_size')::integer AS size"
    " FROM pg_class WHERE relname IN ('contact', 'contact_email', 'search_entry')"
)


def test_they_are_looked_at_each_time_that_so_many_batches_were_written_again() -> None:
    assert [batch for batch in range(20) if statistics.are_due(batch)] == [0, 1, 2, 4, 8, 16]


async def test_a_table_that_has_doubled_is_known_to_have_and_its_owner_alone_is_needed(office: Office) -> None:
    await office.a_contact(emails=[{"address": "zoe@exemple.fr"}])
    database = office.house.running.database
    async with database.unit_of_work(Actor.system(office.organization)) as work:
        await statistics.renew(work)
    async with database.read(office.organization) as read:
        known = await read.rows(_PAGES)
    assert len(known) == 3
    assert all(0 < table.size <= 2 * table.relpages for table in known), known
