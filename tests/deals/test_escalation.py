"""Alerts of which nobody takes charge, and suggestions carried out in an alert's name."""

from datetime import timedelta
from typing import Any

from chassis.database import utc_now
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from proto.deals.v1 import messages_pb2 as deals
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT as RULE
from tests.deals.house import Office
from tests.deals.test_alerts import alerts, raised

LATER = timedelta(days=3)
APPLY = """mutation($input: ApplySuggestionInput!) { applySuggestion(input: $input) { __typename
  ... on Alert { id status endingRemedy } ... on SuggestionElsewhere { mutation variables }
  ... on Error { code message path } } }"""


async def a_team_led_by(office: Office, lead: str, member: str) -> None:
    """Tell of a team."""
    id = format_id("team", new_id())
    body = pb.Team(id=id, name="Ouest", lead_id=lead, member_ids=[lead, member])
    await office.tell("team", parse_id("team", id), pb.TeamChanged(team=body))
    await office.knows(id)


async def test_it_goes_to_the_manager_then_to_the_administrators(office: Office) -> None:
    boss = await office.a_collaborator("Béatrice")
    await office.knows(boss)
    await a_team_led_by(office, boss, office.id_of())
    await raised(office)
    expected = [(5, [office.id_of()], 0), (7, [boss], 1), (9, [boss], 1), (11, [], 2), (40, [], 2)]
    for days, people, level in expected:
        await office.sweep_once(timedelta(days=days), [RULE])
        [alert] = await escalations(office)
        assert ([one["id"] for one in alert["addressees"]], alert["escalation"]) == (people, level), days
    told = [one.alert for one in await office.told(deals.AlertChanged, 2)]
    assert [(each.escalation, list(each.addressee_ids)) for each in told] == [(1, [boss]), (2, [])]
    assert {words.language for words in told[0].words} == {"fr", "en"}


async def test_without_a_manager_it_goes_to_the_administrators_and_not_at_all_once_taken(office: Office) -> None:
    first = await raised(office)
    second = await raised(office)
    await office.do("takeChargeOfAlert", id=second["id"])
    await office.sweep_once(timedelta(days=7), [RULE])
    found = {one["id"]: one["escalation"] for one in await escalations(office)}
    assert found == {first["id"]: 2, second["id"]: 0}


async def test_a_snooze_is_told_to_be_over_and_time_to_take_charge_begins_anew(office: Office) -> None:
    alert = await raised(office)
    until = (utc_now() + timedelta(days=10)).isoformat()
    await office.do("snoozeAlert", id=alert["id"], until=until)
    for days, level in ((11, 0), (13, 0), (15, 2)):
        await office.sweep_once(timedelta(days=days), [RULE])
        [found] = await escalations(office)
        assert found["escalation"] == level, days
    told = [one.alert for one in await office.told(deals.AlertChanged, 3)]
    assert [(each.status, each.woken) for each in told] == [
        (deals.Alert.SNOOZED, False),
        (deals.Alert.RAISED, True),
        (deals.Alert.RAISED, False),
    ]


async def escalations(office: Office) -> list[dict[str, Any]]:
    """The organization's alerts."""
    query = "{ alerts { edges { node { id escalation addressees { id } } } } }"
    return [edge["node"] for edge in (await office.data(query))["alerts"]["edges"]]


async def test_an_alert_is_told_in_both_languages_with_its_remedies(office: Office) -> None:
    await raised(office)
    [told] = await office.told(deals.AlertRaised)
    french, english = told.alert.words
    assert (french.language, french.headline) == ("fr", "affaire sans prochain événement")
    assert english.reason.startswith("No event is planned, and the last one was ")
    assert list(english.remedies) == ["Plan an appointment", "Assign an instruction"]


async def apply(office: Office, alert: str, position: int, mutation: str) -> dict[str, Any]:
    """What carrying out a suggestion answers."""
    input = {"alertId": alert, "position": position, "mutation": mutation}
    answer: dict[str, Any] = (await office.data(APPLY, input=input))["applySuggestion"]
    return answer


async def test_a_suggestion_is_carried_out_once_and_resolves_its_alert(office: Office) -> None:
    alert = await raised(office)
    done = await apply(office, alert["id"], 0, "planAppointment")
    assert (done["__typename"], done["status"], done["endingRemedy"]) == ("Alert", "RESOLVED", "planAppointment")
    again = await apply(office, alert["id"], 0, "planAppointment")
    assert again["code"] == "WRONG_STATE"
    query = """query($id: ID!) { deal(id: $id) { timeline(kinds: [EVENT]) { edges { node {
      ... on Event { kind } } } } } }"""
    planned = await office.data(query, id=alert["deal"]["id"])
    assert [edge["node"]["kind"] for edge in planned["deal"]["timeline"]["edges"]] == ["APPOINTMENT"]
    [now] = await alerts(office)
    assert (now["status"], now["endedBy"]) == ("RESOLVED", {"id": office.id_of()})


async def test_what_stands_elsewhere_or_is_no_suggestion_is_told(office: Office) -> None:
    alert = await raised(office)
    assert (await apply(office, alert["id"], 9, "planAppointment"))["path"] == ["position"]
    assert (await apply(office, alert["id"], 0, "giveInstruction"))["path"] == ["mutation"]
    assert (await apply(office, format_id("alert", new_id()), 0, "x"))["code"] == "NOT_FOUND"
    contact = await office.a_contact(email="")
    await office.knows(contact)
    await office.sweep_once(timedelta(days=4))
    [mute] = [one for one in await alerts(office) if one["rule"] == "contact_unreachable"]
    elsewhere = await apply(office, mute["id"], 1, "deleteContact")
    assert (elsewhere["__typename"], elsewhere["variables"]) == ("SuggestionElsewhere", {"input": {"id": contact}})
