"""What one wants to be told, what holds, and why one was told, or not."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import time
from typing import Annotated
from uuid import UUID

import strawberry
from sqlalchemy import select

from chassis.auth import Role
from chassis.database import UnitOfWork
from chassis.errors import Forbidden, InvalidInput
from chassis.graphql import errors
from chassis.graphql.batches import batch_of
from chassis.graphql.context import Info
from chassis.graphql.errors import CommonErrors
from chassis.graphql.rules import reading, writing
from chassis.identifiers import parse_id
from services.notifier.model import Category as Categories
from services.notifier.permissions import Rule
from services.notifier.preferences import commands
from services.notifier.preferences.bundling import Bounds
from services.notifier.preferences.cadence import ANY, REASONS, Choice, effective, for_reasons
from services.notifier.preferences.queries import BUNDLING, choice_of, preferences, rhythm_of, rhythms
from services.notifier.preferences.rhythm import Rhythm
from services.notifier.schema.enums import Cadence, Category, PreferenceSource, Reason, TellingChannel
from services.notifier.schema.unit import Write, once


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


async def _choices(info: Info, whom: UUID | None) -> list[Choice]:
    rows = await info.context.read.rows(preferences([whom] if whom else []))
    return [choice_of(row) for row in rows]


async def _rhythm(info: Info, whom: UUID | None) -> NotificationRhythm:
    rows = await info.context.read.rows(rhythms([whom] if whom else []))
    return NotificationRhythm.of(rhythm_of(rows[-1] if rows else None))


async def _bundling(info: Info) -> NotificationBundling:
    row = await info.context.read.first(select(*BUNDLING))
    bounds = Bounds(*row) if row else Bounds()
    return NotificationBundling(**asdict(bounds))


async def _preference(info: Info, input: SetNotificationPreferenceInput, whom: UUID | None) -> NotificationPreference:
    return NotificationPreference.of(await _choices(info, whom), input.category, input.channel, input.reason)


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
        choices = await _choices(info, readable(info, collaborator_id))
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
        choices = await _choices(info, info.context.actor.collaborator)
        chosen = [category for category in Categories if category is not Categories.CRITICAL]
        return [NotificationPreference.of(choices, category, TellingChannel.EMAIL, None) for category in chosen]

    @strawberry.field(description="When you are left alone, and when digests come.", extensions=reading(Rule.READ_OWN))
    async def notification_rhythm(self, info: Info, collaborator_id: Whom = None) -> NotificationRhythm:
        """One's own, else the organization's."""
        return await _rhythm(info, readable(info, collaborator_id))

    @strawberry.field(description="How your organization folds and bundles.", extensions=reading(Rule.READ_OWN))
    async def notification_bundling(self, info: Info) -> NotificationBundling:
        """What holds."""
        return await _bundling(info)


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
        return await _rhythm(info, await once(info, input, lambda work: commands.set_rhythm_for_oneself(work, rhythm)))

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
        return await _rhythm(info, None)

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
        return await _bundling(info)
