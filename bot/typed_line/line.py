"""A typed line against a form: the recognisers in their order, and the answers they find."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.asking import Field, RawAnswers
from bot.typed_line.amounts import find_amount, find_millions, find_money
from bot.typed_line.called import find_called
from bot.typed_line.choices import find_choice, find_flag, find_flag_within
from bot.typed_line.days import find_day
from bot.typed_line.form import Form, LineContext, Translate
from bot.typed_line.labels import labelled
from bot.typed_line.numbers import find_count, find_number, find_range
from bot.typed_line.places import find_places
from bot.typed_line.times import find_time
from bot.typed_line.title import find_quotation, put_rest, rest_of
from bot.typed_line.words import Found, TypedLine, cut

_Recogniser = Callable[[TypedLine, Field, Form], Iterable[Found]]
"""What answers the field in the words that are left; nothing for fields of other kinds."""

_IN_ORDER: tuple[_Recogniser, ...] = (
    find_quotation,
    find_day,
    find_time,
    find_amount,
    find_money,
    find_range,
    find_number,
    find_flag,  # again when what it stands beside is taken
    find_places,
    find_flag,
    find_choice,
    find_flag,
    find_count,
    find_millions,
    find_called,
    find_flag,
    find_flag_within,
)


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


def read_line(
    line: str, fields: Sequence[Field], context: LineContext, translate: Translate = str
) -> RawAnswers:
    """The answers that can be understood from a line, as a form would give them.

    Text; days as ISO dates; whole numbers and kronor as digits, other amounts with a point;
    municipalities as a list of codes; a choice as its option's value, several as a list; a flag as
    "true", or "false" where that was said. People are not looked for. A value that was given
    to a field by name but does not fit it is kept as it was written, so that the form can say so.
    Never raises.
    """
    whole = cut(line)
    answered = _answered(whole, Form(tuple(fields), context, translate))
    answers = _answers(answered)
    put_rest(answers, rest_of(whole.without(found for _, found in answered)), fields)
    return answers


def parts_of(
    line: str, fields: Sequence[Field], context: LineContext, translate: Translate = str
) -> tuple[Part, ...]:
    """The stretches of the line that were understood, for showing what was read from what."""
    whole = cut(line)
    answered = _answered(whole, Form(tuple(fields), context, translate))
    return tuple(_part(whole, field, found) for field, found in answered)


def _answered(line: TypedLine, form: Form) -> list[tuple[Field, Found]]:
    """Each recogniser sees only fields and words that none before it has taken."""
    answered = list(labelled(line, form))
    left = line.without(found for _, found in answered)
    for recognise in _IN_ORDER:
        names = {field.name for field, _ in answered}
        for field in form.fields:
            found = () if field.name in names else tuple(recognise(left, field, form))
            answered += [(field, one) for one in found]
            left = left.without(found)
    return answered


def _answers(answered: Iterable[tuple[Field, Found]]) -> RawAnswers:
    answers: RawAnswers = {}
    for field, found in answered:
        if isinstance(found.value, tuple):
            known = answers.setdefault(field.name, [])
            known += [code for code in found.value if code not in known]
        else:
            answers[field.name] = found.value
    return answers


def _part(line: TypedLine, field: Field, found: Found) -> Part:
    start, end = line.words[found.first].start, line.words[found.stop - 1].end
    return Part(field.name, found.value, start, end, found.in_title)
