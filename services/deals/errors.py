"""What the deals service refuses, each error with its data."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from chassis.errors import AlreadyExists, DomainError, Forbidden, WrongState
from services.deals.values.stages import Criterion, Strictness


class CollaboratorDisabled(Forbidden):
    """The caller's access was withdrawn after their token was made."""

    code = "COLLABORATOR_DISABLED"

    def __init__(self) -> None:
        super().__init__("do anything here any more")


class PhaseNotReachable(WrongState):
    """A phase that cannot follow the deal's present one."""

    def __init__(self, current: str, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(f"A deal in phase {current} cannot become {wanted}: {_choice(possible)}.", "phase")
        self.current, self.wanted = current, wanted


class DealNotOpen(WrongState):
    """A deal that is signed, done or lost no longer moves in its pipeline."""

    def __init__(self, phase: str) -> None:
        super().__init__(f"The deal is {phase}: only a LEAD or an OPPORTUNITY moves between stages.", "id")
        self.phase = phase


class NotALead(WrongState):
    """What is converted must still be a lead."""

    def __init__(self, phase: str) -> None:
        super().__init__(f"The deal is {phase}: only a LEAD is converted.", "id")
        self.phase = phase


class EventCancelled(WrongState):
    """A cancelled event is not changed any more."""

    def __init__(self) -> None:
        super().__init__("The event was cancelled: write a new one.", "id")


class CommentDeleted(WrongState):
    """A comment that was deleted says nothing any more."""

    def __init__(self) -> None:
        super().__init__("The comment was deleted: write another.", "id")


class TaskNotOpen(WrongState):
    """A task that was cancelled with its instruction."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The task is {status}: give a new instruction.", "id")
        self.status = status


class AlertEnded(WrongState):
    """An alert that was resolved, dismissed, or closed by itself."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The alert is {status}: there is nothing left to do about it.", "id")
        self.status = status


class AlreadyTakenInCharge(DomainError):
    """Another collaborator was first; the error says who."""

    code = "ALREADY_TAKEN_IN_CHARGE"

    def __init__(self, collaborator: UUID, name: str | None, at: datetime) -> None:
        super().__init__(f"{name or 'Another collaborator'} has already taken charge of this alert.", "id")
        self.collaborator, self.name, self.at = collaborator, name, at


class StageArchived(WrongState):
    """A stage that was taken out of its pipeline takes no deal any more."""

    def __init__(self, name: str, field: str) -> None:
        super().__init__(f"The stage “{name}” was taken out of its pipeline: choose another.", *field.split("."))


class CriteriaNotMet(DomainError):
    """A deal lacks what its stage requires before it goes on; `unmet` says what, and what of it only warns."""

    code = "CRITERIA_NOT_MET"

    def __init__(self, stage: str, unmet: Sequence[Criterion]) -> None:
        wanted = ", ".join(str(one.need) for one in unmet)
        blocked = any(one.severity is Strictness.BLOCK for one in unmet)
        advice = "fill them in first" if blocked else "fill them in, or move with acceptWarnings"
        super().__init__(f"The deal leaves “{stage}” without {wanted}: {advice}.", "stageId")
        self.unmet = tuple(unmet)


class StageHasDeals(DomainError):
    """Deals are in what was to be removed; the error says how many, and the caller must say where they go."""

    code = "STAGE_HAS_DEALS"

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} deals are there: name the stage they go to.", "destinationStageId")
        self.count = count


class TooManyDeals(WrongState):
    """More deals than one transaction moves."""

    def __init__(self, most: int) -> None:
        super().__init__(f"More than {most} deals are there: move some of them first.", "destinationStageId")


class PipelineInUse(WrongState):
    """What the default pipeline cannot do without."""

    def __init__(self, message: str, field: str = "id") -> None:
        super().__init__(message, field)


class NameTaken(AlreadyExists):
    """Another pipeline in use has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Another pipeline is called “{name}”: choose another name.", "name")


class QuoteNotReachable(WrongState):
    """A status that cannot follow the quote's present one: answered, expired, superseded or withdrawn before."""

    code = "QUOTE_NOT_REACHABLE"

    def __init__(self, current: str, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(f"A quote that is {current} cannot become {wanted}: {_choice(possible)}.", "id")
        self.current, self.wanted = current, wanted


class QuoteNotDraft(WrongState):
    """A quote that was sent is never edited."""

    code = "QUOTE_NOT_DRAFT"

    def __init__(self, status: str) -> None:
        super().__init__(f"The quote is {status}: revise it, and change the new version.", "id")
        self.status = status


class QuoteNotRevisable(WrongState):
    """A quote of which no new version can be made, or of which there is a draft already."""

    code = "QUOTE_NOT_REVISABLE"


class QuoteExpired(WrongState):
    """The validity date is over."""

    code = "QUOTE_EXPIRED"

    def __init__(self, on: date) -> None:
        super().__init__(f"The quote was valid until {on.isoformat()}: revise it.", "id")
        self.on = on


class LetterheadMissing(WrongState):
    """A paper cannot be made before the organization said who it is."""

    code = "LETTERHEAD_MISSING"

    def __init__(self) -> None:
        super().__init__("An administrator must first say who your organization is on paper: see setLetterhead.", "id")


class NobodyToSendTo(WrongState):
    """No recipient of the deal can be written to."""

    code = "NOBODY_TO_SEND_TO"

    def __init__(self) -> None:
        super().__init__("The deal has no primary contact: give one, or send the quote without e-mail.", "id")


class NobodyToWriteTo(WrongState):
    """The deal has no primary contact, and nobody else was named."""

    code = "NOBODY_TO_WRITE_TO"

    def __init__(self) -> None:
        super().__init__("The deal has no primary contact: give one, or name who is written to.", "toIds")


class QuoteLinksOff(WrongState):
    """Quotes cannot be mailed: this installation has no key of their links."""

    code = "QUOTE_LINKS_OFF"

    def __init__(self) -> None:
        super().__init__("An operator must set LIANT_QUOTE_LINKS_KEY_FILE before quotes are mailed.", "byEmail")


class AcceptanceNotRetryable(WrongState):
    """An acceptance that waits, or that was honoured."""

    code = "ACCEPTANCE_NOT_RETRYABLE"

    def __init__(self, status: str) -> None:
        super().__init__(f"The acceptance is {status}: only one that was taken back is tried again.", "id")
        self.status = status


class NotASupplier(WrongState):
    """Neither the contact nor the account that is asked for a quote is a supplier."""

    code = "NOT_A_SUPPLIER"

    def __init__(self, field: str) -> None:
        super().__init__("Quotes are asked of suppliers: give the contact or account this relation kind first.", field)


class RequestNotReachable(WrongState):
    """A status that cannot follow the request's present one."""

    code = "REQUEST_NOT_REACHABLE"

    def __init__(self, current: str, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(f"A request that is {current} cannot become {wanted}: {_choice(possible)}.", "id")
        self.current, self.wanted = current, wanted


class ContractNotReachable(WrongState):
    """A status that cannot follow the contract's present one."""

    code = "CONTRACT_NOT_REACHABLE"

    def __init__(self, current: str, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(f"A contract that is {current} cannot become {wanted}: {_choice(possible)}.", "id")
        self.current, self.wanted = current, wanted


class InvoiceNotReachable(WrongState):
    """A status that cannot follow the invoice's present one."""

    code = "INVOICE_NOT_REACHABLE"

    def __init__(self, current: str, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(f"An invoice that is {current} cannot become {wanted}: {_choice(possible)}.", "id")
        self.current, self.wanted = current, wanted


class InvoiceNotDraft(WrongState):
    """An invoice that was issued is never edited."""

    code = "INVOICE_NOT_DRAFT"

    def __init__(self, status: str) -> None:
        super().__init__(f"The invoice is {status}: credit it, and make a new one.", "id")
        self.status = status


class TooMuchPaid(WrongState):
    """More paid than is owed, or more refunded than was paid."""

    code = "TOO_MUCH_PAID"

    def __init__(self, most: Decimal, currency: str) -> None:
        super().__init__(f"At most {most} {currency} can be recorded here.", "amount")
        self.most = most


def _choice(possible: Sequence[str]) -> str:
    return f"it can become {' or '.join(possible)}" if possible else "it cannot change any more"
