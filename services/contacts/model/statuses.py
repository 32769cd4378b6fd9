"""Where the firm stands with a company or a person, how that came about, and what else they are to it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identifiers import new_id
from services.contacts.errors import StatusNotReachable
from services.contacts.model.base import Base, choice, within


class AccountStatus(StrEnum):
    """Where the firm stands with a company or a person."""

    SUSPECT = "SUSPECT"
    PROSPECT = "PROSPECT"
    CLIENT = "CLIENT"
    FORMER_CLIENT = "FORMER_CLIENT"


REACHABLE = {
    AccountStatus.SUSPECT: [AccountStatus.PROSPECT, AccountStatus.CLIENT],
    AccountStatus.PROSPECT: [AccountStatus.SUSPECT, AccountStatus.CLIENT],
    AccountStatus.CLIENT: [AccountStatus.FORMER_CLIENT],
    AccountStatus.FORMER_CLIENT: [AccountStatus.PROSPECT, AccountStatus.CLIENT],
}


class Standing:
    """What has a commercial status."""

    status: Mapped[AccountStatus] = mapped_column(choice(AccountStatus))

    def check_transition(self, wanted: AccountStatus) -> None:
        """Raise StatusNotReachable where the status cannot become `wanted`."""
        if wanted not in REACHABLE[self.status]:
            raise StatusNotReachable(self.status, wanted, [*REACHABLE[self.status]])


class RelationKind(StrEnum):
    """What somebody is to the firm beside their commercial status; several at once."""

    SUPPLIER = "SUPPLIER"
    PARTNER = "PARTNER"


class Related:
    """What is something to the firm, and is found on social networks."""

    relation_kinds: Mapped[list[RelationKind]] = mapped_column(ARRAY(choice(RelationKind)), default=list)
    # A list of {network, url}.
    social_links: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)


class StatusChange:
    """A step in a commercial history; never changed afterwards."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    status: Mapped[AccountStatus] = mapped_column(choice(AccountStatus))
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    quote_id: Mapped[UUID | None]


class AccountStatusChange(StatusChange, Base):
    """A step of a company."""

    __tablename__ = "account_status_change"
    account_id: Mapped[UUID]

    __table_args__ = (
        within("account_id", "account", cascade=True),
        within("by_id", "collaborator"),
        Index("account_status_change_account", "organization_id", "account_id", "id"),
    )


class ContactStatusChange(StatusChange, Base):
    """A step of a person."""

    __tablename__ = "contact_status_change"
    contact_id: Mapped[UUID]

    __table_args__ = (
        within("contact_id", "contact", cascade=True),
        within("by_id", "collaborator"),
        Index("contact_status_change_contact", "organization_id", "contact_id", "id"),
    )
