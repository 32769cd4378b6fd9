"""What a message or timeline entry is about."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Subject:
    """A deal with its people, or a contact alone, as the copies know them now."""

    deal_id: UUID | None = None
    deal_title: str = ""
    stage_name: str = ""
    owner_id: UUID | None = None
    contact_id: UUID | None = None
    contact_name: str = ""
    account_id: UUID | None = None
    account_name: str = ""
    follower_ids: tuple[UUID, ...] = ()
    participant_ids: tuple[UUID, ...] = ()
    relationship_manager_ids: tuple[UUID, ...] = ()

    @property
    def timelines(self) -> list[UUID]:
        """Deal, contacts and account on whose timeline an entry about this belongs."""
        told = (self.deal_id, self.contact_id, self.account_id, *self.participant_ids)
        return list(dict.fromkeys(id for id in told if id is not None))
