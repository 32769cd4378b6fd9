"""What an organization follows is told whole, at versions that grow."""

from chassis.identifiers import format_id
from proto.contacts.v1 import messages_pb2 as pb
from services.contacts import model
from tests.contacts.house import House, Office

FOLLOW = """mutation($input: FollowOrganizationInput!) { followOrganization(input: $input) {
  ... on Error { code } } }"""
UNFOLLOW = """mutation($input: UnfollowOrganizationInput!) { unfollowOrganization(input: $input) {
  ... on Error { code } } }"""


async def test_the_others_hear_of_all_that_is_followed(house: House, office: Office) -> None:
    ids = [(await house.organization(name)).organization for name in ("Chambre", "Ordre")]
    named = [format_id("organization", id) for id in ids]
    for document, id in ((FOLLOW, named[0]), (FOLLOW, named[1]), (UNFOLLOW, named[0])):
        await office.data(document, input={"organizationId": id})
    outbox = model.outbox.c
    mine = (outbox.aggregate == "following", outbox.aggregate_id == office.organization)
    async with office.house.running.system.connect() as connection:
        rows = (await connection.execute(model.outbox.select().where(*mine).order_by(outbox.position))).all()
    told = [set(pb.FollowingChanged.FromString(row.payload).followed_ids) for row in rows]
    assert told == [{named[0]}, {*named}, {named[1]}]
    versions = [row.aggregate_version for row in rows]
    assert versions == sorted(set(versions))
    assert {row.subject for row in rows} == {"liant.contacts.v1.following.changed"}
