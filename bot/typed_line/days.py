"""Days: "12 mars", "den 12/3", "March 12, 2026", "2026-03-12", "igår", "i fredags"."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from bot.asking import Day, Field
from bot.typed_line.amounts import has_amount, has_unit_of_amount
from bot.typed_line.calendar_words import (
    DAYS_FROM_TODAY,
    ENGLISH_MONTHS,
    LAST_WEEKDAYS,
    MONTHS,
    WEEKDAYS,
)
from bot.typed_line.form import Form, LineContext
from bot.typed_line.leads import follows_lead_of_money, led_from, told_before, told_from
from bot.typed_line.neighbours import ends_range, starts_range, with_lead
from bot.typed_line.numbers import follows_unit, has_unit
from bot.typed_line.times import after_time
from bot.typed_line.weeks import day_of_week_at, week_or_feast_at
from bot.typed_line.words import DASHES, Found, TypedLine, phrases

_NUMERIC_DAYS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
        r"(?P<near_year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4})",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:[-/](?P<near_year>\d{2}|\d{4}))?",
    )
)
_SIX_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2})", re.ASCII)
_LEADS_TO_NUMBER = phrases("nr", "nr.", "nummer", "dnr", "dnr.", "tel", "tel.", "telefon", "#")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?::?[ea]|st|nd|rd|th)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_FOLLOWS_A_FRACTION = frozenset(("av", "of", "dag", "dags", "day", "timme", "tim", "h"))
_NEAR = 10
"""Years from today within which a number is taken for a year, where it could be something else."""
_LEADS_TO_WEEKDAY = {"i": False, "forra": False, "last": False, "pa": True, "on": True}
"""True where the weekday is still to come."""


def find_day(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """The first day in the line. With leads only a day after one of them ("svar senast 12 mars
    kl 13"), which no other field then takes."""
    kind = field.ask.input
    for day in _days(line, kind, form) if isinstance(kind, Day) else ():
        told = told_from(line, day.first, field)
        start = led_from(line, day.first, field, form) if told is None else told
        if start is not None and not _is_no_day(line, day, form, led=start < day.first):
            led = told is None and start < day.first
            stop = after_time(line, day.stop) if led else day.stop
            yield Found(day.value, *with_lead(line, start, stop))
            return


def _days(line: TypedLine, kind: Day, form: Form) -> Iterator[Found]:
    """A date in the calendar goes before "idag"; a bare "fredag" is a day only after a lead, and
    so are a week and a feast. What is told by a word of its own goes before all."""
    past = kind.past
    if kind.told_by:
        yield from line.each(lambda first: _told_day_at(line, first, kind, form))
    yield from line.each(lambda first: _written_day_at(line, first, form, past=past))
    yield from line.each(lambda first: day_of_week_at(line, first, form))
    yield from line.each(lambda first: _spoken_day_at(line, first, form, past=past))
    if kind.leads:
        yield from line.each(lambda first: _bare_weekday_at(line, first, form, past=past))
        yield from line.each(lambda first: week_or_feast_at(line, first, form))


def day_at(line: TypedLine, first: int, form: Form, *, past: bool) -> Found | None:
    coming = None if past else week_or_feast_at(line, first, form)
    spoken = day_of_week_at(line, first, form) or _spoken_day_at(line, first, form, past=past)
    return _written_day_at(line, first, form, past=past) or spoken or coming


def _told_day_at(line: TypedLine, first: int, kind: Day, form: Form) -> Found | None:
    day = day_at(line, first, form, past=kind.past)
    return day if day and told_before(line, first, kind) is not None else None


def _is_no_day(line: TypedLine, day: Found, form: Form, *, led: bool) -> bool:
    """Numbers that look like a day: "24/7 support", "3/4 av företagen", "1/2 ha", one end of a
    range."""
    said, after = line.keys(day.first, day.stop), line.at(day.stop).key
    number = len(said) == 1 and line.at(day.first).is_numeric
    fraction = number and "/" in said[0] and after in _FOLLOWS_A_FRACTION
    amount = number and has_unit_of_amount(line, day.stop, form)
    always = said == ("24/7",) and not led
    to_another = after in DASHES and _stated_at(line, day.stop + 1, form) is not None
    return always or fraction or amount or to_another or ends_range(line, day.first)


# ---- as a date in the calendar -----------------------------------------------------------------


class _Stated(NamedTuple):
    """A day as stated, the year perhaps left out."""

    day: int
    month: int
    year: int | None
    stop: int


def _written_day_at(line: TypedLine, first: int, form: Form, *, past: bool) -> Found | None:
    stated = _stated_at(line, first, form)
    day = _day_of(stated, form.context, past=past) if stated else None
    if not stated or not day or _is_another_weekday(line, first, day):
        return None
    return Found(day.isoformat(), first, stated.stop)


def _is_another_weekday(line: TypedLine, first: int, day: date) -> bool:
    """ "svar senast fredag, 10 juni" is two days, where that is no Friday."""
    name = line.at(first).plain
    return name in WEEKDAYS and line.at(first + 1).key == "," and WEEKDAYS[name] != day.weekday()


def _stated_at(line: TypedLine, first: int, form: Form) -> _Stated | None:
    index = _after_weekday(line, first)
    index += line.at(index).key in {"den", "the"}
    today = form.context.today
    numeric = _numeric_day(line, index, today) or _six_digits(line, index, form)
    day_first = numeric or _day_then_month(line, index)
    stated = day_first or _month_then_day(line, index, form)
    return _with_year(line, stated, stated.stop, form) if stated else None


def _after_weekday(line: TypedLine, first: int) -> int:
    """Past "torsdag", "tors.", "Thursday," or "i torsdags"."""
    if line.at(first).plain in LAST_WEEKDAYS:
        return first + 1
    if line.at(first).key == "i" and line.at(first + 1).plain.removesuffix("s") in WEEKDAYS:
        return first + 2
    if line.at(first).plain not in WEEKDAYS:
        return first
    return first + (2 if line.at(first + 1).key in {".", ","} else 1)


def _numeric_day(line: TypedLine, index: int, today: date) -> _Stated | None:
    matches = (pattern.fullmatch(line.at(index).key) for pattern in _NUMERIC_DAYS)
    found = next(filter(None, matches), None)
    if not found:
        return None
    said = {name: int(number) for name, number in found.groupdict().items() if number}
    year = said.get("year")
    if "near_year" in said:
        year = said["near_year"]
        year += 2000 if year < 100 else 0  # noqa: PLR2004 - two digits are this century
        if not _is_near(year, today):
            return None
    return _Stated(said["day"], said["month"], year, index + 1)


def _six_digits(line: TypedLine, index: int, form: Form) -> _Stated | None:
    """ "260603", where it is about now and is no number: "260603 kr", "räckvidd 260603"."""
    found = _SIX_DIGITS.fullmatch(line.at(index).key)
    if not found or _is_number(line, index, form):
        return None
    year, month, day = map(int, found.groups())
    about_now = abs(2000 + year - form.context.today.year) <= 1
    return _Stated(day, month, 2000 + year, index + 1) if about_now else None


def _is_number(line: TypedLine, index: int, form: Form) -> bool:
    """By what stands before it or after it."""
    numbered = line.before(index, _LEADS_TO_NUMBER) < index or follows_unit(line, index, form)
    counts = has_unit(line, index, form) or has_amount(line, index, form)
    return numbered or counts or follows_lead_of_money(line, index, form)


def _day_then_month(line: TypedLine, index: int) -> _Stated | None:
    day = _DAY_OF_MONTH.fullmatch(line.at(index).key)
    month = _month_at(line, index + 1, MONTHS)
    return _Stated(int(day[1]), month[0], None, month[1]) if day and month else None


def _month_then_day(line: TypedLine, index: int, form: Form) -> _Stated | None:
    """ "March 12, 2026". Not where the number belongs to what follows ("Möte med Jan 12 mars",
    "april 12 deltagare", "March 12 - 14"), nor where the month belongs to the number before it."""
    month = _month_at(line, index, ENGLISH_MONTHS)
    day = _DAY_OF_MONTH.fullmatch(line.at(month[1]).key) if month else None
    if not month or not day or line.at(index - 1).is_numeric:
        return None
    _, at = month
    counts = has_unit(line, at, form) or has_amount(line, at, form)
    if counts or _day_then_month(line, at) or starts_range(line, at + 1):
        return None
    comma = line.at(at + 1).key == ","
    stated = _Stated(int(day[1]), month[0], None, at + 1)
    return _with_year(line, stated, at + 1 + comma, form)


def _month_at(line: TypedLine, index: int, names: Mapping[str, int]) -> tuple[int, int] | None:
    """Its number, and the index after it and the point of a short one ("sept.")."""
    word = line.at(index)
    if word.plain not in names:
        return None
    short = len(word.key) <= 4 and line.at(index + 1).key == "."  # noqa: PLR2004 - "sept"
    return names[word.plain], index + (2 if short else 1)


def _with_year(line: TypedLine, stated: _Stated, index: int, form: Form) -> _Stated:
    """With the year that stands at the index, where it is left out and one does. "2030 kvm" is
    none."""
    said = line.at(index).key
    if stated.year is not None or not _YEAR.fullmatch(said) or has_amount(line, index, form):
        return stated
    near = _is_near(int(said), form.context.today)
    return stated._replace(year=int(said), stop=index + 1) if near else stated


def _is_near(year: int, today: date) -> bool:
    return abs(year - today.year) <= _NEAR


def _day_of(stated: _Stated, context: LineContext, *, past: bool) -> date | None:
    """Without a year: the latest such day that has been, or the next to come in the period.

    A past day before the period is still the latest one that has been; the form says what is
    wrong with it. Nobody means a 29th of February several years away: where the nearest year has
    none, it is no day.
    """
    if stated.year is not None:
        return _date(stated.year, stated)
    today, said = context.today, (stated.month, stated.day)
    if past:
        return _date(today.year - (said > (today.month, today.day)), stated)
    start = max(today, context.earliest or today)
    return _date(start.year + (said < (start.month, start.day)), stated)


def _date(year: int, stated: _Stated) -> date | None:
    try:
        return date(year, stated.month, stated.day)
    except ValueError:
        return None


# ---- as seen from today ------------------------------------------------------------------------


def _spoken_day_at(line: TypedLine, first: int, form: Form, *, past: bool) -> Found | None:
    today = form.context.today
    said = line.phrase_at(first, DAYS_FROM_TODAY)
    together = line.at(first).plain in LAST_WEEKDAYS
    days = DAYS_FROM_TODAY[said] if said else _days_to_weekday(line, first, today, past=past)
    if days is None:
        return None
    words = len(said) or 2 - together  # a weekday and the word that leads to it
    return Found((today + timedelta(days=days)).isoformat(), first, first + words)


def _days_to_weekday(line: TypedLine, first: int, today: date, *, past: bool) -> int | None:
    """ "i fredags", "ifredags", "förra fredagen", and where it may be still to come "på fredag"."""
    together = LAST_WEEKDAYS.get(line.at(first).plain)
    if together is not None:
        return _days_to(together, today, ahead=False)
    lead, name = line.at(first).key, line.at(first + 1).plain
    ahead = _LEADS_TO_WEEKDAY.get(lead)
    if lead == "i":
        name = name.removesuffix("s") if name.endswith("s") else ""
    if ahead is None or name not in WEEKDAYS or (ahead and past):
        return None
    return _days_to(WEEKDAYS[name], today, ahead=ahead)


def _bare_weekday_at(line: TypedLine, first: int, form: Form, *, past: bool) -> Found | None:
    """ "fredag", as in "svar senast fredag"."""
    name, today = line.at(first).plain, form.context.today
    if name not in WEEKDAYS:
        return None
    days = _days_to(WEEKDAYS[name], today, ahead=not past)
    return Found((today + timedelta(days=days)).isoformat(), first, first + 1)


def _days_to(weekday: int, today: date, *, ahead: bool) -> int:
    """To the next such day after today, or back to the latest before it."""
    days = weekday - today.weekday()
    return (days - 1) % 7 + 1 if ahead else (days % 7) - 7
