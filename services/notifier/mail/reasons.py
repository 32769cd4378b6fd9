"""Why its reader gets a mail, in words."""

from collections.abc import Callable

from services.notifier.audience import Reason
from services.notifier.mail.letter import Letter


def because(say: Callable[[str], str], reason: Reason, letter: Letter) -> str:
    """Half a sentence, which goes on after “You get this mail because”."""
    contact = letter.topic.contact or letter.topic.account
    match reason:
        case Reason.DEPARTMENT:
            return say("it concerns your department")
        case Reason.ATTENDEE:
            return say("you are invited to it")
        case Reason.NAMED:
            return say("you are named on it")
        case Reason.MENTIONED:
            return say("it mentions you")
        case Reason.ASSIGNEE:
            return say("the task is assigned to you")
        case Reason.ADDRESSEE:
            return say("you are the one who should take charge of it")
        case Reason.ESCALATED:
            return say("nobody took charge of it in time")
        case Reason.OWNER:
            return say("you are the owner of the deal")
        case Reason.RELATIONSHIP_MANAGER if contact:
            return say("you are the relationship manager of %(contact)s") % {"contact": contact}
        case Reason.RELATIONSHIP_MANAGER:
            return say("you are the relationship manager")
        case Reason.FOLLOWER:
            return say("you follow the deal")
        case Reason.ADMIN if letter.stopped:
            return say("you are an administrator of the organization")
        case Reason.ADMIN:
            return say("you are an administrator and nobody else is in charge")
        case Reason.REMOVED:
            return say("you were concerned by it before")
        case Reason.AUTHOR:
            return say("you wrote it")
        case Reason.READER:
            return say("it is addressed to you")
        case Reason.INVITED:
            return say("you are invited")
        case Reason.TESTING:
            return say("whoever runs Liant sent a test to this address")
        case Reason.SIGNING_IN:
            return say("this address was given to sign in to Liant")
