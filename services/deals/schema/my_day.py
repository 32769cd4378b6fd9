"""What awaits whoever asks."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import strawberry

from chassis.auth import Role
from chassis.graphql.context import Info
from services.deals.queries import agenda, batches
from services.deals.queries import my_day as queries
from services.deals.schema.alerts import AlertType
from services.deals.schema.deals import DealType
from services.deals.schema.events import EventType, TaskType
from services.deals.schema.following_mutations import caller
from services.deals.schema.messages import MessageType
from services.deals.schema.occurrences import OccurrenceType
from services.deals.schema.rights import reading

_FALLBACK = "Europe/Paris"


@strawberry.type(description="An appointment of the day: an occurrence of an event.")
class DayAppointment:
    """Part of MyDay."""

    event: EventType = strawberry.field(description="The appointment.")
    occurrence: OccurrenceType = strawberry.field(description="When it is that day.")


@strawberry.type(description="What awaits you in a day, by your own clock. At most 100 of each.")
class MyDay:
    """See queries.my_day."""

    day: date = strawberry.field(name="date", description="The day.")
    time_zone: str = strawberry.field(description="Whose clock: your time zone, else your organization's.")
    appointments: list[DayAppointment] = strawberry.field(description="In order; without those you declined.")
    tasks: list[TaskType] = strawberry.field(description="Yours that are due by the end of the day, or overdue.")
    alerts: list[AlertType] = strawberry.field(description="Those that you should take charge of, oldest first.")
    failed_messages: list[MessageType] = strawberry.field(
        description="Yours of the last 7 days of which a mail failed, newest first."
    )
    going_stale: list[DealType] = strawberry.field(
        description="Your open deals that have been quiet for most of what their stage should take."
    )


def span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the day's midnight to the next: 23 or 25 hours where the clock changes."""
    begins = datetime.combine(day, time(), zone)
    return begins, datetime.combine(day + timedelta(days=1), time(), zone)


async def my_day(info: Info, day: date | None) -> MyDay:
    """Seven statements, whatever there is."""
    me, read, now = caller(info), info.context.read, info.context.database.clock()
    zone = await read.scalar(queries.zone_of(info.context.actor.organization, me)) or _FALLBACK
    told = day or now.astimezone(ZoneInfo(zone)).date()
    begins, ends = span(told, ZoneInfo(zone))
    admin = info.context.actor.role is Role.ADMIN
    return MyDay(
        day=told,
        time_zone=zone,
        appointments=await _appointments(info, begins, ends),
        tasks=[TaskType.of(row) for row in await read.rows(queries.tasks(me, ends))],
        alerts=[AlertType.of(row) for row in await read.rows(queries.alerts(me, admin=admin))],
        failed_messages=[MessageType.of(row) for row in await read.rows(queries.failed_messages(me, now))],
        going_stale=[DealType.of(row) for row in await read.rows(queries.going_stale(me, now))],
    )


async def _appointments(info: Info, begins: datetime, ends: datetime) -> list[DayAppointment]:
    me = caller(info)
    statement = queries.appointments(me, begins, ends).where(~queries.declined(me))
    events = await info.context.read.rows(statement)
    moved = await batches.moved_of_event(info.context.read, [event.id for event in events])
    found = [
        DayAppointment(event=EventType.of(event), occurrence=OccurrenceType.of(one))
        for event, exceptions in zip(events, moved, strict=True)
        for one in agenda.occurrences(event, exceptions, begins, ends)
    ]
    return sorted(found, key=lambda one: (one.occurrence.starts_at, one.event.id))


@strawberry.type
class MyDayQuery:
    """Part of the root of reading."""

    @strawberry.field(description="What awaits you today, or on another day.", extensions=reading())
    async def my_day(
        self,
        info: Info,
        day: Annotated[
            date | None, strawberry.argument(name="date", description="Which day; today by your clock if absent.")
        ] = None,
    ) -> MyDay:
        """Appointments, tasks, alerts, deals going stale."""
        return await my_day(info, day)
