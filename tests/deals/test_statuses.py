"""Where the firm stands with contacts and accounts: copied, and told on their timelines once."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from chassis.auth import Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.model import Base
from tests.deals.house import Office
from tests.support.control import until

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TIMELINES = """query($r: [_Any!]!) { _entities(representations: $r) {
  ... on Contact { timeline { edges { node { ...fact } } } }
  ... on Account { timeline { edges { node { ...fact } } } } } }
  fragment fact on Notification { kind at actor { id } account { id } contact { id }
    changes { field before after } }"""


def _step(actor: str = "", quote: str = "") -> pb.StatusChange:
    step = pb.StatusChange(before=pb.PROSPECT, after=pb.CLIENT, actor_id=actor, reason="A signé", quote_id=quote)
    step.at.FromDatetime(AT)
    return step


async def _facts(office: Office, kind: str, id: str) -> list[dict[str, Any]]:
    (entity,) = (await office.data(TIMELINES, r=[{"__typename": kind, "id": id}]))["_entities"]
    return [edge["node"] for edge in entity["timeline"]["edges"]]


async def _status(office: Office, table: str, id: str) -> Any:
    columns = Base.metadata.tables[table].c
    async with office.house.running.database.read(office.organization) as session:
        return await session.scalar(select(columns.status).where(columns.id == parse_id(table, id)))


async def test_a_step_of_an_account_is_copied_and_stands_on_its_timeline_once(office: Office) -> None:
    account, quote, actor = await office.an_account(), format_id("quote", new_id()), office.actors[Role.ADMIN]
    assert actor.collaborator is not None
    by = format_id("collaborator", actor.collaborator)
    told = pb.Account(id=account, name="Boulangerie du Port", status=pb.CLIENT)
    await office.tell("account", parse_id("account", account), pb.AccountChanged(account=told), 2)
    await office.tell(
        "account", parse_id("account", account), pb.AccountStatusChanged(account=told, change=_step(by, quote)), 2
    )

    async def told_once() -> bool:
        return len(await _facts(office, "Account", account)) == 1

    await until(told_once, what="the fact")
    assert await _status(office, "account", account) == "CLIENT"
    [fact] = await _facts(office, "Account", account)
    assert (fact["kind"], fact["at"]) == ("account_status_changed", "2026-11-24T09:00:00+00:00")
    assert (fact["actor"], fact["account"], fact["contact"]) == ({"id": by}, {"id": account}, None)
    assert {change["field"]: (change["before"], change["after"]) for change in fact["changes"]} == {
        "status": ("PROSPECT", "CLIENT"),
        "reason": (None, "A signé"),
        "quote_id": (None, quote),
    }


async def test_a_step_tells_the_whole_person_and_an_older_word_changes_nothing(office: Office) -> None:
    contact = format_id("contact", new_id())
    told = pb.Contact(id=contact, given_name="Zoé", status=pb.CLIENT)
    await office.tell("contact", parse_id("contact", contact), pb.ContactStatusChanged(contact=told, change=_step()), 2)
    await office.tell("contact", parse_id("contact", contact), pb.ContactCreated(contact=pb.Contact(id=contact)))

    async def is_told() -> bool:
        return bool(await _facts(office, "Contact", contact))

    await until(is_told, what="the fact")
    [fact] = await _facts(office, "Contact", contact)
    assert (fact["kind"], fact["actor"]) == ("contact_status_changed", None)
    await office.knows(await office.a_contact())
    assert await _status(office, "contact", contact) == "CLIENT"
