"""Makes the development organization: its administrator by the contacts service, the others by the gateway."""

import json

from liant.documents import document
from liant.graphql import Client
from liant.supervisor.supervisor import Supervisor
from liant.system import parts
from liant.system.layout import Layout
from liant.system.people import ADMIN, COLLEAGUES, LOCALE, ORGANIZATION, TIME_ZONE, Person
from liant.system.state import Founded, Member, token_of


async def found(layout: Layout, supervisor: Supervisor) -> Founded:
    """A fresh system's organization. Raises JobFailed, GraphQLFailed."""
    admin = await _bootstrap(layout, supervisor)
    client = Client(layout.graphql, token_of(layout.keys, admin))
    colleagues = [await _join(client, person, admin.organization) for person in COLLEAGUES]
    return Founded(admin.organization, [admin, *colleagues])


async def _bootstrap(layout: Layout, supervisor: Supervisor) -> Member:
    names = ("--organization", ORGANIZATION, "--locale", LOCALE, "--time-zone", TIME_ZONE)
    job = parts.bootstrap(layout, *names, "--admin-name", ADMIN.name, "--admin-email", ADMIN.email)
    [printed] = await supervisor.run([job])
    ids = next(json.loads(line) for line in reversed(printed) if line.startswith("{"))
    return Member(ids["collaborator"], ADMIN.name, ADMIN.email, ADMIN.role, ids["organization"])


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
