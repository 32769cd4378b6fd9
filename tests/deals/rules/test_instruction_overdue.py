"""The rule of instructions that were not carried out in time."""

from datetime import timedelta
from typing import Any

from chassis.database import utc_now
from services.deals.rules.instruction_overdue import INSTRUCTION_OVERDUE as RULE
from tests.deals.house import Office
from tests.deals.rules.told import the_alert


async def overdue(office: Office) -> dict[str, Any]:
    """The alert of an instruction four days late."""
    due = (utc_now() - timedelta(days=4)).isoformat()
    await office.an_instruction(dealId=await office.a_deal(), title="Envoyer le devis", dueAt=due)
    await office.sweep_once(rules=[RULE])
    alert = await the_alert(office, RULE)
    assert alert is not None
    return alert


async def test_it_waits_for_a_day(office: Office) -> None:
    await office.an_instruction(dealId=await office.a_deal(), dueAt=utc_now().isoformat())
    await office.sweep_once(timedelta(hours=23), [RULE])
    assert await the_alert(office, RULE) is None
    await office.sweep_once(timedelta(hours=25), [RULE])
    assert await the_alert(office, RULE) is not None


async def test_its_reason_names_the_instruction(office: Office) -> None:
    alert = await overdue(office)
    assert alert["reason"].startswith("La consigne « Envoyer le devis » devait être faite le ")
    assert alert["reason"].endswith("il y a 4 jours.")


async def test_the_next_one_late_is_a_cause_of_its_own(office: Office) -> None:
    alert = await overdue(office)
    due = (utc_now() - timedelta(days=2)).isoformat()
    await office.an_instruction(dealId=alert["deal"]["id"], title="Rappeler", dueAt=due)
    remedy = alert["suggestions"][0]
    await office.do(remedy["mutation"], **remedy["variables"]["input"])
    await office.sweep_once(rules=[RULE])
    other = await the_alert(office, RULE)
    assert other is not None and other["predecessor"] == {"id": alert["id"]}
    assert "« Rappeler »" in other["reason"]
