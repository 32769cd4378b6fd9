"""How people come in: invitations, proven addresses, the persons behind them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.auth import Role
from chassis.identifiers import new_id
from services.contacts.model.base import Base, Owned, choice, forgetting, within


class Invitation(Owned, Base):
    """Somebody asked to become a collaborator, under the id that they will have. Only the newest revision opens."""

    __tablename__ = "invitation"
    collaborator_id: Mapped[UUID]
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    department: Mapped[str | None]
    locale: Mapped[str]
    time_zone: Mapped[str]
    contact_id: Mapped[UUID | None]
    invited_by_id: Mapped[UUID | None]
    revision: Mapped[int]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        forgetting("contact_id", "contact"),
        within("invited_by_id", "collaborator"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="invitation_ended_once"),
        Index("invitation_created_at", "organization_id", "created_at", "id"),
        Index(
            "invitation_open",
            "organization_id",
            func.lower(text("email")),
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether it was neither accepted nor revoked; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None


class SignIn(Base):
    """An address that somebody gave to sign in with, until the link in its mail proves that it is theirs."""

    __tablename__ = "sign_in"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    email: Mapped[str]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        Index("sign_in_email", func.lower(text("email")), "requested_at"),
        Index("sign_in_expires_at", "expires_at"),
    )


class Person(Base):
    """Whoever proved an address. Belongs to no organization: only the system's role sees it, for that person."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime]


class PersonAddress(Base):
    """An address, in lower case, and whose it proved to be."""

    __tablename__ = "person_address"
    address: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    proven_at: Mapped[datetime]
