"""An admin's typed line: "Rapportera varje måndag kl 9 till de som inte har rapporterat".

How often and to whom are taken out of it; what is left is read as any typed line.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from bot.asking import RawAnswers
from bot.calendar import end_of_month
from bot.recurrence import Kind
from bot.reminders import CHANNEL, EVERYONE, OWING, ReminderAnswers
from bot.typed_line import LineContext, read_line
from bot.typed_line.calendar_words import WEEKDAYS
from bot.typed_line.neighbours import starts_range
from bot.typed_line.times import time_at
from bot.typed_line.words import ANDS, Found, Phrase, TypedLine, cut, phrases

_EVERY = phrases("varje", "var", "every", "each")
_EVERY_OTHER = phrases("varannan", "every other", "every second")
_SPANS = {
    Kind.WEEKLY: frozenset(("vecka", "week")),
    Kind.MONTHLY_DAY: frozenset(("manad", "month")),
    Kind.QUARTERLY: frozenset(("kvartal", "quarter")),
}
_LAST_WORKING_DAY = phrases(
    *("sista arbetsdagen varje månad", "sista arbetsdagen i varje månad"),
    *("sista arbetsdagen i månaden", "varje månad sista arbetsdagen"),
    *("the last working day of every month", "the last working day of the month"),
)
_ON = frozenset(("pa", "on"))
_UNTIL = frozenset(("till", "tom", "t.o.m.", "t.o.m", "until"))
_SHORT_NAME = 3
_DAYS_IN_A_MONTH = 31

_TO_ALL = phrases("till alla", "till alla kontakter", "till samtliga", "to all", "to everybody")
_TO_CHANNEL = phrases("till kanalen", "i kanalen", "to the channel", "in the channel")
_WHOEVER = ("de", "dem", "dom", "alla")
_TO_OWING = phrases(
    *(f"till {who} som inte har rapporterat" for who in _WHOEVER),
    *(f"till {who} som inte rapporterat" for who in _WHOEVER),
    *(f"till {who} som ej rapporterat" for who in _WHOEVER),
    *("to those who have not reported", "to those who haven't reported"),
)


class _Often(NamedTuple):
    """How often, and from which day on: a weekday, or a day of the month, where one is said."""

    kind: Kind
    stop: int
    weekday: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    first: int
    stop: int
    often: _Often | None = None
    at: RawAnswers = field(default_factory=dict)
    audience: str = ""


def read_reminder(
    said: str, kinds: tuple[str, ...], context: LineContext, translate: Callable[[str], str]
) -> RawAnswers:
    """`kinds` are the kinds of report that somebody may owe, the usual one first."""
    line = cut(said)
    often = next(line.each(lambda first: _often_taken(line, first, kinds)), None)
    to = next(line.each(lambda first: _audience_at(line, first, kinds)), None)
    rest = _without(line, [taken for taken in (often, to) if taken])
    answers = read_line(rest, ReminderAnswers.fields(), context, translate)
    if any(_ends_on(line, index) for index in range(len(line.words))):
        answers.pop("start", None)  # the day until which, not from which
    if often and often.often:
        earliest = _day(answers.get("start")) or context.today + timedelta(days=1)
        answers["when"] = often.often.kind.value
        answers |= _start(often.often, earliest) | often.at
    if to:
        answers["audience"] = to.audience
    return answers


def _without(line: TypedLine, taken: Iterable[_Taken]) -> str:
    left, at = [], 0
    for each in sorted(taken, key=lambda one: one.first):
        left.append(line.text[at : line.words[each.first].start])
        at = line.words[each.stop - 1].end
    return " ".join((*left, line.text[at:]))


# --- How often


def _often_taken(line: TypedLine, first: int, kinds: tuple[str, ...]) -> _Taken | None:
    often = _last_working_day_at(line, first) or _often_at(line, first) or _plural_at(line, first)
    if often is None:
        return None
    hour = _hour_at(line, often.stop, kinds) if often.weekday is not None else None
    if hour is None:
        return _Taken(first, often.stop, often)
    return _Taken(first, hour.stop, often, {"at": hour.value})


def _hour_at(line: TypedLine, first: int, kinds: tuple[str, ...]) -> Found | None:
    """ "varje måndag 9", where nothing follows that it may count: "varje måndag 9 rapporter"."""
    hour = time_at(line, first)
    if hour is None or hour.stop > first + 1 or starts_range(line, hour.stop):
        return None
    ends = line.at(hour.stop).stands_between or _audience_at(line, hour.stop, kinds)
    return hour if ends else None


def _last_working_day_at(line: TypedLine, first: int) -> _Often | None:
    stop = line.after(first, _LAST_WORKING_DAY)
    return _Often(Kind.MONTHLY_LAST_WORKING_DAY, stop) if stop > first else None


def _often_at(line: TypedLine, first: int) -> _Often | None:
    """ "varje måndag", "varannan vecka på torsdagar", "den 5 varje månad"."""
    before = _day_of_month_at(line, first)
    begins = before[1] if before else first
    other = line.after(begins, _EVERY_OTHER)
    stop = other if other > begins else line.after(begins, _EVERY)
    if stop == begins:
        return None
    often = _span_at(line, stop, other=other > begins)
    if _weekday_begins(line.at(first - 1).plain):
        return None  # "sista fredagen varje månad"
    if before and often:
        return often._replace(day=before[0]) if often.kind is Kind.MONTHLY_DAY else None
    return often


def _span_at(line: TypedLine, index: int, *, other: bool) -> _Often | None:
    weekly = Kind.FORTNIGHTLY if other else Kind.WEEKLY
    name = line.at(index).plain
    if name in WEEKDAYS:
        return _Often(weekly, index + 1, WEEKDAYS[name])
    kind = next((kind for kind, said in _SPANS.items() if line.at(index).key in said), None)
    if kind is None or (other and kind is not Kind.WEEKLY):
        return None
    return _closer(line, _Often(weekly if kind is Kind.WEEKLY else kind, index + 1))


def _closer(line: TypedLine, often: _Often) -> _Often:
    """With the weekday or the day of the month that may follow it."""
    if often.kind is Kind.MONTHLY_DAY and (day := _day_of_month_at(line, often.stop)):
        return often._replace(day=day[0], stop=day[1])
    on = line.at(often.stop).key in _ON
    weekday = _weekday(line.at(often.stop + 1).plain) if on else None
    if weekday is None or often.kind not in (Kind.WEEKLY, Kind.FORTNIGHTLY):
        return often
    return often._replace(weekday=weekday, stop=often.stop + 2)


def _plural_at(line: TypedLine, first: int) -> _Often | None:
    """ "på torsdagar"."""
    name = line.at(first + 1).plain
    stem = name.removesuffix("ar").removesuffix("s")
    if line.at(first).key not in _ON or name in WEEKDAYS or stem not in WEEKDAYS:
        return None
    if line.at(first + 2).key in ANDS:
        return None  # "på måndagar och torsdagar" is more than one
    return _Often(Kind.WEEKLY, first + 2, WEEKDAYS[stem])


def _weekday_begins(word: str) -> bool:
    return any(word.startswith(name) for name in WEEKDAYS if len(name) > _SHORT_NAME)


def _ends_on(line: TypedLine, index: int) -> bool:
    """ "till den 30 september", "t.o.m. 30 september"."""
    then = line.at(index + 1 + (line.at(index + 1).key == "."))
    return line.at(index).key in _UNTIL and (then.key in {"den", "the"} or then.is_numeric)


def _weekday(name: str) -> int | None:
    stems = (name, name.removesuffix("ar"), name.removesuffix("s"))
    return next((WEEKDAYS[stem] for stem in stems if stem in WEEKDAYS), None)


def _day_of_month_at(line: TypedLine, first: int) -> tuple[int, int] | None:
    """ "den 5", "den 5:e"; and the index after it."""
    digits = line.at(first + 1).key.partition(":")[0]
    if line.at(first).key not in {"den", "the"} or not (digits.isascii() and digits.isdigit()):
        return None
    day = int(digits[:3])
    return (day, first + 2) if 1 <= day <= _DAYS_IN_A_MONTH else None


def _start(often: _Often, earliest: date) -> RawAnswers:
    if often.weekday is not None:
        ahead = (often.weekday - earliest.weekday()) % 7
        return {"start": (earliest + timedelta(days=ahead)).isoformat()}
    if often.day is not None:
        return {"start": _next_in_month(often.day, earliest).isoformat()}
    return {}


def _next_in_month(day: int, earliest: date) -> date:
    """The first such day of a month; only one that has it can be the start."""
    month = earliest.replace(day=1)
    while True:
        last = end_of_month(month.year, month.month)
        if last.day >= day and last.replace(day=day) >= earliest:
            return last.replace(day=day)
        month = last + timedelta(days=1)


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


# --- To whom


def _audience_at(line: TypedLine, first: int, kinds: tuple[str, ...]) -> _Taken | None:
    owing = line.after(first, _TO_OWING)
    if owing > first and kinds:
        named = next((kind for kind in kinds if line.at(owing).key.startswith(kind)), None)
        return _Taken(first, owing + bool(named), audience=f"{OWING}{named or kinds[0]}")
    return _fixed_at(line, first, _TO_ALL, EVERYONE) or _fixed_at(line, first, _TO_CHANNEL, CHANNEL)


def _fixed_at(line: TypedLine, first: int, said: frozenset[Phrase], audience: str) -> _Taken | None:
    """Not "till alla som …", nor "till alla kommuner": that is somebody else."""
    stop = line.after(first, said)
    ends = stop > first and (line.at(stop).stands_between or line.at(stop).key in _FOLLOWS)
    return _Taken(first, stop, audience=audience) if ends else None


_FOLLOWS = frozenset(
    ("varje", "varannan", "var", "kl", "klockan", "pa", "den", "every", "at", "on")
)
