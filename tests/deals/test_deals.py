"""Deals through GraphQL."""

from tests.deals.house import Office

DEAL = """query($id: ID!) { deal(id: $id) { id version title phase lostReason amount currency expectedClose
  stage { name position probability expectedDays } pipeline { name isDefault stages { name } }
  owner { id } account { id } primaryContact { id } participants { contact { id } part } followers { id } } }"""


async def test_a_deal_is_read_as_it_was_written(office: Office) -> None:
    contact, other, account = await office.a_contact(), await office.a_contact("Max"), await office.an_account()
    follower = await office.a_collaborator()
    made = await office.a_deal(
        title="Toiture",
        phase="OPPORTUNITY",
        primaryContactId=contact,
        accountId=account,
        participants=[{"contactId": other, "part": "décideur"}],
        followerIds=[follower],
        amount="12500.50",
        currency="EUR",
        expectedClose="2027-01-31",
    )
    deal = (await office.data(DEAL, id=made))["deal"]
    assert deal == {
        "id": made,
        "version": 1,
        "title": "Toiture",
        "phase": "OPPORTUNITY",
        "lostReason": None,
        "amount": "12500.50",
        "currency": "EUR",
        "expectedClose": "2027-01-31",
        "stage": {"name": "Suspect", "position": 1, "probability": 5, "expectedDays": 30},
        "pipeline": {
            "name": "SPANCO",
            "isDefault": True,
            "stages": [
                {"name": name} for name in ("Suspect", "Prospect", "Analyse", "Négociation", "Conclusion", "Ordre")
            ],
        },
        "owner": {"id": office.id_of()},
        "account": {"id": account},
        "primaryContact": {"id": contact},
        "participants": [{"contact": {"id": other}, "part": "décideur"}],
        "followers": [{"id": follower}],
    }
