"""Reads of what collaborators want to be told."""

from typing import Annotated
from uuid import UUID

import strawberry

from chassis.auth import Role
from chassis.errors import Forbidden
from chassis.graphql.context import Info
from chassis.graphql.rules import reading
from chassis.identifiers import parse_id
from services.notifier.model import Category as Categories
from services.notifier.permissions import Rule
from services.notifier.preferences.cadence import REASONS
from services.notifier.schema.enums import TellingChannel
from services.notifier.schema.preferences.types import (
    NotificationBundling,
    NotificationPreference,
    NotificationRhythm,
    bundling_shown,
    choices_of,
    rhythm_shown,
)


def readable(info: Info, whom: str | None) -> UUID | None:
    """Whose affairs are asked for: one's own; another's only by an administrator. Raises Forbidden, InvalidId."""
    actor = info.context.actor
    asked = parse_id("collaborator", whom) if whom else actor.collaborator
    if asked != actor.collaborator and actor.role is not Role.ADMIN:
        raise Forbidden("read what others are told")
    return asked


Whom = Annotated[
    strawberry.ID | None, strawberry.argument(description="A collaborator, for administrators; yourself without it.")
]


@strawberry.type
class PreferenceQueries:
    """Fields of Query."""

    @strawberry.field(
        description="What holds for each category, channel and reason, and who says so.",
        extensions=reading(Rule.READ_OWN),
    )
    async def notification_matrix(self, info: Info, collaborator_id: Whom = None) -> list[NotificationPreference]:
        """The effective matrix."""
        choices = await choices_of(info, readable(info, collaborator_id))
        return [
            NotificationPreference.of(choices, category, channel, reason)
            for category in Categories
            for channel in TellingChannel
            for reason in (None, *REASONS[category])
        ]

    @strawberry.field(
        description="What you are told by e-mail, a line for each category that can be chosen about.",
        extensions=reading(Rule.READ_OWN),
    )
    async def notification_preferences(self, info: Info) -> list[NotificationPreference]:
        """The asker's own, for any reason."""
        choices = await choices_of(info, info.context.actor.collaborator)
        chosen = [category for category in Categories if category is not Categories.CRITICAL]
        return [NotificationPreference.of(choices, category, TellingChannel.EMAIL, None) for category in chosen]

    @strawberry.field(description="When you are left alone, and when digests come.", extensions=reading(Rule.READ_OWN))
    async def notification_rhythm(self, info: Info, collaborator_id: Whom = None) -> NotificationRhythm:
        """One's own, else the organization's."""
        return await rhythm_shown(info, readable(info, collaborator_id))

    @strawberry.field(description="How your organization folds and bundles.", extensions=reading(Rule.READ_OWN))
    async def notification_bundling(self, info: Info) -> NotificationBundling:
        """What holds."""
        return await bundling_shown(info)
