"""Of every rule: the set of open alerts is a function of the facts and the time, whatever turns there were before."""

import os
import random
from datetime import timedelta

from tests.deals.house import House, Office
from tests.deals.rules.scenes import DAYS, SCENES, prepare
from tests.deals.test_alerts import alerts

CLOCK = (DAYS, 1, 200)
"""Days ahead, forward and back: over changes of winter and summer time, too."""
SOME = (
    "no_decision_maker",
    "quote_expiring",
    "contract_notice",
    "invoice_unpaid",
    "address_bounces",
    "probable_duplicate",
    "client_contact_silent",
    "suspect_not_qualified",
)
"""Rules that tests.deals.test_rules does not draw; with LIANT_E2E=full every rule is."""


async def open_rules(office: Office) -> list[tuple[str, int]]:
    """The open alerts, by rule and threshold."""
    query = """{ alerts(first: 100, filter: {status: {eq: RAISED}}) { edges { node { rule step } } } }"""
    edges = (await office.data(query))["alerts"]["edges"]
    return sorted((edge["node"]["rule"], edge["node"]["step"]) for edge in edges)


async def test_turns_in_between_and_a_clock_that_runs_back_change_nothing_for_any_rule(house: House) -> None:
    chance, rules = random.Random(6), sorted(SCENES) if os.environ.get("LIANT_E2E") == "full" else SOME
    swept, unswept = await house.organization(), await house.organization()
    for office in (swept, unswept):
        await prepare(office)
    for rule in chance.sample(rules, len(rules)):
        for office in (swept, unswept):
            await SCENES[rule](office)
        if chance.random() < 0.3:
            await swept.sweep_once(timedelta(days=chance.choice(CLOCK)))
    seen: set[str] = set()
    for days in CLOCK:
        for office in (swept, unswept):
            # What no turn had found, an audit would: there is none.
            await office.sweep_once(timedelta(days=days), audited=office is swept)
        first, second = [await open_rules(office) for office in (swept, unswept)]
        assert first == second, days
        seen |= {rule for rule, _ in first}
    assert seen >= set(rules)
    assert len(await alerts(swept)) >= len(seen)
