"""Appointments that come again, through GraphQL; who is invited; what instructions ask."""

from typing import Any

import pytest

from chassis.auth import Role
from chassis.errors import NotFound
from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import Office
from tests.deals.test_deals import facts
from tests.deals.test_refusals import rows

WEEKLY: dict[str, Any] = {
    "title": "Point",
    "startsAt": "2027-03-22T09:00:00+01:00",
    "endsAt": "2027-03-22T10:00:00+01:00",
    "timeZone": "Europe/Paris",
    "recurrence": "FREQ=WEEKLY;BYDAY=MO;COUNT=5",
}
OCCURRENCES = """query($id: ID!) { event(id: $id) { revision recurrence cancelledAt cutFrom { id }
  occurrences(from: "2027-03-01T00:00:00Z", to: "2027-12-31T00:00:00Z") { occurrence startsAt place moved } } }"""


async def a_series(office: Office, **values: Any) -> str:
    """A weekly appointment's id, on a deal of its own."""
    made = await office.do("planAppointment", **{**WEEKLY, "dealId": await office.a_deal(), **values})
    assert made["__typename"] == "Event", made
    return str(made["id"])


async def read(office: Office, event: str) -> Any:
    """An event with its occurrences."""
    return (await office.data(OCCURRENCES, id=event))["event"]


async def days(office: Office, event: str) -> list[str]:
    """Month, day and hour (UTC) at which its occurrences begin."""
    return [one["startsAt"][5:13] for one in (await read(office, event))["occurrences"]]


async def test_a_series_keeps_its_hour_over_the_change_of_the_clock(office: Office) -> None:
    event = await a_series(office)
    assert await days(office, event) == ["03-22T08", "03-29T07", "04-05T07", "04-12T07", "04-19T07"]
    (told,) = await office.told(pb.EventCreated)
    assert told.event.recurrence == "FREQ=WEEKLY;COUNT=5;BYDAY=MO"


async def test_one_occurrence_is_moved_and_another_cancelled_and_both_are_told(office: Office) -> None:
    event = await a_series(office)
    moved = await office.do(
        "moveOccurrence",
        show="revision",
        id=event,
        occurrence="2027-03-29T09:00:00+02:00",
        startsAt="2027-03-30T14:00:00+02:00",
        endsAt="2027-03-30T15:00:00+02:00",
        place="Lyon",
    )
    assert moved["revision"] == 1
    cancelled = await office.do("cancelOccurrence", show="revision", id=event, occurrence="2027-04-05T09:00:00+02:00")
    assert cancelled["revision"] == 2
    told = (await read(office, event))["occurrences"]
    assert [(one["startsAt"][5:13], one["place"], one["moved"]) for one in told] == [
        ("03-22T08", None, False),
        ("03-30T12", "Lyon", True),
        ("04-12T07", None, False),
        ("04-19T07", None, False),
    ]
    again = await office.do("cancelOccurrence", id=event, occurrence="2027-04-05T09:00:00+02:00")
    assert (again["__typename"], again["path"]) == ("InvalidInput", ["occurrence"])
    first, second = await office.told(pb.EventChanged, 2)
    assert [len(first.event.moved), len(first.event.excluded)] == [1, 0]
    assert [len(second.event.moved), len(second.event.excluded), second.event.revision] == [1, 1, 2]


async def test_this_and_those_that_follow_become_an_appointment_of_their_own(office: Office) -> None:
    guest = await office.a_contact()
    event = await a_series(office, attendeeIds=[office.id_of(Role.ADMIN)], contactIds=[guest])
    await answer(office, event, "ACCEPTED", Role.ADMIN)
    cut = await office.do(
        "moveOccurrence",
        show="id recurrence cutFrom { id } attendees { answer collaborator { id } contact { id } }",
        id=event,
        occurrence="2027-04-05T09:00:00+02:00",
        scope="FOLLOWING",
        startsAt="2027-04-06T16:00:00+02:00",
        endsAt="2027-04-06T17:00:00+02:00",
    )
    assert cut["cutFrom"] == {"id": event}
    assert cut["recurrence"] == "FREQ=WEEKLY;COUNT=3;BYDAY=TU"
    assert {one["answer"] for one in cut["attendees"]} == {"NONE"}
    assert len(cut["attendees"]) == 2
    assert await days(office, event) == ["03-22T08", "03-29T07"]
    assert await days(office, cut["id"]) == ["04-06T14", "04-13T14", "04-20T14"]


async def test_ending_a_series_before_its_first_occurrence_cancels_it(office: Office) -> None:
    event = await a_series(office)
    await office.do("cancelOccurrence", id=event, occurrence=WEEKLY["startsAt"], scope="FOLLOWING", reason="Annulé")
    told = await read(office, event)
    assert told["cancelledAt"]
    assert told["occurrences"] == []


async def test_another_hour_is_the_whole_series_and_drops_exceptions_it_has_no_more(office: Office) -> None:
    event = await a_series(office)
    await office.do("cancelOccurrence", id=event, occurrence="2027-04-05T09:00:00+02:00")
    await office.do("updateEvent", id=event, startsAt="2027-03-22T11:00:00+01:00", endsAt="2027-03-22T12:00:00+01:00")
    assert await days(office, event) == ["03-22T10", "03-29T09", "04-05T09", "04-12T09", "04-19T09"]
    await office.do("updateEvent", id=event, recurrence=None)
    assert await days(office, event) == ["03-22T10"]


@pytest.mark.parametrize(
    ("mutation", "field", "values"),
    [
        ("planAppointment", "recurrence", {"recurrence": "FREQ=SECONDLY"}),
        ("planAppointment", "recurrence", {"recurrence": "FREQ=WEEKLY;BYDAY=TU"}),
        ("planAppointment", "recurrence", {"recurrence": "FREQ=DAILY", "endsAt": "2027-03-24T10:00:00+01:00"}),
        ("planAppointment", "link", {"link": "javascript:alert(1)"}),
        ("planAppointment", "attendeeIds", {"attendeeIds": ["x"]}),
        ("giveInstruction", "checklist", {"checklist": ["x"] * 51}),
        ("giveInstruction", "checklist", {"checklist": [" "]}),
    ],
)
async def test_a_bad_appointment_or_instruction_leaves_nothing(
    office: Office, mutation: str, field: str, values: dict[str, Any]
) -> None:
    deal = await office.a_deal()
    before = await rows(office)
    base = WEEKLY if mutation == "planAppointment" else {"title": "X", "assigneeId": office.id_of()}
    refused = await office.do(mutation, Role.COLLABORATOR, **{**base, "dealId": deal, **values})
    assert refused["path"] == [field], refused
    assert await rows(office) == before


async def test_a_recurring_appointment_keeps_its_deal_quiet(office: Office) -> None:
    from datetime import timedelta

    from chassis.database import utc_now
    from tests.deals.test_alerts import alerts

    deal = await office.a_deal()
    begins = utc_now().replace(microsecond=0)
    slot = {"startsAt": begins.isoformat(), "endsAt": (begins + timedelta(hours=1)).isoformat()}
    made = await office.do(
        "planAppointment", Role.COLLABORATOR, **{**WEEKLY, **slot, "recurrence": "FREQ=DAILY", "dealId": deal}
    )
    assert made["__typename"] == "Event", made
    await office.sweep_once(timedelta(days=20))
    assert "deal_without_next_event" not in {one["rule"] for one in await alerts(office)}


async def answer(office: Office, event: str, told: str, role: Role = Role.COLLABORATOR, **who: Any) -> Any:
    """An answer to an invitation."""
    show = "attendees { answer collaborator { id } contact { id } } version revision"
    query = f"""mutation($i: AnswerInvitationInput!) {{ answerInvitation(input: $i) {{ __typename
      ... on Event {{ {show} }} ... on Error {{ path }} }} }}"""
    return (await office.data(query, role, i={"eventId": event, "answer": told, **who}))["answerInvitation"]


async def test_those_invited_answer_and_a_colleague_writes_down_what_a_contact_said(office: Office) -> None:
    guest, deal = await office.a_contact(), await office.a_deal()
    event = await a_series(office, dealId=deal, attendeeIds=[office.id_of()], contactIds=[guest])
    (created,) = await office.told(pb.EventCreated)
    assert list(created.event.concerned_ids) == [office.id_of()]
    assert {one.id: one.answer for one in created.event.attendees} == {office.id_of(): "NONE", guest: "NONE"}
    mine = await answer(office, event, "TENTATIVE")
    assert (mine["version"], mine["revision"]) == (2, 0)
    theirs = await answer(office, event, "DECLINED", contactId=guest)
    assert {(one["collaborator"] or one["contact"])["id"]: one["answer"] for one in theirs["attendees"]} == {
        office.id_of(): "TENTATIVE",
        guest: "DECLINED",
    }
    newest, *_ = await facts(office, deal)
    assert newest["kind"] == "invitation_answered"
    first, second = await office.told(pb.InvitationAnswered, 2)
    assert (first.answerer_id, first.event.actor_id) == (office.id_of(), office.id_of())
    assert (second.answerer_id, second.event.actor_id) == (guest, office.id_of()) and second.name
    assert {one.id: one.answer for one in second.event.attendees}[guest] == "DECLINED"
    stranger = await answer(office, event, "ACCEPTED", Role.ADMIN)
    assert (stranger["__typename"], stranger["path"]) == (NotFound.__name__, ["eventId"])


async def test_attendees_come_and_go_and_those_who_stay_keep_their_answers(office: Office) -> None:
    heir = await office.a_collaborator()
    event = await a_series(office, attendeeIds=[office.id_of()])
    await answer(office, event, "ACCEPTED")
    both = await office.do(
        "updateEvent",
        show="attendees { answer collaborator { id } } concerned { id }",
        id=event,
        attendeeIds=[office.id_of(), heir],
    )
    assert {one["collaborator"]["id"]: one["answer"] for one in both["attendees"]} == {
        office.id_of(): "ACCEPTED",
        heir: "NONE",
    }
    assert {one["id"] for one in both["concerned"]} == {office.id_of(), heir}
    one = await office.do("updateEvent", show="attendees { answer } concerned { id }", id=event, attendeeIds=[heir])
    assert (one["attendees"], one["concerned"]) == ([{"answer": "NONE"}], [{"id": heir}])


async def test_mentions_are_concerned(office: Office) -> None:
    named = await office.a_collaborator()
    note = await office.do(
        "writeNote",
        show="mentions { id } concerned { id }",
        title="Appel",
        dealId=await office.a_deal(),
        mentionIds=[named],
    )
    assert (note["mentions"], note["concerned"]) == ([{"id": named}], [{"id": named}])


async def test_a_task_has_a_priority_a_checklist_and_can_be_taken_up_again(office: Office) -> None:
    deal = await office.a_deal()
    event = await office.an_instruction(dealId=deal, priority="HIGH", checklist=["Appeler", "Écrire"])
    query = "query($id: ID!) { event(id: $id) { task { id priority checklist { text done } status } } }"
    task = (await office.data(query, id=event))["event"]["task"]
    assert (task["priority"], task["checklist"][0]) == ("HIGH", {"text": "Appeler", "done": False})
    checked = await office.do("checkTaskItem", show="checklist { done }", id=task["id"], item=1)
    assert checked["checklist"] == [{"done": False}, {"done": True}]
    beyond = await office.do("checkTaskItem", id=task["id"], item=2)
    assert (beyond["__typename"], beyond["path"]) == ("InvalidInput", ["item"])
    await office.do("completeTask", id=task["id"])
    done = await office.do("checkTaskItem", id=task["id"], item=0)
    assert done["__typename"] == "WrongState"
    opened = await office.do("reopenTask", show="status completedAt", id=task["id"])
    assert (opened["status"], opened["completedAt"]) == ("OPEN", None)
    await office.do("updateEvent", id=event, priority="URGENT")
    kinds = [fact["kind"] for fact in await facts(office, deal)]
    assert kinds[:4] == ["event_changed", "task_reopened", "task_completed", "task_item_checked"]
    await office.do("cancelEvent", id=event)
    assert (await office.do("reopenTask", id=task["id"]))["__typename"] == "WrongState"
