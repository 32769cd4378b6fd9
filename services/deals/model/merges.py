"""What followed a contact or account that became part of another, so that it can go back."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Ref, String


class MergeMove(Base):
    """A row that named the loser of a merge, and names the winner since; `place` is its table and column.

    `part` is a participant's; where the winner was one of the same deal already, the loser's row was left out.
    """

    __tablename__ = "merge_move"

    organization_id: Mapped[Ref] = mapped_column(primary_key=True)
    loser_id: Mapped[Ref] = mapped_column(primary_key=True)
    place: Mapped[String] = mapped_column(primary_key=True)
    row_id: Mapped[Ref] = mapped_column(primary_key=True)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
