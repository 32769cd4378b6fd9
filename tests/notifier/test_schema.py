"""The delivery log through the subgraph's HTTP door."""

from typing import Any

from sqlalchemy.event import listen

from chassis.auth import Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as contacts
from proto.deals.v1 import messages_pb2 as deals
from services.notifier.service import SERVICE
from tests.notifier.asking import Ask
from tests.notifier.house import House, an_alert, an_event
from tests.support import schemas
from tests.support.smtp import Mailbox
from tools.schemas import path_of, printed


def test_the_committed_schema_is_the_printed_one() -> None:
    assert path_of("notifier").read_text() == printed("notifier")


def test_everything_is_described_and_names_its_rule() -> None:
    assert schemas.undescribed(SERVICE.schema()) == []
    assert schemas.without_rule(SERVICE.schema()) == []


async def test_a_reader_writes_nothing_but_what_they_want_to_be_told(house: House, ask: Ask) -> None:
    reader = await house.collaborator("Rita", role=contacts.Collaborator.Role.READER)
    own = {"setNotificationPreference", "setNotificationPreferences"}
    own |= {"setNotificationRhythm", "markInboxItems", "markInbox"}
    own |= {"markPublicationRead", "markPublicationsRead", "answerPublication"}
    for name, document, input in schemas.mutations(SERVICE.schema()):
        answer = await ask(document, by=reader, role=Role.READER, input=input)
        assert (answer["data"]["result"]["__typename"] == "Forbidden") is (name not in own)


async def test_a_preference_is_chosen_once_for_a_key(house: House, ask: Ask) -> None:
    paul = await house.collaborator("Paul")
    choose = """mutation ($input: SetNotificationPreferenceInput!) { setNotificationPreference(input: $input) {
      __typename ... on Error { code path } } }"""
    first = {"category": "ALERTS", "email": False, "idempotencyKey": "k"}
    for input, expected in (
        (first, "NotificationPreference"),
        ({**first, "email": True}, "IdempotencyConflict"),
        (first, "NotificationPreference"),
    ):
        answer = await ask(choose, by=paul, input=input)
        assert answer["data"]["setNotificationPreference"]["__typename"] == expected
    batch = """mutation { setNotificationPreferences(input: {items: [
      {category: ALERTS, email: true}, {category: EVENTS, email: false}]}) {
      ... on SetNotificationPreferenceResultBatch {
        results { ... on NotificationPreference { category email } } } } }"""
    told = (await ask(batch, by=paul))["data"]["setNotificationPreferences"]["results"]
    assert [(one["category"], one["email"]) for one in told] == [("ALERTS", True), ("EVENTS", False)]
    read = (await ask("{ notificationPreferences { category email } }", by=paul))["data"]["notificationPreferences"]
    assert {one["category"]: one["email"] for one in read}.items() >= {"ALERTS": True, "EVENTS": False}.items()


async def test_deliveries_are_counted_by_what_they_have_in_common(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    omar = await house.collaborator("Omar", disabled=True)
    event = an_event(anne, paul, omar)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    query = "{ deliveryAggregate(groupBy: [COLLABORATOR, STATUS]) { count status collaborator { id } channel } }"
    groups = (await ask(query))["data"]["deliveryAggregate"]
    assert {(group["collaborator"]["id"], group["count"]) for group in groups} == {
        (format_id("collaborator", paul), 1),
        (format_id("collaborator", omar), 1),
    }
    days = (await ask("{ deliveryAggregate(groupBy: [CREATED_DAY]) { count createdDay } }"))["data"]
    assert [group["count"] for group in days["deliveryAggregate"]] == [2]


LOG = """
  fragment Log on DeliveryConnection {
    totalCount
    edges { node {
      status reasons notSentBecause subject email attemptCount
      collaborator { id } event { id } alert { id }
      attempts { verdict code }
    } }
  }
"""
ENTITIES = """
  query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Event { deliveries { ...Log } }
    ... on Alert { deliveries { ...Log } }
    ... on Collaborator { deliveries { ...Log } }
  } }
"""


async def test_event_alert_and_collaborator_have_their_deliveries(house: House, mailbox: Mailbox, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    omar = await house.collaborator("Omar", disabled=True)
    event, alert = an_event(anne, paul, omar), an_alert(paul)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    await house.receive(deals.AlertRaised(alert=alert), "alert", parse_id("alert", alert.id))
    async with house.sending():
        await house.settled()
    keys = [("Event", event.id), ("Alert", alert.id), ("Collaborator", format_id("collaborator", paul))]
    representations = [{"__typename": kind, "id": id} for kind, id in keys]
    answer = await ask(ENTITIES + LOG, representations=representations)
    of_event, of_alert, of_paul = [entity["deliveries"] for entity in answer["data"]["_entities"]]
    assert [of_event["totalCount"], of_alert["totalCount"], of_paul["totalCount"]] == [2, 1, 2]
    by_status = {edge["node"]["status"]: edge["node"] for edge in of_event["edges"]}
    assert by_status["SKIPPED"]["notSentBecause"] == "COLLABORATOR_DISABLED"
    assert by_status["SENT"] == {
        "status": "SENT",
        "reasons": ["NAMED"],
        "notSentBecause": None,
        "subject": "Note : Appel de Mme Garnier · Reprise",
        "email": "paul@cabinet.example",
        "attemptCount": 1,
        "collaborator": {"id": format_id("collaborator", paul)},
        "event": {"id": event.id},
        "alert": None,
        "attempts": [{"verdict": "ACCEPTED", "code": 250}],
    }
    assert of_alert["edges"][0]["node"]["reasons"] == ["ADDRESSEE"]


async def test_another_organization_sees_no_delivery(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    event = an_event(anne, paul)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    representations = [{"__typename": "Event", "id": event.id}]
    mine = await ask(ENTITIES + LOG, representations=representations)
    theirs = await ask(ENTITIES + LOG, of=new_id(), representations=representations)
    assert mine["data"]["_entities"][0]["deliveries"]["totalCount"] == 1
    assert theirs["data"]["_entities"][0]["deliveries"] == {"totalCount": 0, "edges": []}


async def test_every_delivery_is_on_exactly_one_page(house: House, ask: Ask) -> None:
    anne = await house.collaborator("Anne")
    people = [await house.collaborator(f"P{number}") for number in range(7)]
    event = an_event(anne, *people)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    query = """query ($after: String) { deliveries(first: 3, after: $after) {
      edges { node { id } } pageInfo { hasNextPage endCursor } } }"""
    seen: list[str] = []
    after = None
    while True:
        page = (await ask(query, after=after))["data"]["deliveries"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 7


async def test_deliveries_are_filtered(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    omar = await house.collaborator("Omar", disabled=True)
    event = an_event(anne, paul, omar)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    query = "query ($filter: DeliveryFilter) { deliveries(filter: $filter) { totalCount } }"

    async def count(**filter: Any) -> int:
        return int((await ask(query, filter=filter))["data"]["deliveries"]["totalCount"])

    assert await count(status={"in": ["QUEUED"]}) == 1
    assert await count(status={"neq": "SENT"}) == 2
    assert await count(collaboratorId={"eq": format_id("collaborator", omar)}) == 1
    assert await count(createdAt={"lt": "2020-01-01T00:00:00Z"}) == 0


async def test_a_delivery_is_read_by_its_id(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    event = an_event(anne, paul)
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    [row] = await house.rows("SELECT id FROM delivery")
    query = "query ($id: ID!) { delivery(id: $id) { revision channel messageId sentAt } }"
    found = await ask(query, id=format_id("delivery", row.id))
    assert found["data"]["delivery"] == {"revision": 0, "channel": "email", "messageId": None, "sentAt": None}
    assert (await ask(query, id=format_id("delivery", new_id())))["data"] == {"delivery": None}
    refused = await ask(query, id="event_x")
    assert refused["errors"][0]["extensions"]["code"] == "INVALID_ID"


async def test_a_collaborator_chooses_what_to_be_told(house: House, ask: Ask) -> None:
    paul = await house.collaborator("Paul")
    choose = """mutation ($email: Boolean!) { setNotificationPreference(input: {category: ALERTS, email: $email}) {
      ... on NotificationPreference { category email } ... on Error { code } } }"""
    read = "{ notificationPreferences { category email } }"
    for wanted in (False, False, True):
        answer = await ask(choose, by=paul, email=wanted)
        assert answer["data"]["setNotificationPreference"] == {"category": "ALERTS", "email": wanted}
        told = (await ask(read, by=paul))["data"]["notificationPreferences"]
        assert told == [
            {"category": "EVENTS", "email": True},
            {"category": "ALERTS", "email": wanted},
            {"category": "QUOTES", "email": True},
            {"category": "PUBLICATIONS", "email": True},
            {"category": "COMMENTS", "email": True},
        ]
    others = (await ask(read, by=new_id()))["data"]["notificationPreferences"]
    assert all(line["email"] for line in others)


async def test_lists_within_lists_are_one_statement_and_the_same_pages(house: House, ask: Ask) -> None:
    anne = await house.collaborator("Anne")
    people = [await house.collaborator(f"P{number}") for number in range(4)]
    events = [an_event(anne, *people[: size + 1]) for size in range(4)]
    for event in events:
        await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    page = "totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    one = f"... on Event {{ first: deliveries(first: 2) {{ {page} }} last: deliveries(last: 2) {{ {page} }} }}"
    query = f"query ($representations: [_Any!]!) {{ _entities(representations: $representations) {{ {one} }} }}"
    representations = [{"__typename": "Event", "id": event.id} for event in events]
    statements: list[str] = []
    listen(house.database.engine.sync_engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    together = (await ask(query, representations=representations))["data"]["_entities"]
    assert len([statement for statement in statements if "LATERAL" in statement]) == 2
    assert len([statement for statement in statements if "count(" in statement]) == 2
    apart = [(await ask(query, representations=[each]))["data"]["_entities"][0] for each in representations]
    assert together == apart
    assert [event["first"]["totalCount"] for event in together] == [1, 2, 3, 4]
    assert [event["first"]["pageInfo"]["hasNextPage"] for event in together] == [False, False, True, True]
    assert [event["last"]["pageInfo"]["hasPreviousPage"] for event in together] == [False, False, True, True]
    every = await ask(ENTITIES + LOG.replace("status reasons", "id status reasons"), representations=representations)
    ids = [[edge["node"]["id"] for edge in event["deliveries"]["edges"]] for event in every["data"]["_entities"]]
    assert [[edge["node"]["id"] for edge in event["first"]["edges"]] for event in together] == [log[:2] for log in ids]
    assert [[edge["node"]["id"] for edge in event["last"]["edges"]] for event in together] == [log[-2:] for log in ids]


async def test_a_portfolio_bounds_the_delivery_log(house: House, ask: Ask) -> None:
    anne, paul = await house.collaborator("Anne"), await house.collaborator("Paul")
    event = an_event(anne, paul, await house.collaborator("Rita"))
    await house.receive(deals.EventCreated(event=event), "event", parse_id("event", event.id))
    query = "{ deliveries { totalCount } deliveryAggregate { count } }"
    assert (await ask(query, by=paul))["data"]["deliveries"]["totalCount"] == 2
    told = contacts.Organization(
        id=format_id("organization", house.organization),
        name="Cabinet Morel",
        locale="fr",
        time_zone="Europe/Paris",
        sharing="TEAM_PORTFOLIO",
    )
    await house.receive(contacts.OrganizationChanged(organization=told), "organization", house.organization)
    own = {"deliveries": {"totalCount": 1}, "deliveryAggregate": [{"count": 1}]}
    seen = (await ask(query, by=paul))["data"]
    assert seen == own, seen
    ada = await house.collaborator("Ada", role=contacts.Collaborator.Role.ADMIN)
    assert (await ask(query, by=ada, role=Role.ADMIN))["data"]["deliveries"]["totalCount"] == 2


async def test_an_administrator_lists_what_is_suppressed_and_lifts_it(house: House, ask: Ask) -> None:
    paul, ada = await house.collaborator("Paul"), await house.collaborator("Ada", role=contacts.Collaborator.Role.ADMIN)
    async with house.owner.begin() as connection:
        for organization, email, days in (
            (house.organization, "paul@cabinet.example", 30),
            (house.organization, "over@cabinet.example", -1),
            (new_id(), "other@firm.example", 30),
        ):
            await connection.exec_driver_sql(
                "INSERT INTO suppression (organization_id, email, id, reason, answer, since, until) VALUES "
                f"('{organization}', '{email}', gen_random_uuid(), 'HARD_BOUNCE', '550 5.1.1', now(), "
                f"now() + interval '{days} days')"
            )
    query = "{ suppressedAddresses(first: 10) { edges { node { id email reason answer until } } } }"
    asked = await ask(query, by=paul)
    assert asked["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    [found] = (await ask(query, by=ada, role=Role.ADMIN))["data"]["suppressedAddresses"]["edges"]
    found = found["node"]
    assert (found["email"], found["reason"]) == ("paul@cabinet.example", "HARD_BOUNCE")
    lift = """mutation ($input: LiftSuppressionInput!) { liftSuppression(input: $input) {
      __typename ... on SuppressionLifted { id } ... on Error { code } } }"""
    input = {"id": found["id"], "idempotencyKey": "k"}
    for _ in range(2):
        lifted = await ask(lift, by=ada, role=Role.ADMIN, input=input)
        assert lifted["data"]["liftSuppression"] == {"__typename": "SuppressionLifted", "id": found["id"]}
    assert (await ask(query, by=ada, role=Role.ADMIN))["data"]["suppressedAddresses"]["edges"] == []
    again = await ask(lift, by=ada, role=Role.ADMIN, input={"id": found["id"]})
    assert again["data"]["liftSuppression"]["code"] == "NOT_FOUND"
