"""What was signed, printed and paid stays as it was: the application's own role cannot change it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.auth import Actor
from tests.deals.house import House, Office
from tests.deals.quotes.desk import a_billed_deal


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quote_answer SET name = 'x'",
        "DELETE FROM quote_answer",
        "UPDATE quote_paper SET content = ''",
        "DELETE FROM quote_paper",
        "UPDATE payment SET amount = 1",
        "DELETE FROM payment",
    ],
)
async def test_proof_is_neither_edited_nor_deleted(house: House, office: Office, statement: str) -> None:
    await a_billed_deal(office)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with house.running.database.unit_of_work(Actor.system(office.organization)) as work:
            await work.session.execute(text(statement))
