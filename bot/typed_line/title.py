"""The title: a quotation, or what the answers leave of the line."""

import unicodedata
from collections.abc import Container, Iterable, Iterator
from itertools import groupby

from bot.asking import Field, Prose, RawAnswers
from bot.typed_line.form import Form
from bot.typed_line.words import BREAKS, DASHES, Found, TypedLine, Word

_SIGNS = DASHES | frozenset("/&+:•·.")
_PARTS = BREAKS | {"."}
"""What parts what is left from what is gone."""


def find_quotation(line: TypedLine, field: Field, _form: Form) -> Iterator[Found]:
    """The first quotation is the title, to the letter."""
    for index, word in enumerate(line.words):
        if field.ask.titles and word.quoted:
            yield Found(word.quoted, index, index + 1)
            return


def put_rest(answers: RawAnswers, rest: str, fields: Iterable[Field]) -> None:
    """The rest is the title. Beside a title that was given exactly it goes to the first free
    prose, and without one after the title. In a form without a title field it is prose, and
    without either it is dropped."""
    title = next((field.name for field in fields if field.ask.titles), None)
    prose = (field.name for field in fields if isinstance(field.ask.input, Prose))
    name = next((name for name in (title, *prose) if name and name not in answers), title)
    if not rest or not name:
        return
    answers[name] = f"{answers[name]}, {rest}" if name in answers else rest


def rest_of(line: TypedLine) -> str:
    """The words that are not taken, as they were written, without the separators around what is
    gone."""
    rest, broken = "", False
    for run in _runs(line):
        words = _trimmed(run)
        if words:
            broken = broken or run[0].key in _PARTS
            text = " ".join(line.text[words[0].start : words[-1].end].split())
            rest = f"{rest}{',' if broken else ''} {text}" if rest else text
        broken = (broken and not words) or run[-1].key in _PARTS
    return " ".join((rest, *line.unread.split())).strip()


def _runs(line: TypedLine) -> Iterator[tuple[Word, ...]]:
    for is_left, words in groupby(line.words, lambda word: bool(word.text)):
        if is_left:
            yield tuple(words)


def _trimmed(run: tuple[Word, ...]) -> tuple[Word, ...]:
    if all(_is_punctuation(word) for word in run):
        return ()
    while len(run) > 1 and _is_stray(run[0], run[1], BREAKS | {")", "]"}):
        run = run[1:]
    while len(run) > 1 and _is_stray(run[-1], run[-2], BREAKS | {"(", "["}):
        run = run[:-1]
    return run


def _is_punctuation(word: Word) -> bool:
    return all(sign in "+|" or unicodedata.category(sign)[0] == "P" for sign in word.text.strip())


def _is_stray(word: Word, inner: Word, always: Container[str]) -> bool:
    """A separator, half a pair of brackets, or a sign that hangs on no word ("C++" keeps its)."""
    hangs = word.end == inner.start or inner.end == word.start
    ends_label = word.key == ":" and word.start >= inner.end
    return word.key in always or ends_label or (word.key in _SIGNS and not hangs)
