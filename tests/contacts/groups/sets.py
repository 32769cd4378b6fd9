"""Groups, made through GraphQL; their worker, run on demand; what the others are told of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.auth import Role
from chassis.database import Database, utc_now
from chassis.identifiers import parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.contacts import model
from services.contacts.groups.worker import GroupWorker
from tests.contacts.house import Office

SHOW = """name description kind definition memberCount computed problem deletedAt
    members { totalCount edges { node { id } } }"""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def do(office: Office, mutation: str, role: Role = Role.COLLABORATOR, **input: Any) -> Any:
    """The result of a mutation of groups."""
    query = f"""mutation($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ result: {mutation}(input: $input) {{
        __typename ... on Group {{ id version {SHOW} }} ... on Error {{ code message path }} }} }}"""
    return (await office.data(query, role, input=input))["result"]


async def a_group(office: Office, **values: Any) -> str:
    """A group's id."""
    made = await do(office, "createGroup", **{"name": "Clients", **values})
    assert made["__typename"] == "Group", made
    return str(made["id"])


async def shown(office: Office, id: str) -> Any:
    """A group as it is now."""
    return (await office.data(f"query($id: ID!) {{ group(id: $id) {{ version {SHOW} }} }}", id=id))["group"]


def members(group: Any) -> list[str]:
    """The ids shown, sorted."""
    return sorted(edge["node"]["id"] for edge in group["members"]["edges"])


def worker(office: Office, ahead: timedelta = timedelta()) -> GroupWorker:
    """The worker, as if so much time had passed."""
    running = office.house.running
    database = running.database
    if ahead:
        url = str(running.settings.database_url)
        database = Database(url, model.Base, "contacts", pool_size=1, clock=lambda: utc_now() + ahead)
    return GroupWorker(database, running.system, HOUR, DAY)


async def work_off(office: Office) -> None:
    """Everything that waits in this organization."""
    ours = worker(office)
    while await ours._serve(office.organization):
        pass


async def kept(office: Office, id: str) -> list[str]:
    """The members as they are kept, not as they are asked for now, sorted."""
    query = "query($id: ID!) { contacts(filter: {group: {eq: $id}}) { edges { node { id } } } }"
    found = await office.data(query, id=id)
    return sorted(edge["node"]["id"] for edge in found["contacts"]["edges"])


async def told(office: Office, id: str) -> list[Any]:
    """The messages about a group's members, oldest first."""
    outbox = model.outbox.c
    mine = (outbox.aggregate_id == parse_id("group", id), outbox.type == "liant.contacts.v1.GroupMembersChanged")
    async with office.house.running.system.connect() as connection:
        statement = select(outbox.payload, outbox.aggregate_version).where(*mine).order_by(outbox.position)
        rows = (await connection.execute(statement)).all()
    assert [row.aggregate_version for row in rows] == list(range(1, len(rows) + 1))
    return [pb.GroupMembersChanged.FromString(row.payload) for row in rows]


async def copied(office: Office, id: str) -> list[str]:
    """Who is in a copy that heard every message, sorted."""
    members: set[str] = set()
    for message in await told(office, id):
        members = set() if message.reset else members
        assert not members.intersection(message.added_ids)
        assert members.issuperset(message.removed_ids)
        members = members.union(message.added_ids).difference(message.removed_ids)
    return sorted(members)


async def agree(office: Office, id: str) -> list[str]:
    """The members, after the worker: asked for now, kept, counted and told are the same."""
    await work_off(office)
    group = await shown(office, id)
    found = members(group)
    assert await kept(office, id) == await copied(office, id) == found
    assert group["memberCount"] == group["members"]["totalCount"] == len(found)
    return found


async def due(office: Office) -> int:
    """How many changes wait for the worker."""
    statement = select(model.GroupDue.position).where(model.GroupDue.organization_id == office.organization)
    async with office.house.running.system.connect() as connection:
        return len((await connection.execute(statement)).all())


def uuid(id: str) -> UUID:
    """Of a group or contact."""
    return parse_id(id.rpartition("_")[0], id)
