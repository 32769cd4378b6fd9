"""Idempotency keys are kept a day, then purged, whoever used them."""

from sqlalchemy import text

from chassis.database import create_engine
from chassis.idempotency import forget_old_keys
from services.contacts import model
from tests.contacts.house import House, Office


async def test_keys_over_a_day_old_are_purged_and_may_be_used_anew(house: House, office: Office) -> None:
    old, young = {"familyName": "A", "idempotencyKey": "old"}, {"familyName": "B", "idempotencyKey": "young"}
    first, second = await office.do("createContact", old), await office.do("createContact", young)
    owner = create_engine(house.owner_url)
    async with owner.begin() as connection:
        mine = "organization_id = :id AND key = 'old'"
        aged = text(f"UPDATE idempotency SET created_at = now() - interval '25 hours' WHERE {mine}")
        await connection.execute(aged, {"id": office.organization})
    await owner.dispose()
    assert await forget_old_keys(house.running.system, model.idempotency) >= 1
    assert (await office.do("createContact", young))["id"] == second["id"]
    assert (await office.do("createContact", old))["id"] != first["id"]
