"""Whether two accounts are the same company. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from services.contacts.duplicates import names
from services.contacts.duplicates.score import Code, Reason

_FORMS_TEXT = """
sa sas sasu sarl eurl sci scp selarl selas snc scop sca gie ei eirl ets etablissements societe ste cie compagnie
groupe association asso cabinet ltd limited llc inc gmbh ag bv nv spa srl plc corp co and et fils freres
"""
FORMS = frozenset(_FORMS_TEXT.split())
"""Legal forms and words that companies are written with or without."""


@dataclass(frozen=True, slots=True)
class Company:
    """What is compared of an account. `name` is folded; `domains` are of its interlocutors' addresses."""

    name: str = ""
    shown: str = ""
    siren: str | None = None
    siret: str | None = None
    vat_number: str | None = None
    domains: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    id: UUID | None = None


def compare(ours: Company, theirs: Company) -> list[Reason]:
    """What speaks for and against; empty where nothing does."""
    found = [*_numbers(ours, theirs), *_names(ours, theirs)]
    return [*found, *_around(ours, theirs)] if found else []


def words(folded: str) -> list[str]:
    """The words of a company's name without its legal form; all of them where nothing else is left."""
    told = [word for word in folded.split() if word not in FORMS and word not in names.PARTICLES]
    return told or folded.split()


def _numbers(ours: Company, theirs: Company) -> Iterator[Reason]:
    if ours.siret and ours.siret == theirs.siret:
        yield Reason(Code.SIRET, ours.siret, theirs.siret)
    elif ours.siren and theirs.siren:
        yield Reason(Code.SIREN if ours.siren == theirs.siren else Code.OTHER_SIREN, ours.siren, theirs.siren)
        if ours.siren == theirs.siren and ours.siret and theirs.siret:
            yield Reason(Code.OTHER_SIRET, ours.siret, theirs.siret)
    if ours.vat_number and ours.vat_number == theirs.vat_number:
        yield Reason(Code.VAT_NUMBER, ours.vat_number, theirs.vat_number)


def _names(ours: Company, theirs: Company) -> Iterator[Reason]:
    code = _alike(words(ours.name), words(theirs.name))
    if code is not None:
        yield Reason(code, ours.shown, theirs.shown)


def _alike(ours: list[str], theirs: list[str]) -> Code | None:
    if "".join(ours) == "".join(theirs) or sorted(ours) == sorted(theirs):
        return Code.NAME
    if len(ours) != len(theirs):
        return None
    least = min(max((names.likeness(word, other) for other in theirs), default=names.OTHER) for word in ours)
    return Code.NAME_TYPO if least >= names.TYPO else None


def _around(ours: Company, theirs: Company) -> Iterator[Reason]:
    if shared := set(ours.domains) & set(theirs.domains):
        yield Reason(Code.DOMAIN, min(shared), min(shared))
    known = {_place(each): each for each in theirs.places}
    for place in ours.places:
        if (other := known.get(_place(place))) is not None:
            yield Reason(Code.ADDRESS, " ".join(place), " ".join(other))
            return


def _place(place: tuple[str, str]) -> tuple[str, str]:
    line, postal_code = place
    return "".join(line.split()), postal_code
