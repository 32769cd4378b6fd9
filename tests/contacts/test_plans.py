"""The trial, reading only, the free plan, subscribing."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.auth import Role
from chassis.database import utc_now
from chassis.identifiers import format_id, new_id
from services.contacts.operating import plan
from services.contacts.settings import ContactsSettings
from tests.contacts.house import House, Office

HISTORY = "{ organization { plan planState planFeatures trialEndsAt planHistory { step plan note by { id } } } }"
Later = Callable[[timedelta], None]


@pytest.fixture
def later(house: House) -> Iterator[Later]:
    """Sets the service's clock so much ahead."""
    database = house.running.database

    def ahead(by: timedelta) -> None:
        database.clock = lambda: utc_now() + by

    yield ahead
    database.clock = utc_now


async def _state(office: Office) -> str:
    told = await office.data("{ organization { planState } }", Role.READER)
    return str(told["organization"]["planState"])


async def test_a_new_organization_begins_its_trial(office: Office) -> None:
    told = (await office.data(HISTORY))["organization"]
    assert (told["plan"], told["planState"]) == ("PRO", "TRIAL")
    assert {"DEALS", "IMPORT", "ACCOUNTS", "TEAM"} <= {*told["planFeatures"]}
    assert [(step["step"], step["by"]) for step in told["planHistory"]] == [("TRIAL_BEGAN", None)]
    left = datetime.fromisoformat(told["trialEndsAt"]) - utc_now()
    assert timedelta(days=15) <= left <= timedelta(days=16)


async def test_after_the_trial_all_is_read_and_nothing_written_until_somebody_subscribes(
    office: Office, later: Later
) -> None:
    contact = await office.a_contact()
    later(timedelta(days=15))
    await office.a_contact(givenName="Jour quinze")
    later(timedelta(days=17))
    assert await _state(office) == "READ_ONLY"
    assert (await office.data("{ contacts { totalCount } }", Role.READER))["contacts"]["totalCount"] == 2
    refused = await office.data(
        """mutation($id: ID!) { result: updateContact(input: {id: $id, givenName: "Non"}) {
             __typename ... on PlanReadOnly { code message trialEndedAt } } }""",
        Role.COLLABORATOR,
        id=contact,
    )
    assert (refused["result"]["__typename"], refused["result"]["code"]) == ("PlanReadOnly", "PLAN_READ_ONLY")
    assert "subscribe" in refused["result"]["message"]
    assert datetime.fromisoformat(refused["result"]["trialEndedAt"]) < utc_now() + timedelta(days=17)
    for mutation, input in (("createAccount", {"name": "Non"}), ("createCollaborator", _ANA)):
        assert (await office.do(mutation, input, Role.ADMIN))["__typename"] == "PlanReadOnly"
    assert (await _do(office, "exportContacts", {"format": "CSV"}, Role.COLLABORATOR))["__typename"] == "Download"

    assert (await _do(office, "subscribe", {}, Role.COLLABORATOR))["__typename"] == "Forbidden"
    assert (await _do(office, "subscribe", {"note": "BC 2026-117"}))["__typename"] == "Organization"
    await office.a_contact()
    told = (await office.data(HISTORY))["organization"]
    assert told["planState"] == "SUBSCRIBED"
    step = told["planHistory"][-1]
    assert (step["step"], step["note"], step["by"]["id"]) == ("SUBSCRIBED", "BC 2026-117", office.id_of(Role.ADMIN))


async def test_an_access_is_withdrawn_even_after_the_trial(office: Office, later: Later) -> None:
    later(timedelta(days=40))
    gone = {"id": office.id_of(Role.COLLABORATOR), "disabled": True}
    assert (await office.do("updateCollaborator", gone, Role.ADMIN, "disabled"))["disabled"] is True


async def test_the_free_plan_keeps_contacts_and_says_where_the_rest_is(office: Office, later: Later) -> None:
    account = await office.an_account()
    assert (await _do(office, "changePlan", {"plan": "CRM"}))["__typename"] == "Organization"
    later(timedelta(days=100))
    assert await _state(office) == "FREE"
    await office.a_contact()
    assert (await office.data("query($id: ID!) { account(id: $id) { name } }", id=account))["account"]["name"]
    refused = await office.data(
        """mutation { result: createAccount(input: {name: "Non"}) {
             __typename ... on NotInPlan { code feature plan availableIn message } } }"""
    )
    assert {**refused["result"], "message": ""} == {
        "__typename": "NotInPlan",
        "code": "NOT_IN_PLAN",
        "feature": "ACCOUNTS",
        "plan": "CRM",
        "availableIn": ["PRO"],
        "message": "",
    }


async def test_the_way_back_to_pro_is_what_is_left_of_the_trial_then_a_subscription(
    office: Office, later: Later
) -> None:
    await _do(office, "changePlan", {"plan": "CRM"})
    assert (await _do(office, "changePlan", {"plan": "PRO"}))["__typename"] == "Organization"
    assert await _state(office) == "TRIAL"
    await _do(office, "changePlan", {"plan": "CRM"})
    later(timedelta(days=20))
    refused = await _do(office, "changePlan", {"plan": "PRO"})
    assert (refused["__typename"], refused["code"], refused["path"]) == ("WrongState", "TRIAL_USED", ["plan"])
    await _do(office, "subscribe", {"idempotencyKey": "un"})
    await _do(office, "subscribe", {"idempotencyKey": "un"})
    await _do(office, "subscribe", {})
    steps = [step["step"] for step in (await office.data(HISTORY))["organization"]["planHistory"]]
    assert steps == ["TRIAL_BEGAN", "CHANGED_TO_CRM", "CHANGED_TO_PRO", "CHANGED_TO_CRM", "SUBSCRIBED"]


async def test_whoever_was_disabled_or_demoted_reads_no_more_than_they_may_now(office: Office) -> None:
    second = {"name": "Bea", "email": "bea@lumiere.example", "role": "ADMIN"}
    await office.do("createCollaborator", second, Role.ADMIN)
    demoted = {"id": office.id_of(Role.COLLABORATOR), "role": "READER"}
    await office.do("updateCollaborator", demoted, Role.ADMIN)
    assert (await office.do("createContact", {"givenName": "Non"}))["__typename"] == "Forbidden"
    await office.do("updateCollaborator", {"id": office.id_of(Role.READER), "disabled": True}, Role.ADMIN)
    status, answer = await office.answer("{ contacts { totalCount } }", Role.READER)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (401, "COLLABORATOR_DISABLED")
    assert "data" not in answer


async def test_an_operator_changes_a_plan_in_their_name(
    house: House, office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ContactsSettings, "load_or_exit", lambda: house.running.settings)
    monkeypatch.setattr("services.contacts.operating.telemetry.configure", lambda *_: None)
    id = format_id("organization", office.organization)

    async def told(*arguments: str) -> Any:
        await plan([*arguments, "--organization", id])
        return json.loads(capsys.readouterr().out.splitlines()[-1])

    assert (await told("show"))["state"] == "TRIAL"
    for act, state in (("subscribe", "SUBSCRIBED"), ("unsubscribe", "TRIAL"), ("crm", "FREE"), ("extend", "TRIAL")):
        assert (await told(act, "--operator", "Ines", "--note", "F-12"))["state"] == state
    with pytest.raises(SystemExit):
        await told("subscribe")
    with pytest.raises(SystemExit, match="not subscribed"):
        await told("unsubscribe", "--operator", "Ines")
    query = "{ organization { planHistory { step operator note } } }"
    history = (await office.data(query))["organization"]["planHistory"]
    assert history[1] == {"step": "SUBSCRIBED", "operator": "Ines", "note": "F-12"}
    assert len(history) == 5


async def test_organizations_are_followed_in_every_plan_and_only_the_follower_knows(
    house: House, office: Office
) -> None:
    other = await house.organization("Chambre des métiers")
    await _do(office, "changePlan", {"plan": "CRM"})
    wanted = {"organizationId": format_id("organization", other.organization)}
    for _ in range(2):
        assert (await _do(office, "followOrganization", wanted))["__typename"] == "FollowedOrganization"
    listed = "{ followedOrganizations { totalCount edges { node { name organizationId } } } }"
    told = (await office.data(listed))["followedOrganizations"]
    assert (told["totalCount"], told["edges"][0]["node"]["name"]) == (1, "Chambre des métiers")
    assert (await other.data(listed))["followedOrganizations"]["totalCount"] == 0
    own = {"organizationId": format_id("organization", office.organization)}
    assert (await _do(office, "followOrganization", own))["__typename"] == "InvalidInput"
    nobody = {"organizationId": format_id("organization", new_id())}
    assert (await _do(office, "followOrganization", nobody))["__typename"] == "NotFound"
    assert (await _do(office, "unfollowOrganization", wanted))["__typename"] == "Unfollowed"
    assert (await office.data(listed))["followedOrganizations"]["totalCount"] == 0


_ANA = {"name": "Ana Costa", "email": "ana@lumiere.example"}


async def _do(office: Office, mutation: str, input: Mapping[str, object], role: Role = Role.ADMIN) -> dict[str, Any]:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"""mutation($input: {kind}!) {{ result: {mutation}(input: $input) {{
        __typename ... on Error {{ code message path }} }} }}"""
    result: dict[str, Any] = (await office.data(query, role, input=input))["result"]
    return result
