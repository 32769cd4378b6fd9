"""The rule of deals that should have been closed by now."""

from datetime import timedelta
from typing import Any

from chassis.database import utc_now
from services.deals.rules.close_date_passed import CLOSE_DATE_PASSED as RULE
from tests.deals.house import Office
from tests.deals.rules.told import the_alert


async def passed(office: Office, phase: str = "OPPORTUNITY") -> dict[str, Any]:
    """The alert of a deal that should have been closed four days ago."""
    await office.a_deal(phase=phase, expectedClose=(utc_now() - timedelta(days=4)).date().isoformat())
    await office.sweep_once(rules=[RULE])
    alert = await the_alert(office, RULE)
    assert alert is not None
    return alert


async def test_it_waits_for_a_whole_day_after_the_date(office: Office) -> None:
    await office.a_deal(expectedClose=utc_now().date().isoformat())
    await office.sweep_once(timedelta(days=1), [RULE])
    assert await the_alert(office, RULE) is None
    await office.sweep_once(timedelta(days=2), [RULE])
    assert await the_alert(office, RULE) is not None


async def test_its_reason_says_the_date_and_how_late(office: Office) -> None:
    alert = await passed(office)
    day = utc_now() - timedelta(days=4)
    assert alert["reason"] == f"La conclusion était attendue le {day:%d/%m/%Y}, il y a 4 jours."
    assert [one["label"] for one in alert["english"]] == ["Set a new date", "Won", "Lost"]


async def test_a_lead_cannot_be_proposed_as_won(office: Office) -> None:
    alert = await passed(office, "LEAD")
    assert [one["label"] for one in alert["english"]] == ["Set a new date", "Lost"]
