"""What a plan gives, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.plans import UNKNOWN, Feature, NotInPlan, Plan, PlanReadOnly, PlanState, Standing, trial_end

BEGAN = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "ends"), [
    ("Europe/Paris", "2026-11-17T23:00:00+00:00"),  # 2 November there, at 23:30
    ("Asia/Tokyo", "2026-11-18T15:00:00+00:00"),  # already the 3rd
    ("America/Guadeloupe", "2026-11-18T04:00:00+00:00"),
])  # fmt: skip
def test_a_trial_ends_at_midnight_after_its_fifteenth_day_there_where_the_organization_is(zone: str, ends: str) -> None:
    standing = Standing(Plan.PRO, trial_end(BEGAN, zone))
    assert standing.trial_ends_at == datetime.fromisoformat(ends)
    for day, state in ((14, PlanState.TRIAL), (15, PlanState.TRIAL), (16, PlanState.READ_ONLY)):
        assert standing.state(BEGAN + timedelta(days=day)) is state, day
    last = datetime.fromisoformat(ends) - timedelta(microseconds=1)
    assert standing.state(last) is PlanState.TRIAL


def test_a_trial_over_a_change_of_the_clocks_still_ends_at_midnight() -> None:
    began = datetime(2026, 10, 20, 8, tzinfo=UTC)  # summer time; it ends in winter
    assert trial_end(began, "Europe/Paris") == datetime(2026, 11, 4, 23, tzinfo=UTC)


def test_after_the_trial_everything_is_refused_but_what_needs_no_feature() -> None:
    over = Standing(Plan.PRO, BEGAN)
    for feature in Feature:
        with pytest.raises(PlanReadOnly, match="subscribe"):
            over.check(feature, BEGAN)
    over.check(None, BEGAN)


def test_a_subscription_lasts_whatever_became_of_the_trial() -> None:
    subscribed = Standing(Plan.PRO, BEGAN, subscribed=True)
    assert subscribed.state(BEGAN + timedelta(days=9000)) is PlanState.SUBSCRIBED
    for feature in Feature:
        subscribed.check(feature, BEGAN)


def test_the_free_plan_says_which_plan_has_what_it_has_not() -> None:
    free = Standing(Plan.CRM, BEGAN)
    for feature in (Feature.CONTACTS, Feature.BUSINESS_CARDS, Feature.FOLLOWING):
        free.check(feature, BEGAN + timedelta(days=400))
    with pytest.raises(NotInPlan) as refused:
        free.check(Feature.DEALS, BEGAN)
    assert (refused.value.available_in, refused.value.plan) == ([Plan.PRO], Plan.CRM)
    assert "PRO" in refused.value.message


def test_a_message_older_than_plans_refuses_nothing() -> None:
    assert Standing.of(None, None, False) is UNKNOWN
    UNKNOWN.check(Feature.DEALS, BEGAN)
