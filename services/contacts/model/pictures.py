"""Photos of people and logos of companies, in the sizes that are shown; the original is never kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identifiers import new_id
from services.contacts.model.base import Base, within


class Picture(Base):
    """The picture of exactly one contact, collaborator or account. `key` signs the addresses it is shown at."""

    __tablename__ = "picture"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    collaborator_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    key: Mapped[bytes]
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None]
    import_id: Mapped[UUID | None]

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        within("collaborator_id", "collaborator", cascade=True),
        within("account_id", "account", cascade=True),
        within("created_by_id", "collaborator"),
        within("import_id", "contact_import"),
        CheckConstraint("num_nonnulls(contact_id, collaborator_id, account_id) = 1", name="picture_of_one"),
        UniqueConstraint("organization_id", "id"),
        Index("picture_contact", "organization_id", "contact_id", unique=True),
        Index("picture_collaborator", "organization_id", "collaborator_id", unique=True),
        Index("picture_account", "organization_id", "account_id", unique=True),
    )


class PictureRendition(Base):
    """A JPEG that fits in a square of `side` pixels."""

    __tablename__ = "picture_rendition"
    organization_id: Mapped[UUID]
    picture_id: Mapped[UUID] = mapped_column(primary_key=True)
    side: Mapped[int] = mapped_column(primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes]

    __table_args__ = (within("picture_id", "picture", cascade=True),)
