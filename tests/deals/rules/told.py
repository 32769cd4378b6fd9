"""What collaborators are told of a rule's alerts."""

from typing import Any

from services.deals.rules.base import Rule
from tests.deals.house import Office
from tests.deals.test_alerts import alerts


async def the_alert(office: Office, rule: Rule, status: str = "RAISED") -> dict[str, Any] | None:
    """The organization's one alert of a rule and status; None where there is none."""
    found = [one for one in await alerts(office) if (one["rule"], one["status"]) == (rule.name, status)]
    assert len(found) <= 1, found
    return found[0] if found else None
