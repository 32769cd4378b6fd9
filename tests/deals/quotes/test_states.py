"""The lives of quotes, acceptances, requests, contracts and invoices, whatever is asked of them in whatever order."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.deals.errors import InvoiceNotReachable, QuoteNotReachable
from services.deals.states import billing, deal, quote
from services.deals.states.billing import ContractStatus, InvoiceStatus
from services.deals.states.deal import Phase
from services.deals.states.quote import AcceptanceStatus, QuoteStatus, RequestStatus


class Offer(RuleBasedStateMachine):
    """The versions of one offer: drafted, sent, answered, revised, in any order that the states allow."""

    def __init__(self) -> None:
        super().__init__()
        self.versions = [QuoteStatus.DRAFT]
        self.accepted = 0

    @rule(wanted=st.sampled_from(QuoteStatus), place=st.integers(0, 5))
    def push(self, wanted: QuoteStatus, place: int) -> None:
        """Ask any status of any version; a refusal changes nothing and names what is possible."""
        place %= len(self.versions)
        current = self.versions[place]
        try:
            found = quote.follow(current, wanted)
        except QuoteNotReachable as refused:
            assert all(status in refused.message for status in quote.FOLLOWING[current])
            return
        if wanted is QuoteStatus.SENT:
            self._supersede(place)
            if any(status is QuoteStatus.ACCEPTED for status in self.versions):
                return
        self.versions[place] = found
        self.accepted += wanted is QuoteStatus.ACCEPTED

    def _supersede(self, newest: int) -> None:
        for place, status in enumerate(self.versions):
            if place != newest and QuoteStatus.SUPERSEDED in quote.FOLLOWING[status]:
                self.versions[place] = quote.follow(status, QuoteStatus.SUPERSEDED)

    @precondition(lambda self: QuoteStatus.DRAFT not in self.versions and len(self.versions) < 6)
    @rule()
    def revise(self) -> None:
        """A draft beside what was sent, while something can be revised."""
        if any(status in quote.REVISABLE for status in self.versions):
            self.versions.append(QuoteStatus.DRAFT)

    @invariant()
    def one_version_at_most_holds(self) -> None:
        """Nobody can accept two versions of one offer, and an acceptance is for ever."""
        open_ = [status for status in self.versions if status in {QuoteStatus.SENT, QuoteStatus.ACCEPTED}]
        assert len(open_) <= 1
        assert self.accepted == self.versions.count(QuoteStatus.ACCEPTED)
        assert self.versions.count(QuoteStatus.DRAFT) <= 1


class Saga(RuleBasedStateMachine):
    """An acceptance, its retries, and verdicts that come late, twice and out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.status, self.attempt = AcceptanceStatus.STARTED, 1
        self.taken_back = self.completed = 0

    @rule(of=st.integers(1, 4), made=st.booleans())
    def verdict(self, of: int, made: bool) -> None:
        """Contacts answers some attempt."""
        before = self.status
        move = quote.honoured if made else quote.refused
        self.status = move(before, attempt=self.attempt, told_of=of)
        if self.status is not before:
            assert of == self.attempt
            self.completed += made
            self.taken_back += not made

    @precondition(lambda self: self.status is AcceptanceStatus.COMPENSATED and self.attempt < 4)
    @rule()
    def retry(self) -> None:
        """Only what was taken back is tried again."""
        self.status, self.attempt = AcceptanceStatus.STARTED, self.attempt + 1

    @invariant()
    def each_attempt_ends_once(self) -> None:
        """And what was honoured stays so."""
        assert self.completed <= 1
        assert self.taken_back + self.completed + (self.status is AcceptanceStatus.STARTED) == self.attempt


class Bill(RuleBasedStateMachine):
    """An invoice of ten, paid and refunded in any amounts."""

    def __init__(self) -> None:
        super().__init__()
        self.gross, self.paid = Decimal(10), Decimal()
        self.status = InvoiceStatus.ISSUED

    @rule(amount=st.integers(1, 10), back=st.booleans())
    def pay(self, amount: int, back: bool) -> None:
        """Money comes or goes back, as far as it may."""
        most = self.paid if back else self.gross - self.paid
        if amount > most or self.status not in billing.PAYABLE:
            return
        self.paid += -amount if back else amount
        after = billing.settled(self.gross, self.paid)
        if after is not self.status:
            self.status = billing.follow_invoice(self.status, after)

    @rule()
    def credit(self) -> None:
        """Only what nobody paid is taken back."""
        try:
            self.status = billing.follow_invoice(self.status, InvoiceStatus.CREDITED)
        except InvoiceNotReachable:
            assert self.paid or self.status is InvoiceStatus.CREDITED
        else:
            assert not self.paid

    @invariant()
    def the_status_says_what_was_paid(self) -> None:
        """As the balance does."""
        if self.status in billing.PAYABLE:
            assert self.status is billing.settled(self.gross, self.paid)
            assert (self.status in billing.OWED) == (self.paid < self.gross)


TestOffer = Offer.TestCase
TestSaga = Saga.TestCase
TestBill = Bill.TestCase


@settings(deadline=None)
@given(st.sampled_from(Phase), st.sampled_from(Phase))
def test_taking_a_signature_back_touches_only_a_deal_that_is_still_as_signed(current: Phase, before: Phase) -> None:
    after = deal.taken_back(current, before)
    if current is not Phase.SIGNED or before in {Phase.SIGNED, Phase.DONE}:
        assert after is current
    else:
        assert after in deal.OPEN


def test_what_ended_is_not_begun_again() -> None:
    for ended in (QuoteStatus.ACCEPTED, QuoteStatus.SUPERSEDED, QuoteStatus.WITHDRAWN):
        for wanted in QuoteStatus:
            with pytest.raises(QuoteNotReachable):
                quote.follow(ended, wanted)
    assert not quote.REQUEST_FOLLOWING[RequestStatus.RETAINED]
    assert not billing.CONTRACT_FOLLOWING[ContractStatus.TERMINATED]
