"""Fields that an organization adds of its own, and their values: a typed column each, so that indexes serve them.

Numbers are kept in millionths as whole numbers: PostgreSQL uses no index on `numeric` under row-level security
(docs/decisions/0022-custom-fields.md).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.custom_fields import CHOICES, CustomFieldType, CustomValue
from services.contacts.model.base import Base, Owned, choice, within

__all__ = [
    "CHOICES",
    "AccountCustomValue",
    "ContactCustomValue",
    "CustomField",
    "CustomFieldSubject",
    "CustomFieldType",
    "CustomValue",
]


class CustomFieldSubject(StrEnum):
    """What a field is of. The values of deals are kept by the deals service, which hears of definitions."""

    CONTACT = "CONTACT"
    ACCOUNT = "ACCOUNT"
    DEAL = "DEAL"


class CustomField(Owned, Base):
    """The definition of a field. `options` is a list of {key, label_fr, label_en, archived}."""

    __tablename__ = "custom_field"
    subject: Mapped[CustomFieldSubject] = mapped_column(choice(CustomFieldSubject))
    key: Mapped[str]
    label_fr: Mapped[str]
    label_en: Mapped[str]
    type: Mapped[CustomFieldType] = mapped_column(choice(CustomFieldType))
    required: Mapped[bool]
    position: Mapped[int]
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        UniqueConstraint("organization_id", "id"),
        Index("custom_field_key", "organization_id", "subject", "key", unique=True),
    )


class ContactCustomValue(CustomValue, Base):
    """Of a contact."""

    __tablename__ = "contact_custom_value"
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        within("field_id", "custom_field"),
        Index("contact_custom_value_text", "organization_id", "field_id", "text"),
        Index("contact_custom_value_number", "organization_id", "field_id", "millionths"),
        Index("contact_custom_value_day", "organization_id", "field_id", "day"),
    )


class AccountCustomValue(CustomValue, Base):
    """Of an account."""

    __tablename__ = "account_custom_value"
    account_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        within("account_id", "account", cascade=True),
        within("field_id", "custom_field"),
        Index("account_custom_value_text", "organization_id", "field_id", "text"),
        Index("account_custom_value_number", "organization_id", "field_id", "millionths"),
        Index("account_custom_value_day", "organization_id", "field_id", "day"),
    )
