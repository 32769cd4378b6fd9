"""E-mails written from deals, to whom they go, and what became of each."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String, within
from services.deals.states.message import FAILED

_FAILED = ", ".join(f"'{status.value}'" for status in FAILED)


class Message(Base):
    """What a collaborator wrote from a deal to its people. Never edited: it may have been read.

    `attachments` is a list of {document_id, title, url}, as the documents were when it was written.
    """

    __tablename__ = "message"
    __table_args__ = (
        within("deal_id", "deal"),
        CheckConstraint("format IN ('PLAIN', 'MARKDOWN')", name="message_format"),
        Index("message_key", "organization_id", "id", unique=True),
        Index("message_deal", "deal_id", "id"),
        Index("message_author", "organization_id", "author_id", "id"),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int]
    deal_id: Mapped[Ref]
    author_id: Mapped[Ref | None]
    title: Mapped[String]
    body: Mapped[String]
    format: Mapped[String]
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    created_at: Mapped[Moment]


class MessageRecipient(Base):
    """A contact whom a message goes to, and where its mail is, as the notifier told last."""

    __tablename__ = "message_recipient"
    __table_args__ = (
        within("message_id", "message"),
        CheckConstraint("part IN ('TO', 'COPY')", name="message_recipient_part"),
        Index("message_recipient_contact", "organization_id", "contact_id"),
        Index(
            "message_recipient_failed", "organization_id", "message_id", postgresql_where=text(f"status IN ({_FAILED})")
        ),
    )

    message_id: Mapped[Ref] = mapped_column(primary_key=True)
    contact_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    position: Mapped[int]
    part: Mapped[String]
    status: Mapped[String]
    reason: Mapped[String]
    told_at: Mapped[Moment | None]
