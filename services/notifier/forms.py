"""Letters that many read alike, written once for all of them."""

from collections import OrderedDict
from dataclasses import replace
from uuid import UUID

from chassis.links import new_token
from services.notifier.mail.letter import Letter
from services.notifier.mail.message import Form, Sender
from services.notifier.model import CauseKind
from services.notifier.queries import Found

BLANK = new_token()
"""What stands for each reader's token while a letter is written; it is in no mail, so that nobody knows it."""
_KEPT = 64
_NOBODY = UUID(int=0)
_ALIKE = frozenset(
    {
        CauseKind.EVENT.value,
        CauseKind.ALERT.value,
        CauseKind.COMMENT.value,
        CauseKind.QUOTE_ANSWERED.value,
        CauseKind.INVITATION_ANSWERED.value,
        CauseKind.PUBLICATION.value,
    }
)


def is_read_alike(due: Found) -> bool:
    """Whether whoever has the same reasons and language reads the same; a change tells each what is new to them."""
    return due.cause_kind in _ALIKE and (due.cause_kind != CauseKind.EVENT.value or due.revision == 0)


class Forms:
    """The last letters that were written, as forms."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._kept: OrderedDict[tuple[object, ...], tuple[Letter, Form]] = OrderedDict()

    def of(self, letter: Letter) -> Form | None:
        """The form of a letter whose links have the BLANK; None for an appointment, whose calendar names its reader."""
        if letter.appointment is not None:
            return None
        alike = replace(letter, id=_NOBODY, recipient=replace(letter.recipient, name="", email=""))
        key = (alike.cause, alike.kind, alike.reasons, alike.recipient)
        if key not in self._kept or self._kept[key][0] != alike:
            self._kept[key] = alike, Form.of(alike, self._sender, BLANK)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key][1]
