"""How alike two names are: accents and case are folded before, order and small mistakes do not matter. Pure."""

from collections.abc import Sequence
from functools import cache

_PARTICLES_TEXT = """
d de du des da do dos di la le les l van von der den el al ben m mr mme mlle mrs ms dr me
"""
PARTICLES = frozenset(_PARTICLES_TEXT.split())
SAME, ALIKE, TYPO, INITIAL, OTHER = 1.0, 0.95, 0.9, 0.6, 0.0
_TYPO_FROM = 4
_TWO_TYPOS_FROM = 8
_NICKNAMES = """
alexandre alexandra alex sacha sandra|antoine antoinette toine anthony tony|benjamin ben benji|catherine cathy katia
|charles charlie chuck|christian christophe chris|christine christiane chris|daniel danielle dan dany danny
|david dave|dominique dom|edouard edward eddy ed ted|elisabeth elizabeth isabelle babeth lise liz elsa beth|emmanuel
emmanuelle manu|francois francoise fanfan frank franck francis|frederic frederique fred freddy|gabriel gabrielle gaby
|georges george jo|gerard gege|guillaume william will bill willy billy|henri henry harry|jacqueline jackie|jacques
jacky james jim jimmy jack|jean john johnny jeannot|jerome jerry|joseph jo joe josephine josette|julien jules julie
|laurent laurence lolo larry|louis louise loulou lou|madeleine mado|marguerite margot margaret maggie peggy|marie maria
mary manon marion|mathieu matthieu matthew mat matt|maxime maximilien max|michel michael mike mickael mick michele
|monique mo|nathalie natalie nath nat|nicolas nicole nico nick nicholas|olivier oliver oli|pascal pascale pasco|patrice
patrick pat patricia|philippe philip phil|pierre pierrot peter pete|rene renee|richard rick dick ricky|robert bob bobby
rob roberte|samuel sam sammy samantha|sebastien seb sebastian|stephane stephanie steph stephan steven steve|sylvie
sylvain|theodore theo|therese tess|thomas tom tommy|valerie val valentin valentine|veronique vero|victor victoria vic
|vincent vince|virginie|xavier xav|yves yvan yvonne"""


@cache
def _families() -> dict[str, frozenset[int]]:
    """The groups of given names that each given name is used within."""
    found: dict[str, set[int]] = {}
    for place, group in enumerate(_NICKNAMES.split("|")):
        for name in group.split():
            found.setdefault(name, set()).add(place)
    return {name: frozenset(places) for name, places in found.items()}


def words(folded: str) -> list[str]:
    """The words of a folded name that tell it apart; all of them where nothing else is left."""
    told = folded.split()
    return [word for word in told if word not in PARTICLES] or told


def nicknames(word: str) -> list[str]:
    """The other given names that one who has this one may go by."""
    families = _families()
    mine = families.get(word, frozenset())
    return sorted(name for name, places in families.items() if name != word and places & mine)


def likeness(ours: str, theirs: str) -> float:
    """SAME, ALIKE (a nickname), TYPO, INITIAL or OTHER, of two words."""
    if ours == theirs:
        return SAME
    families = _families()
    if families.get(ours, frozenset()) & families.get(theirs, frozenset()):
        return ALIKE
    if len(ours) == 1 or len(theirs) == 1:
        return INITIAL if ours[0] == theirs[0] else OTHER
    shortest = min(len(ours), len(theirs))
    allowed = 2 if shortest >= _TWO_TYPOS_FROM else 1 if shortest >= _TYPO_FROM else 0
    return TYPO if allowed and mistakes(ours, theirs, allowed) <= allowed else OTHER


def likeness_of_all(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """The least likeness of the shorter name's words, each with the word of the other that is most like it."""
    shorter, longer = sorted((list(ours), list(theirs)), key=len)
    left, least = list(longer), SAME
    for word in shorter:
        best = max(left, key=lambda other: likeness(word, other), default="")
        least = min(least, likeness(word, best) if best else OTHER)
        if not least:
            return OTHER
        left.remove(best)
    return least


def mistakes(ours: str, theirs: str, most: int) -> int:
    """Letters added, left out, changed, or swapped with their neighbour (Damerau); `most` + 1 where there are more."""
    if abs(len(ours) - len(theirs)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(theirs) + 1))
    for i, letter in enumerate(ours, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(theirs, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if older and i > 1 and j > 1 and letter == theirs[j - 2] and ours[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
