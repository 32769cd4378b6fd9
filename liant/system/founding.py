"""The first organization's colleagues, given access by its administrator through the gateway."""

from liant.documents import document
from liant.graphql import Client
from liant.system.layout import Layout
from liant.system.people import COLLEAGUES, TIME_ZONE, Person
from liant.system.state import Founded, Member, token_of


async def found(layout: Layout, admin: Member) -> Founded:
    """On a fresh system. Raises GraphQLFailed."""
    client = Client(layout.graphql, token_of(layout.keys, admin))
    colleagues = [await _join(client, person, admin.organization) for person in COLLEAGUES]
    return Founded(admin.organization, [admin, *colleagues])


async def _join(client: Client, person: Person, organization: str) -> Member:
    made = await client.mutate(
        document("create_collaborator"),
        {
            "input": {
                "name": person.name,
                "email": person.email,
                "role": person.role,
                "department": person.department,
                "locale": person.locale,
                "timeZone": TIME_ZONE,
                "idempotencyKey": person.email,
            }
        },
    )
    return Member(made["id"], person.name, person.email, person.role, organization)
