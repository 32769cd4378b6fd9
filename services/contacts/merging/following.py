"""Rows that follow the loser of a merge to the winner, and go back where it is undone.

Every table that refers to a contact or an account is named here, or in STAYING with the reason why its rows stay;
a test finds one that is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, and_, cast, exists, func, not_, select, update

from chassis.database import UnitOfWork
from services.contacts import model
from services.contacts.model import DuplicateKind


@dataclass(frozen=True, slots=True)
class Following:
    """Rows of a table that name a record; `once`: columns that, with that name, are unique among rows that count.

    A row that the winner has already stays with the loser.
    """

    table: type[model.Base]
    column: str
    key: str = "id"
    once: tuple[str, ...] | None = None

    @property
    def rows(self) -> Table:
        """The table's rows."""
        return self.table.metadata.tables[self.table.__tablename__]

    def movable(self, loser: UUID, winner: UUID) -> ColumnElement[bool]:
        """The loser's rows that can follow."""
        mine = self.rows.c[self.column] == loser
        if self.once is None:
            return mine
        twin = self.rows.alias("twin")
        same = [twin.c[name] == self.rows.c[name] for name in self.once]
        return and_(mine, not_(exists().where(twin.c[self.column] == winner, *same)))


FOLLOWING: Mapping[DuplicateKind, tuple[Following, ...]] = {
    DuplicateKind.CONTACT: (
        Following(model.ContactExternalId, "contact_id", key="external_id", once=("external_id",)),
        Following(model.ContactStatusChange, "contact_id"),
        Following(model.HistoryEntry, "contact_id"),
        Following(model.FieldRecord, "contact_id"),
        Following(model.CardExchange, "contact_id"),
        Following(model.ContactCustomValue, "contact_id", key="field_id", once=("field_id",)),
        Following(model.ContactTag, "contact_id", key="tag_id", once=("tag_id",)),
        Following(model.Collaborator, "contact_id", once=()),
        Following(model.Invitation, "contact_id"),
        Following(model.CardExchange, "contact_id"),
        Following(model.Picture, "contact_id", once=()),
    ),
    DuplicateKind.ACCOUNT: (
        Following(model.AccountStatusChange, "account_id"),
        Following(model.HistoryEntry, "account_id"),
        Following(model.FieldRecord, "account_id"),
        Following(model.AccountCustomValue, "account_id", key="field_id", once=("field_id",)),
        Following(model.AccountTag, "account_id", key="tag_id", once=("tag_id",)),
        Following(model.Account, "parent_id"),
        Following(model.Picture, "account_id", once=()),
    ),
}
STAYING = {
    **{
        f"{kind}_{part}": "added to the winner's own, which are one list in the winner's order"
        for kind in ("contact", "account")
        for part in ("email", "phone", "address")
    },
    "bank_account": "sealed for one account only: see banking.py",
    "interlocutor": "an aggregate with messages of its own: see links.py",
    "group_member": "members are counted and told: see groups.py",
    "person_export": "what was kept of the loser when it was asked for",
    "contact_import_row": "what an import did to the loser, for its revert",
    "contact": "merged_into_id is the merge itself: a chain is followed, never shortened",
}


async def counts(work: Any, kind: DuplicateKind, winner: UUID, loser: UUID) -> dict[str, int]:
    """How many rows of each table would follow. `work`: anything with `scalar`."""
    found = {}
    for each in FOLLOWING[kind]:
        statement = select(func.count()).select_from(each.rows).where(each.movable(loser, winner))
        found[each.rows.name] = int(await work.scalar(statement) or 0)
    return found


async def move(work: UnitOfWork, kind: DuplicateKind, winner: UUID, loser: UUID) -> dict[str, list[str]]:
    """Give the loser's rows to the winner; the keys of those that followed."""
    await work.session.flush()
    moved = {}
    for each in FOLLOWING[kind]:
        statement = (
            update(each.rows)
            .where(each.movable(loser, winner))
            .values({each.column: winner})
            .returning(cast(each.rows.c[each.key], Text))
        )
        moved[each.rows.name] = list(await work.session.scalars(statement))
    return moved


async def move_back(
    work: UnitOfWork, kind: DuplicateKind, winner: UUID, loser: UUID, moved: Mapping[str, Sequence[str]]
) -> None:
    """Give the rows that followed back to the loser, but for those that went elsewhere since."""
    await work.session.flush()
    for each in FOLLOWING[kind]:
        keys = moved.get(each.rows.name, ())
        if keys:
            mine = each.rows.c[each.column] == winner
            await work.session.execute(
                update(each.rows).where(mine, cast(each.rows.c[each.key], Text).in_(keys)).values({each.column: loser})
            )
