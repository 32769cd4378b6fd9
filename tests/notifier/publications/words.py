"""Documents that tests of publications send, and what they do often."""

import asyncio
from typing import Any
from uuid import UUID

from chassis.auth import Role
from chassis.identifiers import format_id, new_id
from proto.contacts.v1 import messages_pb2 as contacts
from services.notifier.publications.rounds import PAGE, RoundWorker
from tests.notifier.asking import Ask
from tests.notifier.house import House

FIELDS = """id version status title edition publishedAt withdrawnAt followUpTimes html
  counts { readers read answered unsubscribed sent bounced skipped waiting } answers { option count }
  editions { number title } rounds { number audience planned dueAt doneAt }"""
ERROR = "... on Error { code path message }"
ITEM = "... on FeedItem { id title readAt answeredAt choice words }"
FEED = """query($filter: FeedFilter) { publicationFeed(filter: $filter) { edges { node {
  id publisher own title html question options readAt answeredAt choice } } } }"""


async def ask_as(ask: Ask, who: UUID | None, document: str, of: UUID | None = None, **variables: Any) -> Any:
    """What a collaborator is answered."""
    answer = await ask(document, by=who, of=of, role=Role.COLLABORATOR, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def write(ask: Ask, who: UUID, name: str, takes: str | None = None, **input: Any) -> Any:
    """The result of a mutation of a publication."""
    takes = takes or f"{name[0].upper()}{name[1:]}Input"
    asked = f"... on Publication {{ {FIELDS} }} {ERROR}"
    document = f"mutation($input: {takes}!) {{ result: {name}(input: $input) {{ {asked} }} }}"
    return (await ask_as(ask, who, document, input=input))["result"]


async def a_publication(ask: Ask, who: UUID, **more: Any) -> Any:
    """A draft."""
    told = {"kind": "NEWS", "title": "Portes ouvertes", "body": "Venez **jeudi**.", "toNetwork": True, **more}
    made = await write(ask, who, "createPublication", **told)
    assert "id" in made, made
    return made


async def a_campaign(ask: Ask, who: UUID, group: UUID, **more: Any) -> Any:
    """A draft of a campaign."""
    told = {"kind": "CAMPAIGN", "toNetwork": None, "groupIds": [format_id("group", group)], "category": "OFFERS"}
    return await a_publication(ask, who, **{**told, **more})


async def publish(ask: Ask, who: UUID, id: str, **more: Any) -> Any:
    """Publish it."""
    told = await write(ask, who, "publishPublication", id=id, **more)
    assert "id" in told, told
    return told


async def publication(ask: Ask, who: UUID, id: str) -> Any:
    """What is told of it."""
    document = f"query($id: ID!) {{ publication(id: $id) {{ {FIELDS} }} }}"
    return (await ask_as(ask, who, document, id=id))["publication"]


async def feed(ask: Ask, who: UUID, of: UUID | None = None, **filter: Any) -> list[Any]:
    """Somebody's feed."""
    told = await ask_as(ask, who, FEED, of=of, filter=filter or None)
    return [edge["node"] for edge in told["publicationFeed"]["edges"]]


async def told(house: House, page: int = PAGE) -> None:
    """All rounds that are due are worked."""
    worker = RoundWorker(house.database, house.system, page)
    while await worker.work_one(asyncio.Event()):
        pass


async def a_group(house: House, *people: UUID) -> UUID:
    """A group's copy arrives, with its members."""
    id = new_id()
    described = contacts.Group(id=format_id("group", id), name="Clients")
    await house.receive(contacts.GroupChanged(group=described), "group", id)
    members = contacts.GroupMembersChanged(
        group_id=format_id("group", id), added_ids=[format_id("contact", each) for each in people]
    )
    await house.receive(members, "group", id)
    return id


async def follows(house: House, follower: UUID, *followed: UUID) -> None:
    """What an organization follows arrives."""
    ids = [format_id("organization", each) for each in followed]
    await house.receive(contacts.FollowingChanged(followed_ids=ids), "following", follower, organization=follower)
