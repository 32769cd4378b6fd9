"""Every remedy of every rule runs as it is proposed, and resolves the alert it is proposed for."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema, graphql_sync

from services.deals.rules import RULES
from tests.deals.house import House, Office
from tests.deals.rules.scenes import DAYS, SCENES, prepare
from tests.deals.rules.told import raised_about
from tests.deals.test_escalation import apply

CONTACTS = Path("services/contacts/schema.graphql").read_text()
AT_LEAST = {
    "deal_without_next_event": ("planAppointment", "giveInstruction"),
    "deal_stale_in_stage": ("planAppointment", "moveDealToStage", "changeDealPhase"),
    "close_date_passed": ("updateDeal", "changeDealPhase", "changeDealPhase"),
    "close_date_pushed": ("planAppointment", "changeDealPhase"),
    "instruction_overdue": ("completeTask", "updateEvent", "updateEvent"),
    "deal_without_owner": ("updateDeal", "updateDeal"),
    "no_decision_maker": ("addParticipant", "addParticipant", "planAppointment"),
    "quote_unanswered": ("planAppointment", "extendQuote", "reviseQuote"),
    "quote_expiring": ("planAppointment", "extendQuote", "reviseQuote"),
    "contract_ending": ("planAppointment", "createDeal"),
    "contract_notice": ("planAppointment", "createDeal"),
    "invoice_unpaid": ("planAppointment", "writeMessage"),
    "prospect_without_manager": ("updateAccount", "updateAccount"),
    "prospect_contact_without_manager": ("updateContact", "updateContact"),
    "contact_unreachable": ("giveInstruction", "mergeContacts", "deleteContact"),
    "address_bounces": ("giveInstruction", "planAppointment"),
    "probable_duplicate": ("mergeContacts", "dismissDuplicate"),
    "probable_duplicate_account": ("mergeAccounts", "dismissDuplicate"),
    "client_silent": ("planAppointment", "planAppointment", "updateAccount"),
    "client_contact_silent": ("planAppointment", "planAppointment", "updateContact"),
    "suspect_not_qualified": ("updateContact", "deleteContact"),
}
"""What domain.md asks for, in the order in which it is proposed."""


def test_the_walk_knows_every_rule() -> None:
    assert set(AT_LEAST) == set(SCENES) == set(RULES)


async def test_every_remedy_of_every_rule_runs_and_resolves_its_alert(house: House) -> None:
    elsewhere = build_schema(CONTACTS, assume_valid=True)
    for round_ in range(max(map(len, AT_LEAST.values()))):
        office = await house.organization()
        await prepare(office)
        mine = {rule: remedies[round_] for rule, remedies in AT_LEAST.items() if len(remedies) > round_}
        about = {rule: await SCENES[rule](office) for rule in mine}
        await office.sweep_once(timedelta(days=DAYS))
        for rule, mutation in mine.items():
            alert = (await raised_about(office, RULES[rule]))[about[rule]]
            assert [one["mutation"] for one in alert["suggestions"]] == [*AT_LEAST[rule]], rule
            done = await _applied(office, alert, round_, mutation)
            if done["__typename"] == "SuggestionElsewhere":
                _validates(elsewhere, done["mutation"], done["variables"])
            else:
                assert (rule, mutation, done["__typename"]) == (rule, mutation, "Alert"), done
                assert (done["status"], done["endingRemedy"]) == ("RESOLVED", mutation), done


async def _applied(office: Office, alert: dict[str, Any], position: int, mutation: str) -> dict[str, Any]:
    return await apply(office, alert["id"], position, mutation)


def _validates(schema: GraphQLSchema, mutation: str, variables: dict[str, Any]) -> None:
    """The variables are what the other service's mutation takes; a client adds the idempotency key."""
    assert schema.mutation_type is not None
    assert variables.keys() == {"input"}
    kind = schema.mutation_type.fields[mutation].args["input"].type
    given = {"input": {"idempotencyKey": "key", **variables["input"]}}
    document = f"mutation($input: {kind}) {{ {mutation}(input: $input) {{ __typename }} }}"
    told = graphql_sync(schema, document, variable_values=given)
    assert not [error for error in told.errors or () if "$input" in error.message], told.errors
