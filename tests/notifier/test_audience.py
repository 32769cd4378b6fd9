"""Who is concerned, and why."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.audience import Concerned, People, Reason, Ties, of_alert, of_comment, of_event

ANNE, PAUL, CLAIRE, OMAR = (UUID(int=number) for number in range(1, 5))


def test_everyone_tied_to_an_event_is_told_once_with_every_reason() -> None:
    ties = Ties(owner=PAUL, relationship_manager=CLAIRE, followers=(PAUL, OMAR))
    assert of_event(ANNE, ANNE, People([CLAIRE], assignee=PAUL), ties) == (
        Concerned(CLAIRE, (Reason.NAMED, Reason.RELATIONSHIP_MANAGER)),
        Concerned(PAUL, (Reason.ASSIGNEE, Reason.OWNER, Reason.FOLLOWER)),
        Concerned(OMAR, (Reason.FOLLOWER,)),
    )


def test_the_author_is_never_told() -> None:
    assert (
        of_event(
            ANNE, ANNE, People([ANNE], assignee=ANNE), Ties(owner=ANNE, relationship_manager=ANNE, followers=(ANNE,))
        )
        == ()
    )


def test_who_changes_an_event_is_not_told_and_its_author_is() -> None:
    assert of_event(ANNE, PAUL, People([CLAIRE], assignee=PAUL), Ties()) == (
        Concerned(CLAIRE, (Reason.NAMED,)),
        Concerned(ANNE, (Reason.AUTHOR,)),
    )


def test_an_alert_goes_to_its_addressees_who_learn_their_other_ties() -> None:
    assert of_alert([PAUL], Ties(owner=PAUL, relationship_manager=CLAIRE), [OMAR]) == (
        Concerned(PAUL, (Reason.ADDRESSEE, Reason.OWNER)),
    )


def test_an_alert_without_addressee_goes_to_owner_then_manager_then_admins() -> None:
    assert of_alert([], Ties(owner=PAUL, relationship_manager=CLAIRE), [OMAR]) == (Concerned(PAUL, (Reason.OWNER,)),)
    manager = Concerned(CLAIRE, (Reason.RELATIONSHIP_MANAGER,))
    assert of_alert([], Ties(relationship_manager=CLAIRE), [OMAR]) == (manager,)
    assert of_alert([], Ties(), [OMAR]) == (Concerned(OMAR, (Reason.ADMIN,)),)
    assert of_alert([], Ties(), []) == ()


def test_how_somebody_came_on_an_event_is_told_exactly() -> None:
    people = People([PAUL, CLAIRE, OMAR], department=[PAUL], attendees=[CLAIRE], mentioned=[PAUL])
    assert of_event(ANNE, ANNE, people, Ties()) == (
        Concerned(PAUL, (Reason.MENTIONED, Reason.DEPARTMENT)),
        Concerned(OMAR, (Reason.NAMED,)),
        Concerned(CLAIRE, (Reason.ATTENDEE,)),
    )


def test_an_edited_comment_is_told_only_to_those_it_names_anew() -> None:
    ties = Ties(owner=PAUL, relationship_manager=OMAR, followers=(ANNE,))
    both = (Concerned(CLAIRE, (Reason.MENTIONED,)), Concerned(PAUL, (Reason.OWNER,)))
    assert of_comment(ANNE, [CLAIRE], ties, edited=False) == both
    assert of_comment(ANNE, [CLAIRE], ties, edited=True) == both[:1]


people = st.sampled_from([ANNE, PAUL, CLAIRE, OMAR])


@given(people, people, st.lists(people), st.none() | people, st.none() | people, st.none() | people, st.lists(people))
def test_each_is_told_at_most_once(
    author: UUID,
    writer: UUID,
    named: list[UUID],
    assignee: UUID | None,
    owner: UUID | None,
    manager: UUID | None,
    followers: list[UUID],
) -> None:
    told = of_event(author, writer, People(named, assignee=assignee), Ties(owner, manager, tuple(followers)))
    whom = [concerned.collaborator for concerned in told]
    assert len(whom) == len(set(whom))
    assert set(whom) == {*named, *followers, assignee, owner, manager, author} - {None, writer}
    assert all(concerned.reasons for concerned in told)
