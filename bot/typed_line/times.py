"""Times of day: "kl 13", "kl. 13.00", or without "kl" with a colon: "13:00"."""

import re
from collections.abc import Iterator

from bot.asking import Field, TimeOfDay
from bot.typed_line.form import Form
from bot.typed_line.words import Found, TypedLine, phrases

_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?", re.ASCII)
_MOST_WORDS = 3  # "kl", ".", "13.00"
_AT_THE_CLOCK = phrases("klockan", "kl", "kl.", "at")


def find_time(line: TypedLine, field: Field, _form: Form) -> Iterator[Found]:
    if not isinstance(field.ask.input, TimeOfDay):
        return
    for time in line.each(lambda first: time_at(line, first)):
        if _is_clear(line, time):
            yield time
            return


def after_time(line: TypedLine, first: int) -> int:
    """The index after a time of day that stands here; `first` itself where none does."""
    time = time_at(line, first)
    return time.stop if time and _is_clear(line, time) else first


def before_time(line: TypedLine, stop: int) -> int:
    """Where a time of day that ends here begins; `stop` itself where none does."""
    starts = range(stop - _MOST_WORDS, stop)
    return next((start for start in starts if after_time(line, start) == stop), stop)


def _is_clear(line: TypedLine, time: Found) -> bool:
    return time.stop > time.first + 1 or ":" in line.at(time.first).key


def time_at(line: TypedLine, first: int) -> Found | None:
    index = line.after(first, _AT_THE_CLOCK)
    clock = _CLOCK.fullmatch(line.at(index).key)
    return Found(f"{int(clock[1]):02}:{clock[2] or '00'}", first, index + 1) if clock else None
