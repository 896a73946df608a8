"""An admin's reminder: the form that makes it, when it comes, whom it reaches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, ClassVar

from pydantic import Field as Limits
from pydantic import ValidationInfo, field_validator

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
from bot.forms import refusal
from bot.language import N_
from bot.people import Person, Role
from bot.recurrence import Kind, Rule

CHANNEL = "channel"
EVERYONE = "everyone"
ONE_PERSON = "person"
OWING = "owing:"
MEMBER = "member:"

EARLIEST = time(7)
LATEST = time(18)

WHEN = (
    Option(Kind.ONCE, N_("Once, on the date")),
    Option(Kind.WEEKLY, N_("Every week, on that weekday")),
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
        int | None,
        Limits(ge=1, le=365),
        Ask(N_("Days before"), Whole(1, 365), hint=N_("Only for “Some days before the date”.")),
    ] = None
    at: Annotated[time, Ask(N_("Time"), TimeOfDay(), hint=N_("Between 07:00 and 18:00."))] = time(9)
    working_days_only: Annotated[
        bool, Ask(N_("Days"), Flag(N_("On working days only; otherwise the next working day")))
    ] = False

    @field_validator("at")
    @classmethod
    def _in_the_daytime(cls, at: time, info: ValidationInfo) -> time:
        if at.tzinfo is not None:
            raise refusal("zoned", N_("That is not a time. Write it as 08:30."))
        if info.context and not EARLIEST <= at <= LATEST:
            raise refusal("daytime", N_("Choose a time between 07:00 and 18:00."))
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
