"""Words that an organization puts on contacts and accounts."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.contacts.model.base import Base, Named, Owned, within


class Tag(Owned, Named, Base):
    """One word; no other of the organization sorts as it does."""

    __tablename__ = "tag"
    color: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        UniqueConstraint("organization_id", "id"),
        Index("tag_name", "organization_id", "name_sort", unique=True),
    )


class Tagged:
    """That something has a tag."""

    organization_id: Mapped[UUID]
    tag_id: Mapped[UUID] = mapped_column(primary_key=True)


class ContactTag(Tagged, Base):
    """Of a contact."""

    __tablename__ = "contact_tag"
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[Tag] = relationship(lazy="joined", viewonly=True)

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        within("tag_id", "tag", cascade=True),
        Index("contact_tag_tag", "organization_id", "tag_id", "contact_id"),
    )


class AccountTag(Tagged, Base):
    """Of an account."""

    __tablename__ = "account_tag"
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[Tag] = relationship(lazy="joined", viewonly=True)

    __table_args__ = (
        within("account_id", "account", cascade=True),
        within("tag_id", "tag", cascade=True),
        Index("account_tag_tag", "organization_id", "tag_id", "account_id"),
    )
