"""What collaborators are told of a rule's alerts."""

from typing import Any

from services.deals.rules.base import Rule
from tests.deals.house import Office
from tests.deals.test_alerts import alerts


async def raised_about(office: Office, rule: Rule) -> dict[str, Any]:
    """The ids that a rule's open alerts are about, each with its alert."""
    query = """query($rule: String!) { alerts(first: 50, filter: {rule: {eq: $rule}}) { edges { node { status reason
      id step headline figures suggestions { mutation variables } deal { id } contact { id } account { id }
      predecessor { id } } } } }"""
    found = {}
    for edge in (await office.data(query, rule=rule.name))["alerts"]["edges"]:
        alert = edge["node"]
        if alert["status"] == "RAISED":
            [about] = [alert[kind]["id"] for kind in ("deal", "contact", "account") if alert[kind]]
            found[about] = alert
    return found


async def carry_out(office: Office, suggestion: dict[str, Any]) -> str:
    """Run a suggestion as it is; the type of what it gives."""
    name = suggestion["mutation"]
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation($input: {kind}!) {{ result: {name}(input: $input) {{ __typename }} }}"
    return str((await office.data(query, **suggestion["variables"]))["result"]["__typename"])


async def the_alert(office: Office, rule: Rule, status: str = "RAISED") -> dict[str, Any] | None:
    """The organization's one alert of a rule and status; None where there is none."""
    found = [one for one in await alerts(office) if (one["rule"], one["status"]) == (rule.name, status)]
    assert len(found) <= 1, found
    return found[0] if found else None
