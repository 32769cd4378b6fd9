"""What contacts do with campaigns stands on their timeline."""

from typing import Any

from chassis.identifiers import format_id, new_id
from proto.notifier.v1 import messages_pb2 as notifier
from tests.deals.house import Office
from tests.support.control import until

TIMELINE = """query($id: ID!) { contact: _entities(representations: [{__typename: "Contact", id: $id}]) {
  ... on Contact { timeline(kinds: [NOTIFICATION]) { edges { node { ... on Notification {
    kind changes { field after } } } } } } } }"""


async def test_an_answer_and_unsubscribing_are_facts_on_the_timeline(office: Office) -> None:
    person = await office.a_contact("Zoé", "Durand")
    await office.knows(person)
    told = notifier.PublicationAnswered(
        publication_id=format_id("publication", new_id()),
        title="Portes ouvertes",
        kind="CAMPAIGN",
        contact_id=person,
        question="Viendrez-vous ?",
        choice="Oui",
    )
    told.at.GetCurrentTime()
    await office.tell("publication", new_id(), told)
    gone = notifier.ContactUnsubscribed(contact_id=person, category="OFFERS")
    gone.at.GetCurrentTime()
    await office.tell("contact", new_id(), gone)
    facts: list[Any] = []

    async def both() -> bool:
        edges = (await office.data(TIMELINE, id=person))["contact"][0]["timeline"]["edges"]
        facts[:] = [edge["node"] for edge in edges if edge["node"]["kind"] != "contact_created"]
        return len(facts) == 2

    await until(both, what="both facts")
    by_kind = {fact["kind"]: {each["field"]: each["after"] for each in fact["changes"]} for fact in facts}
    assert by_kind["publication_answered"]["choice"] == "Oui"
    assert by_kind["publication_answered"]["publication"] == "Portes ouvertes"
    assert by_kind["contact_unsubscribed"] == {"category": "OFFERS"}
