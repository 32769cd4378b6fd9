"""State machines, whatever is asked of them in whatever order."""

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.deals.errors import AlertEnded, PhaseNotReachable, TaskNotOpen
from services.deals.states import alert, deal, task
from services.deals.states.alert import AlertStatus
from services.deals.states.deal import Phase
from services.deals.states.task import TaskStatus

ADA, BOB = UUID(int=1), UUID(int=2)


class Deals(RuleBasedStateMachine):
    """A deal that people push from phase to phase."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = Phase.LEAD
        self.path = [Phase.LEAD]

    @rule(wanted=st.sampled_from(Phase))
    def push(self, wanted: Phase) -> None:
        """Ask for any phase; a refusal changes nothing and names what is possible."""
        try:
            self.phase = deal.follow(self.phase, wanted)
        except PhaseNotReachable as refused:
            assert (refused.current, refused.wanted) == (self.path[-1], wanted)
            assert all(phase in refused.message for phase in deal.FOLLOWING[self.phase])
        else:
            assert self.phase is wanted
            self.path.append(wanted)

    @invariant()
    def nothing_is_signed_that_was_no_opportunity(self) -> None:
        """And nothing is done that was not signed, and what is done stays done."""
        for before, after in zip(self.path, self.path[1:], strict=False):
            assert after is not Phase.SIGNED or before is Phase.OPPORTUNITY
            assert after is not Phase.DONE or before is Phase.SIGNED
            assert before is not Phase.DONE
            assert after is not Phase.LEAD


class Tasks(RuleBasedStateMachine):
    """A task that people tick, take up again, and that may be cancelled with its instruction."""

    def __init__(self) -> None:
        super().__init__()
        self.status = TaskStatus.OPEN
        self.over = False

    @rule(act=st.sampled_from([task.complete, task.reopen]))
    def tick(self, act: Callable[[TaskStatus], TaskStatus]) -> None:
        """Tick it, or take the tick back; twice is once."""
        try:
            self.status = act(self.status)
        except TaskNotOpen as refused:
            assert self.over
            assert refused.status == TaskStatus.CANCELLED
        else:
            assert act(self.status) is self.status

    @rule()
    def cancel(self) -> None:
        """Cancel it with its instruction; what was done stays done."""
        was_done = self.status is TaskStatus.DONE
        self.status = task.cancel(self.status)
        assert (self.status is TaskStatus.DONE) is was_done
        self.over = self.over or not was_done

    @invariant()
    def what_is_over_stays_so(self) -> None:
        """Nothing leads out of a cancellation."""
        assert (self.status is TaskStatus.CANCELLED) is self.over


class Alerts(RuleBasedStateMachine):
    """An alert between two collaborators, the clock, and its cause."""

    def __init__(self) -> None:
        super().__init__()
        self.status = AlertStatus.RAISED
        self.taker: UUID | None = None

    @rule(who=st.sampled_from([ADA, BOB]))
    def take(self, who: UUID) -> None:
        """One of the two takes charge, unless the other has."""
        if alert.held_by_another(self.status, self.taker, who):
            assert self.taker in {ADA, BOB} - {who}
            return
        if self._become(AlertStatus.TAKEN_IN_CHARGE):
            self.taker = who

    @rule()
    def snooze(self) -> None:
        """It may wait."""
        self._become(AlertStatus.SNOOZED)

    @rule()
    def wake(self) -> None:
        """The clock wakes it: its taker's again, if it had one."""
        before = self.status
        self.status = alert.woken(self.status, taken=self.taker is not None)
        if before is AlertStatus.SNOOZED:
            assert self.status is (AlertStatus.TAKEN_IN_CHARGE if self.taker else AlertStatus.RAISED)
        else:
            assert self.status is before

    @rule(end=st.sampled_from(sorted(alert.ENDED)))
    def finish(self, end: AlertStatus) -> None:
        """It is resolved, dismissed or closed."""
        self._become(end)

    @precondition(lambda self: self.status in alert.ENDED)
    @rule(wanted=st.sampled_from(AlertStatus))
    def nothing_leads_out_of_an_end(self, wanted: AlertStatus) -> None:
        """Whatever is asked."""
        with pytest.raises(AlertEnded):
            alert.follow(self.status, wanted)

    @invariant()
    def a_taken_alert_has_its_taker(self) -> None:
        """As the table's constraint says."""
        assert self.status is not AlertStatus.TAKEN_IN_CHARGE or self.taker is not None

    def _become(self, wanted: AlertStatus) -> bool:
        before = self.status
        try:
            self.status = alert.follow(self.status, wanted)
        except AlertEnded:
            assert before in alert.ENDED
            assert self.status is before
            return False
        assert before in alert.OPEN
        return True


TestDeals = Deals.TestCase
TestAlerts = Alerts.TestCase
TestTasks = Tasks.TestCase


def test_a_task_is_ticked_or_cancelled_once_and_for_all() -> None:
    assert task.complete(TaskStatus.OPEN) is task.complete(TaskStatus.DONE) is TaskStatus.DONE
    assert task.cancel(TaskStatus.OPEN) is task.cancel(TaskStatus.CANCELLED) is TaskStatus.CANCELLED
    assert task.cancel(TaskStatus.DONE) is TaskStatus.DONE
    with pytest.raises(TaskNotOpen):
        task.complete(TaskStatus.CANCELLED)
