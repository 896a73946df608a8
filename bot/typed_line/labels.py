"""A field named to be exact: `field: value`."""

from collections.abc import Container, Iterator
from itertools import zip_longest
from typing import NamedTuple

from bot.asking import (
    Amount,
    Choice,
    Day,
    Field,
    Flag,
    Line,
    Listed,
    Members,
    Money,
    PersonPicker,
    Prose,
    Supplied,
    TimeOfDay,
    Whole,
)
from bot.typed_line.amounts import amount_at, money_at
from bot.typed_line.choices import option_at
from bot.typed_line.days import day_at
from bot.typed_line.form import Form
from bot.typed_line.neighbours import starts_range
from bot.typed_line.numbers import count_at
from bot.typed_line.places import places_at
from bot.typed_line.times import time_at
from bot.typed_line.words import Found, Phrase, TypedLine


class _Label(NamedTuple):
    """A field's name and colon, `stop` excluded."""

    field: Field
    first: int
    stop: int


def labelled(line: TypedLine, form: Form) -> Iterator[tuple[Field, Found]]:
    """The first value of each field that is named. It ends where the next label begins."""
    seen: set[str] = set()
    labels = tuple(_labels(line, form))
    for label, following in zip_longest(labels, labels[1:]):
        limit = following.first if following else len(line.words)
        value = _value(_until(line, label.stop, limit), label, form)
        if value and label.field.name not in seen:
            seen.add(label.field.name)
            yield label.field, Found(value.value, label.first, value.stop)


def _labels(line: TypedLine, form: Form) -> Iterator[_Label]:
    fields: dict[Phrase, Field] = {}
    for field in form.fields:
        for name in form.names(field) if _can_be_typed(field) else ():
            fields.setdefault((*name, ":"), field)
    return line.each(lambda first: _label_at(line, first, fields))


def _can_be_typed(field: Field) -> bool:
    """A line can name one person, as the platform writes it, but not several."""
    return field.ask.input != PersonPicker(several=True)


def _label_at(line: TypedLine, first: int, fields: dict[Phrase, Field]) -> _Label | None:
    said = line.phrase_at(first, fields)
    return _Label(fields[said], first, first + len(said)) if said else None


def _until(line: TypedLine, first: int, limit: int) -> TypedLine:
    """The line up to the limit, or to what ends a value before it."""
    return TypedLine(line.text, line.words[: _next(line, {";", "\n"}, first, limit)])


def _next(line: TypedLine, marks: Container[str], first: int, limit: int) -> int:
    return next((index for index in range(first, limit) if line.at(index).key in marks), limit)


def _value(line: TypedLine, label: _Label, form: Form) -> Found | None:
    if quoted := line.at(label.stop).quoted:
        return Found(_as_given(quoted, label.field), label.stop, label.stop + 1)
    value = _value_at(line, label.stop, label.field, form)
    if value and not starts_range(line, value.stop):
        return value
    return _as_written(line, label.stop, label.field)


def _value_at(line: TypedLine, first: int, field: Field, form: Form) -> Found | None:
    """What stands first in the value, where the kind of field can be read word by word."""
    match field.ask.input:
        case Day(past=past):
            return day_at(line, first, form, past=past)
        case TimeOfDay():
            return time_at(line, first)
        case Whole() | Amount() | Money() as kind:
            return _number_at(line, first, kind)
        case Members(one=one):
            return _places_at(line, first, form, one=one)
        case Choice() | Listed() | Flag() as kind:
            return option_at(line, first, kind, form)
    return None


def _number_at(line: TypedLine, first: int, kind: Whole | Amount | Money) -> Found | None:
    match kind:
        case Whole(following=units):
            return count_at(line, first, units)
        case Amount(units=units):
            return amount_at(line, first, units)
        case Money():
            return money_at(line, first)


def _places_at(line: TypedLine, first: int, form: Form, *, one: bool) -> Found | None:
    places = places_at(line, first, form.context.places)
    if not places or (one and len(places.codes) != 1):
        return None
    return Found(places.codes[0] if one else places.codes, first, places.stop)


def _as_written(line: TypedLine, first: int, field: Field) -> Found | None:
    stop = len(line.words)
    if not isinstance(field.ask.input, Line | Prose | Members):
        stop = _next(line, {","}, first, stop)
    while stop > first and line.at(stop - 1).key == ",":
        stop -= 1
    return Found(_as_given(line.slice(first, stop), field), first, stop) if stop > first else None


def _as_given(text: str, field: Field) -> str | tuple[str, ...]:
    match field.ask.input:
        case Members(one=False) | Supplied(several=True) | Choice(several=True):
            return (text,)
    return text
