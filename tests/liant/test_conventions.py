"""The conventions of the API, over the three subgraphs; what keeps another way is named here, with why."""

from typing import Any

import pytest

from services.contacts.service import SERVICE as CONTACTS
from services.deals.service import SERVICE as DEALS
from services.notifier.service import SERVICE as NOTIFIER
from tests.support import schemas

SERVICES = {"contacts": CONTACTS, "deals": DEALS, "notifier": NOTIFIER}
PAGED_OTHERWISE = {
    "contacts": {
        "Query.search",  # by rank, from the best down
        "Query.contactImports",  # newest first, few
        "Query.groupPreview",  # its argument is the filter
        "ContactImport.problems",  # by line
    },
    "deals": {
        "BoardColumn.deals",  # paged by the board's own arguments, every column in one request
        *(f"{owner}.timeline" for owner in ("Deal", "Contact", "Account")),  # newest first, by kinds and people
        *(f"{owner}.comments" for owner in ("Deal", "Event")),  # oldest first
    },
    "notifier": set[str](),
}
WRITTEN_OTHERWISE = {
    "contacts": {
        # They write nothing, or what is asked for is made anew each time.
        *("exportContacts", "exportGroup", "exportImportProblems", "startPhotoUpload", "switchOrganization"),
        *("exportPerson", "downloadPersonExport"),
        *("syncFieldWork", "acceptInvitation"),  # each item, or the invitation itself, is the key
        *("createCardLink", "revokeCardLink"),  # a link has no versions; it is made known once
        "erasePerson",  # whatever was changed since
    },
    "deals": {
        # What they name has no versions, or ends whatever was changed since.
        *("dropFollowRule", "removeDocument", "removeClosure", "includeInAlerts"),
        # Ticks commute.
        *("completeTask", "reopenTask", "checkTaskItem"),
    },
    "notifier": {
        # What they name has no versions.
        *("liftSuppression", "testWebhookEndpoint", "replayWebhookDelivery"),
        # They send, or note what was read: nothing is overwritten.
        *("relaunchPublication", "testPublication", "markPublicationRead", "answerPublication"),
    },
}


@pytest.mark.parametrize("name", SERVICES)
def test_lists_are_connections_and_writes_are_safe_to_repeat(name: str) -> None:
    schema: Any = SERVICES[name].schema()
    assert schemas.unpaged(schema) == PAGED_OTHERWISE[name]
    assert schemas.unsafe(schema) == WRITTEN_OTHERWISE[name]
