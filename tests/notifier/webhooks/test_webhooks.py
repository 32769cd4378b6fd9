"""From a message to a program that verifies its signature, whatever that program answers."""

import time
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from chassis.auth import Role
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from services.notifier.webhooks.sweeping import sweep_webhooks
from tests.notifier.asking import Ask
from tests.notifier.house import House
from tests.notifier.webhooks.words import a_deal_changes, act, an_endpoint, as_admin, endpoint, sent, signature
from tests.support.control import until
from tests.support.http import Sink
from tests.support.smtp import Mailbox


async def test_a_program_verifies_what_it_is_told(house: House, ask: Ask, sink: Sink) -> None:
    made = await an_endpoint(ask, sink)
    message = await a_deal_changes(house)
    await house.inbox.handle(message)  # a duplicate of the broker
    async with house.posting():
        await house.settled()
    [posted] = sink.posted
    assert posted.headers["webhook-signature"] == signature(made["secret"], posted)
    assert abs(int(posted.headers["webhook-timestamp"]) - time.time()) < 60
    told = orjson.loads(posted.body)
    assert (told["type"], told["apiVersion"], told["version"]) == ("deal.changed", 1, 1)
    assert told["id"] == posted.headers["webhook-id"] == format_id("message", message.id)
    assert told["data"]["deal"]["stageName"] == "Analyse"
    assert told["organizationId"] == format_id("organization", house.organization)
    [one] = await sent(ask)
    assert (one["status"], one["attempts"][0]["code"], one["attempts"][0]["answer"]) == ("SENT", 200, "kept")
    assert one["payload"] == posted.body.decode()
    log = await ask("{ deliveries { totalCount } }")
    assert log["data"]["deliveries"]["totalCount"] == 0, "the log of mails is another"


async def test_an_endpoint_is_told_what_it_chose_and_filtered(house: House, ask: Ask, sink: Sink) -> None:
    await an_endpoint(ask, sink, "deals", filters=[{"path": "deal.stageName", "values": ["Ordre", "Analyse"]}])
    await an_endpoint(ask, sink, "contacts", "contact.changed")
    await a_deal_changes(house)
    await a_deal_changes(house, stage="Prospect")
    await house.contact(given_name="Hélène")
    async with house.posting():
        await house.settled()
    assert sorted((each.path, each.type) for each in sink.posted) == [
        ("contacts", "contact.changed"),
        ("deals", "deal.changed"),
    ]
    rows = await house.rows("SELECT name FROM contact")
    assert [row.name for row in rows] == ["Hélène"], "the copy is kept as ever"


async def test_a_filter_that_lets_nothing_through_is_refused(ask: Ask, sink: Sink) -> None:
    create = act("createWebhookEndpoint", "CreateWebhookEndpointInput")
    wrong = {"path": "deal.stage", "values": ["x"]}
    for more, path in (
        ({"filters": [wrong]}, ["filters", "0", "path"]),
        ({"types": ["deal.exploded"]}, ["types"]),
        ({"types": []}, ["types"]),
        ({"filters": [{"path": "deal.id", "values": []}]}, ["filters", "0"]),
    ):
        input = {"url": sink.url(), "types": ["deal.changed"], **more}
        told = (await as_admin(ask, create, input=input))["result"]
        assert (told["code"], told["path"]) == ("INVALID_INPUT", path)


async def test_during_a_rotation_both_secrets_sign(house: House, ask: Ask, sink: Sink) -> None:
    made = await an_endpoint(ask, sink)
    rotate = act("rotateWebhookSecret", asked="... on WebhookEndpointWithSecret { secret }")
    new = (await as_admin(ask, rotate, input={"id": made["endpoint"]["id"]}))["result"]["secret"]
    await a_deal_changes(house)
    async with house.posting():
        await house.settled()
        [posted] = sink.posted
        signatures = posted.headers["webhook-signature"].split()
        assert signatures == [signature(new, posted), signature(made["secret"], posted)]
        async with house.owner.begin() as connection:
            await connection.exec_driver_sql("UPDATE webhook_endpoint SET old_secret_until = now()")
        await a_deal_changes(house)
        await house.settled()
    assert sink.posted[1].headers["webhook-signature"] == signature(new, sink.posted[1])
    assert new != made["secret"]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("broken", "500 broken"),
        ("redirect", "302 REDIRECTED"),
        ("hang", "TIMEOUT"),
        ("nonsense", "UNREACHABLE"),
    ],
)
async def test_what_fails_is_tried_again_and_given_up_at_last(
    house: House, ask: Ask, sink: Sink, path: str, answer: str
) -> None:
    await an_endpoint(ask, sink, path)
    await a_deal_changes(house)
    async with house.posting(webhook_retry_seconds=(0.01,), webhook_seconds=0.2):
        await house.settled()
    [one] = await sent(ask)
    assert (one["status"], len(one["attempts"])) == ("BOUNCED", 2)
    assert answer in one["notSentBecause"]
    assert len(sink.posted) == 2, "a redirection is not followed"
    assert len({each.headers["webhook-id"] for each in sink.posted}) == 1


async def test_an_answer_without_end_is_not_read(house: House, ask: Ask, sink: Sink) -> None:
    await an_endpoint(ask, sink, "large")
    await a_deal_changes(house)
    async with house.posting(webhook_answer_bytes=1000):
        await house.settled()
    [one] = await sent(ask)
    assert (one["status"], one["attempts"][0]["answer"]) == ("SENT", "ANSWER_TOO_LARGE: over 1000 bytes")


async def test_one_that_hangs_holds_up_none_of_the_others(house: House, ask: Ask, sink: Sink) -> None:
    await an_endpoint(ask, sink, "hang")
    await an_endpoint(ask, sink, "ok")
    for _ in range(6):
        await a_deal_changes(house)

    async def the_others_are_told() -> bool:
        return sum(each.path == "ok" for each in sink.posted) == 6

    async with house.posting(webhook_seconds=1.5, webhook_room=4, webhook_endpoint_room=2):
        await until(the_others_are_told)
        under_way = sum(each.path == "hang" for each in sink.posted)
    assert under_way <= 2


async def test_after_failures_it_rests_and_is_tried_with_one_message(house: House, ask: Ask, sink: Sink) -> None:
    made = await an_endpoint(ask, sink, "moody")
    sink.answers["moody"] = "broken"
    for _ in range(8):
        await a_deal_changes(house)
    async with house.posting(webhook_retry_seconds=(3600.0,) * 3):
        await sink.wait_for(5)

        async def it_rests() -> bool:
            return (await endpoint(ask, made["endpoint"]["id"]))["restingUntil"] is not None

        await until(it_rests)
        sink.answers["moody"] = "ok"
        async with house.owner.begin() as connection:
            await connection.exec_driver_sql("UPDATE webhook_endpoint SET resting_until = now()")

        async def the_rest_is_told() -> bool:
            return (await house.statuses()).get("QUEUED", 0) == 0

        await until(the_rest_is_told)
    told = await endpoint(ask, made["endpoint"]["id"])
    assert (told["consecutiveFailures"], told["failingSince"], told["restingUntil"]) == (0, None, None)
    assert set(await house.statuses()) == {"DEFERRED", "SENT"}


async def test_one_that_is_gone_is_switched_off_and_admins_are_mailed(
    house: House, ask: Ask, sink: Sink, mailbox: Mailbox
) -> None:
    await house.collaborator("Ada", role=contacts.Collaborator.Role.ADMIN)
    made = await an_endpoint(ask, sink, "gone")
    await a_deal_changes(house)
    async with house.posting(), house.sending():
        await house.settled()
    told = await endpoint(ask, made["endpoint"]["id"])
    assert (told["state"], told["disabledBecause"]) == ("DISABLED", "GONE")
    [mail] = mailbox.to("ada@cabinet.example")
    assert mail.subject == f"Webhook arrêté : {sink.url('gone')}"
    assert "410" in mail.body()
    assert "List-Unsubscribe" not in mail.message
    await a_deal_changes(house)
    assert len(await sent(ask)) == 1, "nothing is kept for it"


async def test_one_that_failed_for_days_is_switched_off_then_enabled_and_replayed(
    house: House, ask: Ask, sink: Sink, mailbox: Mailbox
) -> None:
    await house.collaborator("Ada", role=contacts.Collaborator.Role.ADMIN)
    made = await an_endpoint(ask, sink, "moody")
    id = made["endpoint"]["id"]
    sink.answers["moody"] = "broken"
    began = datetime.now(UTC) - timedelta(minutes=1)
    await a_deal_changes(house, "A")
    await a_deal_changes(house, "B")
    async with house.owner.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE webhook_endpoint SET failures = 1, failing_since = now() - interval '5 days'"
        )
    async with house.posting(webhook_retry_seconds=(0.01,)), house.sending():
        await house.settled()
        assert (await endpoint(ask, id))["disabledBecause"] == "FAILING"
        assert "500 broken" in mailbox.to("ada@cabinet.example")[0].body()
        replay = act("replayWebhookDeliveries", "ReplayWebhookDeliveriesInput", "... on Replayed { count }")
        range = {"endpointId": id, "since": began.isoformat(), "statuses": ["BOUNCED", "SKIPPED"]}
        assert (await as_admin(ask, replay, input=range))["result"]["code"] == "WRONG_STATE"
        sink.answers["moody"] = "ok"
        before = [each.body for each in sink.posted]
        await as_admin(ask, act("enableWebhookEndpoint"), input={"id": id})
        assert (await as_admin(ask, replay, input=range))["result"]["count"] == 2
        await house.settled()
        again = act("replayWebhookDelivery", "ReplayWebhookDeliveryInput", "... on WebhookDelivery { status }")
        [one, _] = await sent(ask)
        assert (await as_admin(ask, again, input={"id": one["id"]}))["result"] == {"status": "QUEUED"}
        await house.settled()
    assert set(before) <= {each.body for each in sink.posted[-3:]}, "the same bytes, under the same id"
    assert await house.statuses() == {"SENT": 3}
    assert (await endpoint(ask, id))["deliveries"]["totalCount"] == 2


async def test_a_ping_is_sent_at_once(house: House, ask: Ask, sink: Sink) -> None:
    made = await an_endpoint(ask, sink)
    ping = act("testWebhookEndpoint", "TestWebhookEndpointInput", "... on WebhookDelivery { type status }")
    input = {"id": made["endpoint"]["id"], "idempotencyKey": "once"}
    assert (await as_admin(ask, ping, input=input))["result"] == {"type": "ping", "status": "QUEUED"}
    await as_admin(ask, ping, input=input)
    async with house.posting():
        await house.settled()
    assert [each.type for each in sink.posted] != []


async def test_what_waits_for_a_deleted_one_is_skipped_and_it_is_restored(house: House, ask: Ask, sink: Sink) -> None:
    made = await an_endpoint(ask, sink)
    id = made["endpoint"]["id"]
    await a_deal_changes(house)
    await as_admin(ask, act("deleteWebhookEndpoint"), input={"id": id, "expectedVersion": 1})
    async with house.posting():
        await house.settled()
    assert [each["notSentBecause"] for each in await sent(ask)] == ["ENDPOINT_DELETED"]
    assert sink.posted == []
    assert (await as_admin(ask, act("disableWebhookEndpoint"), input={"id": id}))["result"]["code"] == "WRONG_STATE"
    stale = await as_admin(ask, act("restoreWebhookEndpoint"), input={"id": id, "expectedVersion": 1})
    assert stale["result"]["code"] == "VERSION_CONFLICT"
    await as_admin(ask, act("restoreWebhookEndpoint"), input={"id": id})
    assert (await endpoint(ask, id))["deletedAt"] is None


async def test_webhooks_are_administrators_and_their_organizations_own(house: House, ask: Ask, sink: Sink) -> None:
    made = await an_endpoint(ask, sink)
    id = made["endpoint"]["id"]
    told = await ask("{ webhookEndpoints { totalCount } }", role=Role.COLLABORATOR)
    assert told["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    other = new_id()
    await house.found(other)
    told = await ask("query($id: ID!) { webhookEndpoint(id: $id) { id } }", role=Role.ADMIN, of=other, id=id)
    assert told["data"] == {"webhookEndpoint": None}
    told = await ask(act("deleteWebhookEndpoint"), role=Role.ADMIN, of=other, input={"id": id})
    assert told["data"]["result"]["code"] == "NOT_FOUND"
    secret = made["secret"].removeprefix("whsec_")
    rows = await house.rows("SELECT row_to_json(e)::text AS line FROM webhook_endpoint e")
    assert secret not in rows[0].line, "a secret is stored nowhere"


async def test_old_messages_are_swept_with_what_was_posted(house: House, ask: Ask, sink: Sink) -> None:
    await an_endpoint(ask, sink)
    await a_deal_changes(house)
    async with house.owner.begin() as connection:
        for statement in ("delivery SET created_at = created_at", "cause SET at = at"):
            await connection.exec_driver_sql(f"UPDATE {statement} - interval '40 days'")
    await a_deal_changes(house)
    await sweep_webhooks(house.system, 30)
    assert len(await sent(ask)) == 1
    assert len(await house.rows("SELECT 1 FROM cause")) == 1


async def test_the_catalogue_tells_the_shape_of_each_message(ask: Ask) -> None:
    told = await as_admin(ask, "{ webhookMessageTypes { name schema } }")
    schemas = {each["name"]: orjson.loads(each["schema"]) for each in told["webhookMessageTypes"]}
    deal = schemas["deal.changed"]["properties"]["data"]["properties"]["deal"]
    assert deal["properties"]["stageName"] == {"type": "string"}
    assert schemas["event.created"]["properties"]["data"]["properties"]["event"]["properties"]["startsAt"] == {
        "type": "string",
        "format": "date-time",
    }


async def test_an_erased_person_is_taken_out_of_what_was_posted(house: House, ask: Ask, sink: Sink) -> None:
    await an_endpoint(ask, sink, "ok", "contact.changed")
    contact = await house.contact(given_name="Hélène", family_name='Gar"nier', email="h@garnier.example")
    erasure = contacts.PersonErased(
        contact_ids=[format_id("contact", contact)], identifiers=['Hélène Gar"nier', "h@garnier.example", 'Gar"nier']
    )
    await house.receive(erasure, "erasure", new_id())
    [one] = await sent(ask)
    told = orjson.loads(one["payload"])["data"]["contact"]
    assert (told["familyName"], told["email"]) == ("[erased]", "[erased]")
