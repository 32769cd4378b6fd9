"""Rules that measure: how much is a defect is the organization's to say; and from which stage on a rule counts."""

from datetime import timedelta
from typing import Any

from chassis.auth import Role
from chassis.identifiers import format_id, new_id, parse_id
from proto.contacts.v1 import messages_pb2 as pb
from services.deals.rules.address_bounces import ADDRESS_BOUNCES
from services.deals.rules.close_date_pushed import CLOSE_DATE_PUSHED
from services.deals.rules.no_decision_maker import NO_DECISION_MAKER
from services.deals.rules.probable_duplicate import DUPLICATE_CONTACT
from tests.deals.house import Office
from tests.deals.rules.test_address_bounces import bounced
from tests.deals.rules.test_close_date_pushed import pushed
from tests.deals.rules.told import raised_about


async def wanted(office: Office, rule: str, **values: Any) -> Any:
    """A rule as the organization wants it."""
    return await office.do("updateAlertRule", Role.ADMIN, show="level", rule=rule, **values)


async def test_how_many_pushes_are_too_many_is_the_organizations_to_say(office: Office) -> None:
    deals = {times: await pushed(office, times) for times in (1, 2, 4)}
    for level, found in ((5, set()), (3, {4}), (2, {2, 4}), (1, {1, 2, 4}), (None, {4})):
        await wanted(office, CLOSE_DATE_PUSHED.name, level=level)
        await office.sweep_once(rules=[CLOSE_DATE_PUSHED], audited=True)
        told = await raised_about(office, CLOSE_DATE_PUSHED)
        assert set(told) == {deals[times] for times in found}, level


async def test_how_many_soft_bounces_are_too_many_and_a_hard_one_always_is(office: Office) -> None:
    soft, hard = await office.a_contact(), await office.a_contact()
    await office.knows(hard)
    await wanted(office, ADDRESS_BOUNCES.name, level=5)
    await bounced(office, soft, soft=4)
    await bounced(office, hard, hard=1)
    assert set(await raised_about(office, ADDRESS_BOUNCES)) == {hard}
    await wanted(office, ADDRESS_BOUNCES.name, level=4)
    await office.sweep_once(rules=[ADDRESS_BOUNCES])
    first = await raised_about(office, ADDRESS_BOUNCES)
    await bounced(office, soft, 2, soft=5)
    assert await raised_about(office, ADDRESS_BOUNCES) == first
    assert set(first) == {soft, hard}


async def test_how_alike_two_must_be_and_what_measures_nothing_has_no_level(office: Office) -> None:
    one, other = [await office.a_contact() for _ in range(2)]
    await office.knows(other)
    id = format_id("duplicate", new_id())
    pair = pb.Duplicate(id=id, first_id=one, second_id=other, score=0.7, state=pb.Duplicate.OPEN)
    await office.tell("duplicate", parse_id("duplicate", id), pb.DuplicateFound(duplicate=pair))
    await office.knows(id)
    await office.sweep_once(rules=[DUPLICATE_CONTACT])
    assert await raised_about(office, DUPLICATE_CONTACT) == {}
    await wanted(office, DUPLICATE_CONTACT.name, level=70)
    await office.sweep_once(rules=[DUPLICATE_CONTACT])
    assert set(await raised_about(office, DUPLICATE_CONTACT)) == {one}
    for rule, level in ((NO_DECISION_MAKER, 2), (CLOSE_DATE_PUSHED, 0), (CLOSE_DATE_PUSHED, 101)):
        assert (await wanted(office, rule.name, level=level))["path"] == ["level"]


async def test_from_which_stage_on_a_decision_maker_is_missed(office: Office) -> None:
    stages = await office.stages()
    deals = [await office.a_deal(stageId=stage) for stage in stages[:3]]
    # Everywhere means from the usual stage on; a stage of its own may be earlier, or left out.
    steps: list[tuple[dict[str, Any], set[int]]] = [
        ({}, {1, 2}),
        ({"enabled": True}, {1, 2}),
        ({"stageId": stages[0], "enabled": True}, {0, 1, 2}),
        ({"stageId": stages[1], "enabled": False}, {0, 2}),
        ({"enabled": False}, {0}),
    ]
    for values, found in steps:
        await wanted(office, NO_DECISION_MAKER.name, **values)
        await office.sweep_once(timedelta(minutes=1), [NO_DECISION_MAKER], audited=True)
        assert set(await raised_about(office, NO_DECISION_MAKER)) == {deals[place] for place in found}, values
