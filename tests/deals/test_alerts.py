"""The one alert rule, end to end: raised by a sweep, taken charge of, and closed by itself."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from chassis.auth import Role
from chassis.database import utc_now
from proto.deals.v1 import messages_pb2 as pb
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT, DealWithoutNextEvent
from tests.deals.house import House, Office

ALERTS = """{ alerts { edges { node { id version rule status severity reason raisedAt takenInChargeAt endedAt
  endingReason takenInChargeBy { id } endedBy { id } addressees { id } predecessor { id } deal { id }
  suggestions { label mutation variables } english: suggestions(locale: "en-GB") { label } } } } }"""
LATER = timedelta(days=3)


async def alerts(office: Office) -> list[dict[str, Any]]:
    """The organization's alerts, newest first."""
    return [edge["node"] for edge in (await office.data(ALERTS))["alerts"]["edges"]]


async def raised(office: Office, **values: Any) -> dict[str, Any]:
    """The alert of a deal of its own that was left alone for three days."""
    await office.a_deal(**values)
    await office.sweep_once(LATER)
    alert, *_ = await alerts(office)
    return alert


async def test_a_deal_left_alone_raises_one_alert_with_reason_and_remedies(house: House, office: Office) -> None:
    deal = await office.a_deal(title="Toiture")
    await office.sweep_once(timedelta(days=1))
    assert await alerts(office) == []
    await asyncio.gather(house.sweep(LATER).turn(), house.sweep(LATER).turn())
    await office.sweep_once(LATER)
    (alert,) = await alerts(office)
    assert (alert["rule"], alert["status"], alert["severity"]) == ("deal_without_next_event", "RAISED", "WARNING")
    assert (alert["deal"], alert["addressees"]) == ({"id": deal}, [{"id": office.id_of()}])
    assert alert["reason"].startswith("Aucun événement n'est prévu, et le dernier remonte à 0 jour (")
    plan, assign = alert["suggestions"]
    assert (plan["label"], plan["mutation"]) == ("Planifier un rendez-vous", "planAppointment")
    assert (assign["label"], assign["mutation"]) == ("Donner une consigne", "giveInstruction")
    assert [one["label"] for one in alert["english"]] == ["Plan an appointment", "Assign an instruction"]
    (told,) = await office.told(pb.AlertRaised)
    assert (told.alert.id, told.alert.subject.deal_title) == (alert["id"], "Toiture")
    assert list(told.alert.addressee_ids) == [office.id_of()]
    assert list(told.alert.figures) == ["last_event_at"]


async def test_each_remedy_runs_as_it_is_and_closes_the_alert(office: Office) -> None:
    for place, mutation in enumerate(("planAppointment", "giveInstruction")):
        alert = await raised(office)
        remedy = alert["suggestions"][place]
        assert remedy["mutation"] == mutation
        made = await office.do(remedy["mutation"], **remedy["variables"]["input"])
        assert made["__typename"] == "Event", made
        closed, *_ = await alerts(office)
        assert (closed["id"], closed["status"], closed["endedBy"]) == (alert["id"], "CLOSED", {"id": office.id_of()})
    assert [told.alert.status for told in await office.told(pb.AlertChanged, 2)] == [pb.Alert.CLOSED] * 2


async def test_an_alert_is_for_the_owner_else_the_manager_else_the_admins(office: Office) -> None:
    manager, gone = await office.a_collaborator("Ana"), await office.a_collaborator("Bob")
    kept, bare = await office.a_contact(manager=manager), await office.a_contact()
    expected = {
        await office.a_deal(ownerId=office.id_of(), primaryContactId=kept): [office.id_of()],
        await office.a_deal(ownerId=gone, primaryContactId=kept): [manager],
        await office.a_deal(ownerId=None, primaryContactId=kept): [manager],
        await office.a_deal(ownerId=None, primaryContactId=bare): [],
    }
    await office.a_collaborator("Bob", version=2, id=gone, disabled=True)
    await office.is_disabled(gone)
    # Before what was raised at once, for want of an owner, goes on to somebody else.
    await office.sweep_once(timedelta(days=2, hours=1))
    assert {
        alert["deal"]["id"]: [one["id"] for one in alert["addressees"]] for alert in await alerts(office)
    } == expected


async def test_of_two_who_take_charge_at_once_one_wins_and_the_other_is_told_who(office: Office) -> None:
    alert = await raised(office)
    query = """mutation($input: TakeChargeOfAlertInput!) { takeChargeOfAlert(input: $input) { __typename
      ... on Alert { status takenInChargeBy { id } }
      ... on AlreadyTakenInCharge { code message takenInChargeBy { id } takenInChargeAt } } }"""
    roles = (Role.COLLABORATOR, Role.ADMIN)
    answers = await asyncio.gather(*(office.data(query, role, input={"id": alert["id"]}) for role in roles))
    results = dict(zip(roles, (answer["takeChargeOfAlert"] for answer in answers), strict=True))
    (winner,) = [role for role, result in results.items() if result["__typename"] == "Alert"]
    (loser,) = set(roles) - {winner}
    assert results[winner]["takenInChargeBy"] == {"id": office.id_of(winner)}
    assert results[loser]["code"] == "ALREADY_TAKEN_IN_CHARGE"
    assert results[loser]["takenInChargeBy"] == {"id": office.id_of(winner)}
    assert f"Camille {winner.value.title()}" in results[loser]["message"]
    again = await office.do("takeChargeOfAlert", winner, show="version", id=alert["id"])
    assert again["version"] == 2


async def test_a_dismissed_alert_stays_quiet_until_its_cause_begins_anew(office: Office) -> None:
    alert = await raised(office)
    await office.do("dismissAlert", id=alert["id"], reason="Client en congé")
    await office.sweep_once(timedelta(days=30), [DEAL_WITHOUT_NEXT_EVENT])
    (dismissed,) = await alerts(office)
    assert (dismissed["status"], dismissed["endingReason"]) == ("DISMISSED", "Client en congé")
    await office.a_note(dealId=dismissed["deal"]["id"])
    await office.sweep_once(timedelta(days=30), [DEAL_WITHOUT_NEXT_EVENT])
    anew, _ = await alerts(office)
    assert (anew["status"], anew["predecessor"]) == ("RAISED", {"id": dismissed["id"]})


async def test_a_snoozed_alert_wakes(office: Office) -> None:
    alert = await raised(office)
    await office.do("takeChargeOfAlert", id=alert["id"])
    until = (utc_now() + timedelta(days=5)).isoformat()
    snoozed = await office.do("snoozeAlert", show="status snoozedUntil", id=alert["id"], until=until)
    assert (snoozed["status"], snoozed["snoozedUntil"]) == ("SNOOZED", until)
    await office.sweep_once(timedelta(days=4))
    assert [one["status"] for one in await alerts(office)] == ["SNOOZED"]
    await office.sweep_once(timedelta(days=6))
    assert [one["status"] for one in await alerts(office)] == ["TAKEN_IN_CHARGE"]


async def test_a_resolved_alert_leaves_time_and_is_over(office: Office) -> None:
    alert = await raised(office)
    resolved = await office.do("resolveAlert", show="status endingReason", id=alert["id"], reason="Appelé")
    assert (resolved["status"], resolved["endingReason"]) == ("RESOLVED", "Appelé")
    late = await office.do("takeChargeOfAlert", id=alert["id"])
    assert (late["__typename"], late["path"]) == ("WrongState", ["id"])
    await office.sweep_once(timedelta(days=1))
    assert len(await alerts(office)) == 1


async def test_a_task_done_late_closes_the_alert_at_once(office: Office) -> None:
    deal = await office.a_deal()
    due = (utc_now() - timedelta(days=4)).isoformat()
    instruction = await office.an_instruction(dealId=deal, dueAt=due)
    await office.sweep_once(LATER, [DEAL_WITHOUT_NEXT_EVENT])
    assert [one["status"] for one in await alerts(office)] == ["RAISED"]
    query = "query($id: ID!) { event(id: $id) { task { id } } }"
    await office.do("completeTask", id=(await office.data(query, id=instruction))["event"]["task"]["id"])
    assert [one["status"] for one in await alerts(office)] == ["CLOSED"]


async def test_the_end_of_a_deal_closes_its_alerts_at_once(office: Office) -> None:
    alert = await raised(office)
    await office.do("changeDealPhase", id=alert["deal"]["id"], phase="LOST", lostReason="Trop cher")
    (closed,) = await alerts(office)
    assert closed["status"] == "CLOSED"
    assert closed["suggestions"] == []


async def test_cancelling_the_appointment_brings_the_alert_back(office: Office) -> None:
    alert = await raised(office)
    planned = await office.an_appointment(24 * 10, dealId=alert["deal"]["id"])
    await office.sweep_once(LATER)
    assert [one["status"] for one in await alerts(office)] == ["CLOSED"]
    await office.do("cancelEvent", id=planned)
    await office.sweep_once(LATER)
    assert [one["status"] for one in await alerts(office)] == ["RAISED", "CLOSED"]


async def test_an_appointment_far_ahead_is_no_excuse(office: Office) -> None:
    deal = await office.a_deal()
    await office.an_appointment(24 * 90, dealId=deal)
    await office.sweep_once(LATER)
    assert [one["status"] for one in await alerts(office)] == ["RAISED"]


async def test_an_organizations_alerts_are_not_seen_by_another(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    alert = await raised(office)
    assert await alerts(other) == []
    refused = await other.do("takeChargeOfAlert", id=alert["id"])
    assert refused["__typename"] == "NotFound"


async def test_one_rules_fault_does_not_stop_the_sweep(office: Office) -> None:
    class Broken(DealWithoutNextEvent):
        def causes(self, now: datetime, lasting: timedelta = timedelta(), among: Any = None) -> Any:
            raise ZeroDivisionError

    await office.a_deal()
    await office.sweep_once(LATER, rules=[Broken(name="broken"), DEAL_WITHOUT_NEXT_EVENT])
    assert [one["rule"] for one in await alerts(office)] == ["deal_without_next_event"]
