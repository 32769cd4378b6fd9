"""Answers to invitations."""

from enum import StrEnum


class Answer(StrEnum):
    """What somebody who was invited answered: PARTSTAT of RFC 5545."""

    NONE = "NONE"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
