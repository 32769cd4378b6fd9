"""Sentences that a template cannot say alone: dates, reasons, figures, the table of facts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from services.notifier.mail.letter import (
    Alarm,
    AlarmWords,
    Appointment,
    Kind,
    Letter,
    Line,
    Offer,
    Part,
    Section,
)
from services.notifier.mail.people import Attendance, Invited, Reply
from services.notifier.mail.reasons import because
from services.notifier.mail.translations import known_locale, translations


@dataclass(frozen=True)
class Fact:
    """A line of the table: what it is, its value, whether it is what the mail is read for."""

    label: str
    value: str
    key: bool = False


@dataclass(frozen=True)
class Choice:
    """An answer to an invitation, and the words of its button."""

    answer: Attendance
    label: str


@dataclass(frozen=True)
class SectionWords:
    """A digest's section as it is read: the label of a line is what it is about, `more` says how many are not shown."""

    title: str
    total: str
    lines: list[Fact]
    more: str


class Wording:
    """The words for one reader: language and time zone."""

    def __init__(self, locale: str, time_zone: str) -> None:
        self.locale = known_locale(locale)
        self.zone = ZoneInfo(time_zone)
        self.say: Callable[[str], str] = translations(self.locale).gettext

    def moment(self, at: datetime) -> str:
        """`jeudi 26 novembre 2026 à 10:00 (heure normale d’Europe centrale)`, in the reader's time zone."""
        local = at.astimezone(self.zone)
        day, time = self.day(local), self._time(local)
        return self.say("%(day)s at %(time)s") % {"day": day, "time": time} + f" ({self._zone_name(local)})"

    def span(self, appointment: Appointment) -> str:
        """From when to when, the day said once where both are on it."""
        start, end = (at.astimezone(self.zone) for at in (appointment.starts_at, appointment.ends_at))
        day = self.day(start)
        until = self._time(end) if end.date() == start.date() else f"{self.day(end)}, {self._time(end)}"
        return f"{day}, {self._time(start)} – {until} ({self._zone_name(start)})"

    def short(self, at: datetime) -> str:
        """`26 nov. 10:00`, for a subject."""
        local = at.astimezone(self.zone)
        return f"{format_date(local, 'd MMM', self.locale)} {self._time(local)}"

    def day(self, on: date) -> str:
        """`jeudi 26 novembre 2026`; French counts only the first of a month as such (`1er`), which CLDR leaves out."""
        told = format_date(on, "full", self.locale)
        return told.replace(" 1 ", " 1er ") if self.locale == "fr" else told

    def number(self, number: int) -> str:
        """`9 999`."""
        return str(format_decimal(number, locale=self.locale))

    def amount(self, offer: Offer | None) -> str:
        """What a quote comes to, with its currency."""
        if offer is None or offer.gross is None:
            return ""
        return str(format_currency(offer.gross, offer.currency, locale=self.locale))

    def _time(self, local: datetime) -> str:
        return format_time(local, "short", locale=self.locale)

    def _zone_name(self, local: datetime) -> str:
        return get_timezone_name(local, "long", locale=self.locale)

    def why(self, letter: Letter) -> str:
        """One sentence with every reason why the reader gets this mail."""
        if letter.bundle is not None:
            return self.say("You get this mail because these things concern you.")
        reasons = [because(self.say, reason, letter) for reason in letter.reasons]
        return self.say("You get this mail because %(reasons)s.") % {
            "reasons": format_list(reasons, locale=self.locale)
        }

    def facts(self, letter: Letter) -> list[Fact]:
        """What the table shows, without the lines that have nothing to say."""
        topic = letter.topic
        deal = f"{topic.deal} ({topic.stage})" if topic.stage and topic.deal else topic.deal
        facts = [
            Fact(self.say("Changed"), self._changed(letter.parts)),
            Fact(self.say("Event"), letter.title if letter.kind is Kind.COMMENT else ""),
            *self._when_and_where(letter),
            *self._offer(letter.offer),
            Fact(self.say("Deal"), deal),
            Fact(self.say("Contact"), topic.contact),
            Fact(self.say("Company"), topic.account),
            Fact(self.say("Written by"), letter.author.name if letter.author else ""),
        ]
        return [fact for fact in facts if fact.value]

    def _changed(self, parts: tuple[Part, ...]) -> str:
        words = {
            Part.WHEN: self.say("When"),
            Part.REPEATS: self.say("Repeats"),
            Part.WHERE: self.say("Where"),
            Part.JOINED_AT: self.say("Joined at"),
            Part.ASSIGNEE: self.say("Assigned to"),
            Part.DUE: self.say("Due"),
            Part.TITLE: self.say("Title"),
            Part.DESCRIPTION: self.say("Text"),
            Part.PEOPLE: self.say("People concerned"),
        }
        told = self._all([words[part].lower() for part in parts])
        return told[:1].upper() + told[1:]

    def sections(self, letter: Letter) -> list[SectionWords]:
        """What a digest shows."""
        return [self._section(each) for each in letter.bundle.sections] if letter.bundle else []

    def _section(self, section: Section) -> SectionWords:
        title = self._headline(section.alarm) if section.alarm else self._category(section.category)
        lines = [Fact(line.about, self.line(line)) for line in section.lines]
        more = section.total - len(lines)
        left = self.say("and %(more)s more") % {"more": self.number(more)} if more > 0 else ""
        return SectionWords(title[:1].upper() + title[1:], self.number(section.total), lines, left)

    def line(self, line: Line) -> str:
        """What one thing says, in a digest or an inbox."""
        if line.reply is not None:
            return self.reply(line.reply)
        return self._alarm(line.alarm) if line.alarm else line.text

    def reply(self, reply: Reply) -> str:
        """What somebody answered to an invitation."""
        words = {
            Attendance.ACCEPTED: self.say("%(name)s is coming"),
            Attendance.TENTATIVE: self.say("%(name)s may come"),
            Attendance.DECLINED: self.say("%(name)s is not coming"),
            Attendance.NONE: self.say("%(name)s has not answered yet"),
        }
        return words[reply.answer] % {"name": reply.name}

    def _category(self, category: str) -> str:
        words = {
            "EVENTS": self.say("Notes, appointments and instructions"),
            "COMMENTS": self.say("Comments"),
            "QUOTES": self.say("Quotes"),
            "PUBLICATIONS": self.say("Publications"),
            "ALERTS": self.say("Alerts"),
        }
        return words.get(category, category)

    def _offer(self, offer: Offer | None) -> list[Fact]:
        if offer is None:
            return []
        return [
            Fact(self.say("Quote"), offer.number),
            Fact(self.say("Amount"), self.amount(offer)),
            Fact(self.say("Until"), self.day(offer.until) if offer.until and offer.answer is None else ""),
            Fact(self.say("Reason"), offer.reason),
        ]

    def _when_and_where(self, letter: Letter) -> list[Fact]:
        facts = []
        if letter.appointment:
            invited = [person.name for person in letter.appointment.invited] if letter.reply is None else []
            facts.append(Fact(self.say("When"), self.span(letter.appointment), key=True))
            facts.append(Fact(self.say("Repeats"), self._repeats(letter.appointment.recurrence)))
            facts.append(Fact(self.say("Where"), letter.appointment.place))
            facts.append(Fact(self.say("Joined at"), letter.appointment.link))
            facts.append(Fact(self.say("With"), self._all(invited)))
            facts += self._attendance(letter.appointment) if letter.reply else []
        if letter.instruction:
            facts.append(Fact(self.say("Assigned to"), letter.instruction.assignee))
            if letter.instruction.due_at:
                facts.append(Fact(self.say("Due"), self.moment(letter.instruction.due_at), key=True))
        return facts

    def _attendance(self, appointment: Appointment) -> list[Fact]:
        """Who comes so far, and who does not."""
        titles = {
            Attendance.ACCEPTED: self.say("Coming"),
            Attendance.TENTATIVE: self.say("Maybe"),
            Attendance.DECLINED: self.say("Not coming"),
            Attendance.NONE: self.say("No answer yet"),
        }
        invited = [person for person in appointment.invited if isinstance(person, Invited)]
        return [
            Fact(title, self._all([person.name for person in invited if person.answer is answer]))
            for answer, title in titles.items()
        ]

    def _all(self, names: list[str]) -> str:
        return str(format_list(names, locale=self.locale)) if names else ""

    def answers(self, letter: Letter) -> list[Choice]:
        """What a reader who is invited can answer, the likeliest first."""
        if letter.appointment is None or not letter.appointment.asks:
            return []
        return [
            Choice(Attendance.ACCEPTED, self.say("I am coming")),
            Choice(Attendance.TENTATIVE, self.say("Maybe")),
            Choice(Attendance.DECLINED, self.say("I am not coming")),
        ]

    def _repeats(self, recurrence: str) -> str:
        """How often, in a word; the invitation has the rule."""
        often = dict(part.partition("=")[::2] for part in recurrence.split(";")).get("FREQ", "")
        words = {
            "DAILY": self.say("By the day"),
            "WEEKLY": self.say("By the week"),
            "MONTHLY": self.say("By the month"),
            "YEARLY": self.say("By the year"),
        }
        return words.get(often, "")

    def headline(self, letter: Letter) -> str:
        """An alert in a few words, for a subject."""
        return self._headline(letter.alarm) if letter.alarm else ""

    def _headline(self, alarm: Alarm) -> str:
        told = self._told(alarm)
        return told.headline if told else alarm.rule.replace("_", " ")

    def reason_of(self, letter: Letter) -> str:
        """The sentence of an alert: what is wrong, with its figures."""
        return self._alarm(letter.alarm) if letter.alarm else ""

    def _alarm(self, alarm: Alarm) -> str:
        if told := self._told(alarm):
            return told.reason
        figures = ", ".join(f"{name}: {value}" for name, value in sorted(alarm.figures.items()))
        return self.say("Rule %(rule)s") % {"rule": alarm.rule} + (f" ({figures})" if figures else "")

    def _told(self, alarm: Alarm) -> AlarmWords | None:
        return alarm.words.get(self.locale)

    def suggestions(self, letter: Letter) -> list[str]:
        """What the reader can do about an alert, best first."""
        if letter.kind is not Kind.ALERT:
            return []
        told = self._told(letter.alarm) if letter.alarm else None
        return told.remedies if told else [self.say("Open it and choose a remedy")]
