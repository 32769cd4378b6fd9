"""A sweep and a write on the same deal at the same moment."""

import asyncio
from datetime import timedelta

from chassis.auth import Actor
from chassis.database import Database, utc_now
from chassis.identifiers import parse_id
from services.deals.commands.alerts import wanted_here
from services.deals.commands.events import NewEvent, create_event
from services.deals.commands.raising import raise_alerts
from services.deals.model import Base
from services.deals.queries.wanted import cutoffs
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT as RULE
from services.deals.values.moments import slot
from tests.deals.house import House, Office
from tests.deals.test_alerts import LATER, alerts


async def test_a_sweep_leaves_alone_a_deal_on_which_an_event_is_being_written(house: House, office: Office) -> None:
    deal = await office.a_deal()
    begins = utc_now() + timedelta(days=10)
    planned = NewEvent(
        title="Visite", deal=parse_id("deal", deal), slot=slot(begins, begins + timedelta(hours=1), "Europe/Paris")
    )
    async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        await create_event(work, planned)
        await office.sweep_once(LATER)
    assert await alerts(office) == []
    await office.sweep_once(LATER)
    assert await alerts(office) == []


async def test_an_event_written_while_a_sweep_raises_waits_and_closes_what_was_raised(
    house: House, office: Office
) -> None:
    deal = await office.a_deal()
    later = Database(
        str(house.running.settings.database_url), Base, "deals", pool_size=1, clock=lambda: utc_now() + LATER
    )
    async with later.unit_of_work(Actor.system(office.organization)) as work:
        cut = cutoffs(RULE, await wanted_here(work), work.now, {})
        assert await raise_alerts(work, RULE, cut, [parse_id("deal", deal)]) == 1
        writing = asyncio.create_task(office.an_appointment(24 * 10, dealId=deal))
        done, _ = await asyncio.wait({writing}, timeout=0.5)
        assert not done
    await writing
    await later.close()
    assert [alert["status"] for alert in await alerts(office)] == ["CLOSED"]
