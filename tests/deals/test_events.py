"""Events, their tasks, and what is told of them."""

from datetime import timedelta

from chassis.database import utc_now
from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import Office, an_appointment

EVENT = """query($id: ID!) { event(id: $id) { id version revision kind title description place timeZone startsAt endsAt
  cancelledAt departments task { id status assignee { id } dueAt completedBy { id } }
  deal { id title stage { name } owner { id } primaryContact { id } }
  contact { id } author { id } concerned { id } } }"""


async def test_an_appointment_is_read_as_it_was_written_and_told_with_its_subject(office: Office) -> None:
    manager, follower, named = [await office.a_collaborator(name) for name in ("Ana", "Bob", "Cléo")]
    contact, account = await office.a_contact("Zoé", "Lefèvre", manager), await office.an_account(manager=manager)
    deal = await office.a_deal(title="Toiture", primaryContactId=contact, accountId=account, followerIds=[follower])
    planned = an_appointment()
    made = await office.do(
        "planAppointment",
        **planned,
        dealId=deal,
        place="12 rue du Port",
        description="Avec\nplans",
        concernedIds=[named],
    )
    event = (await office.data(EVENT, id=made["id"]))["event"]
    assert event["kind"] == "APPOINTMENT"
    assert (event["place"], event["description"]) == ("12 rue du Port", "Avec\nplans")
    assert (event["startsAt"], event["timeZone"]) == (planned["startsAt"], "Europe/Paris")
    assert event["deal"]["primaryContact"] == {"id": contact}
    assert event["author"] == {"id": office.id_of()}
    assert event["concerned"] == [{"id": named}]
    (message,) = await office.told(pb.EventCreated)
    assert message.event.id == made["id"]
    assert message.event.kind == pb.Event.APPOINTMENT
    assert message.event.starts_at.ToDatetime().isoformat() == planned["startsAt"].removesuffix("+00:00")
    assert list(message.event.concerned_ids) == [named]
    assert message.event.author_id == office.id_of()
    assert message.event.subject == pb.Subject(
        deal_id=deal,
        deal_title="Toiture",
        stage_name="Suspect",
        owner_id=office.id_of(),
        follower_ids=[follower],
        contact_id=contact,
        contact_name="Zoé Lefèvre",
        account_id=account,
        account_name="Boulangerie du Port",
        relationship_manager_ids=[manager],
    )


async def test_an_event_on_a_contact_alone_is_told_with_that_contact(office: Office) -> None:
    contact = await office.a_contact("Zoé", "Lefèvre")
    made = await office.a_note(contactId=contact)
    event = (await office.data(EVENT, id=made))["event"]
    assert (event["deal"], event["contact"]) == (None, {"id": contact})
    (told,) = await office.told(pb.EventCreated)
    assert told.event.subject == pb.Subject(contact_id=contact, contact_name="Zoé Lefèvre")


async def test_departments_concern_their_active_collaborators(office: Office) -> None:
    active, disabled, other = [
        await office.a_collaborator(name, department=department, disabled=gone)
        for name, department, gone in (("Ana", "legal", False), ("Bob", "legal", True), ("Cléo", "sales", False))
    ]
    await office.knows(other)
    made = await office.a_note(contactId=await office.a_contact(), departments=["legal"])
    event = (await office.data(EVENT, id=made))["event"]
    assert event["concerned"] == [{"id": active}]
    assert disabled not in str(event)


async def test_an_instruction_has_its_task_which_is_ticked_once(office: Office) -> None:
    assignee = await office.a_collaborator()
    due = (utc_now() + timedelta(days=2)).isoformat()
    made = await office.an_instruction(dealId=await office.a_deal(), assigneeId=assignee, dueAt=due)
    task = (await office.data(EVENT, id=made))["event"]["task"]
    assert (task["status"], task["assignee"], task["dueAt"]) == ("OPEN", {"id": assignee}, due)
    (told,) = await office.told(pb.EventCreated)
    assert (told.event.task_id, told.event.assignee_id) == (task["id"], assignee)
    for _ in range(2):
        done = await office.do("completeTask", show="status completedBy { id } event { id }", id=task["id"])
        assert (done["status"], done["completedBy"], done["event"]) == ("DONE", {"id": office.id_of()}, {"id": made})
    assert [fact.kind for fact in await office.told(pb.FactRecorded, 2)].count("task_completed") == 1


async def test_a_task_has_its_history_and_not_that_of_others(office: Office) -> None:
    deal, other = await office.a_deal(), await office.a_collaborator()
    made, elsewhere = [
        await office.an_instruction(dealId=deal, checklist=["Plan", "Devis"], assigneeId=office.id_of()) for _ in "12"
    ]
    ids = [(await office.data(EVENT, id=each))["event"]["task"]["id"] for each in (made, elsewhere)]
    await office.do("checkTaskItem", id=ids[0], item=1, done=True)
    await office.do("updateEvent", id=made, assigneeId=other)
    await office.do("completeTask", id=ids[1])
    await office.do("completeTask", id=ids[0])
    await office.do("reopenTask", id=ids[0])
    query = """query($id: ID!) { event(id: $id) { task { history {
      kind at actor { id } changes { field before after } } } } }"""
    history = (await office.data(query, id=made))["event"]["task"]["history"]
    kinds = ["task_item_checked", "event_changed", "task_completed", "task_reopened"]
    assert [fact["kind"] for fact in history] == kinds
    assert {fact["actor"]["id"] for fact in history} == {office.id_of()}
    changed = {one["field"]: (one["before"], one["after"]) for one in history[1]["changes"]}
    assert changed["assignee_id"] == (office.id_of(), other)


async def test_a_change_is_the_next_revision_and_is_told(office: Office) -> None:
    made = await office.an_appointment(dealId=await office.a_deal())
    later = an_appointment(hours=48)
    changed = await office.do(
        "updateEvent", show="version revision startsAt", id=made, startsAt=later["startsAt"], endsAt=later["endsAt"]
    )
    assert (changed["version"], changed["revision"], changed["startsAt"]) == (2, 1, later["startsAt"])
    (told,) = await office.told(pb.EventChanged)
    assert (told.event.id, told.event.revision, told.event.cancelled) == (made, 1, False)


async def test_a_cancelled_event_and_its_task_end_and_are_told(office: Office) -> None:
    made = await office.an_instruction(dealId=await office.a_deal())
    cancelled = await office.do("cancelEvent", show="cancelledAt revision task { status }", id=made, reason="Malade")
    assert cancelled["cancelledAt"] is not None
    assert (cancelled["revision"], cancelled["task"]["status"]) == (1, "CANCELLED")
    (told,) = await office.told(pb.EventChanged)
    assert (told.event.revision, told.event.cancelled) == (1, True)
    again = await office.do("cancelEvent", id=made)
    assert again["__typename"] == "WrongState"
    ticked = await office.do("completeTask", id=(await office.data(EVENT, id=made))["event"]["task"]["id"])
    assert ticked["__typename"] == "WrongState"


async def test_an_update_may_name_who_is_concerned_anew(office: Office) -> None:
    before, after = await office.a_collaborator("Ana"), await office.a_collaborator("Bob")
    made = await office.a_note(contactId=await office.a_contact(), concernedIds=[before])
    changed = await office.do("updateEvent", show="concerned { id }", id=made, concernedIds=[after])
    assert changed["concerned"] == [{"id": after}]
    (told,) = await office.told(pb.EventChanged)
    assert list(told.event.concerned_ids) == [after]


async def test_a_note_has_no_time_and_an_appointment_no_task(office: Office) -> None:
    note = await office.a_note(contactId=await office.a_contact())
    refused = await office.do("updateEvent", id=note, startsAt=an_appointment()["startsAt"])
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["startsAt"])
    appointment = await office.an_appointment(contactId=await office.a_contact())
    refused = await office.do("updateEvent", id=appointment, assigneeId=office.id_of())
    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["assigneeId"])
