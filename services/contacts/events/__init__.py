"""Rows to messages: each tells the whole aggregate as it is after the change."""

from services.contacts.events.cards import card_exchange_moved, card_of
from services.contacts.events.collaborators import (
    collaborator_changed,
    following_changed,
    group_changed,
    group_members_changed,
    invitation_changed,
    organization_changed,
    sign_in_requested,
    team_changed,
)
from services.contacts.events.custom_fields import custom_field_changed, custom_field_deleted
from services.contacts.events.life_cycle import (
    PURGED,
    duplicate_found,
    duplicate_settled,
    import_moved,
    merge_changed,
    person_erased,
    person_export_requested,
    purge_made,
    purged_whole,
)
from services.contacts.events.relations import (
    Why,
    account_changed,
    account_created,
    contact_changed,
    contact_created,
    interlocutor_changed,
    status_changed,
)

__all__ = [
    "PURGED",
    "Why",
    "account_changed",
    "account_created",
    "card_exchange_moved",
    "card_of",
    "collaborator_changed",
    "contact_changed",
    "contact_created",
    "custom_field_changed",
    "custom_field_deleted",
    "duplicate_found",
    "duplicate_settled",
    "following_changed",
    "group_changed",
    "group_members_changed",
    "import_moved",
    "interlocutor_changed",
    "invitation_changed",
    "merge_changed",
    "organization_changed",
    "person_erased",
    "person_export_requested",
    "purge_made",
    "purged_whole",
    "sign_in_requested",
    "status_changed",
    "team_changed",
]
