"""The rule of deals whose close date is put off again and again."""

from datetime import timedelta
from typing import Any

from chassis.database import utc_now
from services.deals.rules.close_date_pushed import CLOSE_DATE_PUSHED as RULE
from tests.deals.house import Office
from tests.deals.rules.told import the_alert


async def pushed(office: Office, times: int) -> str:
    """A deal whose close date was put off so often."""
    begins = utc_now().date() + timedelta(days=10)
    deal = await office.a_deal(expectedClose=begins.isoformat())
    for number in range(1, times + 1):
        await office.do("updateDeal", id=deal, expectedClose=(begins + timedelta(days=number)).isoformat())
    return deal


async def raised(office: Office, times: int = 3) -> dict[str, Any]:
    """The alert of a deal put off so often."""
    await pushed(office, times)
    await office.sweep_once(rules=[RULE])
    alert = await the_alert(office, RULE)
    assert alert is not None
    return alert


async def test_two_pushes_and_a_nearer_date_are_none_too_many(office: Office) -> None:
    deal = await pushed(office, 2)
    await office.do("updateDeal", id=deal, expectedClose=utc_now().date().isoformat())
    await office.sweep_once(rules=[RULE])
    assert await the_alert(office, RULE) is None


async def test_the_third_is_and_its_reason_counts(office: Office) -> None:
    alert = await raised(office)
    told = f"La date de conclusion a été repoussée 3 fois à cette étape, la dernière le {utc_now():%d/%m/%Y}."
    assert alert["reason"] == told
    await office.sweep_once(rules=[RULE])
    again = await the_alert(office, RULE)
    assert again is not None and again["id"] == alert["id"]


async def test_another_push_is_the_same_alert(office: Office) -> None:
    alert = await raised(office)
    later = (utc_now() + timedelta(days=60)).date().isoformat()
    await office.do("updateDeal", id=alert["deal"]["id"], expectedClose=later)
    await office.sweep_once(rules=[RULE])
    again = await the_alert(office, RULE)
    assert again is not None and again["id"] == alert["id"]


async def test_another_stage_requalifies_the_deal(office: Office) -> None:
    alert = await raised(office)
    await office.do("moveDealToStage", id=alert["deal"]["id"], stageId=(await office.stages())[1])
    assert await the_alert(office, RULE, "CLOSED") is not None
