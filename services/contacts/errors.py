"""Refusals of the contacts service beyond those that every service shares."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from chassis.errors import AlreadyExists, DomainError, Forbidden, InvalidInput, WrongState


class BankDetailsUnavailable(WrongState):
    """Bank details cannot be kept: this installation has no encryption key."""

    code = "BANK_DETAILS_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("Bank details cannot be kept until an operator sets an encryption key.", "bankAccounts")


class StatusNotReachable(WrongState):
    """The commercial status cannot go from one value to the other."""

    code = "STATUS_NOT_REACHABLE"

    def __init__(self, current: str, wanted: str, reachable: list[str]) -> None:
        choices = " or ".join(reachable)
        super().__init__(f"A {current} cannot become {wanted}; it can become {choices}.", "status")
        self.current, self.wanted = current, wanted


class NotDeleted(WrongState):
    """Only what was deleted can be purged."""

    code = "NOT_DELETED"

    def __init__(self, kind: str) -> None:
        super().__init__(f"This {kind} is not deleted: a purge takes away for ever what was deleted before.", "id")


class DoNotContact(WrongState):
    """Somebody who was erased, and asked not to be taken in again."""

    code = "DO_NOT_CONTACT"

    def __init__(self, field: str) -> None:
        told = "Somebody with this address or number asked to be forgotten and not to be taken in again."
        more = "Leave it out, or have an administrator use liftDoNotContact if they came back by themselves."
        super().__init__(f"{told} {more}", *field.split("."))


class EmailTaken(AlreadyExists):
    """Another collaborator of the organization signs in with this address."""

    code = "EMAIL_TAKEN"

    def __init__(self) -> None:
        super().__init__("Another collaborator of your organization has this e-mail address.", "email")


class AlreadyInterlocutor(AlreadyExists):
    """The contact is a current interlocutor of this account."""

    code = "ALREADY_INTERLOCUTOR"

    def __init__(self) -> None:
        super().__init__("This contact is an interlocutor of this account already; update that link.", "contactId")


class ParentLoop(WrongState):
    """A company cannot belong to itself, whatever the way round."""

    code = "PARENT_LOOP"

    def __init__(self) -> None:
        super().__init__("This company belongs to the one that you change: choose another parent.", "parentId")


class ParentTooDeep(WrongState):
    """Too many companies above one another."""

    code = "PARENT_TOO_DEEP"

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most} companies belong to one another: choose a higher parent.", "parentId")


class TagExists(AlreadyExists):
    """Another tag is called the same, accents and case aside."""

    code = "TAG_EXISTS"

    def __init__(self) -> None:
        super().__init__("Your organization has a tag of this name: use it, or merge the two.", "name")


class TooManyTags(WrongState):
    """The organization has as many tags as it may."""

    code = "TOO_MANY_TAGS"

    def __init__(self, most: int) -> None:
        super().__init__(f"Your organization has {most} tags, the most there can be: merge some first.", "name")


class CustomFieldExists(AlreadyExists):
    """Another field of the same kind has this key."""

    code = "CUSTOM_FIELD_EXISTS"

    def __init__(self) -> None:
        super().__init__("Your organization has a field of this key: choose another one.", "key")


class TooManyCustomFields(WrongState):
    """The organization has as many fields of one kind as it may."""

    code = "TOO_MANY_CUSTOM_FIELDS"

    def __init__(self, most: int) -> None:
        super().__init__(f"There are {most} fields of this kind, the most there can be: delete one first.", "subject")


class CustomFieldInUse(WrongState):
    """What is to go has values."""

    code = "CUSTOM_FIELD_IN_USE"

    def __init__(self, used: int, field: str, groups: Sequence[str] = ()) -> None:
        if groups:
            told = f"These groups are defined by it: {', '.join(groups[:10])}. Archive it instead."
        else:
            told = f"It has {used} values: archive it, or take them away first."
        super().__init__(told, field)
        self.used, self.groups = used, groups


class LastAdmin(WrongState):
    """Somebody must be able to administer the organization."""

    code = "LAST_ADMIN"

    def __init__(self, field: str) -> None:
        super().__init__("Your organization needs at least one administrator: name another one first.", field)


class TeamNameTaken(AlreadyExists):
    """Another team of the organization is called so."""

    code = "TEAM_NAME_TAKEN"

    def __init__(self) -> None:
        super().__init__("Another team of your organization has this name.", "name")


class LeadIsMember(WrongState):
    """Who leads a team is one of it."""

    code = "LEAD_IS_MEMBER"

    def __init__(self) -> None:
        super().__init__("Who leads the team is one of it: name another lead, or none, first.", "memberIds")


class AlreadyInvited(AlreadyExists):
    """An invitation to this address is open."""

    code = "ALREADY_INVITED"

    def __init__(self) -> None:
        super().__init__("An invitation to this address is open: send it again, or revoke it first.", "email")


class AlreadyCollaborator(AlreadyExists):
    """The contact is a collaborator."""

    code = "ALREADY_COLLABORATOR"

    def __init__(self) -> None:
        super().__init__("This contact is a collaborator already, perhaps a disabled one.", "contactId")


class InvitationEnded(WrongState):
    """An invitation that was accepted or revoked."""

    code = "INVITATION_ENDED"

    def __init__(self, how: str) -> None:
        super().__init__(f"This invitation was {how}: invite them anew.", "id")
        self.how = how


class LinkUnknown(WrongState):
    """No such link: guessed, cut, or replaced by a newer one."""

    code = "LINK_UNKNOWN"

    def __init__(self) -> None:
        super().__init__("This link is not known: open it from the newest e-mail.", "token")


class LinkExpired(WrongState):
    """The link's time is over."""

    code = "LINK_EXPIRED"

    def __init__(self) -> None:
        super().__init__("This link has expired: ask for a new one.", "token")


class LinkUsed(WrongState):
    """The link was opened before."""

    code = "LINK_USED"

    def __init__(self) -> None:
        super().__init__("This link was used already: sign in.", "token")


class NoPerson(WrongState):
    """The caller's token does not say which person they are."""

    code = "SIGN_IN_AGAIN"

    def __init__(self) -> None:
        super().__init__("Sign in by the link in an e-mail: your present token does not prove who you are elsewhere.")


class NoMembership(Forbidden):
    """The person is no collaborator there, or no longer."""

    code = "NO_MEMBERSHIP"

    def __init__(self) -> None:
        super().__init__("enter this organization")


class TrialUsed(WrongState):
    """PRO was tried already."""

    code = "TRIAL_USED"

    def __init__(self, ended_at: datetime) -> None:
        super().__init__(f"Your trial of PRO ended on {ended_at:%Y-%m-%d}: subscribe to have PRO again.", "plan")
        self.ended_at = ended_at


class NotSubscribed(WrongState):
    """There is no subscription to take back."""

    code = "NOT_SUBSCRIBED"

    def __init__(self) -> None:
        super().__init__("This organization has not subscribed.")


class GroupNameTaken(AlreadyExists):
    """Another group of the organization is called so."""

    code = "GROUP_NAME_TAKEN"

    def __init__(self) -> None:
        super().__init__("Another group of your organization has this name.", "name")


class GroupIsDynamic(WrongState):
    """A group's definition decides who is in it, not people."""

    code = "GROUP_IS_DYNAMIC"

    def __init__(self) -> None:
        super().__init__("This group finds its members itself: change its definition, or use another group.", "id")


class GroupInUse(WrongState):
    """Other groups are defined by this one's members."""

    code = "GROUP_IN_USE"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"Other groups are defined by this one; change them first: {', '.join(names)[:200]}.", "id")
        self.names = names


class GroupUsesItself(InvalidInput):
    """A group defined by its own members, or by those of a group that is defined by them."""

    code = "GROUP_USES_ITSELF"

    def __init__(self) -> None:
        super().__init__("definition", "A group cannot be defined by its own members, nor through other groups.")


class DefinitionUnreadable(WrongState):
    """A definition with words that this release does not know, or no longer takes."""

    code = "DEFINITION_UNREADABLE"

    def __init__(self, why: str) -> None:
        super().__init__(f"The group's definition cannot be computed any more: {why[:200]}", "definition")


class CollaboratorDisabled(Forbidden):
    """The caller's access was withdrawn after their token was made."""

    code = "COLLABORATOR_DISABLED"

    def __init__(self) -> None:
        super().__init__("do anything here any more")


_BROKEN: Mapping[str, Callable[[], DomainError]] = {
    "collaborator_contact": AlreadyCollaborator,
    "invitation_open": AlreadyInvited,
    "collaborator_email": EmailTaken,
    "interlocutor_current": AlreadyInterlocutor,
    "tag_name": TagExists,
    "custom_field_key": CustomFieldExists,
    "team_name": TeamNameTaken,
    "group_name": GroupNameTaken,
}


def of_constraint(error: IntegrityError) -> DomainError | None:
    """The refusal that a broken unique constraint stands for; None where it is a fault of ours."""
    name = getattr(error.orig.__cause__, "constraint_name", "") if error.orig else ""
    kind = _BROKEN.get(str(name))
    return kind() if kind else None


def siret_of_another_company() -> InvalidInput:
    """A SIRET that does not begin with the account's SIREN."""
    return InvalidInput("siret", "It is an establishment of another company: a SIRET begins with its SIREN.")


def end_before_start() -> InvalidInput:
    """An interlocutor's link that ends before it begins."""
    return InvalidInput("endedAt", "It cannot end before it starts.")
