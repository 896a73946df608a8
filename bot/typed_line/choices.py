"""Choices by the words for their options, and flags by their names."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.asking import Choice, Field, Flag, Listed
from bot.typed_line.form import Form
from bot.typed_line.neighbours import LINKS, NOT
from bot.typed_line.words import ANDS, Found, Phrase, TypedLine, phrase, phrases

_Values = dict[Phrase, str]
"""What can be said, and the value it stands for."""

_YES_OR_NO: _Values = {
    (word,): value
    for value, words in {"true": "ja yes sant true x", "false": "nej no falskt false"}.items()
    for word in words.split()
}
_DENIALS = phrases(*NOT, "är inte", "är ej", "det är inte", "det är ej")
_GOES_WITH = phrases("med", "under", "obs", "det är", "är", "with", "under the")
"""What may stand before the name of a flag and then goes with it: "under sekretess"."""


def find_choice(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """By the words for an option. A bare "ja" says nothing where the field is not named."""
    kind = field.ask.input
    if not isinstance(kind, Choice | Listed):
        return
    options = _options(kind, form).items()
    telling = {said: value for said, value in options if said not in _YES_OR_NO}
    if isinstance(kind, Choice) and kind.several:
        yield from _all_apart(line, telling)
    else:
        yield from _named(line, telling, form.names(field)) or _best(line, telling)


def find_flag(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """A flag is set by its name alone, where it stands apart. The other names it was given count
    also at an end of the title: "Projekt Falk sekretess"; with a "not" they say that it is not
    set."""
    if not isinstance(field.ask.input, Flag):
        return
    named = _given_names(line, field)
    denied = [denial for flag in named if (denial := _denial(line, flag))]
    if named and len(denied) == len(named):
        yield denied[0]
        return
    said = form.names(field) | phrases(form.translate(field.ask.input.words))
    apart = [flag for flag in _each(line, dict.fromkeys(said, "true")) if not flag.in_title]
    wider = (flag._replace(first=line.before(flag.first, _GOES_WITH)) for flag in named)
    beside = [flag for flag in wider if _is_beside_title(line, flag.first, flag.stop)]
    yield from (flag._replace(in_title=False) for flag in (beside or apart)[:1])


def find_flag_within(line: TypedLine, field: Field, _form: Form) -> Iterator[Found]:
    """Whoever writes "hemlig" among the title's words is taken at their word: a box that is ticked
    in vain is seen and costs nothing. The words stay."""
    if isinstance(field.ask.input, Flag):
        for flag in _given_names(line, field)[:1]:
            yield flag._replace(in_title=True)


def _given_names(line: TypedLine, field: Field) -> list[Found]:
    return list(_each(line, dict.fromkeys(phrases(*field.ask.names), "true")))


def _denial(line: TypedLine, flag: Found) -> Found | None:
    """ "ej sekretess", "inte under sekretess", "sekretess nej"."""
    lead = line.before(flag.first, _GOES_WITH)
    first = line.before(lead, _DENIALS)
    if first < lead:
        return Found("false", first, flag.stop)
    after = line.at(flag.stop).key in NOT and line.at(flag.stop + 1).stands_between
    return Found("false", flag.first, flag.stop + 1) if after else None


def option_at(
    line: TypedLine, first: int, kind: Choice | Listed | Flag, form: Form
) -> Found | None:
    """What was given by name: a choice also as it is stored, a flag as yes or no."""
    if isinstance(kind, Flag):
        return _value_at(line, first, _YES_OR_NO)
    values = _stored(kind, form) | _options(kind, form)
    if isinstance(kind, Choice) and kind.several:
        found = _list_at(line, first, values)
        return Found(*found) if found else None
    return _value_at(line, first, values)


def _options(kind: Choice | Listed, form: Form) -> _Values:
    values: _Values = {}
    for option in form.options(kind):
        for said in phrases(form.translate(option.label), option.label, *option.words):
            values.setdefault(said, option.value)
    return values


def _stored(kind: Choice | Listed, form: Form) -> _Values:
    values = {phrase(option.value): option.value for option in form.options(kind)}
    return {said: value for said, value in values.items() if said}


def _named(line: TypedLine, values: _Values, names: frozenset[Phrase]) -> list[Found]:
    """ "tema service": the field's name before it, without a colon, beside the title's words. Not
    where the line begins, which may be the title."""
    for found in _each(line, values):
        first = line.before(found.first, names)
        if 0 < first < found.first and _is_beside_title(line, first, found.stop):
            return [Found(found.value, first, found.stop)]
    return []


def _best(line: TypedLine, values: _Values) -> list[Found]:
    """The first that stands apart, otherwise the first."""
    return sorted(_each(line, values), key=lambda found: found.in_title)[:1]


def _each(line: TypedLine, values: _Values) -> Iterator[Found]:
    return line.each(lambda first: _value_at(line, first, values))


def _value_at(line: TypedLine, first: int, values: _Values) -> Found | None:
    """Only what stands apart leaves the title: "Workshop om etablering" is a title about one."""
    said = line.phrase_at(first, values)
    stop = first + len(said)
    apart = line.at(first - 1).stands_between and line.at(stop).stands_between
    return Found(values[said], first, stop, in_title=not apart) if said else None


def _is_beside_title(line: TypedLine, first: int, stop: int) -> bool:
    """With the title's words on one side only, none of them a "med" or "ej" that belongs to it."""
    sides = line.at(first - 1), line.at(stop)
    alone = all(side.stands_between or side.key not in LINKS | NOT for side in sides)
    return alone and any(side.stands_between for side in sides)


# ---- several -----------------------------------------------------------------------------------


class _List(NamedTuple):
    values: tuple[str, ...]
    first: int
    stop: int


def _all_apart(line: TypedLine, values: _Values) -> Iterator[Found]:
    """What is inside the title's own words counts for nothing: one of several is never certain."""
    for found in line.each(lambda first: _list_at(line, first, values)):
        if _is_apart(line, found):
            yield Found(found.values, found.first, found.stop)


def _is_apart(line: TypedLine, found: _List) -> bool:
    """Beside the title's words only what can be nothing but a list: "Falk mark, el, järnväg"."""
    sides = line.at(found.first - 1), line.at(found.stop)
    listed = len(found.values) > 1 and "," in line.keys(found.first, found.stop)
    long = len(found.values) > 2  # noqa: PLR2004 - "mark och el" may well be a name
    beside = (listed or long) and _is_beside_title(line, found.first, found.stop)
    return beside or all(side.stands_between for side in sides)


def _list_at(line: TypedLine, first: int, values: _Values) -> _List | None:
    options = tuple(_options_from(line, first, values))
    if not options:
        return None
    said = tuple(dict.fromkeys(str(option.value) for option in options))
    return _List(said, first, options[-1].stop)


def _options_from(line: TypedLine, first: int, values: _Values) -> Iterator[Found]:
    """In a row, with commas, "och" or nothing between them."""
    while option := _value_at(line, first, values):
        yield option
        first = option.stop + (line.at(option.stop).key in {",", "\n"})
        first += line.at(first).key in ANDS
