"""What a plan file says: members, objectives, key results and how each is measured, duties.

Everything that differs between two networks lives in such a file. The names here are the names
in the file; the comments in `bro-2026-2027.toml` explain them to those who write one.
"""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.calendar import Period, Span
from bot.language import Code
from bot.plan.retention import Disposal, Retention

ROLLING = "rolling 12 months"
"""The period that always ends on the day in question."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Value = bool | int | str


class Entry(BaseModel):
    """Any table of the file. Frozen; keys that it does not know are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Words = Annotated[dict[Code, Text], Field(min_length=1)]
"""The same words in each language that the file has: `{ sv = "mål", en = "objective" }`."""


class Unit(Entry):
    """What is counted: `1 workshop`, `2 workshoppar`."""

    one: Words
    many: Words


# --- Who


class Population(Entry):
    people: int = Field(gt=0)
    on: date
    source: Text


class Member(Entry):
    """A municipality. `genitive` is the form before a noun: `Kumlas`, `Degerfors`."""

    code: Identifier
    name: Text
    genitive: Text
    email_domains: tuple[Domain, ...] = ()
    aliases: tuple[Text, ...] = ()
    population: Population


class Office(Entry):
    """The cooperation body itself: who speaks for the network and not for a member."""

    code: Identifier
    name: Text
    email_domains: tuple[Domain, ...] = ()


class Network(Entry):
    id: Identifier
    name: Text
    county: Text
    office: Office


# --- How a key result is measured


Where = Mapping[str, tuple[Value, ...]]
"""Field of the report → the values that count. A report counts when every field agrees."""


class Count(Entry):
    """How many cases there are: events, projects, arenas.

    `min_members`: so many municipalities must be credited. `filled`: these fields must have been
    answered. `one_of_each`: among the cases that count, each of these values must occur.
    """

    measure: Literal["count"]
    where: Where = {}
    min_members: int = Field(default=0, ge=0)
    filled: tuple[str, ...] = ()
    one_of_each: Where = {}


class Requirement(Entry):
    """What one municipality must have done.

    A report of `kind` with these answers, in the period; if `field` is given, one for each of
    `values`. With `latest`, only the municipality's latest report of the kind is asked.
    """

    kind: str
    label: Words
    where: Where = {}
    field: str | None = None
    values: tuple[Value, ...] = ()
    latest: bool = False


class Coverage(Entry):
    """How many of the municipalities fulfil every requirement."""

    measure: Literal["coverage"]
    requirements: tuple[Requirement, ...] = Field(min_length=1)


class MeanFloor(Entry):
    """The unweighted mean over municipalities, and that no single cell lies below a floor.

    Where the direction is falling, the floor is a ceiling. Only values that are there count: a
    missing one is not zero. `round` is the field that tells
    one measurement from the next (a year); only the latest round is used.
    """

    measure: Literal["mean_floor"]
    mean_of: str
    floor: Decimal
    floor_for: tuple[str, ...] = Field(min_length=1)
    round: str


class Sum(Entry):
    """The sum of a number. With `growth` it is held against the same date last year; `money` says
    that it is Swedish kronor."""

    measure: Literal["sum"]
    field: str
    where: Where = {}
    growth: bool = False
    money: bool = False


class Ratio(Entry):
    """The pooled ratio Σ numerator / Σ denominator, as relative change on the previous period.

    With fewer than `enough` in a numerator the change is shown, and that it says nothing for sure.
    """

    measure: Literal["ratio"]
    numerator: str
    denominator: str
    where: Where = {}
    enough: int = Field(default=0, ge=0)


class Distinct(Entry):
    """How many different values of a field occur in at least so many cases."""

    measure: Literal["distinct"]
    field: str
    where: Where = {}
    at_least: int = Field(default=1, ge=1)


class Stages(Entry):
    """How many cases have gone through a whole life: each of `values` occurs as `field` in one of
    the case's reports. `where` is asked of the report that opened the case, whose kind is the first
    in `fed_by`."""

    measure: Literal["stages"]
    field: str
    values: tuple[Value, ...] = Field(min_length=1)
    where: Where = {}


Measure = Annotated[
    Count | Coverage | MeanFloor | Sum | Ratio | Distinct | Stages, Field(discriminator="measure")
]


# --- What is to be reached, and how fast


class Direction(StrEnum):
    RISING = "rising"
    FALLING = "falling"
    MAINTAIN = "maintain"
    """The target is to be held from the first day."""


MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Step(Entry):
    """By the end of this day, so large a share of the way is expected to be done.

    Month and day where the period is the year, else a date. Even pace between two steps.
    """

    by: date | MonthDay
    share: Share


class Objective(Entry):
    """`text` quotes the plan."""

    id: Identifier
    name: Words
    text: Text


class KeyResult(Entry):
    """`text` quotes the plan; `counted` is the reading chosen; `ambiguity` what else it may mean.

    `target` is a number, `all` (every member), or left out where the plan names none. Without
    `steps` the pace is even. `risk_share` of what is expected is what divides at risk from behind.
    """

    id: Identifier
    objective: Identifier
    label: Words
    text: Text
    counted: Words
    ambiguity: Text | None = None
    fed_by: tuple[str, ...] = Field(min_length=1)
    measure: Measure
    target: Decimal | Literal["all"] | None = None
    baseline: Decimal = Decimal(0)
    direction: Direction = Direction.RISING
    period: Span | Literal["rolling 12 months"]
    steps: tuple[Step, ...] = ()
    unit: Unit
    stale_after_days: int = Field(default=120, gt=0)
    risk_share: Share = Decimal("0.75")
    beside: tuple[Literal["inquiries"], ...] = ()
    """What is shown beside the value: the shares of inquiries acknowledged and answered in time."""


# --- Who is expected to report what


class Duty(Entry):
    """A report that is expected from each, once a period, so many working days after its end."""

    id: Identifier
    kind: str
    label: Words
    whom: Literal["members", "office"] | tuple[Identifier, ...]
    span: Literal[Span.YEAR, Span.HALF_YEAR, Span.QUARTER, Span.MONTH, Span.WEEK]
    due_working_days: int = Field(gt=0)


# --- What reports choose from, and how inquiries are handled


class ListEntry(Entry):
    """One choice in a report's form. `aliases` are other words for it in a typed line."""

    code: Identifier
    name: Words
    aliases: tuple[Text, ...] = ()


class Inquiries(Entry):
    """The clock of establishment inquiries, in working days after the day of asking (the asker's
    own date for an answer goes before); and after how many days without news the owner of a case
    is asked what became of it."""

    acknowledge_working_days: int = Field(default=1, gt=0)
    answer_working_days: int = Field(default=5, gt=0)
    admins_may_know: bool = False
    """Whether admins may read confidential cases that they are not in."""
    ask_owner_after_days: int = Field(default=60, gt=0)
    ask_dormant_after_days: int = Field(default=180, gt=0)


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Digest(Entry):
    """When the weekly digest goes out, by the clocks of the plan's zone."""

    weekday: Weekday
    time: time

    @property
    def day_of_week(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return list(Weekday).index(self.weekday)


class WorkingHours(Entry):
    start: time
    end: time


class Plan(Entry):
    """A whole plan file. `document` is the decision that it renders."""

    id: Identifier
    name: Words
    document: Text
    network: Network
    zone: ZoneInfo
    language: Code
    starts: date
    ends: date
    digest: Digest
    working_hours: WorkingHours
    silent_after_days: int = Field(default=92, gt=0)
    planned_kinds: tuple[str, ...] = ()
    members: tuple[Member, ...] = Field(min_length=1)
    objectives: tuple[Objective, ...] = Field(min_length=1)
    key_results: tuple[KeyResult, ...] = Field(min_length=1)
    beside: tuple[KeyResult, ...] = ()
    """Rows that are shown beside the key results, and not counted among them."""
    duties: tuple[Duty, ...] = ()
    lists: Mapping[Identifier, Annotated[tuple[ListEntry, ...], Field(min_length=1)]] = {}
    inquiries: Inquiries = Inquiries()
    retention: tuple[Retention, ...] = ()
    disposal: Disposal = Disposal()

    @property
    def period(self) -> Period:
        return Period(self.starts, self.ends)

    @property
    def member_codes(self) -> tuple[str, ...]:
        return tuple(member.code for member in self.members)

    @property
    def email_domains(self) -> dict[str, str]:
        """From e-mail domain to the code of the member, or the office, whose it is."""
        parties: tuple[Member | Office, ...] = (*self.members, self.network.office)
        return {domain: party.code for party in parties for domain in party.email_domains}

    def member(self, code: str) -> Member:
        """KeyError if no member has this code."""
        for member in self.members:
            if member.code == code:
                return member
        raise KeyError(code)

    @property
    def rows(self) -> tuple[KeyResult, ...]:
        """All that is measured: the key results, and what is shown beside them."""
        return (*self.key_results, *self.beside)

    def key_result(self, id_: str) -> KeyResult:
        """KeyError if the plan has no such key result."""
        for key_result in self.key_results:
            if key_result.id == id_:
                return key_result
        raise KeyError(id_)

    def target_of(self, key_result: KeyResult) -> Decimal | None:
        """The target as a number, whatever the file calls it."""
        return Decimal(len(self.members)) if key_result.target == "all" else key_result.target

    def earliest_for(self, *kinds: str) -> date:
        """The first day that reports of these kinds are taken for: the plan's, or a year before it
        where what one of them feeds is held against the year before."""
        against = (r.measure for r in self.rows if {*kinds} & {*r.fed_by})
        if any(isinstance(m, Ratio) or (isinstance(m, Sum) and m.growth) for m in against):
            return self.starts.replace(year=self.starts.year - 1, day=min(self.starts.day, 28))
        return self.starts

    def those(self, duty: Duty) -> tuple[str, ...]:
        """The codes of those whom the duty rests on."""
        if duty.whom == "members":
            return self.member_codes
        return (self.network.office.code,) if duty.whom == "office" else duty.whom
