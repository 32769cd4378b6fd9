"""`python -m services.contacts bootstrap`: what `liant` calls to set up an organization."""

import asyncio
import json
import os
import sys

from chassis.identifiers import parse_id
from services.contacts import queries
from tests.contacts.house import House


async def _bootstrap(house: House, *more: str, email: str = "jeanne@port.example") -> tuple[dict[str, str], str, int]:
    settings = house.running.settings
    environment = {
        **os.environ,
        "LIANT_CONTACTS_DATABASE_URL": str(settings.database_url),
        "LIANT_CONTACTS_DATABASE_SYSTEM_URL": str(settings.database_system_url),
    }
    words = ["--organization", "Études du Port", "--admin-name", "Jeanne", "--admin-email", email, *more]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.contacts", "bootstrap", *words,
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return json.loads(out or b"{}"), err.decode(), process.returncode or 0


async def test_it_makes_the_organization_and_its_admin_once(house: House) -> None:
    made, again = await asyncio.gather(_bootstrap(house), _bootstrap(house))
    assert made[0] == again[0]
    assert made[0].keys() == {"organization", "collaborator"}
    organization = parse_id("organization", made[0]["organization"])
    async with house.running.database.read(organization) as read:
        [row] = await read.rows(queries.COLLABORATOR)
        assert (row.name, row.email, row.role.value) == ("Jeanne", "jeanne@port.example", "ADMIN")
        assert (row.locale, row.time_zone) == ("fr", "Europe/Paris")


async def test_a_bad_address_is_told_without_a_stack_trace(house: House) -> None:
    told, errors, status = await _bootstrap(house, email="not an address")
    assert (told, status) == ({}, 1)
    assert "adminEmail: Not an e-mail address" in errors
    assert "Traceback" not in errors
