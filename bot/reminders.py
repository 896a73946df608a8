"""An admin's reminder: the form that makes it, when it comes, whom it reaches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, ClassVar

from pydantic import Field as Limits
from pydantic import field_validator

from bot.asking import (
    Answers,
    Ask,
    Choice,
    Day,
    Flag,
    Option,
    PersonPicker,
    Prose,
    Supplied,
    TimeOfDay,
    Whole,
)
from bot.duties import Owed
from bot.forms import NO_TIME, refusal
from bot.language import N_
from bot.numerals import Whole as WholeNumber
from bot.people import Person, Role
from bot.recurrence import Kind, Occasion, Rule

CHANNEL = "channel"
EVERYONE = "everyone"
ONE_PERSON = "person"
OWING = "owing:"
MEMBER = "member:"

FIRST_YEAR, LAST_YEAR = 2020, 2100
"""The days that a reminder can be set for."""

_MINUTE = "%Y-%m-%dT%H:%M"

WHEN = (
    Option(Kind.ONCE, N_("Once, on the date")),
    Option(Kind.WEEKLY, N_("Every week, on that weekday")),
    Option(Kind.FORTNIGHTLY, N_("Every other week, on that weekday")),
    Option(Kind.MONTHLY_DAY, N_("Every month, on that day")),
    Option(Kind.MONTHLY_LAST_WORKING_DAY, N_("Every month, on the last working day")),
    Option(Kind.QUARTERLY, N_("Every quarter, counted from the date")),
    Option(Kind.BEFORE_DATE, N_("Some days before the date")),
)


class ReminderAnswers(Answers):
    """What an admin fills in. The first date carries weekday, day of month and quarter."""

    asks_as: ClassVar[str] = N_("Reminder")

    say: Annotated[
        str,
        Limits(max_length=500),
        Ask(N_("What to say"), Prose(500), titles=True, hint=N_("One or two sentences.")),
    ]
    audience: Annotated[
        str,
        Ask(
            N_("To whom"),
            Supplied(),
            hint=N_("Those who have reported, or have nothing to report, are not reminded."),
        ),
    ]
    person: Annotated[
        str | None,
        Ask(N_("Which person"), PersonPicker(), hint=N_("Only for “One person”.")),
    ] = None
    when: Annotated[Kind, Ask(N_("How often"), Choice(WHEN))] = Kind.ONCE
    start: Annotated[date, Ask(N_("Date, or first date"), Day())]
    days_before: Annotated[
        WholeNumber | None,
        Limits(ge=1, le=365),
        Ask(N_("Days before"), Whole(1, 365), hint=N_("Only for “Some days before the date”.")),
    ] = None
    at: Annotated[time, Ask(N_("Time"), TimeOfDay(), hint=N_("Within working hours."))] = time(9)
    working_days_only: Annotated[
        bool, Ask(N_("Days"), Flag(N_("On working days only; otherwise the next working day")))
    ] = False

    @field_validator("start")
    @classmethod
    def _in_our_time(cls, start: date) -> date:
        if not FIRST_YEAR <= start.year <= LAST_YEAR:
            raise refusal("far", N_("Choose a day within the next years."))
        return start

    @field_validator("at")
    @classmethod
    def _by_the_wall_clock(cls, at: time) -> time:
        if at.tzinfo is not None:
            raise refusal("zone", NO_TIME)
        return at

    def missing(self) -> Mapping[str, str]:
        """Fields that this choice needs and that are empty, each with its sentence (a msgid)."""
        found = {}
        if self.audience == ONE_PERSON and not self.person:
            found["person"] = N_("Choose a person, or somebody else under “To whom”.")
        if self.when is Kind.BEFORE_DATE and not self.days_before:
            found["days_before"] = N_("Write how many days before.")
        return found

    @property
    def rule(self) -> Rule:
        return Rule(self.when, self.start, self.at, self.working_days_only, self.days_before or 0)

    @property
    def kind(self) -> str | None:
        """The kind of report that it chases, if it chases one."""
        return self.audience.removeprefix(OWING) if self.audience.startswith(OWING) else None


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a reminder would reach now: the channel, or people, and homes without a contact."""

    channel: bool = False
    people: tuple[Person, ...] = ()
    unreachable: tuple[str, ...] = ()


def reach(reminder: ReminderAnswers, people: Iterable[Person], owed: Iterable[Owed]) -> Reach:
    """`owed` is all that is owed now; only what the reminder chases is looked at."""
    everybody = tuple(people)
    contacts = tuple(p for p in everybody if p.confirmed and p.has(Role.CONTACT))
    if reminder.audience == CHANNEL:
        return Reach(channel=True)
    if reminder.audience == EVERYONE:
        return Reach(people=contacts)
    if reminder.audience == ONE_PERSON:
        return Reach(people=tuple(p for p in everybody if p.id == reminder.person))
    if reminder.kind is None:
        return _at(contacts, (reminder.audience.removeprefix(MEMBER),))
    owing = dict.fromkeys(o.member for o in owed if o.duty.kind == reminder.kind)
    return _at(contacts, tuple(owing))


def _at(contacts: tuple[Person, ...], homes: tuple[str, ...]) -> Reach:
    reached = tuple(person for person in contacts if person.home in homes)
    staffed = {person.home for person in reached}
    return Reach(people=reached, unreachable=tuple(h for h in homes if h not in staffed))


def chased(reminder: ReminderAnswers, person: Person, owed: Iterable[Owed]) -> Owed | None:
    """What the reminder chases this person for: the most pressing, or nothing."""
    theirs = (o for o in owed if o.member == person.home and o.duty.kind == reminder.kind)
    return next(theirs, None)


def alarm_of(reminder_id: int) -> str:
    """The reminder's name among the alarms."""
    return f"reminder:{reminder_id}"


def reminder_of(alarm: str) -> int | None:
    """The id of the reminder that an alarm is for; None for any other alarm."""
    name, _, number = alarm.partition(":")
    return int(number) if name == "reminder" and number.isdigit() else None


def claim_of(occasion: Occasion) -> str:
    """What an occasion is claimed as. Its moment is part of it: a reminder that is changed to
    another day or hour comes then too."""
    return f"{occasion.key}@{occasion.moment:{_MINUTE}}"


def moment_of(claim: str) -> datetime:
    """When an occasion that was claimed as this was to come."""
    return datetime.strptime(claim.partition("@")[2], _MINUTE).replace(tzinfo=UTC)
