"""What speaks for two records being the same, and how much."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.text import folded
from services.contacts.duplicates import companies, names, people
from services.contacts.duplicates.companies import Company
from services.contacts.duplicates.people import Person
from services.contacts.duplicates.score import KEPT, PROBABLE, Code, score

ACCOUNT = (uuid4(), "Boulangerie du Port")


def a_person(given_name: str, family_name: str, *reached: str, account: bool = False) -> Person:
    emails = tuple(each for each in reached if "@" in each)
    phones = tuple(each for each in reached if "@" not in each)
    shown = f"{given_name} {family_name}".strip()
    return Person(folded(given_name), folded(family_name), shown, emails, phones, (ACCOUNT,) if account else ())


ZOE = a_person("Zoé", "Lefèvre", "zoe@port.example", "+33612345678")


@pytest.mark.parametrize(("other", "codes", "least", "most"), [
    (a_person("Zoe", "LEFEVRE"), {Code.NAME}, 0.6, 0.84),
    (a_person("Lefèvre", "Zoé"), {Code.NAME_SWAPPED}, 0.6, 0.84),
    (a_person("Zoé", "Lefebvre"), {Code.NAME_TYPO}, 0.5, 0.84),
    (a_person("Zoé", "Lefervre"), {Code.NAME_TYPO}, 0.5, 0.84),
    (a_person("Zoé", "Lefèvre-Martin"), {Code.NAME_PART}, 0.5, 0.84),
    (a_person("Z.", "Lefèvre"), {Code.INITIAL}, 0.0, 0.49),
    (a_person("Z.", "Lefèvre", "ZOE@port.example"), {Code.INITIAL, Code.EMAIL}, PROBABLE, 1),
    (a_person("", "Lefèvre", "+33612345678"), {Code.FAMILY_NAME, Code.MOBILE}, 0.8, 1),
    (a_person("Zoe", "Lefevre", "zoe+crm@port.example"), {Code.NAME, Code.EMAIL}, 0.95, 1),
    (a_person("Paul", "Garnier", "zoe@port.example"), {Code.OTHER_NAME, Code.EMAIL}, KEPT, 0.6),
    (a_person("Paul", "Lefèvre", "+33140506070"), {Code.OTHER_NAME}, 0, 0),
    (a_person("Paul", "Garnier"), {Code.OTHER_NAME}, 0, 0),
])  # fmt: skip
def test_two_people_are_compared(other: Person, codes: set[Code], least: float, most: float) -> None:
    for ours, theirs in ((ZOE, other), (other, ZOE)):
        reasons = people.compare(ours, theirs)
        assert {reason.code for reason in reasons} == codes
        assert least <= score(reasons) <= most, reasons


def test_nicknames_companies_and_domains_add_up() -> None:
    told = people.compare(a_person("Bob", "Durand", account=True), a_person("Robert", "Durand", account=True))
    assert [reason.code for reason in told] == [Code.NICKNAME, Code.ACCOUNT]
    assert score(told) > score(told[:1])
    same_firm = people.compare(a_person("Luc", "Roy", "l.roy@port.example"), a_person("Luc", "Roy", "luc@port.example"))
    assert [reason.code for reason in same_firm] == [Code.NAME, Code.DOMAIN]
    private = people.compare(a_person("Luc", "Roy", "l@gmail.com"), a_person("Luc", "Roy", "r@gmail.com"))
    assert [reason.code for reason in private] == [Code.NAME], "everybody is at a provider"


def test_a_mailbox_that_several_read_says_little() -> None:
    shared = people.compare(a_person("", "Roy", "contact@port.example"), a_person("Zoé", "", "contact@port.example"))
    assert [reason.code for reason in shared] == [Code.SHARED_MAILBOX]
    assert score(shared) < KEPT


PORT = Company("boulangerie du port", "Boulangerie du Port", siren="404833048", siret="40483304800022")


@pytest.mark.parametrize(("other", "codes", "least", "most"), [
    (Company("sarl boulangerie port", "SARL Boulangerie Port"), {Code.NAME}, 0.6, 0.84),
    (Company("boulangrie du port", "Boulangrie du Port"), {Code.NAME_TYPO}, 0.5, 0.84),
    (Company("bdp", "BDP", "404833048", "40483304800022"), {Code.SIRET}, PROBABLE, 1),
    (Company("bdp", "BDP", "404833048"), {Code.SIREN}, PROBABLE, 1),
    (Company("bdp", "BDP", "404833048", "40483304800030"), {Code.SIREN, Code.OTHER_SIRET}, KEPT, 0.7),
    (Company("boulangerie du port", "Boulangerie du Port", "552100554"), {Code.NAME, Code.OTHER_SIREN}, 0, 0.3),
    (Company("garage du port", "Garage du Port"), set(), 0, 0),
])  # fmt: skip
def test_two_companies_are_compared(other: Company, codes: set[Code], least: float, most: float) -> None:
    for ours, theirs in ((PORT, other), (other, PORT)):
        reasons = companies.compare(ours, theirs)
        assert {reason.code for reason in reasons} == codes
        assert least <= score(reasons) <= most, reasons


_WORDS = st.text(alphabet="abcd", min_size=1, max_size=8)


@given(_WORDS, _WORDS)
def test_mistakes_are_counted_alike_from_both_sides_and_none_means_equal(ours: str, theirs: str) -> None:
    count = names.mistakes(ours, theirs, 3)
    assert count == names.mistakes(theirs, ours, 3)
    assert (count == 0) == (ours == theirs)


@given(st.lists(_WORDS, max_size=3), st.lists(_WORDS, max_size=3), st.lists(_WORDS, max_size=3))
def test_a_score_is_the_same_from_both_sides(given_name: list[str], family: list[str], other: list[str]) -> None:
    ours, theirs = a_person(" ".join(given_name), " ".join(family)), a_person(" ".join(family), " ".join(other))
    assert score(people.compare(ours, theirs)) == score(people.compare(theirs, ours))
