"""Who changed what, and when: kept with the change, for ever."""

from typing import Any

from chassis.auth import Actor, Role
from chassis.identifiers import format_id, new_id, parse_id
from services.contacts import model
from services.contacts.commands.statuses import become_client
from tests.contacts.house import House, Office, statements
from tests.contacts.importing.jobs import Desk

HISTORY = """query($id: ID!, $first: Int, $after: String) { found: %s(id: $id) { status
  statusHistory { status reason quoteId by { id } }
  history(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
    edges { node { action version cause interlocutorId by { id } changes { field before after } } } } } }"""


async def _history(office: Office, id: str, kind: str = "contact", **paging: Any) -> list[dict[str, Any]]:
    """Entries, newest first."""
    found = (await office.data(HISTORY % kind, Role.READER, id=id, **paging))["found"]
    return [edge["node"] for edge in found["history"]["edges"]]


def _told(entry: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {change["field"]: (change["before"], change["after"]) for change in entry["changes"]}


async def test_each_change_of_a_contact_is_told_with_its_diff(office: Office) -> None:
    made = await office.a_contact(emails=[{"address": "zoe@port.example"}])
    emails = [{"address": "zoe@port.example"}, {"address": "z@home.example", "kind": "HOME"}]
    await office.do("updateContact", {"id": made, "familyName": "Moreau", "emails": emails}, Role.ADMIN)
    await office.do("updateContact", {"id": made, "familyName": "Moreau"})
    await office.do("deleteContact", {"id": made})
    await office.do("restoreContact", {"id": made})
    restored, deleted, updated, created = await _history(office, made)
    assert [each["action"] for each in (created, updated, deleted, restored)] == [
        "CREATED", "UPDATED", "DELETED", "RESTORED",
    ]  # fmt: skip
    assert [each["version"] for each in (created, updated, deleted, restored)] == [1, 2, 4, 5]
    assert _told(created) == {
        "givenName": (None, "Zoé"),
        "familyName": (None, "Lefèvre"),
        "status": (None, "SUSPECT"),
        "emails": (None, "zoe@port.example, WORK"),
    }
    assert _told(updated) == {
        "familyName": ("Lefèvre", "Moreau"),
        "emails": ("zoe@port.example, WORK", "zoe@port.example, WORK; z@home.example, HOME"),
    }
    assert (updated["by"]["id"], deleted["by"]["id"]) == (office.id_of(Role.ADMIN), office.id_of(Role.COLLABORATOR))


async def test_a_link_is_told_on_both_its_ends(office: Office) -> None:
    contact, account = await office.a_contact(), await office.an_account()
    link = await office.do("createInterlocutor", {"contactId": contact, "accountId": account, "jobTitle": "DG"})
    await office.do("updateInterlocutor", {"id": link["id"], "decisionMaker": True})
    for kind, id in (("contact", contact), ("account", account)):
        changed, begun, _ = await _history(office, id, kind)
        assert (begun["action"], begun["interlocutorId"]) == ("CREATED", link["id"])
        assert _told(changed) == {"decisionMaker": ("false", "true")}


async def test_a_refused_change_leaves_no_trace(office: Office) -> None:
    made = await office.an_account()
    await office.do("updateAccount", {"id": made, "name": "Autre", "status": "FORMER_CLIENT"})
    assert [entry["action"] for entry in await _history(office, made, "account")] == ["CREATED"]


async def test_a_history_is_paged_and_many_are_read_in_one_statement(house: House, office: Office) -> None:
    made = [await office.a_contact() for _ in range(3)]
    for number in range(5):
        await office.do("updateContact", {"id": made[0], "notes": f"note {number}"})
    first = (await office.data(HISTORY % "contact", id=made[0], first=4))["found"]["history"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (6, True)
    rest = await _history(office, made[0], after=first["pageInfo"]["endCursor"])
    assert [entry["version"] for entry in rest] == [2, 1]
    with statements(house) as seen:
        told = await office.data("{ contacts { edges { node { history(first: 2) { edges { node { version } } } } } } }")
    assert sorted(len(edge["node"]["history"]["edges"]) for edge in told["contacts"]["edges"]) == [1, 1, 2]
    assert len(seen) == 2, seen


async def test_an_import_and_its_revert_are_told_with_their_cause(office: Office) -> None:
    desk = Desk(office)
    done = await desk.done("Prénom;Nom;E-mail;Société\nZoé;Lefèvre;zoe@port.example;Port SA\n", key="EMAIL")
    [contact] = (await office.data("{ contacts { edges { node { id } } } }"))["contacts"]["edges"]
    linked, created = await _history(office, contact["node"]["id"])
    assert (created["action"], created["cause"], linked["cause"]) == ("CREATED", done["id"], done["id"])
    assert _told(created)["emails"] == (None, "zoe@port.example, OTHER")
    await desk.act("revertImport", id=done["id"])
    await desk.work()
    ended, deleted, *_ = await _history(office, contact["node"]["id"])
    assert (ended["interlocutorId"] is not None, deleted["action"], deleted["cause"]) == (True, "DELETED", done["id"])


async def test_a_status_moves_along_its_guarded_ways_with_who_and_why(office: Office) -> None:
    made, quote = await office.a_contact(status="PROSPECT"), format_id("quote", new_id())
    told = {"status": "CLIENT", "statusReason": "A signé", "statusQuoteId": quote}
    assert (await office.do("updateContact", {"id": made, **told}, show="status"))["status"] == "CLIENT"
    refused = await office.do("updateContact", {"id": made, "status": "SUSPECT"})
    assert (refused["code"], refused["path"]) == ("STATUS_NOT_REACHABLE", ["status"])
    nowhere = await office.do("updateContact", {"id": made, "statusReason": "Pourquoi ?"})
    assert (nowhere["__typename"], nowhere["path"]) == ("InvalidInput", ["status"])
    history = (await office.data(HISTORY % "contact", id=made))["found"]["statusHistory"]
    by = {"id": office.id_of(Role.COLLABORATOR)}
    assert history == [
        {"status": "PROSPECT", "reason": None, "quoteId": None, "by": by},
        {"status": "CLIENT", "reason": "A signé", "quoteId": quote, "by": by},
    ]


async def test_an_accepted_quote_makes_a_client_once(house: House, office: Office) -> None:
    made, quote = await office.an_account(), new_id()
    actor = Actor.system(office.organization)
    changed = []
    for _ in range(2):
        async with house.running.database.unit_of_work(actor) as work:
            changed.append(await become_client(work, model.Account, parse_id("account", made), quote, "Devis accepté"))
    assert changed == [True, False]
    found = (await office.data(HISTORY % "account", id=made))["found"]
    assert found["statusHistory"][1:] == [
        {"status": "CLIENT", "reason": "Devis accepté", "quoteId": format_id("quote", quote), "by": None}
    ]
    entry = found["history"]["edges"][0]["node"]
    assert (_told(entry), entry["cause"]) == ({"status": ("SUSPECT", "CLIENT")}, format_id("quote", quote))


async def test_another_organizations_history_is_not_there(house: House, office: Office) -> None:
    other = await house.organization("Autre")
    theirs = await other.a_contact()
    assert (await office.data(HISTORY % "contact", id=theirs))["found"] is None
    async with house.running.database.read(office.organization) as read:
        assert await read.scalars(model.HistoryEntry.__table__.select()) == []
