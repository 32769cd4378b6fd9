"""Whether two contacts are the same person. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import phonenumbers

from services.contacts.duplicates import names
from services.contacts.duplicates.score import Code, Reason

_MAILBOXES_TEXT = """
accueil admin administration cabinet commercial compta comptabilite contact direction facturation hello info infos
mail mairie office postmaster rh sales secretariat service support webmaster
"""
MAILBOXES = frozenset(_MAILBOXES_TEXT.split())
_PROVIDERS_TEXT = """
aol.com bbox.fr free.fr gmail.com gmx.com gmx.fr googlemail.com hotmail.com hotmail.fr icloud.com laposte.net
live.com live.fr mac.com me.com msn.com neuf.fr numericable.fr orange.fr outlook.com outlook.fr proton.me
protonmail.com sfr.fr wanadoo.fr yahoo.com yahoo.fr ymail.com
"""
PROVIDERS = frozenset(_PROVIDERS_TEXT.split())
"""Providers of private mailboxes: their domain says nothing of a company."""
_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a contact. Names are folded (chassis.text); `accounts`: those it speaks for now, by name."""

    given: str = ""
    family: str = ""
    shown: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    accounts: tuple[tuple[UUID, str], ...] = ()
    id: UUID | None = None


def compare(ours: Person, theirs: Person) -> list[Reason]:
    """What speaks for and against; empty where nothing does."""
    named = list(_names(ours, theirs))
    reached = [*_emails(ours, theirs), *_phones(ours, theirs)]
    if not named and not reached:
        return []
    around = [*_accounts(ours, theirs)] or [*_domains(ours, theirs, reached)]
    return [*named, *reached, *around]


def mailbox(address: str) -> str:
    """An address as its provider sees it: no case, no +tag, no dots at Gmail."""
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '')}@gmail.com" if domain in ("gmail.com", "googlemail.com") else f"{local}@{domain}"


def domain(address: str) -> str | None:
    """The domain of a company's address; None for a provider's."""
    found = address.lower().rpartition("@")[2]
    return None if found in PROVIDERS else found


def _names(ours: Person, theirs: Person) -> Iterator[Reason]:
    straight = _alike((ours.given, ours.family), (theirs.given, theirs.family))
    swapped = _alike((ours.given, ours.family), (theirs.family, theirs.given))
    code = straight if straight is not None else _swapped(swapped)
    if straight is Code.OTHER_NAME and swapped not in (None, Code.OTHER_NAME):
        code = _swapped(swapped)
    if code is not None:
        yield Reason(code, ours.shown, theirs.shown)


def _swapped(code: Code | None) -> Code | None:
    return Code.NAME_SWAPPED if code is Code.NAME else code


def _alike(ours: tuple[str, str], theirs: tuple[str, str]) -> Code | None:
    """None where nothing can be said: a part is missing, and the other part differs or is too little."""
    given, family = (_part(*pair) for pair in zip(ours, theirs, strict=True))
    if given is None or family is None:
        known = given if family is None else family
        return Code.FAMILY_NAME if known == names.SAME else None
    return _code(min(given, family), whole=_same_length(ours, theirs))


def _code(least: float, *, whole: bool) -> Code:
    if least == names.SAME:
        return Code.NAME if whole else Code.NAME_PART
    return {names.ALIKE: Code.NICKNAME, names.TYPO: Code.NAME_TYPO, names.INITIAL: Code.INITIAL}.get(
        least, Code.OTHER_NAME
    )


def _part(ours: str, theirs: str) -> float | None:
    if not ours or not theirs:
        return None
    if ours.replace(" ", "") == theirs.replace(" ", ""):
        return names.SAME
    return names.likeness_of_all(names.words(ours), names.words(theirs))


def _same_length(ours: tuple[str, str], theirs: tuple[str, str]) -> bool:
    return all(
        one.replace(" ", "") == other.replace(" ", "") or len(names.words(one)) == len(names.words(other))
        for one, other in zip(ours, theirs, strict=True)
    )


def _emails(ours: Person, theirs: Person) -> Iterator[Reason]:
    known = {mailbox(each): each for each in theirs.emails}
    shared = [(each, known[mailbox(each)]) for each in ours.emails if mailbox(each) in known]
    if shared:
        own = [pair for pair in shared if mailbox(pair[0]).partition("@")[0] not in MAILBOXES]
        yield Reason(Code.EMAIL if own else Code.SHARED_MAILBOX, *(own or shared)[0])


def _phones(ours: Person, theirs: Person) -> Iterator[Reason]:
    shared = [each for each in ours.phones if each in theirs.phones]
    if shared:
        mobile = [each for each in shared if _is_mobile(each)]
        number = (mobile or shared)[0]
        yield Reason(Code.MOBILE if mobile else Code.PHONE, number, number)


def _is_mobile(number: str) -> bool:
    return phonenumbers.number_type(phonenumbers.parse(number)) in _MOBILE


def _accounts(ours: Person, theirs: Person) -> Iterator[Reason]:
    known = dict(theirs.accounts)
    for id, name in ours.accounts:
        if id in known:
            yield Reason(Code.ACCOUNT, name, known[id])
            return


def _domains(ours: Person, theirs: Person, reached: list[Reason]) -> Iterator[Reason]:
    """The same address says more than its domain."""
    shared = {domain(each) for each in ours.emails} & {domain(each) for each in theirs.emails} - {None}
    if shared and not any(reason.code in (Code.EMAIL, Code.SHARED_MAILBOX) for reason in reached):
        found = min(each for each in shared if each)
        yield Reason(Code.DOMAIN, found, found)
