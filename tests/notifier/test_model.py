"""The migrations give the model, and no table is bare."""

from chassis import migrations, revisions
from services.notifier.model import NotifierBase
from tests.notifier.house import House


async def test_migrations_give_the_model(house: House) -> None:
    assert await migrations.differences(str(house.settings.database_owner_url), NotifierBase.metadata) == []


async def test_every_table_is_under_row_level_security(house: House) -> None:
    assert await migrations.unprotected_tables(house.owner) == []


async def test_the_service_is_at_head(house: House) -> None:
    from services.notifier.service import SERVICE

    await revisions.check_at_head(house.database.engine, SERVICE.migrations)
