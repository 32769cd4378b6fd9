"""What can be followed live. The gateway serves these fields itself; see `liant/subscriptions.json`."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from chassis.graphql.following import ServedByTheGateway
from services.contacts.schema.imports import ContactImport

ImportId = Annotated[strawberry.ID, strawberry.argument(description="The import's TypeID.")]


@strawberry.type(description="What can be followed live; resumable by the cursor that each result carries.")
class Subscription:
    """The root of following."""

    @strawberry.subscription(
        description="An import as it goes on: at each of its states, and each time it did more of its entries."
    )
    async def import_moved(self, id: ImportId) -> AsyncGenerator[ContactImport, None]:
        """Served by the gateway."""
        raise ServedByTheGateway
        yield
