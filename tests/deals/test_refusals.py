"""Bad input: a typed error that names the field, and nothing written."""

from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.auth import Actor, Role
from chassis.identifiers import format_id, new_id
from services.deals.model import Base
from tests.deals.house import House, Office, an_appointment

OLD = "01h455vb4pex5vsknk084sn02q"
SIGNIFICANT = ("deal", "event", "task", "alert", "notification", "timeline_entry", "participant", "follower", "outbox")


async def rows(office: Office) -> dict[str, int]:
    """How many rows the organization has in each table."""
    async with office.house.running.database.read(office.organization) as session:
        tables = (Base.metadata.tables[name] for name in SIGNIFICANT)
        return {table.name: await session.scalar(select(func.count()).select_from(table)) for table in tables}


async def refused(office: Office, mutation: str, kind: str, field: str, role: Role, input: dict[str, Any]) -> None:
    """A mutation gives this error with this path, and no table has another number of rows."""
    before = await rows(office)
    result = await office.do(mutation, role, **input)
    assert (result["__typename"], ".".join(result["path"])) == (kind, field), result
    assert await rows(office) == before


@pytest.mark.parametrize(
    ("kind", "field", "values"),
    [
        ("InvalidInput", "title", {"title": "  "}),
        ("InvalidInput", "title", {"title": "x" * 10_000}),
        ("InvalidInput", "title", {"title": "a\u0000b"}),
        ("InvalidInput", "title", {"title": "facture\u202egpj.exe"}),
        ("InvalidInput", "title", {"title": "deux\nlignes"}),
        ("InvalidInput", "amount", {"amount": "123456789012345678901234567890", "currency": "EUR"}),
        ("InvalidInput", "amount", {"amount": "1.005", "currency": "EUR"}),
        ("InvalidInput", "amount", {"amount": "-1", "currency": "EUR"}),
        ("InvalidInput", "amount", {"amount": "NaN", "currency": "EUR"}),
        ("InvalidInput", "currency", {"amount": "1", "currency": "EURO"}),
        ("InvalidInput", "currency", {"amount": "1"}),
        ("InvalidInput", "amount", {"currency": "EUR"}),
        ("InvalidInput", "phase", {"phase": "SIGNED"}),
        ("InvalidInput", "primaryContactId", {"primaryContactId": None}),
        ("InvalidId", "primaryContactId", {"primaryContactId": "zoe"}),
        ("InvalidId", "primaryContactId", {"primaryContactId": f"account_{OLD}"}),
        ("NotFound", "primaryContactId", {"primaryContactId": f"contact_{OLD}"}),
        ("NotFound", "accountId", {"accountId": f"account_{OLD}"}),
        ("NotFound", "ownerId", {"ownerId": f"collaborator_{OLD}"}),
        ("NotFound", "followerIds", {"followerIds": [f"collaborator_{OLD}"]}),
        ("NotFound", "participants", {"participants": [{"contactId": f"contact_{OLD}", "part": "x"}]}),
        ("NotFound", "stageId", {"stageId": f"stage_{OLD}"}),
        ("InvalidInput", "followerIds", {"followerIds": [format_id("collaborator", new_id()) for _ in range(101)]}),
    ],
)
async def test_a_deal_is_refused(office: Office, kind: str, field: str, values: dict[str, Any]) -> None:
    contact = await office.a_contact()
    await office.knows(contact)
    await refused(
        office,
        "createDeal",
        kind,
        field,
        Role.COLLABORATOR,
        {"title": "Toiture", "primaryContactId": contact, **values},
    )


@pytest.mark.parametrize(
    ("mutation", "kind", "field", "values"),
    [
        ("planAppointment", "InvalidInput", "startsAt", {"startsAt": "2026-11-24T09:00:00"}),
        ("planAppointment", "InvalidInput", "endsAt", {"endsAt": "2026-11-24T09:00:00"}),
        ("planAppointment", "InvalidInput", "endsAt", {"endsAt": "2020-01-01T09:00:00+01:00"}),
        ("planAppointment", "InvalidInput", "startsAt", {"startsAt": "9999-12-31T23:59:59-12:00"}),
        ("planAppointment", "InvalidInput", "timeZone", {"timeZone": "Paris"}),
        ("planAppointment", "InvalidInput", "timeZone", {"timeZone": "../../etc/passwd"}),
        ("planAppointment", "InvalidInput", "dealId", {"dealId": None}),
        ("planAppointment", "NotFound", "dealId", {"dealId": f"deal_{OLD}"}),
        ("planAppointment", "InvalidId", "dealId", {"dealId": f"contact_{OLD}"}),
        ("planAppointment", "NotFound", "concernedIds", {"concernedIds": [f"collaborator_{OLD}"]}),
        ("writeNote", "NotFound", "contactId", {"contactId": f"contact_{OLD}"}),
        ("writeNote", "InvalidInput", "description", {"description": "x" * 20_001}),
        ("giveInstruction", "InvalidInput", "dueAt", {"dueAt": "2026-11-24T09:00:00"}),
        ("giveInstruction", "NotFound", "assigneeId", {"assigneeId": f"collaborator_{OLD}"}),
        ("updateEvent", "NotFound", "id", {"id": f"event_{OLD}", "title": "x"}),
        ("cancelEvent", "InvalidId", "id", {"id": "x"}),
        ("completeTask", "NotFound", "id", {"id": f"task_{OLD}"}),
        ("takeChargeOfAlert", "NotFound", "id", {"id": f"alert_{OLD}"}),
        ("snoozeAlert", "InvalidInput", "until", {"id": f"alert_{OLD}", "until": "2020-01-01T00:00:00Z"}),
        ("snoozeAlert", "InvalidInput", "until", {"id": f"alert_{OLD}", "until": "2026-11-24T09:00:00"}),
        ("moveDealToStage", "NotFound", "stageId", {"stageId": f"stage_{OLD}"}),
        ("updateDeal", "InvalidInput", "title", {"title": None}),
        ("updateDeal", "InvalidInput", "primaryContactId", {"primaryContactId": None}),
        ("updateDeal", "InvalidInput", "currency", {"amount": "5"}),
    ],
)
async def test_a_write_is_refused(office: Office, mutation: str, kind: str, field: str, values: dict[str, Any]) -> None:
    deal = await office.a_deal()
    needed: dict[str, dict[str, Any]] = {
        "planAppointment": {**an_appointment(), "dealId": deal},
        "writeNote": {"title": "Appel", "dealId": deal},
        "giveInstruction": {"title": "Rappeler", "dealId": deal, "assigneeId": office.id_of()},
        "moveDealToStage": {"id": deal},
        "updateDeal": {"id": deal},
    }
    await refused(office, mutation, kind, field, Role.COLLABORATOR, {**needed.get(mutation, {}), **values})


async def test_a_disabled_collaborator_is_assigned_nothing(office: Office) -> None:
    gone, deal = await office.a_collaborator(disabled=True), await office.a_deal()
    await office.knows(gone)
    order = {"title": "Rappeler", "dealId": deal, "assigneeId": gone}
    await refused(office, "giveInstruction", "InvalidInput", "assigneeId", Role.COLLABORATOR, order)


async def test_a_stage_of_another_pipeline_is_refused(office: Office) -> None:
    deal = await office.a_deal()
    pipeline, stage = new_id(), new_id()
    database = office.house.running.database
    async with database.unit_of_work(Actor.system(office.organization)) as work:
        tables = Base.metadata.tables
        owned = {"organization_id": office.organization}
        await work.session.execute(
            tables["pipeline"].insert().values(id=pipeline, name="B", is_default=False, created_at=work.now, **owned)
        )
        await work.session.execute(
            tables["stage"]
            .insert()
            .values(id=stage, pipeline_id=pipeline, name="B1", position=1, probability=1, expected_days=1, **owned)
        )
    order = {"id": deal, "stageId": format_id("stage", stage)}
    await refused(office, "moveDealToStage", "InvalidInput", "stageId", Role.COLLABORATOR, order)


async def test_another_organizations_ids_are_not_there(office: Office, house: House) -> None:
    other = await house.organization("Autre")
    deal, contact, stranger = await other.a_deal(), await other.a_contact(), await other.a_collaborator()
    event = await other.a_note(dealId=deal)
    await other.knows(contact)
    mine = await office.a_deal()
    for mutation, field, input in (
        ("createDeal", "primaryContactId", {"title": "x", "primaryContactId": contact}),
        ("updateDeal", "id", {"id": deal, "title": "x"}),
        ("followDeal", "collaboratorId", {"dealId": mine, "collaboratorId": stranger}),
        ("followDeal", "dealId", {"dealId": deal}),
        ("writeNote", "dealId", {"title": "x", "dealId": deal}),
        ("updateEvent", "id", {"id": event, "title": "x"}),
        ("cancelEvent", "id", {"id": event}),
    ):
        await refused(office, mutation, "NotFound", field, Role.COLLABORATOR, dict(input))
    asked = await office.data("query($d: ID!, $e: ID!) { deal(id: $d) { id } event(id: $e) { id } }", d=deal, e=event)
    assert asked == {"deal": None, "event": None}


async def test_a_reader_writes_nothing(office: Office) -> None:
    contact = await office.a_contact()
    await refused(office, "createDeal", "Forbidden", "", Role.READER, {"title": "Toiture", "primaryContactId": contact})


async def test_a_collaborator_whose_access_was_withdrawn_reads_and_writes_nothing(office: Office) -> None:
    await office.a_collaborator("Camille", version=2, id=office.id_of(), disabled=True)
    await office.is_disabled(office.id_of())
    for asked in ("{ deals { totalCount } }", 'mutation { createDeal(input: {title: "Non"}) { __typename } }'):
        status, answer = await office.answer(asked)
        assert (status, answer["errors"][0]["extensions"]["code"]) == (401, "COLLABORATOR_DISABLED")
        assert "data" not in answer


async def test_a_caller_without_a_token_of_the_gateway_is_turned_away(office: Office) -> None:
    house = office.house
    missing = await house.client.post("/graphql", json={"query": "{ pipelines { id } }"})
    assert (missing.status_code, missing.json()["errors"][0]["extensions"]["code"]) == (401, "TOKEN_MISSING")
    foreign = house.signer.sign(office.actors[Role.ADMIN].claims(), "contacts", 60)
    refused = await house.client.post(
        "/graphql", json={"query": "{ pipelines { id } }"}, headers={"Authorization": f"Bearer {foreign}"}
    )
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "TOKEN_INVALID")
