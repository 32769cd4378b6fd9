"""What holds: how often one is told, when one is left alone, how much makes a burst."""

from dataclasses import asdict
from datetime import time
from uuid import UUID

import strawberry
from sqlalchemy import select

from chassis.graphql import errors
from chassis.graphql.context import Info
from services.notifier.preferences.bundling import Bounds
from services.notifier.preferences.cadence import ANY, Choice, effective, for_reasons
from services.notifier.preferences.queries import BUNDLING, choice_of, preferences, rhythm_of, rhythms
from services.notifier.preferences.rhythm import Rhythm
from services.notifier.schema.enums import Cadence, Category, PreferenceSource, Reason, TellingChannel


@errors.register
@strawberry.type(description="CRITICAL is always told: choose about the other categories.")
class CriticalIsAlwaysTold(errors.Error):
    """See services.notifier.errors.CriticalIsAlwaysTold."""


@strawberry.type(description="How often a collaborator is told of a category, by one channel, for one reason.")
class NotificationPreference:
    """What holds, told even where nothing was ever said."""

    category: Category = strawberry.field(description="What.")
    channel: TellingChannel = strawberry.field(description="Where.")
    reason: Reason | None = strawberry.field(
        description="For which reason; null for all that have no line of their own."
    )
    cadence: Cadence = strawberry.field(description="How often.")
    source: PreferenceSource = strawberry.field(description="Who says so.")
    email: bool = strawberry.field(description="Whether there is any e-mail, be it in a digest.")

    @classmethod
    def of(
        cls, choices: list[Choice], category: Category, channel: TellingChannel, reason: Reason | None
    ) -> "NotificationPreference":
        """What holds for a category, a channel and a reason."""
        found = effective(choices, category, channel, reason.value if reason else ANY)
        wanted = for_reasons(choices, category, TellingChannel.EMAIL, [reason.value] if reason else [])
        return cls(
            category=category,
            channel=channel,
            reason=reason,
            cadence=found.cadence,
            source=found.source,
            email=wanted.cadence is not Cadence.NEVER,
        )


@strawberry.type(description="When you are left alone, and when your digests come; in your time zone.")
class NotificationRhythm:
    """See preferences.rhythm.Rhythm."""

    quiet_from: str | None = strawberry.field(description="When the quiet hours begin, `HH:MM`.")
    quiet_until: str | None = strawberry.field(description="When they end; before `quietFrom` for those over midnight.")
    quiet_weekdays: list[int] = strawberry.field(description="Days that are quiet as a whole: 1 (Monday) to 7.")
    digest_at: str = strawberry.field(description="When digests come, `HH:MM`.")
    digest_weekday: int = strawberry.field(description="The day of weekly digests: 1 (Monday) to 7.")

    @classmethod
    def of(cls, rhythm: Rhythm) -> "NotificationRhythm":
        """As it is shown."""
        return cls(
            quiet_from=_shown(rhythm.quiet_from),
            quiet_until=_shown(rhythm.quiet_until),
            quiet_weekdays=list(rhythm.quiet_weekdays),
            digest_at=f"{rhythm.digest_at:%H:%M}",
            digest_weekday=rhythm.digest_weekday,
        )


def _shown(clock: time | None) -> str | None:
    return None if clock is None else f"{clock:%H:%M}"


@strawberry.type(description="How your organization folds changes into one mail, and bundles bursts.")
class NotificationBundling:
    """See preferences.bundling.Bounds."""

    fold_seconds: int = strawberry.field(description="How long a change of an event waits for the next.")
    burst_count: int = strawberry.field(
        description="Mails to one collaborator from which on the others are one digest."
    )
    burst_minutes: int = strawberry.field(
        description="The window that they are counted in, and how long a digest waits for the next."
    )
    burst_longest_minutes: int = strawberry.field(description="How long that digest waits at most.")


async def choices_of(info: Info, whom: UUID | None) -> list[Choice]:
    rows = await info.context.read.rows(preferences([whom] if whom else []))
    return [choice_of(row) for row in rows]


async def rhythm_shown(info: Info, whom: UUID | None) -> NotificationRhythm:
    rows = await info.context.read.rows(rhythms([whom] if whom else []))
    return NotificationRhythm.of(rhythm_of(rows[-1] if rows else None))


async def bundling_shown(info: Info) -> NotificationBundling:
    row = await info.context.read.first(select(*BUNDLING))
    bounds = Bounds(*row) if row else Bounds()
    return NotificationBundling(**asdict(bounds))
