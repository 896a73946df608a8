"""A line of text after its name, without a colon: "företag Exempelbolaget AB"."""

from collections.abc import Iterator

from bot.asking import Field, Line
from bot.typed_line.form import Form
from bot.typed_line.neighbours import LINKS
from bot.typed_line.words import Found, TypedLine, phrases


def find_called(line: TypedLine, field: Field, _form: Form) -> Iterator[Found]:
    """A name with a capital, up to the next break or to what has been taken. "Mark för företag" and
    "nytt företag i Kumla" name none."""
    if not isinstance(field.ask.input, Line) or field.ask.titles:
        return
    names = phrases(*field.ask.names)
    for first in range(len(line.words)):
        begins = line.after(first, names)
        if begins > first and _is_name(line, begins) and line.at(first - 1).key not in LINKS:
            stop = _end(line, begins)
            yield Found(line.slice(begins, stop), first, stop)
            return


def _is_name(line: TypedLine, index: int) -> bool:
    return bool(line.at(index).key) and line.at(index).text[:1].isupper()


def _end(line: TypedLine, first: int) -> int:
    ends = (i for i in range(first, len(line.words)) if line.at(i).stands_between)
    return next(ends, len(line.words))
