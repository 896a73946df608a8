"""A campaign's figures typed in one line: "linkedin maj 1 200 besök".

The days that they are for are taken out of it, a month or a week or from one day to another; what
is left is read as any typed line.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from bot.asking import Field, RawAnswers
from bot.typed_line import LineContext, parts_of, read_line
from bot.typed_line.calendar_words import MONTHS
from bot.typed_line.days import day_at, find_day
from bot.typed_line.form import Form
from bot.typed_line.weeks import week_at
from bot.typed_line.words import DASHES, TypedLine, cut

_TO = DASHES | {"till", "t.o.m", "tom", "to"}
_DAYS = re.compile(r"([0-9]{1,2})[-–]([0-9]{1,2})", re.ASCII)
_ENDS_RANGE = re.compile(r"[-–][0-9]{1,2}$", re.ASCII)
_JOINING = _TO | {"och", "and", "&"}
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_OPEN = _TO | frozenset(
    ("fran", "fr.o.m", "from", "sedan", "sen", "since", "efter", "after", "fore", "before", ":")
)
_ON = frozenset(("i", "for", "under", "fran", "in", "from", "den"))


class _Stretch(NamedTuple):
    days: tuple[date, date]
    stop: int


def read_result(
    said: str, fields: tuple[Field, ...], context: LineContext, translate: Callable[[str], str]
) -> RawAnswers:
    """`first` and `last` where a stretch of days is said. One that goes on ends today."""
    line, form = cut(said), Form(fields, context, translate)
    places = range(len(line.words))
    found = ((at, stretch) for at in places if (stretch := _stretch_at(line, at, form)))
    at, stretch = next(found, (0, None))
    if stretch is None:
        return _on_one_day(line, form) | read_line(said, fields, context, translate)
    at -= line.at(at - 1).key in _ON
    rest = f"{line.text[: line.words[at].start]} {line.text[line.words[stretch.stop - 1].end :]}"
    first, last = stretch.days
    days = {"first": first.isoformat(), "last": min(last, context.today).isoformat()}
    return {**read_line(rest, fields, context, translate), **days}


def _on_one_day(line: TypedLine, form: Form) -> RawAnswers:
    """ "3 maj" alone is the last day, too. Not "från 3 maj", which goes on, nor "till 3 maj"."""
    day = next((day for field in form.fields for day in find_day(line, field, form)), None)
    if day is None or _OPEN & {*line.keys(day.first - 2, day.stop)}:
        return {}
    return {"last": day.value} if str(day.value) <= form.context.today.isoformat() else {}


def begins_with_figures(
    said: str, fields: tuple[Field, ...], context: LineContext, translate: Callable[[str], str]
) -> bool:
    """Whether no name stands before what is said of a campaign."""
    line = cut(said)
    first = int(line.at(0).key in _ON)
    if not line.words or _stretch_at(line, first, Form(fields, context, translate)):
        return True
    return any(part.start == 0 for part in parts_of(said, fields, context, translate))


def _stretch_at(line: TypedLine, first: int, form: Form) -> _Stretch | None:
    today = form.context.today
    return (
        _from_day_to_day(line, first, form)
        or _days_of_month(line, first, today)
        or _months(line, first, today)
        or _month(line, first, today)
        or _week(line, first, today)
    )


def _from_day_to_day(line: TypedLine, first: int, form: Form) -> _Stretch | None:
    """ "1 maj - 31 maj", "1/5 till 31/5"."""
    begins = day_at(line, first, form, past=True)
    if begins is None or line.at(begins.stop).key not in _TO:
        return None
    ends = day_at(line, begins.stop + 1, form, past=True)
    if ends is None:
        return None
    days = date.fromisoformat(str(begins.value)), date.fromisoformat(str(ends.value))
    return _Stretch(days, ends.stop)


def _days_of_month(line: TypedLine, first: int, today: date) -> _Stretch | None:
    """ "1-15 maj", "1 - 15 maj"."""
    joined = _DAYS.fullmatch(line.at(first).key)
    if joined:
        said, at = joined.groups(), first + 1
    elif line.at(first + 1).key in _TO:
        last_at = first + 2 + (line.at(first + 2).key == "den")
        said, at = (line.at(first).key, line.at(last_at).key), last_at + 1
    else:
        return None
    whole = _whole_month(line, at, today)
    if whole is None or not all(re.fullmatch("[0-9]{1,2}", day) for day in said):
        return None
    begins, ends = (int(day) for day in said)
    month, last = whole.days
    if not 1 <= begins <= ends <= last.day:
        return None
    return _Stretch((month.replace(day=begins), month.replace(day=ends)), whole.stop)


def _months(line: TypedLine, first: int, today: date) -> _Stretch | None:
    """ "april till juni", "dec 2025 - jan 2026", "april och maj"."""
    begins = _month(line, first, today, alone=False)
    if begins is None or line.at(begins.stop).key not in _JOINING:
        return None
    ends = _whole_month(line, begins.stop + 1, today)
    if ends is None or ends.days[1] < begins.days[0]:
        return None
    return _Stretch((begins.days[0], ends.days[1]), ends.stop)


def _month(line: TypedLine, first: int, today: date, *, alone: bool = True) -> _Stretch | None:
    """Not "12 maj", which is a day, nor the end of "1 april-12 maj"."""
    before = line.at(first - 1)
    if before.is_numeric or before.key in _JOINING or _ENDS_RANGE.search(before.key):
        return None
    month = _whole_month(line, first, today)
    return None if month and alone and line.at(month.stop).key in _JOINING else month


def _whole_month(line: TypedLine, first: int, today: date) -> _Stretch | None:
    """ "maj", "maj 2026": the latest that has begun."""
    number = MONTHS.get(line.at(first).plain)
    if number is None:
        return None
    said = _YEAR.fullmatch(line.at(first + 1).key)
    year = int(said[0]) if said else today.year - (number > today.month)
    begins = date(year, number, 1)
    ends = begins.replace(day=monthrange(year, number)[1])
    return _Stretch((begins, ends), first + 1 + bool(said)) if begins <= today else None


def _week(line: TypedLine, first: int, today: date) -> _Stretch | None:
    numbered = week_at(line, first)
    if numbered is None:
        return None
    number, stop = numbered
    if line.at(stop).key in _JOINING:
        return None
    for year in (today.year, today.year - 1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if monday <= today:
            return _Stretch((monday, monday + timedelta(days=6)), stop)
    return None
