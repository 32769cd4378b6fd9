"""Candidates are looked up by the index, however few documents there are."""

from uuid import UUID

from sqlalchemy import text

from chassis.identifiers import parse_id
from services.contacts.duplicates.candidates import candidates, of_person
from services.contacts.duplicates.people import Person
from services.contacts.model import DuplicateKind
from tests.contacts.house import Office

READ = text("SELECT seq_scan, idx_scan FROM pg_stat_xact_all_tables WHERE relname = 'search_entry'")


async def test_a_small_base_is_not_read_once_for_each_record(office: Office) -> None:
    zoe = parse_id("contact", await office.a_contact())
    told = {UUID(int=n): of_person(Person(given="zoe", family="lefebvre")) for n in range(3)}
    async with office.house.running.database.read(office.organization) as read:
        [before] = await read.rows(READ)
        found = await candidates(read.rows, DuplicateKind.CONTACT, told)
        [after] = await read.rows(READ)
    assert found == {id: [zoe] for id in told}
    assert after.seq_scan == before.seq_scan
    assert after.idx_scan >= before.idx_scan + len(told)
