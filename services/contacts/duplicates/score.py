"""What speaks for and against two records being the same, and the score that it adds up to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import Any

KEPT = 0.5
"""Pairs of a lower score are not kept."""
PROBABLE = 0.85
"""From this score on, a pair is probably one."""


class Code(StrEnum):
    """A reason; its points are the probability that it alone would give."""

    NAME = "NAME"
    NAME_SWAPPED = "NAME_SWAPPED"
    NICKNAME = "NICKNAME"
    NAME_TYPO = "NAME_TYPO"
    NAME_PART = "NAME_PART"
    INITIAL = "INITIAL"
    FAMILY_NAME = "FAMILY_NAME"
    EMAIL = "EMAIL"
    SHARED_MAILBOX = "SHARED_MAILBOX"
    MOBILE = "MOBILE"
    PHONE = "PHONE"
    ACCOUNT = "ACCOUNT"
    DOMAIN = "DOMAIN"
    SIRET = "SIRET"
    SIREN = "SIREN"
    VAT_NUMBER = "VAT_NUMBER"
    ADDRESS = "ADDRESS"
    OTHER_NAME = "OTHER_NAME"
    OTHER_SIREN = "OTHER_SIREN"
    OTHER_SIRET = "OTHER_SIRET"


POINTS = {
    Code.NAME: 0.70,
    Code.NAME_SWAPPED: 0.68,
    Code.NICKNAME: 0.62,
    Code.NAME_TYPO: 0.60,
    Code.NAME_PART: 0.55,
    Code.INITIAL: 0.40,
    Code.FAMILY_NAME: 0.15,
    Code.EMAIL: 0.85,
    Code.SHARED_MAILBOX: 0.40,
    Code.MOBILE: 0.80,
    Code.PHONE: 0.45,
    Code.ACCOUNT: 0.35,
    Code.DOMAIN: 0.25,
    Code.SIRET: 0.98,
    Code.SIREN: 0.90,
    Code.VAT_NUMBER: 0.90,
    Code.ADDRESS: 0.35,
}
CAPS = {Code.OTHER_NAME: 0.60, Code.OTHER_SIREN: 0.30, Code.OTHER_SIRET: 0.70}
"""What speaks against leaves at most this."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two records have in common, or not: what the one says, what the other says."""

    code: Code
    ours: str
    theirs: str

    @property
    def points(self) -> float:
        """What it gives alone; 0 where it speaks against."""
        return POINTS.get(self.code, 0.0)

    @property
    def cap(self) -> float:
        """The score that it leaves at most."""
        return CAPS.get(self.code, 1.0)

    def as_json(self) -> list[str]:
        """As it is kept."""
        return [self.code.value, self.ours, self.theirs]

    @classmethod
    def of_json(cls, told: Sequence[Any], *, swapped: bool = False) -> "Reason":
        """As it was kept; `swapped`, as the other record would say it."""
        code, ours, theirs = told
        return cls(Code(code), theirs, ours) if swapped else cls(Code(code), ours, theirs)


def score(reasons: Iterable[Reason]) -> float:
    """0 to 1: independent reasons add up as probabilities do, under the lowest cap."""
    told = list(reasons)
    apart = prod(1 - reason.points for reason in told)
    return round(min(1 - apart, *(reason.cap for reason in told), 1.0), 3) if told else 0.0
