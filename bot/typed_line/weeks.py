"""Weeks and feasts as days: "torsdag förra veckan", "svar v 27", "svar till midsommar"."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.typed_line.calendar_words import LAST_WEEKDAYS, WEEKDAYS
from bot.typed_line.form import Form
from bot.typed_line.neighbours import starts_range
from bot.typed_line.words import Found, TypedLine, phrases

_WEEKS = {
    -1: phrases("förra veckan", "i förra veckan", "last week"),
    0: phrases("denna vecka", "den här veckan", "i veckan", "this week"),
    1: phrases("nästa vecka", "i nästa vecka", "next week"),
}
_WEEK = frozenset(("v", "vecka", "veckan", "week"))
_NUMBERED = re.compile(r"v\.?([0-9]{1,2})", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,2}", re.ASCII)
_FRIDAY = 4


def day_of_week_at(line: TypedLine, first: int, form: Form) -> Found | None:
    """ "torsdag förra veckan", "i torsdags förra veckan", "förra veckan på torsdag". A week alone
    is no day."""
    for weeks, said in _WEEKS.items():
        stop = line.after(first, said)
        name = _weekday_at(line, first) if stop == first else _weekday_at(line, stop)
        if name is None:
            continue
        weekday, after = name
        end = line.after(after, said) if stop == first else after
        if end > after or stop > first:
            return _found(form.context.today, weeks, weekday, first, end)
    return None


def _found(today: date, weeks: int, weekday: int, first: int, stop: int) -> Found:
    monday = today - timedelta(days=today.weekday())
    return Found((monday + timedelta(weeks=weeks, days=weekday)).isoformat(), first, stop)


def _weekday_at(line: TypedLine, first: int) -> tuple[int, int] | None:
    """Its number, and the index after it: "torsdag", "i torsdags", "på torsdagen"."""
    if line.at(first).plain in LAST_WEEKDAYS:
        return LAST_WEEKDAYS[line.at(first).plain], first + 1
    index = first + (line.at(first).key in {"i", "pa", "on"})
    name = line.at(index).plain
    stem = name if name in WEEKDAYS else name.removesuffix("s")
    return (WEEKDAYS[stem], index + 1) if stem in WEEKDAYS else None


def week_or_feast_at(line: TypedLine, first: int, form: Form) -> Found | None:
    """The day by which something comes that is to come then: the Friday of a week, the eve of a
    feast."""
    numbered = week_at(line, first)
    if numbered and not starts_range(line, numbered[1]):
        number, stop = numbered
        friday = _next(form.context.today, lambda year: _friday(year, number))
        return Found(friday.isoformat(), first, stop) if friday else None
    eve = _EVES.get(line.at(first).key)
    day = _next(form.context.today, eve) if eve else None
    return Found(day.isoformat(), first, first + 1) if day else None


def week_at(line: TypedLine, first: int) -> tuple[int, int] | None:
    """The number of a week, "v 27", "v. 27", "v27" or "vecka 27", and the index after it."""
    joined = _NUMBERED.fullmatch(line.at(first).key)
    if joined:
        return int(joined[1]), first + 1
    if line.at(first).key not in _WEEK:
        return None
    index = first + 1 + (line.at(first + 1).key == ".")
    said = line.at(index).key
    return (int(said), index + 1) if _NUMBER.fullmatch(said) else None


def _next(today: date, day_in: Callable[[int], date | None]) -> date | None:
    """The first such day from today on. A week 53 may be six years away."""
    days = (day_in(year) for year in range(today.year, today.year + 8))
    return next((day for day in days if day and day >= today), None)


def _friday(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, _FRIDAY + 1)
    except ValueError:
        return None


def _midsummers_eve(year: int) -> date:
    latest = date(year, 6, 25)
    return latest - timedelta(days=(latest.weekday() - _FRIDAY) % 7)


_EVES: dict[str, Callable[[int], date]] = {
    **dict.fromkeys(("midsommar", "midsommarafton", "midsummer"), _midsummers_eve),
    **dict.fromkeys(("jul", "julafton", "christmas"), lambda year: date(year, 12, 24)),
    **dict.fromkeys(("nyar", "nyarsafton"), lambda year: date(year, 12, 31)),
}
