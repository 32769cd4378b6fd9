"""Comments on deals and events; what they said before is kept."""

from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String


class Comment(Base):
    """What a collaborator says about a deal, or about an event. A deleted one keeps its place and says nothing."""

    __tablename__ = "comment"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "deal_id"], ["deal.organization_id", "deal.id"]),
        ForeignKeyConstraint(["organization_id", "event_id"], ["event.organization_id", "event.id"]),
        Index("comment_key", "organization_id", "id", unique=True),
        Index("comment_deal", "deal_id", "id"),
        Index("comment_event", "event_id", "id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    deal_id: Mapped[Ref | None]
    event_id: Mapped[Ref | None]
    author_id: Mapped[Ref | None]
    body: Mapped[String]
    mention_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    created_at: Mapped[Moment]
    edited_at: Mapped[Moment | None]
    deleted_at: Mapped[Moment | None]


class CommentRevision(Base):
    """What a comment said until it was edited or deleted; written once, never edited."""

    __tablename__ = "comment_revision"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "comment_id"], ["comment.organization_id", "comment.id"]),
    )

    comment_id: Mapped[Ref] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    body: Mapped[String]
    until: Mapped[Moment]
    ended_by_id: Mapped[Ref | None]
