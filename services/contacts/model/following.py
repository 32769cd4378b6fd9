"""Which organizations an organization follows, for their publications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Sequence
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identifiers import new_id
from services.contacts.model.base import Base, within

FOLLOWING_VERSION = Sequence("following_version", metadata=Base.metadata)
"""Of the messages that tell what an organization follows."""


class Following(Base):
    """One followed organization. `followed_id` crosses the border, so nothing but the follower's row tells of it."""

    __tablename__ = "following"
    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    followed_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    name: Mapped[str]
    since: Mapped[datetime]
    by_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        within("by_id", "collaborator"),
    )
