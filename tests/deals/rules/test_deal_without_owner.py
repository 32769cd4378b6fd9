"""The rule of deals that nobody can carry."""

from services.deals.rules.deal_without_owner import DEAL_WITHOUT_OWNER as RULE
from tests.deals.house import Office
from tests.deals.rules.told import the_alert
from tests.support.control import until


async def test_a_deal_without_owner_is_told_of_and_taken(office: Office) -> None:
    await office.a_deal(ownerId=None)
    await office.sweep_once(rules=[RULE])
    alert = await the_alert(office, RULE)
    assert alert is not None and alert["severity"] == "CRITICAL"
    assert alert["reason"].startswith("Personne n'est responsable de l'affaire depuis 0 jour (")
    (take,) = alert["suggestions"]
    await office.do(take["mutation"], **take["variables"]["input"])
    assert await the_alert(office, RULE, "CLOSED") is not None


async def test_a_disabled_owner_is_told_of_at_once_without_a_sweep(office: Office) -> None:
    owner = await office.a_collaborator("Bob Martin")
    await office.knows(owner)
    await office.a_deal(ownerId=owner)
    await office.a_collaborator("Bob Martin", 2, owner, disabled=True)

    async def told() -> bool:
        return await the_alert(office, RULE) is not None

    await until(told, what="the alert of a disabled owner")
    alert = await the_alert(office, RULE)
    assert alert is not None
    assert alert["reason"] == "Le compte de Bob Martin, responsable de l'affaire, est désactivé."
    await office.a_collaborator("Bob Martin", 3, owner, disabled=False)

    async def closed() -> bool:
        return await the_alert(office, RULE, "CLOSED") is not None

    await until(closed, what="the alert closed when the owner is back")


async def test_somebodys_word_holds_for_a_day(office: Office) -> None:
    await office.a_deal(ownerId=None)
    await office.sweep_once(rules=[RULE])
    alert = await the_alert(office, RULE)
    assert alert is not None
    await office.do("resolveAlert", id=alert["id"], reason="Vu avec Ana")
    await office.sweep_once(rules=[RULE])
    assert await the_alert(office, RULE) is None
