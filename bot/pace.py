"""The way to a target: how much of it is expected by a day, where it leads, what it still takes."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from bot.calendar import Period
from bot.plan.model import Step

_DAY = timedelta(days=1)

_MONTH = Fraction("30.4375")
"""Days in a month: 365.25 / 12."""

_TOO_EARLY = 14
"""Days of a period that must have passed before a forecast says anything."""

_EIGHTY_PER_CENT = Decimal("1.2816")
"""Standard deviations to each side of the middle that hold 80 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The value at the period's end: in about 8 cases of 10 it will lie within low to high."""

    low: Decimal
    mid: Decimal
    high: Decimal


def expected_share(steps: tuple[Step, ...], period: Period, day: date) -> Fraction:
    """From 0, on the day before the period, to 1; the day itself is taken as done.

    Without steps the pace is even: by the 73rd day of 365 a fifth is expected. Between two steps
    it is even too.
    """
    if day < period.start:
        return Fraction(0)
    if day >= period.end:
        return Fraction(1)
    marks = [(period.start - _DAY, Fraction(0)), *_marks(steps, period)]
    passed = bisect_right([by for by, _ in marks], day)
    if passed == len(marks):
        return marks[-1][1]
    (since, low), (until, high) = marks[passed - 1], marks[passed]
    return low + (high - low) * Fraction((day - since).days, (until - since).days)


def _marks(steps: tuple[Step, ...], period: Period) -> list[tuple[date, Fraction]]:
    if not steps:
        return [(period.end, Fraction(1))]
    return [(_day(step.by, period.end.year), Fraction(step.share)) for step in steps]


def _day(by: date | str, year: int) -> date:
    return by if isinstance(by, date) else date.fromisoformat(f"{year}-{by}")


def forecast_of(count: int, done: Fraction, period: Period, day: date) -> Forecast | None:
    """A count at the period's end, if what is left goes as what has been; never below the count.

    `done` is the share of the pace behind us, so rest = count · (1 - done) / done is still to
    come. It is taken as Poisson, whose rate is itself estimated from what has come: the variance
    is rest / done. The range is the normal approximation of that, ± 1.2816 standard deviations.
    None on the first 14 days of the period, and while nothing has been counted.
    """
    if not count or not done or (day - period.start).days < _TOO_EARLY:
        return None
    rest = count * (1 - done) / done
    spread = decimal(rest / done).sqrt() * _EIGHTY_PER_CENT
    mid = count + decimal(rest)
    low = max(Decimal(count), mid - spread)
    return Forecast(_one_decimal(low), _one_decimal(mid), _one_decimal(mid + spread))


def needed_per_month(missing: Fraction, period: Period, day: date) -> Decimal | None:
    """What each month after the day must bring; 0 if nothing is missing, None if no day is left."""
    if missing <= 0:
        return Decimal(0)
    days_left = (period.end - max(day, period.start - _DAY)).days
    return decimal(missing * _MONTH / days_left) if days_left > 0 else None


def decimal(exact: Fraction) -> Decimal:
    """To 28 digits: exact wherever a decimal can be."""
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _one_decimal(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
