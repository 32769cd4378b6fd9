"""Who a mail speaks of, and to."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Person:
    """A name, and an e-mail address where it is known."""

    name: str
    email: str = ""


class Attendance(StrEnum):
    """What somebody who is invited answered."""

    NONE = "NONE"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


@dataclass(frozen=True)
class Invited(Person):
    """Somebody whom an appointment invites, and their answer so far."""

    answer: Attendance = Attendance.NONE


@dataclass(frozen=True)
class Reply:
    """What somebody answered to an invitation just now."""

    name: str
    answer: Attendance


@dataclass(frozen=True)
class Recipient:
    """Who reads the mail, in which language and time zone (IANA name)."""

    name: str
    email: str
    locale: str
    time_zone: str
