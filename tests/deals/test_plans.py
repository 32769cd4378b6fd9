"""After the trial deals are read and not written, alerts pause, and nothing is lost."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from chassis.auth import Role
from chassis.database import utc_now
from chassis.identifiers import format_id
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.model import Organization
from services.deals.rules.deal_without_next_event import DEAL_WITHOUT_NEXT_EVENT
from tests.deals.house import Office
from tests.support.control import until

LATER = timedelta(days=4)
ALERTS = "{ alerts { totalCount } }"


async def _has(office: Office, version: int, **plan: Any) -> None:
    """Contacts tells of the organization's plan."""
    ends = plan.pop("trial_ends_at", None)
    told = pb.Organization(
        id=format_id("organization", office.organization), name="L", locale="fr", time_zone="Europe/Paris", **plan
    )
    if ends is not None:
        told.trial_ends_at.FromDatetime(ends)
    await office.tell("organization", office.organization, pb.OrganizationChanged(organization=told), version)

    async def copied() -> bool:
        async with office.house.running.database.read(office.organization) as session:
            return bool(await session.scalar(select(Organization.version)) == version)

    await until(copied, what=f"version {version} of the organization")


async def test_after_the_trial_alerts_pause_and_come_once_somebody_subscribed(office: Office) -> None:
    await _has(office, 2, plan="PRO", trial_ends_at=utc_now() + timedelta(days=1))
    deal = await office.a_deal()
    await _has(office, 3, plan="PRO", trial_ends_at=utc_now() - timedelta(minutes=1))
    refused = await office.do("createDeal", title="Non", primaryContactId=await office.a_contact())
    assert (refused["__typename"], refused["code"]) == ("PlanReadOnly", "PLAN_READ_ONLY")
    assert (await office.do("writeNote", title="Non", dealId=deal))["__typename"] == "PlanReadOnly"
    assert (await office.data("query($id: ID!) { deal(id: $id) { title } }", id=deal))["deal"]["title"]
    await office.sweep_once(LATER, [DEAL_WITHOUT_NEXT_EVENT])
    assert (await office.data(ALERTS))["alerts"]["totalCount"] == 0
    await _has(office, 4, plan="PRO", subscribed=True)
    await office.sweep_once(LATER, [DEAL_WITHOUT_NEXT_EVENT])
    assert (await office.data(ALERTS))["alerts"]["totalCount"] == 1
    assert (await office.do("writeNote", title="Oui", dealId=deal))["__typename"] == "Event"


async def test_the_end_of_a_trial_needs_no_message(office: Office) -> None:
    await _has(office, 2, plan="PRO", trial_ends_at=utc_now() + timedelta(hours=1))
    contact = await office.a_contact()
    assert (await office.do("createDeal", title="Oui", primaryContactId=contact))["__typename"] == "Deal"
    database = office.house.running.database
    database.clock = lambda: utc_now() + timedelta(hours=2)
    try:
        refused = await office.do("createDeal", title="Non", primaryContactId=contact)
    finally:
        database.clock = utc_now
    assert refused["__typename"] == "PlanReadOnly"


async def test_the_free_plan_has_no_deals(office: Office) -> None:
    await _has(office, 2, plan="CRM")
    refused = await office.do("createDeal", title="Non", primaryContactId=await office.a_contact())
    assert (refused["__typename"], refused["code"]) == ("NotInPlan", "NOT_IN_PLAN")
    assert (await office.data("{ deals { totalCount } }", Role.READER))["deals"]["totalCount"] == 0
