"""Whole numbers by the unit beside them: "ca 24 st deltagare", "1 200 kr", "deltagare 24"."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from bot.asking import Field, Prose, Whole
from bot.typed_line.form import Form
from bot.typed_line.neighbours import NOT, ROUGHLY, ends_range, starts_range, with_lead
from bot.typed_line.number_words import IN_WORDS
from bot.typed_line.words import ANDS, DASHES, Found, Phrase, TypedLine, phrases

_COUNTERS = phrases("st", "st.", "stycken")
_ALONE: frozenset[Phrase] = frozenset(((),))
_NUMBER = re.compile(r"([0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)([^\W\d_]*)")
_JOINED_RANGE = re.compile(r"[0-9]{1,6}[-–][0-9]{1,6}")
_TO = frozenset(("till", "eller", "a", "to", "or"))
_BETWEEN = frozenset(("mellan", "between"))
_NONE = frozenset(("inga", "noll", "zero"))
"""Not "ingen räckvidd" or "no reach": there it may be that nobody knows."""
_ONE = frozenset(("en", "ett", "one", "a"))
_THOUSAND = frozenset(("tusen", "thousand"))
_THOUSANDS = re.compile(r"[0-9]{3}")


def find_number(line: TypedLine, field: Field, _form: Form) -> Iterator[Found]:
    """A number with its unit; "24 deltagare" goes before "deltagare 24", and that before "inga
    deltagare"."""
    kind = field.ask.input
    if not isinstance(kind, Whole):
        return
    units, may_be_none = phrases(*kind.units), kind.least == 0
    counted = _counted(phrases(*kind.following))
    yield from _first_clear(
        line,
        chain(
            line.each(lambda first: _number_at(line, first, counted)),
            line.each(lambda first: _number_after_unit(line, first, units)),
            line.each(lambda first: _none_at(line, first, units)) if may_be_none else (),
        ),
    )


def find_count(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """ "50st", where the form asks for one number only."""
    if [other for other in form.fields if isinstance(other.ask.input, Whole)] == [field]:
        yield from _first_clear(line, line.each(lambda first: _count_at(line, first)))


def find_range(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """ "20-25 deltagare" is no number: as it is written it goes to the notes, where whoever fills
    in the form reads it."""
    if isinstance(field.ask.input, Prose) and not field.ask.titles:
        for said in line.each(lambda first: _range_at(line, first, _units(form))):
            start = line.before(said.first, ROUGHLY)
            yield Found(line.slice(start, said.stop), *with_lead(line, start, said.stop))
            return


def count_at(line: TypedLine, first: int, units: Iterable[str]) -> Found | None:
    """A number that is known to be one: "24", "ca 24 st", "1 200 personer"."""
    known = _counted(phrases(*units)) | _COUNTERS | _ALONE
    return _number_at(line, line.after(first, ROUGHLY), known)


def has_unit(line: TypedLine, first: int, form: Form) -> bool:
    """Whether a number of the form stands here with its unit."""
    return _number_at(line, first, _units(form)) is not None


def follows_unit(line: TypedLine, first: int, form: Form) -> bool:
    return line.before(first, _units(form)) < first


def _units(form: Form) -> frozenset[Phrase]:
    kinds = (field.ask.input for field in form.fields)
    units = (unit for kind in kinds if isinstance(kind, Whole) for unit in kind.following)
    return _counted(phrases(*units))


def _range_at(line: TypedLine, first: int, units: frozenset[Phrase]) -> Found | None:
    """Joined by a dash, or by a "till", or by an "och" after "mellan"."""
    if _JOINED_RANGE.fullmatch(line.at(first).key):
        unit = line.phrase_at(first + 1, units)
        return Found("", first, first + 1 + len(unit)) if unit else None
    lower = _number_at(line, first, _ALONE)
    if lower is None:
        return None
    between = line.at(lower.stop).key
    listed = between in ANDS and line.at(first - 1).key in _BETWEEN
    joins = between in DASHES or between in _TO or listed
    upper = _number_at(line, lower.stop + 1, units) if joins else None
    return Found("", first, upper.stop) if upper else None


def _first_clear(line: TypedLine, numbers: Iterable[Found]) -> Iterator[Found]:
    """The first that is no end of a range, with the words that lead to it."""
    for number in numbers:
        range_ends = ends_range(line, number.first) or _follows_one_in_words(line, number.first)
        if not range_ends and not starts_range(line, number.stop):
            roughly = line.before(number.first, ROUGHLY)
            yield Found(number.value, *with_lead(line, roughly, number.stop))
            return


def _counted(units: frozenset[Phrase]) -> frozenset[Phrase]:
    """With and without "st" before the unit."""
    return units | {counter + unit for counter in _COUNTERS for unit in units}


def _number_after_unit(line: TypedLine, first: int, units: frozenset[Phrase]) -> Found | None:
    """Not "ingen räckvidd 300 besök": of what there is none, no number follows."""
    after = line.after(first, units) if line.at(first - 1).key not in NOT else first
    in_figures = after > first and line.at(after).is_numeric
    number = _number_at(line, after, _COUNTERS | _ALONE) if in_figures else None
    return number._replace(first=first) if number else None


def _none_at(line: TypedLine, first: int, units: frozenset[Phrase]) -> Found | None:
    unit = line.phrase_at(first + 1, units) if line.at(first).key in _NONE else ()
    return Found("0", first, first + 1 + len(unit)) if unit else None


def _count_at(line: TypedLine, first: int) -> Found | None:
    """Not what counts something else ("50 st broschyrer"), and not "the 21st"."""
    count = _number_at(line, first, _COUNTERS)
    other = count and (line.at(count.stop).is_ordinary or line.at(first - 1).key in {"den", "the"})
    return None if other else count


def _number_at(line: TypedLine, first: int, units: frozenset[Phrase]) -> Found | None:
    """Digits with one of the units after them or joined to them ("24pers"). Between thousands may
    stand a point, or one space of any width."""
    written = _NUMBER.fullmatch(line.at(first).key)
    if not written:
        return _in_words_at(line, first, units)
    digits, joined = written.groups()
    stop = first + 1
    if joined:
        units = frozenset(unit[1:] for unit in units if unit[:1] == (joined,))
    while len(written[0]) <= 3 and not joined and _is_thousands(line, stop):  # noqa: PLR2004 - thousands
        digits += line.at(stop).key
        stop += 1
    unit = line.phrase_at(stop, units)
    value = digits.replace(".", "").lstrip("0") or "0"
    return Found(value, first, stop + len(unit)) if unit in units else None


def _in_words_at(line: TypedLine, first: int, units: frozenset[Phrase]) -> Found | None:
    """ "tolv deltagare". Not the beginning of more: "tre hundra"."""
    value = IN_WORDS.get(line.at(first).key)
    if value is None or line.at(first + 1).key in IN_WORDS.keys() | _THOUSAND:
        return None
    unit = line.phrase_at(first + 1, units)
    return Found(str(value), first, first + 1 + len(unit)) if unit in units else None


def _follows_one_in_words(line: TypedLine, first: int) -> bool:
    """Whether one in words is the end of more: "tre hundra", "tio, tolv", "en till två"."""
    linked = line.at(first - 1).key in _TO | ANDS | {","}
    before = line.at(first - 1 - linked)
    in_words = line.at(first).key in IN_WORDS
    return in_words and (before.is_numeric or before.key in IN_WORDS.keys() | _ONE)


def _is_thousands(line: TypedLine, index: int) -> bool:
    gap = line.gap(index)
    return len(gap) == 1 and gap.isspace() and bool(_THOUSANDS.fullmatch(line.at(index).key))
