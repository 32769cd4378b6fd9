"""The rule of deals that stay in their stage while nothing happens."""

from datetime import timedelta

import pytest

from services.deals.rules.deal_stale_in_stage import DEAL_STALE_IN_STAGE as RULE
from tests.deals.house import Office
from tests.deals.rules.told import the_alert


@pytest.mark.parametrize(("position", "expected"), list(enumerate((30, 21, 14, 7, 5, 30))))
async def test_each_stage_has_its_own_days(office: Office, position: int, expected: int) -> None:
    deal = await office.a_deal(stageId=(await office.stages())[position])
    await office.sweep_once(timedelta(days=expected - 1), [RULE])
    assert await the_alert(office, RULE) is None
    await office.sweep_once(timedelta(days=expected, minutes=1), [RULE])
    alert = await the_alert(office, RULE)
    assert alert is not None and alert["deal"]["id"] == deal


async def test_its_reason_and_remedies_say_the_figures_of_the_stage(office: Office) -> None:
    stages = await office.stages()
    await office.a_deal(stageId=stages[2])
    await office.sweep_once(timedelta(days=15), [RULE])
    alert = await the_alert(office, RULE)
    assert alert is not None
    assert alert["reason"].startswith("Aucun échange depuis 0 jour (")
    assert alert["reason"].endswith("pour 14 attendus à l'étape « Analyse ».")
    relaunch, back, lose = alert["suggestions"]
    assert [one["label"] for one in alert["english"]] == [
        "Relaunch the contact",
        "Move back to the previous stage",
        "Close as lost",
    ]
    assert relaunch["mutation"] == "planAppointment"
    assert back["variables"]["input"]["stageId"] == stages[1]
    assert lose["variables"]["input"]["lostReason"].startswith("Sans nouvelles depuis le ")


async def test_an_appointment_ahead_keeps_it_quiet(office: Office) -> None:
    deal = await office.a_deal(stageId=(await office.stages())[4])
    await office.an_appointment(24 * 8, dealId=deal)
    await office.sweep_once(timedelta(days=7), [RULE])
    assert await the_alert(office, RULE) is None
    await office.sweep_once(timedelta(days=14), [RULE])
    assert await the_alert(office, RULE) is not None
