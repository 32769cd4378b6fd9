"""The broker away: deals goes on, and what it said arrives when the broker is back."""

from proto.deals.v1 import messages_pb2 as pb
from tests.deals.house import Office
from tests.support.control import until
from tests.support.nats import Nats


async def test_deals_writes_while_the_broker_is_down_and_tells_it_afterwards(nats: Nats, office: Office) -> None:
    contact = await office.a_contact()
    deal = await office.a_deal(primaryContactId=contact)
    await nats.control.stop()
    try:
        appointment = await office.an_appointment(dealId=deal)
        note = await office.a_note(contactId=contact)
        asked = await office.data("query($id: ID!) { event(id: $id) { title } }", id=appointment)
        assert asked == {"event": {"title": "Visite"}}
        ready = (await office.house.client.get("/readyz")).json()
        assert ready["checks"]["broker"] != "ok"
        assert (await office.house.client.get("/healthz")).status_code == 200
    finally:
        await nats.control.start()
        await until(lambda: _connected(office), seconds=30, what="the broker is back")
    told = await office.told(pb.EventCreated, 2, seconds=30)
    assert {message.event.id for message in told} == {appointment, note}


async def _connected(office: Office) -> bool:
    return office.house.running.bus.connected


async def test_deals_is_ready_when_all_it_needs_answers(office: Office) -> None:
    answer = await office.house.client.get("/readyz")
    assert (answer.status_code, set(answer.json()["checks"].values())) == (200, {"ok"})
