"""Two organizations in one database: PostgreSQL itself keeps them apart."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from chassis import migrations, revisions
from chassis.auth import Actor, Role
from chassis.database import create_engine
from chassis.errors import NotFound
from chassis.identifiers import format_id, new_id, parse_id
from services.contacts import model
from services.contacts.commands import contacts as commands
from services.contacts.service import SERVICE
from services.contacts.settings import doors
from tests.contacts.cards.desk import Side, a_browser, offered
from tests.contacts.duplicates.test_duplicates import settle
from tests.contacts.house import House, Office
from tests.contacts.importing.jobs import Desk
from tests.contacts.merging.test_merge import merge
from tests.contacts.pictures.pictures import a_jpeg
from tests.contacts.pictures.test_photos import given
from tests.contacts.privacy.test_disclosing import export
from tests.contacts.privacy.test_erasing import erase
from tests.contacts.privacy.test_purging import purge
from tests.contacts.test_custom_fields import a_field
from tests.contacts.test_doors import _invite, _link, _post, _sign_in
from tests.contacts.test_fieldwork import created
from tests.contacts.test_plans import _do

# A person belongs to no organization: within the scope of one, nobody sees any.
OF_NOBODY = ("inbox", "person", "person_address")
TENANT_TABLES = [table for table in model.Base.metadata.sorted_tables if table.name not in OF_NOBODY]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def other(house: House) -> Office:
    """Another organization, with a row in every table."""
    other = await house.organization("Autre cabinet")
    tag = await other.do("createTag", {"name": "VIP"})
    for subject in ("CONTACT", "ACCOUNT"):
        await a_field(other, "size", subject)
    custom = [{"key": "size", "text": "x"}]
    contact = await other.a_contact(
        emails=[{"address": "a@b.example"}],
        phones=[{"number": "0123456789"}],
        addresses=[{"lines": "1 rue"}],
        tagIds=[tag["id"]],
        customValues=custom,
        idempotencyKey="k",
    )
    account = await other.an_account(
        addresses=[{"lines": "1 rue"}],
        emails=[{"address": "a@b.example"}],
        phones=[{"number": "0123456789"}],
        tagIds=[tag["id"]],
        customValues=custom,
    )
    bank = {"iban": "FR1420041010050500013M02606"}
    await other.do("updateAccount", {"id": account, "bankAccounts": [bank]}, Role.ADMIN)
    await other.do("createInterlocutor", {"contactId": contact, "accountId": account})
    await settle(other, "dismissDuplicate", {"firstId": contact, "secondId": await other.a_contact()})
    await settle(other, "startDuplicateSearch", {})
    await merge(other, await other.a_contact(), await other.a_contact())
    forgotten = await other.a_contact(emails=[{"address": "oubli@b.example"}])
    await export(other, contact)
    await erase(other, forgotten, "Zoé Lefèvre")
    await purge(other, forgotten)
    desk = Desk(other)
    await desk.done("Nom;E-mail;Id;Société\nDurand;pas une adresse;C1;Quincaillerie Durand\n")
    await desk.ready("Nom;E-mail\nMartin;m@d.example\n")  # its file is still kept
    await given(other, contact, a_jpeg())
    await created(other, {"clientId": str(new_id()), "capturedAt": "2026-11-02T09:00:00Z", "company": "Port"})
    await other.do("createGroup", {"name": "Nord", "contactIds": [contact]})
    await other.do("createTeam", {"name": "Nord", "memberIds": [other.id_of(Role.ADMIN)]}, Role.ADMIN)
    side = Side(other)
    link = await side.a_link(await side.a_card())
    async with a_browser(house) as visitor:
        assert (await offered(visitor, link["url"])).status_code == 303
    await come_in(house, other, "visite@autre.example")
    followed = format_id("organization", (await house.organization("Chambre des métiers")).organization)
    await _do(other, "followOrganization", {"organizationId": followed})
    return other


async def come_in(house: House, office: Office, email: str) -> None:
    """Somebody is invited, accepts, and signs in."""
    opened = doors(house.running)
    assert opened is not None
    links = opened.keeper.signer
    invited = await _invite(office, email=email)
    assert (await _post(house, f"/invitations/{_link(links, office, invited)}")).status_code == 200
    entered = await _sign_in(house, links, office, email)
    assert entered.status_code == 200, entered.text


@pytest_asyncio.fixture
async def owner(house: House) -> AsyncIterator[object]:
    """An engine of the tables' owner."""
    engine = create_engine(house.owner_url)
    yield engine
    await engine.dispose()


async def test_the_migrated_database_is_the_model_and_no_table_is_unprotected(house: House) -> None:
    assert await migrations.differences(house.owner_url, model.Base.metadata) == []
    assert await migrations.unprotected_tables(house.running.system) == []
    await revisions.check_at_head(house.running.database.engine, SERVICE.migrations)


async def test_a_query_without_a_filter_sees_nothing_of_another_organization(
    house: House, office: Office, other: Office
) -> None:
    for table in TENANT_TABLES:
        mine = table.c["id" if table is model.Organization.__table__ else "organization_id"]
        async with house.running.database.read(other.organization) as read:
            assert await read.scalar(select(func.count()).select_from(table)) > 0, f"{table.name} has no row to hide"
        async with house.running.database.read(office.organization) as read:
            assert {row[0] for row in await read.rows(select(mine))} <= {office.organization}, table.name


async def test_without_a_scope_nothing_is_seen(house: House, other: Office) -> None:
    for table in model.Base.metadata.sorted_tables:
        async with house.running.database.engine.connect() as connection:
            assert await connection.scalar(select(func.count()).select_from(table)) == 0, table.name


async def test_persons_are_of_no_organization(house: House, other: Office) -> None:
    for table in (model.Base.metadata.tables[name] for name in ("person", "person_address")):
        async with house.running.system.connect() as connection:
            assert (await connection.scalar(select(func.count()).select_from(table)) or 0) > 0
        async with house.running.database.read(other.organization) as read:
            assert await read.scalar(select(func.count()).select_from(table)) == 0


async def test_a_row_for_another_organization_is_refused_by_the_database(
    house: House, office: Office, other: Office
) -> None:
    row = model.Contact(
        organization_id=other.organization,
        given_name="Intrus",
        version=1,
        created_at=datetime.now(UTC),
        updated_at=datetime.now(UTC),
    )
    with pytest.raises(DBAPIError, match="row-level security"):
        async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
            work.session.add(row)


async def test_an_update_without_a_filter_stays_within_the_organization(
    house: House, office: Office, other: Office
) -> None:
    await office.a_contact()
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        done = await work.session.execute(update(model.Contact).values(notes="ours").returning(model.Contact.id))
        assert len(done.all()) == 1


async def test_a_reference_cannot_cross_the_border_even_for_the_tables_owner(
    house: House, office: Office, other: Office, owner: object
) -> None:
    mine, theirs = parse_id("contact", await office.a_contact()), other.actors[next(iter(other.actors))].collaborator
    statement = text("UPDATE contact SET relationship_manager_id = :theirs WHERE id = :mine")
    async with owner.begin() as connection:  # type: ignore[attr-defined]  # an AsyncEngine
        await connection.execute(text("ALTER TABLE contact NO FORCE ROW LEVEL SECURITY"))
        with pytest.raises(DBAPIError, match="foreign key"):
            await connection.execute(statement, {"mine": mine, "theirs": theirs})
        await connection.rollback()


async def test_a_scope_does_not_outlive_its_transaction(house: House, other: Office) -> None:
    for _ in range(20):
        async with house.running.database.read(other.organization) as read:
            assert (await read.scalar(select(func.count()).select_from(model.Contact)) or 0) > 0
        async with house.running.database.engine.connect() as connection:
            assert await connection.scalar(select(func.count()).select_from(model.Contact)) == 0


async def test_a_read_view_cannot_write(house: House, other: Office) -> None:
    async with house.running.database.read(other.organization) as read:
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await read.rows(update(model.Contact).values(notes="x").returning(model.Contact.id))


async def test_a_unit_of_work_that_raises_writes_nothing(house: House, office: Office) -> None:
    with pytest.raises(NotFound):
        async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
            await commands.create_contact(work, commands.ContactValues(given_name="Zoé"))
            raise NotFound("contact", new_id())
    assert (await office.data("{ contacts { totalCount } }"))["contacts"]["totalCount"] == 0


async def test_the_system_role_looks_at_people_and_changes_none(house: House, other: Office) -> None:
    async with house.running.system.connect() as connection:
        assert (await connection.scalar(select(func.count()).select_from(model.Collaborator)) or 0) > 0
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.execute(update(model.Collaborator).values(name="x"))
        await connection.rollback()
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.scalar(select(func.count()).select_from(model.Contact))
