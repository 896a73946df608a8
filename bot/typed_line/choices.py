"""Choices by the words for their options, and flags by their names."""

from collections.abc import Iterator

from bot.asking import Choice, Field, Flag
from bot.typed_line.form import Form, Translate
from bot.typed_line.words import Found, Phrase, TypedLine, phrase, phrases

_Values = dict[Phrase, str]
"""What can be said, and the value it stands for."""

_YES_OR_NO: _Values = {
    (word,): value
    for value, words in {"true": "ja yes sant true x", "false": "nej no falskt false"}.items()
    for word in words.split()
}


def find_choice(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    if isinstance(field.ask.input, Choice):
        yield from _best(line, _options(field.ask.input, form.translate))


def find_flag(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """A flag is set by its name alone, where it stands apart."""
    if isinstance(field.ask.input, Flag):
        said = form.names(field) | phrases(form.translate(field.ask.input.words))
        named = _best(line, dict.fromkeys(said, "true"))
        yield from (flag for flag in named if not flag.in_title)


def option_at(
    line: TypedLine, first: int, kind: Choice | Flag, translate: Translate
) -> Found | None:
    """What was given by name: a choice also as it is stored, a flag as yes or no."""
    if isinstance(kind, Flag):
        return _value_at(line, first, _YES_OR_NO)
    stored = {phrase(option.value): option.value for option in kind.options}
    return _value_at(line, first, stored | _options(kind, translate))


def _options(kind: Choice, translate: Translate) -> _Values:
    values: _Values = {}
    for option in kind.options:
        for said in phrases(translate(option.label), option.label, *option.words):
            values.setdefault(said, option.value)
    return values


def _best(line: TypedLine, values: _Values) -> list[Found]:
    """The first that stands apart, otherwise the first."""
    said = line.each(lambda first: _value_at(line, first, values))
    return sorted(said, key=lambda found: found.in_title)[:1]


def _value_at(line: TypedLine, first: int, values: _Values) -> Found | None:
    """Only what stands apart leaves the title: "Workshop om etablering" is a title about one."""
    said = line.phrase_at(first, values)
    stop = first + len(said)
    apart = line.at(first - 1).stands_between and line.at(stop).stands_between
    return Found(values[said], first, stop, in_title=not apart) if said else None
