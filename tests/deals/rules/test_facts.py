"""The facts that an alert rests on, each as what it is."""

from datetime import UTC, datetime, timedelta

from services.deals.rules.deal_without_owner import DEAL_WITHOUT_OWNER
from services.deals.rules.facts import Fact, facts_of
from tests.deals.house import Office
from tests.deals.rules.scenes import ownerless

FACTS = "{ alerts { edges { node { rule facts { name value at number nodeId } } } } }"


def test_figures_are_told_apart_by_what_they_are() -> None:
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    figures = {
        "last_activity_at": at.isoformat(),
        "day": "2026-11-30",
        "expected_days": "14",
        "title": "2026",
        "paper_id": "quote_01h455vb4pex5vsknk084sn02q",
    }
    assert list(facts_of(figures)) == [
        Fact("day", "2026-11-30", datetime(2026, 11, 30, tzinfo=UTC)),
        Fact("expected_days", "14", number=14),
        Fact("last_activity_at", at.isoformat(), at),
        Fact("paper", figures["paper_id"], id=figures["paper_id"]),
        Fact("title", "2026"),
    ]


async def test_a_fact_leads_to_the_thing_that_it_names(office: Office) -> None:
    await ownerless(office)
    await office.sweep_once(timedelta(minutes=1), [DEAL_WITHOUT_OWNER])
    [edge] = (await office.data(FACTS))["alerts"]["edges"]
    facts = {fact["name"]: fact for fact in edge["node"]["facts"]}
    assert facts["candidate"]["value"] == "Ana Gil"
    assert facts["candidate"]["nodeId"].startswith("collaborator_")
    assert facts["owner_since"]["at"] is not None
