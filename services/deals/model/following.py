"""Who follows deals without being put on each by hand."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from services.deals.model.base import Base, Id, Moment, Ref, String
from services.deals.model.deals import AMOUNT_DECIMALS, AMOUNT_DIGITS


class FollowRule(Base):
    """What a collaborator wants to follow, whichever deals that is at the time. `amount` and `currency` of a floor."""

    __tablename__ = "follow_rule"
    __table_args__ = (
        CheckConstraint("kind IN ('MY_ACCOUNTS', 'MY_TEAMS', 'ABOVE_AMOUNT')", name="follow_rule_kind"),
        CheckConstraint("(kind = 'ABOVE_AMOUNT') = (amount IS NOT NULL)", name="follow_rule_amount"),
        CheckConstraint("(kind = 'ABOVE_AMOUNT') = (currency <> '')", name="follow_rule_currency"),
        Index("follow_rule_once", "organization_id", "collaborator_id", "kind", "currency", unique=True),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    collaborator_id: Mapped[Ref]
    kind: Mapped[String]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(AMOUNT_DIGITS + AMOUNT_DECIMALS, AMOUNT_DECIMALS))
    currency: Mapped[String] = mapped_column(server_default="")
    created_at: Mapped[Moment]


class Unfollowed(Base):
    """A deal that a collaborator does not want to be told of, though a team or a rule of theirs says so."""

    __tablename__ = "unfollowed"
    __table_args__ = (ForeignKeyConstraint(["organization_id", "deal_id"], ["deal.organization_id", "deal.id"]),)

    deal_id: Mapped[Ref] = mapped_column(primary_key=True)
    collaborator_id: Mapped[Ref] = mapped_column(primary_key=True)
    organization_id: Mapped[Ref]
