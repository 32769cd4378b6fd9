"""Choices of collaborators, and of an organization for all."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import strawberry

from chassis.database import UnitOfWork
from chassis.errors import InvalidInput
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.rules import writing
from services.notifier.permissions import Rule
from services.notifier.preferences import commands
from services.notifier.preferences.bundling import Bounds
from services.notifier.preferences.rhythm import Rhythm
from services.notifier.schema.enums import Cadence, Category, Reason, TellingChannel
from services.notifier.schema.preferences.types import (
    CriticalIsAlwaysTold,
    NotificationBundling,
    NotificationPreference,
    NotificationRhythm,
    bundling_shown,
    choices_of,
    rhythm_shown,
)
from services.notifier.schema.unit import Write, once


@strawberry.input(description="What you want to be told. Give `cadence` or `email`; neither takes a choice back.")
class SetNotificationPreferenceInput(Write):
    """One choice."""

    category: Category = strawberry.field(description="What.")
    channel: TellingChannel = strawberry.field(default=TellingChannel.EMAIL, description="Where.")
    reason: Reason | None = strawberry.field(default=None, description="For which reason; null for every other one.")
    cadence: Cadence | None = strawberry.field(default=None, description="How often.")
    email: bool | None = strawberry.field(default=None, description="Short for IMMEDIATE or NEVER.")

    def wanted(self) -> commands.Wanted:
        """Raises InvalidInput."""
        if self.cadence is not None and self.email is not None:
            raise InvalidInput("email", "Give `cadence` or `email`, not both.")
        said = self.cadence
        if self.email is not None:
            said = Cadence.IMMEDIATE if self.email else Cadence.NEVER
        return commands.Wanted(self.category, self.channel, self.reason, said)


@strawberry.input(description="What everybody who does not say is told.")
class SetNotificationDefaultInput(SetNotificationPreferenceInput):
    """One choice for everybody."""


@strawberry.input(description="When to be left alone, and when digests come. What is not given is as if never set.")
class SetNotificationRhythmInput(Write):
    """A whole rhythm."""

    quiet_from: str | None = strawberry.field(default=None, description="`HH:MM`; without it there are no quiet hours.")
    quiet_until: str | None = strawberry.field(default=None, description="`HH:MM`.")
    quiet_weekdays: list[int] = strawberry.field(default_factory=list, description="1 (Monday) to 7 (Sunday).")
    digest_at: str = strawberry.field(default="08:00", description="`HH:MM`.")
    digest_weekday: int = strawberry.field(default=1, description="1 (Monday) to 7 (Sunday).")

    def rhythm(self) -> Rhythm:
        """Raises InvalidInput."""
        return Rhythm(
            commands.clock_of("quietFrom", self.quiet_from) if self.quiet_from else None,
            commands.clock_of("quietUntil", self.quiet_until) if self.quiet_until else None,
            tuple(self.quiet_weekdays),
            commands.clock_of("digestAt", self.digest_at),
            self.digest_weekday,
        )


@strawberry.input(description="The rhythm of whoever has none of their own.")
class SetDefaultNotificationRhythmInput(SetNotificationRhythmInput):
    """A whole rhythm."""


@strawberry.input(description="How your organization folds and bundles. What is not given is as at first.")
class SetNotificationBundlingInput(Write):
    """All the bounds."""

    fold_seconds: int = strawberry.field(default=Bounds.fold_seconds, description="0 to 3600.")
    burst_count: int = strawberry.field(default=Bounds.burst_count, description="1 to 1000.")
    burst_minutes: int = strawberry.field(default=Bounds.burst_minutes, description="1 to 1440.")
    burst_longest_minutes: int = strawberry.field(
        default=Bounds.burst_longest_minutes, description="From burstMinutes on."
    )


_NOW = "What holds now, or why nothing was written."
SetNotificationPreferenceResult = Annotated[
    NotificationPreference | CriticalIsAlwaysTold | CommonErrors,
    strawberry.union(name="SetNotificationPreferenceResult", description=_NOW),
]
SetNotificationRhythmResult = Annotated[
    NotificationRhythm | CommonErrors, strawberry.union(name="SetNotificationRhythmResult", description=_NOW)
]
SetNotificationBundlingResult = Annotated[
    NotificationBundling | CommonErrors, strawberry.union(name="SetNotificationBundlingResult", description=_NOW)
]


async def _preference(info: Info, input: SetNotificationPreferenceInput, whom: UUID | None) -> NotificationPreference:
    return NotificationPreference.of(await choices_of(info, whom), input.category, input.channel, input.reason)


async def _for_all(info: Info, input: Write, change: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    """Change what holds for the whole organization, once."""

    async def act(work: UnitOfWork) -> UUID:
        await change(work)
        return work.organization

    await once(info, input, act)


@strawberry.type
class PreferenceMutations:
    """Fields of Mutation."""

    @strawberry.mutation(
        description="Choose how often you are told of a category, where, and for which reason.",
        extensions=writing(Rule.CHOOSE_OWN),
    )
    async def set_notification_preference(
        self,
        info: Info,
        input: Annotated[SetNotificationPreferenceInput, strawberry.argument(description="What you choose.")],
    ) -> SetNotificationPreferenceResult:
        """For the asker."""
        wanted = input.wanted()
        me = await once(info, input, lambda work: commands.choose_for_oneself(work, wanted))
        return await _preference(info, input, me)

    set_notification_preferences = batch_of(
        set_notification_preference, "set_notification_preferences", "Choose for several categories at once."
    )

    @strawberry.mutation(
        description="Choose what everybody is told who does not say.", extensions=writing(Rule.CHOOSE_DEFAULTS)
    )
    async def set_notification_default(
        self,
        info: Info,
        input: Annotated[SetNotificationDefaultInput, strawberry.argument(description="What you choose.")],
    ) -> SetNotificationPreferenceResult:
        """For the organization."""
        wanted = input.wanted()
        await _for_all(info, input, lambda work: commands.choose(work, wanted, None))
        return await _preference(info, input, None)

    @strawberry.mutation(
        description="Set your quiet hours, and when your digests come.", extensions=writing(Rule.CHOOSE_OWN)
    )
    async def set_notification_rhythm(
        self,
        info: Info,
        input: Annotated[SetNotificationRhythmInput, strawberry.argument(description="Your rhythm.")],
    ) -> SetNotificationRhythmResult:
        """For the asker."""
        rhythm = input.rhythm()
        return await rhythm_shown(
            info, await once(info, input, lambda work: commands.set_rhythm_for_oneself(work, rhythm))
        )

    @strawberry.mutation(
        description="Set the rhythm of whoever has none of their own.", extensions=writing(Rule.CHOOSE_DEFAULTS)
    )
    async def set_default_notification_rhythm(
        self,
        info: Info,
        input: Annotated[SetDefaultNotificationRhythmInput, strawberry.argument(description="The rhythm.")],
    ) -> SetNotificationRhythmResult:
        """For the organization."""
        rhythm = input.rhythm()
        await _for_all(info, input, lambda work: commands.set_rhythm(work, rhythm, None))
        return await rhythm_shown(info, None)

    @strawberry.mutation(
        description="Set how your organization folds changes and bundles bursts.",
        extensions=writing(Rule.CHOOSE_DEFAULTS),
    )
    async def set_notification_bundling(
        self,
        info: Info,
        input: Annotated[SetNotificationBundlingInput, strawberry.argument(description="The bounds.")],
    ) -> SetNotificationBundlingResult:
        """For the organization."""
        bounds = Bounds(input.fold_seconds, input.burst_count, input.burst_minutes, input.burst_longest_minutes)
        await _for_all(info, input, lambda work: commands.set_bundling(work, bounds))
        return await bundling_shown(info)
