"""Words that very many have: looked for in a sample, and within a portfolio among those who are of it."""

from uuid import UUID

import pytest
from sqlalchemy import insert

from chassis.auth import Actor, Role
from chassis.identifiers import format_id, new_id, parse_id
from services.contacts.model import AccountStatus, Contact, ContactOrigin
from services.contacts.search.queries import Place, found
from services.contacts.search.wanted import wanted
from tests.contacts.house import Office

SAMPLED, OTHERS = 210, 5


def an_id(*, sampled: bool) -> UUID:
    """One of those in the sample, or not."""
    last = 0 if sampled else 1
    return UUID(bytes=new_id().bytes[:15] + bytes([last]))


async def all_found(office: Office, typed: str, portfolio: tuple[UUID, ...] | None = None) -> list[UUID]:
    """Every result, page after page."""
    seen: list[UUID] = []
    place = Place()
    async with office.house.running.database.read(office.organization, portfolio) as read:
        while True:
            place, rows = await found(
                read, wanted(typed, {}), ["CONTACT", "ACCOUNT"], place._replace(skip=len(seen)), 100
            )
            if not rows:
                return seen
            seen += [row.id for row in rows]


@pytest.fixture
async def crowd(office: Office) -> list[UUID]:
    """Very many of one name; the ids of those that are not in the sample."""
    ids = [*(an_id(sampled=True) for _ in range(SAMPLED)), *(an_id(sampled=False) for _ in range(OTHERS))]
    async with office.house.running.database.unit_of_work(Actor.system(office.organization)) as work:
        own = {"organization_id": office.organization, "version": 1, "created_at": work.now, "updated_at": work.now}
        told = {"status": AccountStatus.SUSPECT, "origin": ContactOrigin.MANUAL, "languages": [], "relation_kinds": []}
        names = {"family_name": "Durandal", "family_name_sort": "durandal", "social_links": []}
        rows = [
            {**own, **told, **names, "id": id, "given_name": f"P{place}", "given_name_sort": f"p{place}"}
            for place, id in enumerate(ids)
        ]
        await work.session.execute(insert(Contact), rows)
    return ids[SAMPLED:]


async def test_a_frequent_word_is_answered_by_the_sample_and_a_rarer_one_by_all(
    office: Office, crowd: list[UUID]
) -> None:
    results = await all_found(office, "durandal")
    assert len(results) == len(set(results)) == SAMPLED
    assert not set(results) & set(crowd)
    assert await all_found(office, f"durandal p{SAMPLED + 2}") == [crowd[2]]
    assert await all_found(office, "duranbal") == results


async def test_within_a_portfolio_the_frequent_are_those_managed_and_those_who_belong_to_them(
    office: Office, crowd: list[UUID]
) -> None:
    manager = office.id_of(Role.COLLABORATOR)
    managed, served, stranger = crowd[:3]
    port = await office.an_account(relationshipManagerId=manager)
    await office.do("updateContact", {"id": format_id("contact", managed), "relationshipManagerId": manager})
    await office.do("createInterlocutor", {"contactId": format_id("contact", served), "accountId": port})
    portfolio = (parse_id("collaborator", manager),)
    assert set(await all_found(office, "durandal", portfolio)) == {managed, served}
    assert stranger not in await all_found(office, f"durandal p{SAMPLED + 2}", portfolio)
    assert await all_found(office, f"durandal p{SAMPLED + 1}", portfolio) == [served]
    assert stranger not in await all_found(office, "duranbal", portfolio)
    assert await all_found(office, "port", portfolio) == [parse_id("account", port), served]
