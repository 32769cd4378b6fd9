"""Fields that an organization adds to its deals: definitions copied from contacts, values kept here."""

from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.custom_fields import CustomValue
from services.deals.model.base import Base, Id, Moment, Ref, String, within


class CustomField(Base):
    """Copy: a field of deals. `options` is a list of {key, archived}."""

    __tablename__ = "custom_field"
    __table_args__ = (
        Index("custom_field_tenant", "organization_id", "id", unique=True),
        Index("custom_field_key", "organization_id", "key", postgresql_where=text("NOT deleted")),
    )

    id: Mapped[Id]
    organization_id: Mapped[Ref]
    version: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[String]
    type: Mapped[String]
    required: Mapped[bool]
    position: Mapped[int]
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    archived_at: Mapped[Moment | None]
    deleted: Mapped[bool]


class DealCustomValue(CustomValue, Base):
    """Of a deal."""

    __tablename__ = "deal_custom_value"
    __table_args__ = (
        within("deal_id", "deal"),
        within("field_id", "custom_field"),
        Index("deal_custom_value_text", "organization_id", "field_id", "text"),
        Index("deal_custom_value_number", "organization_id", "field_id", "millionths"),
        Index("deal_custom_value_day", "organization_id", "field_id", "day"),
    )

    deal_id: Mapped[Ref] = mapped_column(primary_key=True)
