"""What a person types after a slash command, read as raw answers for the form.

`/workshop Exportdag för småföretag 12 mars Kumla, Hallsberg 24 deltagare`

The line is cut into words. Recognisers go over it in turn (`field: value`, quotations, days,
times, numbers, places, choices), each says which stretch it understood, and what one has taken
the next does not see. What is left is the title.

Two rules settle the doubtful cases. Nothing typed is lost: a word is in an answer's stretch or in
the rest. And an empty field costs the person less than a wrong one: what is not clear stays in
the title, where it can be read.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from bot.asking import (
    Choice,
    Day,
    Field,
    Flag,
    Line,
    Members,
    Option,
    Prose,
    RawAnswers,
    Supplied,
    TimeOfDay,
    Whole,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality of the plan: its code, its name, and other names people use for it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineContext:
    """What a line is read against. `earliest` is the first day of the plan's period."""

    today: date
    places: tuple[Place, ...]
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the line that answers a field.

    `start` and `end` count characters in the line after Unicode normalisation (NFC), lead-in
    words ("i", "med", "den") included. `in_title` is true where the words also stay in the title.
    """

    field: str
    value: str | tuple[str, ...]
    start: int
    end: int
    in_title: bool = False


Translate = Callable[[str], str]


def read_line(
    line: str, fields: Sequence[Field], context: LineContext, translate: Translate = str
) -> RawAnswers:
    """The answers that can be understood from a line, as a form would give them.

    Text; days as ISO dates; whole numbers as digits; municipalities as a list of codes; a choice
    as its option's value; a flag as "true", or "false" where that was said. A value that was given
    to a field by name but does not fit it is kept as it was written, so that the form can say so.
    Never raises.
    """
    form = _Form(tuple(fields), context, translate)
    whole = _line(line)
    parts = _parts(whole, form)
    answers = _answers(parts)
    _place_rest(answers, _rest(whole, parts), form.fields)
    return answers


def parts_of(
    line: str, fields: Sequence[Field], context: LineContext, translate: Translate = str
) -> tuple[Part, ...]:
    """The stretches of the line that were understood, for showing what was read from what."""
    return _parts(_line(line), _Form(tuple(fields), context, translate))


# ---- words -------------------------------------------------------------------------------------

_QUOTES = '"“”„'
_WORD = re.compile(
    rf"""
      \n
    | (?<!\w):[a-z0-9_+-]+:(?!\w)                                         # an emoji by its name
    | (?<!\w)[{_QUOTES}][^{_QUOTES}\n]*[{_QUOTES}](?!\w)                # a quotation
    | (?:\w+://|www\.)[^\s,;]+                                          # an address on the web
    | \w+(?:(?:[-–.'’@]|(?<=[0-9]):|(?<=[0-9])[,/](?=[0-9]))\w+)*       # 2026-03-12, 24/7, 13:00
    | \S
    """,
    re.VERBOSE,
)
_DASHES = frozenset("-–—")
_BREAKS = frozenset((",", ";", "\n", "|"))
_APART = _BREAKS | _DASHES | frozenset(("", ":", ".", "!", "?", "/", "(", ")", "•", "·"))
_ANDS = frozenset(("och", "o", "samt", "and", "&", "+", "/"))


@dataclass(frozen=True, slots=True)
class _Word:
    """`plain` is without case, `key` also without accents. Both are empty for what must not be
    interpreted: a quotation, a word that is taken, the edge of the line."""

    text: str
    start: int
    end: int
    plain: str
    key: str

    @property
    def is_ordinary(self) -> bool:
        return self.key[:1].isalnum()

    @property
    def stands_between(self) -> bool:
        return self.key in _APART


_EDGE = _Word("", -1, -1, "", "")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    words: tuple[_Word, ...]

    def at(self, index: int) -> _Word:
        return self.words[index] if 0 <= index < len(self.words) else _EDGE

    def keys(self, first: int, count: int) -> tuple[str, ...]:
        return tuple(self.at(index).key for index in range(first, first + count))

    def gap(self, index: int) -> str:
        """What stands between the word before and this one."""
        return self.text[self.at(index - 1).end : self.at(index).start]

    def slice(self, first: int, stop: int) -> str:
        return self.text[self.words[first].start : self.words[stop - 1].end]

    def without(self, parts: Iterable[Part]) -> "_Line":
        taken = [part for part in parts if not part.in_title]
        return replace(
            self,
            words=tuple(
                replace(word, text="", plain="", key="") if _covered(word, taken) else word
                for word in self.words
            ),
        )

    def part(
        self, field: Field, read: "_Read", first: int, stop: int, *, in_title: bool = False
    ) -> Part:
        start, end = self.words[first].start, self.words[stop - 1].end
        return Part(field.name, read.value, start, end, in_title)


class _Read(NamedTuple):
    """A value, and the index of the first word after it."""

    value: str | tuple[str, ...]
    stop: int


@dataclass(frozen=True, slots=True)
class _Form:
    fields: tuple[Field, ...]
    context: LineContext
    translate: Translate

    def without(self, parts: Iterable[Part]) -> "_Form":
        answered = {part.field for part in parts}
        return replace(self, fields=tuple(f for f in self.fields if f.name not in answered))


def _line(said: str) -> _Line:
    text = unicodedata.normalize("NFC", said)
    return _Line(text, tuple(_word(found) for found in _WORD.finditer(text)))


def _word(found: re.Match[str]) -> _Word:
    text = found[0]
    plain = "" if len(text) > 1 and text[0] in _QUOTES else text.casefold()
    return _Word(text, found.start(), found.end(), plain, _fold(plain))


def _fold(plain: str) -> str:
    """Without accents: ö as o, å and ä as a, as on a keyboard that has none of them."""
    letters = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _covered(word: _Word, parts: Iterable[Part]) -> bool:
    return any(part.start <= word.start and word.end <= part.end for part in parts)


def _phrase(words: str) -> tuple[str, ...]:
    return tuple(word.key for word in _line(words).words)


def _phrases(*said: str) -> tuple[tuple[str, ...], ...]:
    """Longest first, so that "tillsammans med" is tried before "med"."""
    return tuple(sorted({_phrase(words) for words in said} - {()}, key=len, reverse=True))


# ---- the recognisers in their order ------------------------------------------------------------


def _parts(line: _Line, form: _Form) -> tuple[Part, ...]:
    parts: tuple[Part, ...] = ()
    for recognise in (_labelled, _quoted, _days, _times, _numbers, _members, _choices, _flags):
        parts += tuple(recognise(line.without(parts), form.without(parts)))
    return parts


def _in_turn(
    line: _Line, form: _Form, find: Callable[[_Line, Field, _Form], Part | None]
) -> Iterator[Part]:
    """Each field takes its part before the next one looks."""
    for field in form.fields:
        part = find(line, field, form)
        if part:
            line = line.without((part,))
            yield part


def _answers(parts: Iterable[Part]) -> RawAnswers:
    answers: RawAnswers = {}
    for part in parts:
        if isinstance(part.value, tuple):
            known = answers.setdefault(part.field, [])
            known += [code for code in part.value if code not in known]
        else:
            answers[part.field] = part.value
    return answers


_PREPOSITIONS = (
    "i på med m m. för från till hos vid av inför mellan den in on with for from at by between the"
)
_TOGETHER = ("tillsammans med", "ihop med", "i samarbete med", "i samverkan med", "together with")
_LEADS = _phrases(*_TOGETHER, *_PREPOSITIONS.split())


def _with_lead(line: _Line, first: int, stop: int) -> tuple[int, int]:
    """Wider by the small words that lead to it ("och i Kumla"), by an "och" that then joins
    nothing, and by brackets around it."""
    first = _back_over(line, first, _LEADS)
    first -= line.at(first - 1).key in _ANDS
    stop += line.at(stop).key in _ANDS and not line.at(first - 1).is_ordinary
    if line.keys(first - 1, 1) + line.keys(stop, 1) == ("(", ")"):
        return first - 1, stop + 1
    return first, stop


def _back_over(line: _Line, first: int, phrases: Iterable[tuple[str, ...]]) -> int:
    for phrase in phrases:
        if line.keys(first - len(phrase), len(phrase)) == phrase:
            return first - len(phrase)
    return first


def _ends_range(line: _Line, first: int) -> bool:
    """The later end of a range ("12 - 14 mars", "20 - 25 deltagare"), or below zero."""
    before = line.at(first - 2)
    starts = before.key[:1].isdigit() or before.plain in _MONTHS or not line.gap(first)
    return line.at(first - 1).key in _DASHES and starts


def _starts_range(line: _Line, stop: int) -> bool:
    return line.at(stop).key in _DASHES and line.at(stop + 1).key[:1].isdigit()


# ---- field: value ------------------------------------------------------------------------------


class _Label(NamedTuple):
    """A field's name and colon: the index of its first word, and of the value's."""

    field: Field
    first: int
    value: int


def _labelled(line: _Line, form: _Form) -> Iterator[Part]:
    seen: set[str] = set()
    for label, following in pairwise((*_labels(line, form), None)):
        assert label, "only the last has none after it"
        limit = following.first if following else len(line.words)
        value = _Line(line.text, line.words[: _value_stop(line, label.value, limit)])
        read = _read_value(value, label.value, label.field, form)
        if read and label.field.name not in seen:
            seen.add(label.field.name)
            yield line.part(label.field, read, label.first, read.stop)


def _labels(line: _Line, form: _Form) -> Iterator[_Label]:
    names = [(name, field) for field in form.fields for name in _names(field, form.translate)]
    index = 0
    while index < len(line.words):
        label = _label_at(line, index, names)
        index = label.value if label else index + 1
        if label:
            yield label


def _label_at(
    line: _Line, index: int, names: Iterable[tuple[tuple[str, ...], Field]]
) -> _Label | None:
    for name, field in names:
        if line.keys(index, len(name) + 1) == (*name, ":"):
            return _Label(field, index, index + len(name) + 1)
    return None


def _names(field: Field, translate: Translate) -> tuple[tuple[str, ...], ...]:
    label = field.ask.label
    said = (translate(label), label, *field.ask.names, field.name, field.name.replace("_", " "))
    return _phrases(*(name.rstrip(" ?:.") for name in said))


def _value_stop(line: _Line, first: int, limit: int) -> int:
    ends = (index for index in range(first, limit) if line.at(index).key in {";", "\n"})
    return next(ends, limit)


def _read_value(line: _Line, first: int, field: Field, form: _Form) -> _Read | None:
    if first >= len(line.words):
        return None
    if quoted := _quotation(line.at(first)):
        return _Read(_as_given(quoted, field), first + 1)
    read = _read_at(line, first, field, form)
    if read and not _starts_range(line, read.stop):
        return read
    return _read_raw(line, first, field)


def _read_at(line: _Line, first: int, field: Field, form: _Form) -> _Read | None:
    """What stands first in the value, where the kind of field can be read word by word."""
    match field.ask.input:
        case Day(past=past):
            return _day_at(line, first, form.context, past=past)
        case TimeOfDay():
            return _time_at(line, first)
        case Whole(units=units):
            return _amount_at(line, first, units)
        case Members():
            found = _places_at(line, first, form.context.places)
            return _Read(found.codes, found.stop) if found else None
        case Choice() | Flag() as kind:
            return _option_at(line, first, _exact_words(kind, form.translate))
    return None


def _read_raw(line: _Line, first: int, field: Field) -> _Read | None:
    stop = len(line.words)
    if not isinstance(field.ask.input, Line | Prose | Members):
        commas = (index for index in range(first, stop) if line.at(index).key == ",")
        stop = next(commas, stop)
    while stop > first and line.at(stop - 1).key == ",":
        stop -= 1
    if stop == first:
        return None
    return _Read(_as_given(line.slice(first, stop), field), stop)


def _as_given(text: str, field: Field) -> str | tuple[str, ...]:
    match field.ask.input:
        case Members() | Supplied(several=True):
            return (text,)
    return text


# ---- quotations --------------------------------------------------------------------------------


def _quoted(line: _Line, form: _Form) -> Iterator[Part]:
    """The first quotation is the title, to the letter."""
    title = _title_field(form.fields)
    for index, word in enumerate(line.words):
        text = _quotation(word)
        if title and text:
            yield line.part(title, _Read(text, index + 1), index, index + 1)
            return


def _quotation(word: _Word) -> str:
    """What a quotation says; nothing for other words."""
    return word.text[1:-1].strip() if len(word.text) > 1 and word.text[0] in _QUOTES else ""


# ---- days --------------------------------------------------------------------------------------


def _by_number(*names: str, first: int) -> dict[str, int]:
    """Names as they are written, the long ones also without accents. Not the short ones: "mån"
    is a Monday, "man" is not."""
    spelt = [(name, n) for n, row in enumerate(names, first) for name in row.split()]
    return {_fold(name): n for name, n in spelt if len(name) > 4} | dict(spelt)  # noqa: PLR2004 - see above


_MONTHS = _by_number(
    *("januari january jan", "februari february feb", "mars march mar", "april apr", "maj may"),
    *("juni june jun", "juli july jul", "augusti august aug", "september sept sep"),
    *("oktober october okt oct", "november nov", "december dec"),
    first=1,
)
_WEEKDAYS = _by_number(
    "måndag måndagen mån monday mon",
    "tisdag tisdagen tis tuesday tues tue",
    "onsdag onsdagen ons wednesday wed",
    "torsdag torsdagen tors tor thursday thurs thu",
    "fredag fredagen fre friday fri",
    "lördag lördagen lör saturday sat",
    "söndag söndagen sön sunday sun",
    first=0,
)
_DAYS_FROM_TODAY = {
    _phrase(words): days
    for days, said in {
        -2: ("i förrgår", "iförrgår", "förrgår", "the day before yesterday"),
        -1: ("i går", "igår", "yesterday"),
        0: ("i dag", "idag", "today"),
        1: ("i morgon", "imorgon", "tomorrow"),
        2: ("i övermorgon", "iövermorgon", "övermorgon", "the day after tomorrow"),
    }.items()
    for words in said
}
_LEADS_TO_WEEKDAY = {"i": False, "forra": False, "last": False, "pa": True, "on": True}
"""True where the weekday is still to come."""
_NUMERIC_DAYS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})",
        r"(?P<near_year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4})",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:[-/](?P<near_year>\d{2}|\d{4}))?",
    )
)
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?::?[ea]|st|nd|rd|th)?", re.ASCII)
_FOLLOWS_A_FRACTION = frozenset(("av", "of", "dag", "dags", "day", "timme", "tim", "h"))
_NEAR = 10
"""Years from today within which a number is taken for a year, where it could be something else."""


class _Stated(NamedTuple):
    """A day as stated, the year perhaps left out."""

    day: int
    month: int
    year: int | None
    stop: int


def _days(line: _Line, form: _Form) -> Iterator[Part]:
    """Dates answer the form's days in order. A date in the calendar goes before "idag"."""
    return _in_turn(line, form, _find_day)


def _find_day(line: _Line, field: Field, form: _Form) -> Part | None:
    if not isinstance(field.ask.input, Day):
        return None
    for read_at in (_calendar_day_at, _spoken_day_at):
        first = 0
        while first < len(line.words):
            read = read_at(line, first, form.context, past=field.ask.input.past)
            if read and not _is_no_day(line, first, read.stop, form.context.today):
                return line.part(field, read, *_with_lead(line, first, read.stop))
            first = read.stop if read else first + 1
    return None


def _is_no_day(line: _Line, first: int, stop: int, today: date) -> bool:
    """Numbers that look like a day: "24/7 support", "3/4 av företagen", one end of a range."""
    alone = stop == first + 1 and "/" in line.at(first).key
    all_hours = alone and line.at(first).key == "24/7"
    fraction = alone and line.at(stop).key in _FOLLOWS_A_FRACTION
    more = line.at(stop).key in _DASHES and _stated_at(line, stop + 1, today)
    return all_hours or fraction or bool(more) or _ends_range(line, first)


def _day_at(line: _Line, first: int, context: LineContext, *, past: bool) -> _Read | None:
    calendar = _calendar_day_at(line, first, context, past=past)
    return calendar or _spoken_day_at(line, first, context, past=past)


def _calendar_day_at(line: _Line, first: int, context: LineContext, *, past: bool) -> _Read | None:
    stated = _stated_at(line, first, context.today)
    day = _day_of(stated, context, past=past) if stated else None
    return _Read(day.isoformat(), stated.stop) if stated and day else None


def _stated_at(line: _Line, first: int, today: date) -> _Stated | None:
    index = _after_weekday(line, first)
    index += line.at(index).key in {"den", "the"}
    stated = _numeric_day(line, index, today) or _named_day(line, index)
    return _with_year_after(line, stated, today) if stated else None


def _after_weekday(line: _Line, first: int) -> int:
    """Past "torsdag", "tors.", "Thursday," or "i torsdags"."""
    if line.at(first).key == "i" and line.at(first + 1).plain.removesuffix("s") in _WEEKDAYS:
        return first + 2
    if line.at(first).plain not in _WEEKDAYS:
        return first
    return first + (2 if line.at(first + 1).key in {".", ","} else 1)


def _numeric_day(line: _Line, index: int, today: date) -> _Stated | None:
    for pattern in _NUMERIC_DAYS:
        found = pattern.fullmatch(line.at(index).key)
        if found:
            said = {name: int(number) for name, number in found.groupdict().items() if number}
            near = said.get("near_year")
            if near is not None and not _is_near(near := _full_year(near), today):
                return None
            return _Stated(said["day"], said["month"], said.get("year", near), index + 1)
    return None


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year  # noqa: PLR2004 - two digits are this century


def _named_day(line: _Line, index: int) -> _Stated | None:
    day = _DAY_OF_MONTH.fullmatch(line.at(index).key)
    month = _MONTHS.get(line.at(index + 1).plain)
    if not day or not month:
        return None
    short = line.at(index + 2).key == "." and len(line.at(index + 1).key) <= 4  # noqa: PLR2004 - "sept."
    return _Stated(int(day[1]), month, None, index + (3 if short else 2))


def _with_year_after(line: _Line, stated: _Stated, today: date) -> _Stated:
    said = line.at(stated.stop).key
    if (
        stated.year is not None
        or not re.fullmatch(r"[0-9]{4}", said)
        or not _is_near(int(said), today)
    ):
        return stated
    return stated._replace(year=int(said), stop=stated.stop + 1)


def _is_near(year: int, today: date) -> bool:
    return abs(year - today.year) <= _NEAR


def _day_of(stated: _Stated, context: LineContext, *, past: bool) -> date | None:
    """Without a year: the latest such day that has been, or the next to come in the period.

    A past day before the period is still the latest one that has been; the form says what is
    wrong with it. Nine years always hold a 29th of February.
    """
    if stated.year is not None:
        return _date(stated.year, stated)
    today = context.today
    start = max(today, context.earliest or today)
    years = range(today.year, today.year - 9, -1) if past else range(start.year, start.year + 9)
    days = (day for day in (_date(year, stated) for year in years) if day)
    return next((day for day in days if (day <= today if past else day >= start)), None)


def _date(year: int, stated: _Stated) -> date | None:
    try:
        return date(year, stated.month, stated.day)
    except ValueError:
        return None


def _spoken_day_at(line: _Line, first: int, context: LineContext, *, past: bool) -> _Read | None:
    for phrase, days in _DAYS_FROM_TODAY.items():
        if line.keys(first, len(phrase)) == phrase:
            return _read_day(context.today, days, first + len(phrase))
    return _weekday_at(line, first, context.today, past=past)


def _weekday_at(line: _Line, first: int, today: date, *, past: bool) -> _Read | None:
    """ "i fredags", "förra fredagen", and where it may be still to come "på fredag"."""
    ahead = _LEADS_TO_WEEKDAY.get(line.at(first).key)
    name = line.at(first + 1).plain
    if line.at(first).key == "i":
        name = name.removesuffix("s") if name.endswith("s") else ""
    if ahead is None or name not in _WEEKDAYS or (ahead and past):
        return None
    days = _WEEKDAYS[name] - today.weekday()
    return _read_day(today, (days - 1) % 7 + 1 if ahead else (days % 7) - 7, first + 2)


def _read_day(today: date, days: int, stop: int) -> _Read:
    return _Read((today + timedelta(days=days)).isoformat(), stop)


# ---- times and numbers -------------------------------------------------------------------------

_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?", re.ASCII)
_AT_THE_CLOCK = _phrases("klockan", "kl", "kl.", "at")
_COUNTERS = _phrases("st", "st.", "stycken")
_ROUGHLY = _phrases("ca", "ca.", "cirka", "ungefär", "omkring", "runt", "drygt", "about", "around")
_DIGITS = re.compile(r"[0-9]+")
_NUMBER_AND_UNIT = re.compile(r"([0-9]+)([^\W\d_]+)")


def _times(line: _Line, form: _Form) -> Iterator[Part]:
    """ "kl 13", "kl. 13.00", or without "kl" with a colon: "13:00"."""
    return _in_turn(line, form, _find_time)


def _find_time(line: _Line, field: Field, _form: _Form) -> Part | None:
    if not isinstance(field.ask.input, TimeOfDay):
        return None
    for index, word in enumerate(line.words):
        first = _back_over(line, index, _AT_THE_CLOCK)
        read = _time_at(line, index) if first < index or ":" in word.key else None
        if read:
            return line.part(field, read, first, read.stop)
    return None


def _time_at(line: _Line, first: int) -> _Read | None:
    for phrase in (*_AT_THE_CLOCK, ()):
        index = first + len(phrase)
        found = _CLOCK.fullmatch(line.at(index).key)
        if found and line.keys(first, len(phrase)) == phrase:
            return _Read(f"{int(found[1]):02}:{found[2] or '00'}", index + 1)
    return None


def _numbers(line: _Line, form: _Form) -> Iterator[Part]:
    """A number counts only with its unit beside it; "24 deltagare" goes before "deltagare 24"."""
    return _in_turn(line, form, _find_number)


def _find_number(line: _Line, field: Field, _form: _Form) -> Part | None:
    if not isinstance(field.ask.input, Whole):
        return None
    units = _phrases(*field.ask.input.units)
    for read_at in (_number_then_unit, _unit_then_number):
        for first in range(len(line.words)):
            read = read_at(line, first, units)
            if read and not _ends_range(line, first) and not _starts_range(line, read.stop):
                roughly = _back_over(line, first, _ROUGHLY)
                return line.part(field, read, *_with_lead(line, roughly, read.stop))
    return None


def _number_then_unit(line: _Line, first: int, units: tuple[tuple[str, ...], ...]) -> _Read | None:
    joined = _NUMBER_AND_UNIT.fullmatch(line.at(first).key)
    if joined and (joined[2],) in units:
        return _Read(_digits(joined[1]), first + 1)
    number = _number_at(line, first)
    stop = _after(line, number.stop, units) if number else None
    return number._replace(stop=stop) if number and stop else None


def _unit_then_number(line: _Line, first: int, units: tuple[tuple[str, ...], ...]) -> _Read | None:
    after_unit = _after(line, first, units)
    return _number_at(line, after_unit) if after_unit else None


def _amount_at(line: _Line, first: int, units: Sequence[str]) -> _Read | None:
    """A number that is known to be one: "24", "ca 24 st", "1 200 personer"."""
    first = _after(line, first, _ROUGHLY) or first
    known = (*_phrases(*units), *_COUNTERS)
    return _number_then_unit(line, first, known) or _number_at(line, first)


def _after(line: _Line, first: int, phrases: Iterable[tuple[str, ...]]) -> int | None:
    return next(
        (first + len(words) for words in phrases if line.keys(first, len(words)) == words), None
    )


def _number_at(line: _Line, first: int) -> _Read | None:
    """Digits, with one space of any width between thousands, and perhaps "st" after them."""
    joined = _NUMBER_AND_UNIT.fullmatch(line.at(first).key)
    if joined and (joined[2],) in _COUNTERS:
        return _Read(_digits(joined[1]), first + 1)
    if not _DIGITS.fullmatch(line.at(first).key):
        return None
    stop = first + 1
    while len(line.at(first).key) <= 3 and _is_thousands(line, stop):  # noqa: PLR2004 - thousands
        stop += 1
    digits = _digits("".join(line.keys(first, stop - first)))
    return _Read(digits, _after(line, stop, _COUNTERS) or stop)


def _is_thousands(line: _Line, index: int) -> bool:
    gap = line.gap(index)
    return len(gap) == 1 and gap.isspace() and bool(re.fullmatch(r"[0-9]{3}", line.at(index).key))


def _digits(text: str) -> str:
    return text.lstrip("0") or "0"


# ---- places ------------------------------------------------------------------------------------

_ALL = frozenset(("alla", "samtliga", "all"))
_EXCEPT = frozenset(("utom", "forutom", "except"))
_MUNICIPALITY = frozenset(("kommun", "kommuns", "kommunen", "stad", "municipality"))
_MUNICIPALITIES = frozenset(("kommuner", "kommunerna", "municipalities"))
_TO_FIFTEEN = "noll en två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton"
_COUNTS = _phrase(_TO_FIFTEEN)
_AFTER_ANOTHER_NAME = frozenset(("lan", "lans", "county", "universitet", "university"))
_BEFORE_ANOTHER_NAME = frozenset(("region",))
_ABOUT = frozenset(("om", "kring", "about"))
_LINKS = frozenset(phrase[-1] for phrase in _LEADS) | _ABOUT | _ANDS | {"kl", "under", "at", "åt"}
_LEAST_TO_GUESS = 5
_LONG = 9
_ALIKE = 0.88


class _Spelling(NamedTuple):
    code: str
    plain: str
    key: str
    words: int


class _Match(NamedTuple):
    """`sure` is false for what only counts beside another place; `owns` for a genitive."""

    code: str
    stop: int
    sure: bool
    owns: bool


class _Places(NamedTuple):
    codes: tuple[str, ...]
    first: int
    stop: int
    sure: bool
    lone: bool
    owns: bool


def _members(line: _Line, form: _Form) -> Iterator[Part]:
    """Every list of places counts. A name that belongs to the title's own words ("Kumla marknad")
    stays there, and counts only when no place stands by itself."""
    field = next((f for f in form.fields if isinstance(f.ask.input, Members)), None)
    if not field:
        return
    found = tuple(_all_places(line, form.context.places))
    apart = [places for places in found if not _belongs_to_title(line, places)]
    for places in apart:
        span = _with_lead(line, places.first, places.stop)
        yield line.part(field, _Read(places.codes, 0), *span)
    for places in () if apart else found:
        read = _Read(places.codes, 0)
        yield line.part(field, read, places.first, places.stop, in_title=True)


def _belongs_to_title(line: _Line, places: _Places) -> bool:
    """A single name with the title's words on both sides, at the line's very start with words
    after it, in the genitive, or as what the title is about."""
    before, after = line.at(places.first - 1), line.at(places.stop)
    followed = after.is_ordinary and after.key not in _LINKS
    if before.key in _ABOUT or (places.owns and followed):
        return True
    at_start = places.first == 0 and after.is_ordinary
    return places.lone and (at_start or (before.is_ordinary and followed))


def _all_places(line: _Line, places: tuple[Place, ...]) -> Iterator[_Places]:
    index = 0
    while index < len(line.words):
        found = _places_at(line, index, places)
        if found and found.sure and found.codes:
            yield found
        index = found.stop if found else index + 1


def _places_at(line: _Line, first: int, places: tuple[Place, ...]) -> _Places | None:
    return _everyone_at(line, first, places) or _list_at(line, first, places)


def _everyone_at(line: _Line, first: int, places: tuple[Place, ...]) -> _Places | None:
    """ "alla", "alla 12 kommuner", "samtliga utom Laxå och Nora". A bare "alla" is an ordinary
    word unless something else begins after it and no preposition stands before it."""
    if line.at(first).key not in _ALL:
        return None
    counted = _count(line.at(first + 1)) == len(places)
    named = line.at(first + 1 + counted).key in _MUNICIPALITIES
    stop = first + 1 + counted + named
    but = _list_at(line, stop + 1, places) if line.at(stop).key in _EXCEPT else None
    bare = line.at(stop).stands_between and line.at(first - 1).key not in _LINKS
    left_out = but.codes if but else ()
    codes = tuple(place.code for place in places if place.code not in left_out)
    sure = named or bool(but) or bare
    return _Places(codes, first, but.stop if but else stop, sure, lone=False, owns=False)


def _count(word: _Word) -> int | None:
    if word.key in _COUNTS:
        return _COUNTS.index(word.key)
    return int(word.key) if re.fullmatch(r"[0-9]{1,3}", word.key) else None


def _list_at(line: _Line, first: int, places: tuple[Place, ...]) -> _Places | None:
    """Places in a row, with commas, "och" or nothing between them."""
    matches: list[_Match] = []
    match = _match_at(line, first, places)
    while match:
        matches.append(match)
        match = _match_at(line, _after_separator(line, match.stop), places)
    if not matches:
        return None
    several = len(matches) > 1
    stop = matches[-1].stop + (line.at(matches[-1].stop).key in _MUNICIPALITIES)
    codes = tuple(dict.fromkeys(match.code for match in matches))
    sure = several or matches[0].sure
    return _Places(codes, first, stop, sure, lone=not several, owns=matches[-1].owns)


def _after_separator(line: _Line, index: int) -> int:
    index += line.at(index).key in {",", "\n"}
    return index + (line.at(index).key in _ANDS)


def _match_at(line: _Line, first: int, places: tuple[Place, ...]) -> _Match | None:
    spellings = _spellings(places)
    for words in sorted({spelling.words for spelling in spellings}, reverse=True):
        said = [line.at(index).plain for index in range(first, first + words)]
        match = _match(" ".join(said), spellings) if all(said) else None
        if match:
            return _in_context(line, first, match._replace(stop=first + words))
    return None


@lru_cache(maxsize=8)
def _spellings(places: tuple[Place, ...]) -> tuple[_Spelling, ...]:
    names = [(place.code, _line(name)) for place in places for name in (place.name, *place.aliases)]
    return tuple(
        _Spelling(code, plain, _fold(plain), len(name.words))
        for code, name in names
        if (plain := " ".join(word.plain for word in name.words))
    )


def _in_context(line: _Line, first: int, match: _Match) -> _Match | None:
    """ "Region Örebro län" and "Örebro universitet" are not the municipality."""
    before, after = line.at(first - 1).key, line.at(match.stop).key
    if before in _BEFORE_ANOTHER_NAME or after in _AFTER_ANOTHER_NAME:
        return None
    sure = match.sure or (line.at(first).text[:1].isupper() and not _is_surname(line, first))
    if after in _MUNICIPALITY:
        return match._replace(stop=match.stop + 1, owns=after.endswith("ns"), sure=sure)
    return match._replace(sure=sure)


def _is_surname(line: _Line, first: int) -> bool:
    """ "talare Anna Hallberg": a capital before it, where the line does not begin."""
    before = line.at(first - 1)
    return first > 1 and before.text[:1].isupper() and bool(before.key) and before.key not in _LINKS


def _match(said: str, spellings: Iterable[_Spelling]) -> _Match | None:
    for find, sure in ((_spelt, True), (_nearly_spelt, False)):
        for stem in dict.fromkeys((said, said.removesuffix("s"))):
            codes = find(stem, spellings)
            if len(codes) == 1:
                return _Match(codes.pop(), 0, sure=sure, owns=stem != said)
    return None


def _spelt(said: str, spellings: Iterable[_Spelling]) -> set[str]:
    """Accents need not be there, but tell apart names that differ in nothing else."""
    same = [spelling for spelling in spellings if spelling.key == _fold(said)]
    exactly = {spelling.code for spelling in same if spelling.plain == said}
    return exactly or {spelling.code for spelling in same}


def _nearly_spelt(said: str, spellings: Iterable[_Spelling]) -> set[str]:
    key = _fold(said)
    return {spelling.code for spelling in spellings if _is_slip(key, spelling.key)}


def _is_slip(said: str, name: str) -> bool:
    """One letter missing, extra, wrong or swapped; a little more in long names. Slips seldom hit
    the first letter, and short words are too near to ordinary ones ("norra" and Nora)."""
    shortest = min(len(said), len(name))
    if shortest < _LEAST_TO_GUESS or said[0] != name[0]:
        return False
    alike = shortest >= _LONG and SequenceMatcher(None, said, name).ratio() >= _ALIKE
    return alike or _one_edit(said, name)


def _one_edit(said: str, name: str) -> bool:
    head = _shared(said, name)
    said, name = said[head:], name[head:]
    tail = _shared(said[::-1], name[::-1])
    said, name = said[: len(said) - tail], name[: len(name) - tail]
    return max(len(said), len(name)) <= 1 or (len(said) == 2 and said == name[::-1])  # noqa: PLR2004 - a swap


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


# ---- choices and flags -------------------------------------------------------------------------

_Words = dict[tuple[str, ...], str]
"""What can be said, and the value it stands for."""

_YES_OR_NO: _Words = {
    (word,): value
    for value, words in {"true": "ja yes sant true x", "false": "nej no falskt false"}.items()
    for word in words.split()
}


def _choices(line: _Line, form: _Form) -> Iterator[Part]:
    return _in_turn(line, form, _find_choice)


def _find_choice(line: _Line, field: Field, form: _Form) -> Part | None:
    if not isinstance(field.ask.input, Choice):
        return None
    return _best_option(line, field, _choice_words(field.ask.input.options, form.translate))


def _flags(line: _Line, form: _Form) -> Iterator[Part]:
    """A flag is set by its name alone, where it stands apart."""
    return _in_turn(line, form, _find_flag)


def _find_flag(line: _Line, field: Field, form: _Form) -> Part | None:
    if not isinstance(field.ask.input, Flag):
        return None
    said = (*_names(field, form.translate), _phrase(form.translate(field.ask.input.words)))
    part = _best_option(line, field, dict.fromkeys(said, "true"))
    return None if part and part.in_title else part


def _choice_words(options: Iterable[Option], translate: Translate) -> _Words:
    words: _Words = {}
    for option in options:
        for said in _phrases(translate(option.label), option.label, *option.words):
            words.setdefault(said, option.value)
    return words


def _exact_words(kind: Choice | Flag, translate: Translate) -> _Words:
    """After `field:` also what is stored, and for a flag yes or no."""
    if isinstance(kind, Flag):
        return _YES_OR_NO
    stored: _Words = {_phrase(option.value): option.value for option in kind.options}
    return stored | _choice_words(kind.options, translate)


def _best_option(line: _Line, field: Field, words: _Words) -> Part | None:
    """The first that stands apart, otherwise the first. Only what stands apart leaves the title:
    "Workshop om etablering" is a title about one."""
    found: list[Part] = []
    for first in range(len(line.words)):
        read = _option_at(line, first, words)
        if read:
            apart = line.at(first - 1).stands_between and line.at(read.stop).stands_between
            found.append(line.part(field, read, first, read.stop, in_title=not apart))
    return min(found, key=lambda part: part.in_title, default=None)


def _option_at(line: _Line, first: int, words: _Words) -> _Read | None:
    fitting = [said for said in words if said and line.keys(first, len(said)) == said]
    longest = max(fitting, key=len, default=())
    return _Read(words[longest], first + len(longest)) if longest else None


# ---- what is left ------------------------------------------------------------------------------


def _title_field(fields: Iterable[Field]) -> Field | None:
    return next((field for field in fields if field.ask.titles), None)


def _place_rest(answers: RawAnswers, rest: str, fields: Iterable[Field]) -> None:
    """The rest is the title. Beside a title that was given exactly it goes to the first free
    prose, and without one after the title. A form without a title field drops it."""
    title = _title_field(fields)
    if not rest or not title:
        return
    prose = (field.name for field in fields if isinstance(field.ask.input, Prose))
    free = (name for name in (title.name, *prose) if name not in answers)
    name = next(free, title.name)
    answers[name] = f"{answers[name]}, {rest}" if name in answers else rest


def _rest(line: _Line, parts: Iterable[Part]) -> str:
    """The words in no part, as they were written, without the separators around what is gone."""
    rest, broken = "", False
    for run in _runs(line, [part for part in parts if not part.in_title]):
        words = _trimmed(run)
        broken = broken or (bool(words) and words[0] is not run[0] and run[0].key in _BREAKS)
        if words:
            text = " ".join(line.text[words[0].start : words[-1].end].split())
            rest = f"{rest}{',' if broken else ''} {text}" if rest else text
        broken = (broken and not words) or run[-1].key in _BREAKS
    return rest


def _runs(line: _Line, taken: Sequence[Part]) -> Iterator[tuple[_Word, ...]]:
    run: tuple[_Word, ...] = ()
    for word in line.words:
        if not _covered(word, taken):
            run += (word,)
        elif run:
            yield run
            run = ()
    if run:
        yield run


def _trimmed(run: tuple[_Word, ...]) -> tuple[_Word, ...]:
    if all(_is_punctuation(word) for word in run):
        return ()
    while _is_stray(run[0], run[1:2], closing=")]"):
        run = run[1:]
    while _is_stray(run[-1], run[-2:-1], closing="(["):
        run = run[:-1]
    return run


def _is_punctuation(word: _Word) -> bool:
    return all(sign in "+|" or unicodedata.category(sign)[0] == "P" for sign in word.text.strip())


def _is_stray(word: _Word, inner: tuple[_Word, ...], closing: str) -> bool:
    """A separator, half a pair of brackets, or a sign that hangs on no word ("C++" keeps its)."""
    if not inner or word.key in _BREAKS or word.key in tuple(closing):
        return bool(inner)
    if word.key == ":" and word.start >= inner[0].end:
        return True
    hangs = word.end == inner[0].start or inner[0].end == word.start
    return not hangs and (word.key in _DASHES or word.key in {"/", "&", "+", ":", "•", "·"})
