"""Swedish working days, wall-clock time, ISO weeks, and the periods figures are counted over."""

import re
from bisect import bisect_left
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SATURDAY = 5


# --- Working days


@cache
def _holidays(year: int) -> frozenset[date]:
    # Here and not above: it takes 10 MB, and an idle process asks for no working day.
    from holidays.countries.sweden import Sweden  # noqa: PLC0415

    # One finished set a year: the library's own object fills itself on lookup, and a second
    # thread that asks meanwhile would be told that a holiday is a working day.
    categories = ("public", "de_facto")
    return frozenset(Sweden(years=year, categories=categories, language="sv"))


def is_working_day(day: date) -> bool:
    """No weekend, no public holiday, and no Midsummer's, Christmas or New Year's Eve.

    The eves are no public holidays, but offices are closed (the `holidays` library's
    category `de_facto`).
    """
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def next_working_day(day: date) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def previous_working_day(day: date) -> date:
    """The day itself if it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


@cache
def working_day_after(day: date, n: int) -> date:
    """The n-th working day after the day, which is not counted itself; n is at least 1."""
    if n < 1:
        raise ValueError(f"working days after a day are counted from 1, not {n}")
    for _ in range(n):
        day = next_working_day(day + _DAY)
    return day


def last_working_day_of_month(year: int, month: int) -> date:
    return previous_working_day(end_of_month(year, month))


def working_days_between(a: date, b: date) -> int:
    """How many working days lie after `a`, up to and including `b`; negative if `b` is earlier.

    So `working_days_between(day, working_day_after(day, n)) == n`.
    """
    if b < a:
        return -working_days_between(b, a)
    return sum(is_working_day(a + n * _DAY) for n in range(1, (b - a).days + 1))


def end_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


# --- Wall-clock time


def at_wall_time(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, when the clocks in the zone show this time on this day.

    A time that occurs twice, when summer time ends, means the first. A time that does not
    exist, when summer time begins, means the first instant after the gap.
    """
    wall = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    moment = wall.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _end_of_gap(wall)


def _end_of_gap(wall: datetime) -> datetime:
    # In a gap, fold 1 reads the time with the offset that holds afterwards and so lands before
    # the change; fold 0 lands after it (PEP 495).
    before = wall.replace(fold=1).astimezone(UTC).replace(microsecond=0)
    after = wall.astimezone(UTC)
    zone, offset = wall.tzinfo, wall.replace(fold=1).utcoffset()

    def changed(seconds: int) -> bool:
        return (before + timedelta(seconds=seconds)).astimezone(zone).utcoffset() == offset

    width = int((after - before).total_seconds())
    return before + timedelta(seconds=bisect_left(range(width), True, key=changed))


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The date in the zone at an aware moment; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(zone).date()


# --- Weeks

# Also as the bot writes weeks to people: "v. 11".
_WEEK = re.compile(r"(?:(?P<year>[0-9]{4})-v|(?:v\.?\s?)?)(?P<number>[0-9]{1,2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week by ISO 8601, as Sweden numbers them: 2027-01-01 lies in week 53 of 2026.

    ValueError for a number that the year does not have.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def of(cls, day: date) -> Self:
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str, default_year: int | None = None) -> Self:
        """`2026-v11`; also `v11`, `v. 11` and `11` if a year is given. ValueError otherwise."""
        found = _WEEK.fullmatch(text.strip())
        year = found and (found["year"] or default_year)
        if not found or year is None:
            raise ValueError(f"{text!r} is not a week such as 2026-v11")
        return cls(int(year), int(found["number"]))

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 7)

    def next(self) -> Self:
        return self.of(self.sunday + _DAY)

    def previous(self) -> Self:
        return self.of(self.monday - _DAY)

    def __str__(self) -> str:
        return f"{self.year:04}-v{self.number:02}"


def digest_moment(week: Week, at: time, zone: ZoneInfo, weekday: int = 0) -> datetime:
    """When the digest about a week goes out: at this wall time on a weekday of the week after it.

    `weekday` is 0 for Monday to 6 for Sunday. A day that is not a working day moves to the next.
    """
    day = week.next().monday + timedelta(days=weekday)
    return at_wall_time(next_working_day(day), at, zone)


def latest_digest_week(now: datetime, at: time, zone: ZoneInfo, weekday: int = 0) -> Week:
    """The newest week whose digest moment is now or has passed."""
    week = Week.of(local_day(now, zone)).previous()
    while digest_moment(week, at, zone, weekday) > now:
        week = week.previous()
    return week


# --- Periods


class Span(StrEnum):
    """How long a time a plan's figure is counted over."""

    YEAR = "year"
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    PLAN = "plan"


_KEY = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<kind>[hqv]?)(?P<number>[0-9]{1,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from start to end, both included; ValueError if the end comes first."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end {self.end} before it starts {self.start}")

    @classmethod
    def year_of(cls, day: date) -> Self:
        return cls._of_months(day, 12)

    @classmethod
    def half_year_of(cls, day: date) -> Self:
        return cls._of_months(day, 6)

    @classmethod
    def quarter_of(cls, day: date) -> Self:
        return cls._of_months(day, 3)

    @classmethod
    def month_of(cls, day: date) -> Self:
        return cls._of_months(day, 1)

    @classmethod
    def week_of(cls, day: date) -> Self:
        week = Week.of(day)
        return cls(week.monday, week.sunday)

    @classmethod
    def _of_months(cls, day: date, months: int) -> Self:
        before = (day.month - 1) // months * months
        return cls(date(day.year, before + 1, 1), end_of_month(day.year, before + months))

    @classmethod
    def parse(cls, key: str) -> Self:
        """The period that has this key, in capitals or not; ValueError if none has."""
        key = key.lower()
        period = cls._of_interval(key) if "--" in key else cls._of_span(key)
        if period.key != key:
            raise ValueError(f"{key!r} is not a period; {period.key!r} is")
        return period

    @classmethod
    def _of_interval(cls, key: str) -> Self:
        start, _, end = key.partition("--")
        return cls(date.fromisoformat(start), date.fromisoformat(end))

    @classmethod
    def _of_span(cls, key: str) -> Self:
        found = _KEY.fullmatch(key)
        if not found:
            raise ValueError(f"{key!r} is not a period such as 2026, 2026-q1 or 2026-v11")
        year, number = int(found["year"]), int(found["number"] or 1)
        match found["kind"]:
            case None:
                return cls.year_of(date(year, 1, 1))
            case "h":
                return cls.half_year_of(date(year, number * 6 - 5, 1))
            case "q":
                return cls.quarter_of(date(year, number * 3 - 2, 1))
            case "v":
                return cls.week_of(Week(year, number).monday)
            case _:
                return cls.month_of(date(year, number, 1))

    @property
    def span(self) -> Span:
        """The calendar span that this is exactly one of; any other stretch of days is a plan's."""
        spans = (span for span in Span if span is not Span.PLAN)
        return next((span for span in spans if period_of(span, self.start) == self), Span.PLAN)

    @property
    def key(self) -> str:
        """`2026`, `2026-h1`, `2026-q1`, `2026-03`, `2026-v11`, else `2026-02-01--2027-12-31`.

        The double hyphen is ISO 8601's own replacement for the slash between two dates.
        """
        year, month = f"{self.start.year:04}", self.start.month
        match self.span:
            case Span.YEAR:
                return year
            case Span.HALF_YEAR:
                return f"{year}-h{month // 6 + 1}"
            case Span.QUARTER:
                return f"{year}-q{month // 3 + 1}"
            case Span.MONTH:
                return f"{year}-{month:02}"
            case Span.WEEK:
                return str(Week.of(self.start))
            case Span.PLAN:
                return f"{self.start}--{self.end}"

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def next(self) -> "Period":
        """The one of the same span that follows; after a plan's, as many days again."""
        start = self.end + _DAY
        return period_of(self.span, start, plan=Period(start, start + (self.end - self.start)))

    def previous(self) -> "Period":
        """The one of the same span that precedes; before a plan's, as many days."""
        end = self.start - _DAY
        return period_of(self.span, end, plan=Period(end - (self.end - self.start), end))


def period_of(span: Span, day: date, plan: Period | None = None) -> Period:
    """The period of this span that the day lies in; for `plan` the plan's own period.

    ValueError if the span is `plan` and no plan's period is given, or the day lies outside it.
    """
    match span:
        case Span.YEAR:
            return Period.year_of(day)
        case Span.HALF_YEAR:
            return Period.half_year_of(day)
        case Span.QUARTER:
            return Period.quarter_of(day)
        case Span.MONTH:
            return Period.month_of(day)
        case Span.WEEK:
            return Period.week_of(day)
        case Span.PLAN:
            if plan is None or not plan.contains(day):
                raise ValueError(f"no plan's period is known for {day}")
            return plan
