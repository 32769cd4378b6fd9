"""Two organizations side by side: the database itself keeps them apart."""

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from chassis import migrations
from chassis.auth import Actor, Role
from chassis.database import create_engine
from chassis.identifiers import new_id
from services.deals.model import Base, Deal, Notification, Organization, Pipeline
from tests.deals.house import House, Office
from tests.deals.quotes.desk import a_billed_deal
from tests.deals.rules.test_address_bounces import bounced
from tests.deals.test_alert_settings import changed
from tests.deals.test_alerts import raised
from tests.deals.test_appointments import WEEKLY, a_series
from tests.deals.test_comments import do
from tests.deals.test_custom_fields import a_field
from tests.deals.test_groups import a_group
from tests.deals.test_merging import Told
from tests.deals.test_teams import a_team

BUSY = sorted(set(Base.metadata.tables) - {"interlocutor", "idempotency", "inbox", "account"})


async def test_no_table_is_without_row_level_security(house: House) -> None:
    engine = create_engine(house.owner_url)
    try:
        assert await migrations.unprotected_tables(engine) == []
    finally:
        await engine.dispose()


async def fill(office: Office, deal: str) -> None:
    """Rows in the tables that deals alone do not fill."""
    rule = "mutation($i: ChooseToFollowInput!) { chooseToFollow(input: $i) { __typename } }"
    await office.data(rule, i={"kind": "ABOVE_AMOUNT", "amount": "1", "currency": "EUR"})
    for close in ("2027-01-01", "2027-02-01"):
        await office.do("updateDeal", id=deal, expectedClose=close, amount="5", currency="EUR")
    await office.do("unfollowDeal", dealId=deal)
    document = "mutation($i: AddDocumentInput!) { addDocument(input: $i) { __typename } }"
    await office.data(document, i={"title": "Plan", "url": "https://a.example/", "dealId": deal})
    await office.do("followDeal", dealId=deal, collaboratorId=office.id_of(Role.ADMIN))
    await changed(office, "excludeFromAlerts", dealId=deal, reason="Litige")
    await changed(office, "addClosure", firstDay="2026-12-24", lastDay="2026-12-31", label="Fêtes")
    await changed(office, "updateAlertRule", rule="close_date_passed", steps=[2])
    comment = await do(office, "writeComment", dealId=deal, body="A")
    await do(office, "editComment", id=comment["id"], body="B")
    await a_field(office, "site")
    await office.do("updateDeal", id=deal, customValues=[{"key": "site", "text": "Port"}])
    message = "mutation($i: WriteMessageInput!) { writeMessage(input: $i) { __typename } }"
    await office.data(message, i={"dealId": deal, "subject": "A", "body": "B"})
    series = await a_series(office, dealId=deal, attendeeIds=[office.id_of()])
    first, later = WEEKLY["startsAt"], {"startsAt": "2027-03-23T09:00:00Z", "endsAt": "2027-03-23T10:00:00Z"}
    await office.do("moveOccurrence", Role.COLLABORATOR, id=series, occurrence=first, **later)
    told = Told(office)
    winner, loser = await told.contact("Zoé"), await told.contact("Zoe")
    await office.a_deal(primaryContactId=loser)
    await told.merge(winner, loser)
    await told.pair(winner, loser)
    await bounced(office, winner, hard=1)


async def test_a_query_that_forgot_its_filter_sees_one_organization(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    for one in (office, other):
        alert = await raised(one)
        contact = await one.a_contact()
        await one.do("addParticipant", dealId=alert["deal"]["id"], contactId=contact, part="conseil")
        await one.do("followDeal", dealId=alert["deal"]["id"])
        await one.an_instruction(dealId=alert["deal"]["id"], concernedIds=[one.id_of()])
        await a_billed_deal(one)
        await one.do("followDeal", dealId=alert["deal"]["id"], teamId=await a_team(one, one.id_of()))
        await a_group(one, contact)
        await fill(one, alert["deal"]["id"])
    for one in (office, other):
        async with house.running.database.read(one.organization) as session:
            for name in BUSY:
                table = Base.metadata.tables[name]
                tenant = table.c.id if table is Organization.__table__ else table.c.organization_id
                assert set(await session.scalars(select(tenant))) == {one.organization}, name


async def test_without_a_scope_nothing_is_seen(house: House, office: Office) -> None:
    await office.a_deal()
    async with house.running.database.engine.connect() as connection:
        for table in Base.metadata.tables.values():
            assert (await connection.execute(select(table))).first() is None, table.name


async def test_a_row_cannot_be_written_into_another_organization(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    deal = await other.a_deal()
    values = {"id": new_id(), "organization_id": other.organization, "name": "X", "is_default": False}
    with pytest.raises(DBAPIError, match="row-level security"):
        async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
            await work.session.execute(insert(Pipeline).values(created_at=work.now, **values))
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        done = await work.session.execute(update(Deal).values(title="volé").returning(Deal.id))
        assert done.all() == []
    asked = await other.data("query($id: ID!) { deal(id: $id) { title } }", id=deal)
    assert asked["deal"]["title"] == "Toiture de la boulangerie"


@pytest.mark.parametrize("statement", ["UPDATE notification SET kind = 'x'", "DELETE FROM notification"])
async def test_a_fact_is_neither_edited_nor_deleted(house: House, office: Office, statement: str) -> None:
    await office.a_deal()
    with pytest.raises(DBAPIError, match="permission denied"):
        async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
            await work.session.execute(text(statement))
    async with house.running.database.read(office.organization) as session:
        assert await session.scalar(select(Notification.kind)) == "deal_created"


async def test_the_sweeps_role_reads_what_rules_need_and_writes_none_of_it(house: House, office: Office) -> None:
    await office.a_deal()
    async with house.running.system.connect() as connection:
        assert (await connection.execute(select(Deal.id))).first() is not None
    for statement in ("UPDATE deal SET title = 'x'", "DELETE FROM alert", "SELECT * FROM notification"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with house.running.system.begin() as connection:
                await connection.execute(text(statement))
