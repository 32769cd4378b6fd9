"""An organization's plan: its trial, its subscription, the way to the free plan and back. Nothing is ever lost by it.

No payment is taken here: subscribing is recorded with who and when, and an operator can take it back
(docs/decisions/0027-plans-and-memberships.md).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database import UnitOfWork
from chassis.plans import Plan, PlanState, trial_end
from services.contacts import events, model
from services.contacts.commands.loading import locked
from services.contacts.errors import NotSubscribed, TrialUsed
from services.contacts.model import PlanStep


class By:
    """In whose name a step is taken beside the unit of work's actor: an operator, by name, with a note."""

    def __init__(self, operator: str | None = None, note: str | None = None) -> None:
        self.operator, self.note = operator, note


def begin(work: UnitOfWork, organization: model.Organization, plan: Plan) -> None:
    """The first step of a new organization: PRO begins with its trial."""
    organization.plan = plan
    if plan is Plan.PRO:
        organization.trial_ends_at = trial_end(work.now, organization.time_zone)
    _record(work, organization, PlanStep.TRIAL_BEGAN if plan is Plan.PRO else PlanStep.CHANGED_TO_CRM, By())


async def subscribe(work: UnitOfWork, by: By, expected: int | None = None) -> UUID:
    """Have PRO for as long as nobody unsubscribes. Again changes nothing. Raises VersionConflict."""
    organization = await locked(work, model.Organization, work.organization)
    if organization.plan_standing.state(work.now) is PlanState.SUBSCRIBED:
        return organization.id
    values = {"plan": Plan.PRO, "subscribed_at": work.now}
    return await _step(work, organization, PlanStep.SUBSCRIBED, values, by, expected)


async def unsubscribe(work: UnitOfWork, by: By) -> UUID:
    """PRO without a subscription: what is left of the trial, then reading only. Raises NotSubscribed."""
    organization = await locked(work, model.Organization, work.organization)
    if organization.subscribed_at is None:
        raise NotSubscribed
    return await _step(work, organization, PlanStep.UNSUBSCRIBED, {"subscribed_at": None}, by, None)


async def extend_trial(work: UnitOfWork, by: By, days: int) -> UUID:
    """A trial of so many more days, from today where it is over."""
    organization = await locked(work, model.Organization, work.organization)
    tonight = trial_end(work.now, organization.time_zone, days=0)
    values = {"plan": Plan.PRO, "trial_ends_at": max(organization.trial_ends_at or tonight, tonight) + timedelta(days)}
    return await _step(work, organization, PlanStep.TRIAL_EXTENDED, values, by, None)


async def change_plan(work: UnitOfWork, plan: Plan, by: By, expected: int | None = None) -> UUID:
    """Go to the free plan, or back to PRO for a trial that is not used up. Again changes nothing.

    Raises TrialUsed, VersionConflict.
    """
    organization = await locked(work, model.Organization, work.organization)
    if organization.plan is plan:
        return organization.id
    if plan is Plan.CRM:
        values = {"plan": Plan.CRM, "subscribed_at": None}
        return await _step(work, organization, PlanStep.CHANGED_TO_CRM, values, by, expected)
    ends_at = organization.trial_ends_at or trial_end(work.now, organization.time_zone)
    if ends_at <= work.now:
        raise TrialUsed(ends_at)
    back = {"plan": Plan.PRO, "trial_ends_at": ends_at}
    return await _step(work, organization, PlanStep.CHANGED_TO_PRO, back, by, expected)


async def _step(
    work: UnitOfWork,
    organization: model.Organization,
    step: PlanStep,
    values: Mapping[str, Any],
    by: By,
    expected: int | None,
) -> UUID:
    organization.change(expected, work.now, {**values})
    _record(work, organization, step, by)
    await work.emit(events.organization_changed(organization))
    return organization.id


def _record(work: UnitOfWork, organization: model.Organization, step: PlanStep, by: By) -> None:
    work.session.add(
        model.PlanChange(
            organization_id=organization.id,
            at=work.now,
            step=step,
            plan=organization.plan,
            trial_ends_at=organization.trial_ends_at,
            subscribed=organization.subscribed_at is not None,
            by_id=work.actor.collaborator,
            operator=by.operator,
            note=by.note,
        )
    )
