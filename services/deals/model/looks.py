"""What the sweep of the alert rules remembers: whose facts changed, and when each subject is to be looked at next."""

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Moment, Ref, String


class AlertCue(Base):
    """A deal, contact or account whose facts changed, or an organization whose settings did; written by triggers.

    Only ever added, and taken away by the sweep that has looked: no write waits for another because of it.
    """

    __tablename__ = "alert_cue"
    __table_args__ = (Index("alert_cue_subject", "subject_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[Ref]
    subject_id: Mapped[Ref]


class AlertLook(Base):
    """When the clock alone may next make an alert of a subject, or end one: not looked at before, unless cued."""

    __tablename__ = "alert_look"
    __table_args__ = (Index("alert_look_at", "look_at"), Index("alert_look_organization", "organization_id"))

    subject_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
    look_at: Mapped[Moment]


class AlertTurn(Base):
    """An organization's last turn and audit; `habits` tells by which rules, as the release and settings have them."""

    __tablename__ = "alert_turn"

    organization_id: Mapped[Ref] = mapped_column(primary_key=True)
    turned_at: Mapped[Moment]
    audited_at: Mapped[Moment]
    habits: Mapped[String]
