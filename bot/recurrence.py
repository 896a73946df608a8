"""When a reminder comes: rules that repeat, opening hours, and postponing.

Occasions are numbered from 0 and each is computed from its number alone, so no question
about a moment walks through the years before it.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from bot.calendar import (
    Period,
    Week,
    at_wall_time,
    end_of_month,
    is_working_day,
    last_working_day_of_month,
    local_day,
    next_working_day,
    previous_working_day,
    working_day_after,
)

_MONTHS_A_YEAR = 12
_STARTS = Period(date(2000, 1, 1), date(2199, 12, 31))
_LONGEST_WARNING = 3660


class Kind(StrEnum):
    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_DAY = "monthly_day"
    MONTHLY_LAST_WORKING_DAY = "monthly_last_working_day"
    QUARTERLY = "quarterly"
    BEFORE_DATE = "before_date"


_WEEKS_APART = {Kind.WEEKLY: 1, Kind.FORTNIGHTLY: 2}
_MONTHS_APART = {Kind.MONTHLY_DAY: 1, Kind.MONTHLY_LAST_WORKING_DAY: 1, Kind.QUARTERLY: 3}
_SINGLE = frozenset({Kind.ONCE, Kind.BEFORE_DATE})


@dataclass(frozen=True, slots=True)
class Rule:
    """What an administrator asked for.

    The start is the first day that may be meant and sets the rest: the weekday of a weekly
    or fortnightly rule; the day of a monthly or quarterly one (a shorter month's last day stands
    in); the date that a `before_date` rule warns of, `days_before` calendar days ahead.

    `working_days_only` moves an occasion from a day off to the next working day; a
    `before_date` warning moves to the previous one, because later may be too late.
    `until` is the last day that an occasion may fall on before it is moved.

    ValueError for a start outside 2000-2199 or a warning of less than 0 or over 3660 days:
    a rule that can be stored can always be computed.
    """

    kind: Kind
    start: date
    at: time
    working_days_only: bool
    days_before: int = 0
    until: date | None = None

    def __post_init__(self) -> None:
        if not _STARTS.contains(self.start):
            raise ValueError(f"a reminder cannot start {self.start}")
        if not 0 <= self.days_before <= _LONGEST_WARNING:
            raise ValueError(f"a reminder cannot come {self.days_before} days before")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that a reminder comes.

    The key names what the occasion is for, and stays when working days move the day:
    `2026-v11`, `2026-03`, `2026-q1`, or a single rule's start, `2026-03-12`.
    """

    key: str
    day: date
    moment: datetime


def occasions(rule: Rule, zone: ZoneInfo) -> Iterator[Occasion]:
    """All of them, earliest first; endless if the rule repeats and has no `until`."""
    return _occasions_from(0, rule, zone)


def next_occasions(rule: Rule, after: datetime, count: int, zone: ZoneInfo) -> list[Occasion]:
    """At most `count` occasions that come later than `after`, earliest first."""
    # Working days can move the occasion before the newest one past `after`, never an older one.
    start = max(0, _newest_number(rule, local_day(after, zone)) - 1)
    later = (one for one in _occasions_from(start, rule, zone) if one.moment > after)
    return list(itertools.islice(later, count))


def occasions_by(rule: Rule, moment: datetime, zone: ZoneInfo) -> Iterator[Occasion]:
    """All that have come by this moment, newest first."""
    day = local_day(moment, zone)
    newest = _newest_number(rule, min(day, rule.until or day))
    candidates = (_occasion(rule, number, zone) for number in range(newest, -1, -1))
    return (one for one in candidates if one and one.moment <= moment)


def _occasions_from(start: int, rule: Rule, zone: ZoneInfo) -> Iterator[Occasion]:
    for number in range(start, 1) if rule.kind in _SINGLE else itertools.count(start):
        if rule.until and _nominal_day(rule, number) > rule.until:
            return
        if occasion := _occasion(rule, number, zone):
            yield occasion


def _occasion(rule: Rule, number: int, zone: ZoneInfo) -> Occasion | None:
    nominal = _nominal_day(rule, number)
    # The last working day of the start's month can be before the start; a warning is meant to be.
    too_early = nominal < rule.start and rule.kind is not Kind.BEFORE_DATE
    if too_early or (rule.until and nominal > rule.until):
        return None
    day = _moved(rule, nominal)
    return Occasion(_key(rule, nominal), day, at_wall_time(day, rule.at, zone))


def _nominal_day(rule: Rule, number: int) -> date:
    """The day of the occasion with this number, before working days move it."""
    match rule.kind:
        case Kind.ONCE:
            return rule.start
        case Kind.BEFORE_DATE:
            return rule.start - timedelta(days=rule.days_before)
        case Kind.WEEKLY | Kind.FORTNIGHTLY:
            return rule.start + timedelta(weeks=number * _WEEKS_APART[rule.kind])
        case Kind.MONTHLY_DAY | Kind.MONTHLY_LAST_WORKING_DAY | Kind.QUARTERLY:
            return _day_in_month(rule, number * _MONTHS_APART[rule.kind])


def _day_in_month(rule: Rule, months_later: int) -> date:
    year, month = divmod(_month_number(rule.start) + months_later, _MONTHS_A_YEAR)
    if rule.kind is Kind.MONTHLY_LAST_WORKING_DAY:
        return last_working_day_of_month(year, month + 1)
    last = end_of_month(year, month + 1)
    return last.replace(day=min(rule.start.day, last.day))


def _month_number(day: date) -> int:
    return day.year * _MONTHS_A_YEAR + day.month - 1


def _newest_number(rule: Rule, day: date) -> int:
    """The highest number that can have a nominal day on or before this day; negative for none."""
    if rule.kind in _SINGLE:
        return 0
    if rule.kind in _WEEKS_APART:
        return (day - rule.start).days // (7 * _WEEKS_APART[rule.kind])
    return (_month_number(day) - _month_number(rule.start)) // _MONTHS_APART[rule.kind]


def _moved(rule: Rule, nominal: date) -> date:
    if not rule.working_days_only:
        return nominal
    if rule.kind is Kind.BEFORE_DATE:
        return previous_working_day(nominal)
    return next_working_day(nominal)


def _key(rule: Rule, nominal: date) -> str:
    match rule.kind:
        case Kind.ONCE | Kind.BEFORE_DATE:
            return rule.start.isoformat()
        case Kind.WEEKLY | Kind.FORTNIGHTLY:
            return str(Week.of(nominal))
        case Kind.MONTHLY_DAY | Kind.MONTHLY_LAST_WORKING_DAY:
            return Period.month_of(nominal).key
        case Kind.QUARTERLY:
            return Period.quarter_of(nominal).key


# --- Opening hours and postponing

Postponement = Literal["tomorrow", "monday", "next_week"]


def working_moment(
    moment: datetime, zone: ZoneInfo, opens: time, closes: time, working_days_only: bool
) -> datetime:
    """The moment itself, in UTC, if it lies within the opening hours, else the next opening.

    The closing time itself is closed. ValueError unless `opens` is before `closes`.
    """
    if opens >= closes:
        raise ValueError(f"opening hours {opens}-{closes} do not lie within one day")
    hours = _opening_hours(local_day(moment, zone), zone, opens, closes, working_days_only)
    opening = next(opening for opening, closing in hours if moment < closing)
    return max(moment.astimezone(UTC), opening)


def _opening_hours(
    start: date, zone: ZoneInfo, opens: time, closes: time, working_days_only: bool
) -> Iterator[tuple[datetime, datetime]]:
    for day in (start + timedelta(days=ahead) for ahead in itertools.count()):
        opening, closing = (at_wall_time(day, at, zone) for at in (opens, closes))
        # Hours that fall whole into the gap where summer time begins do not exist that day.
        if opening < closing and (not working_days_only or is_working_day(day)):
            yield opening, closing


def postponed(choice: Postponement, now: datetime, at: time, zone: ZoneInfo) -> datetime:
    """When a reminder that is put off comes back: always on a later day, and a working day.

    `tomorrow` is the next working day after today, `monday` the coming Monday and `next_week`
    the same weekday a week later, both moved forward if they are days off.
    """
    today = local_day(now, zone)
    match choice:
        case "tomorrow":
            day = working_day_after(today, 1)
        case "monday":
            day = next_working_day(Week.of(today).next().monday)
        case "next_week":
            day = next_working_day(today + timedelta(weeks=1))
    return at_wall_time(day, at, zone)
