"""The line cut into words, and how recognisers look at them: by index, and by phrase."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple, Protocol, TypeVar

Phrase = tuple[str, ...]
"""Words as they are compared: the `key` of each."""

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
DASHES = frozenset("-–—")
BREAKS = frozenset((",", ";", "\n", "|"))
ANDS = frozenset(("och", "o", "samt", "and", "&", "+", "/"))
_MOST = 500
"""Words that are looked at. To read ten thousand would take a second, and nobody types as many."""
_APART = BREAKS | DASHES | frozenset(("", ":", ".", "!", "?", "/", "(", ")", "•", "·"))


@dataclass(frozen=True, slots=True)
class Word:
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
    def is_numeric(self) -> bool:
        return self.key[:1].isdigit()

    @property
    def stands_between(self) -> bool:
        return self.key in _APART

    @property
    def quoted(self) -> str:
        """What a quotation says; nothing for other words."""
        return self.text[1:-1].strip() if _is_quotation(self.text) else ""


_EDGE = Word("", -1, -1, "", "")


class Found(NamedTuple):
    """A value, and the words it was read from, `stop` excluded. `in_title` is true where these
    words also stay in the title."""

    value: str | tuple[str, ...]
    first: int
    stop: int
    in_title: bool = False


class _Stretch(Protocol):
    @property
    def stop(self) -> int: ...


_S = TypeVar("_S", bound=_Stretch)


@dataclass(frozen=True, slots=True)
class TypedLine:
    text: str
    words: tuple[Word, ...]

    def at(self, index: int) -> Word:
        return self.words[index] if 0 <= index < len(self.words) else _EDGE

    def keys(self, first: int, stop: int) -> Phrase:
        return tuple(self.at(index).key for index in range(first, stop))

    def phrase_at(self, first: int, phrases: Iterable[Phrase]) -> Phrase:
        """The longest that begins here: "tillsammans med" before "tillsammans"."""
        here = self.at(first).key
        likely = (said for said in phrases if said and said[0] == here)
        fitting = (said for said in likely if self.keys(first, first + len(said)) == said)
        return max(fitting, key=len, default=())

    def before(self, stop: int, phrases: Iterable[Phrase]) -> int:
        """Where the longest that ends here begins; `stop` itself where none does."""
        lengths = (len(said) for said in phrases if self.keys(stop - len(said), stop) == said)
        return stop - max(lengths, default=0)

    def after(self, first: int, phrases: Iterable[Phrase]) -> int:
        """The index after the longest that begins here; `first` itself where none does."""
        return first + len(self.phrase_at(first, phrases))

    def each(self, read_at: Callable[[int], _S | None]) -> Iterator[_S]:
        """All that can be read, from the left, each after the end of the one before."""
        first = 0
        while first < len(self.words):
            read = read_at(first)
            if read:
                yield read
            first = read.stop if read else first + 1

    @property
    def unread(self) -> str:
        """What follows the words that are looked at."""
        return self.text[self.words[-1].end :] if self.words else ""

    def gap(self, index: int) -> str:
        """What stands between the word before and this one."""
        return self.text[self.at(index - 1).end : self.at(index).start]

    def slice(self, first: int, stop: int) -> str:
        return self.text[self.words[first].start : self.words[stop - 1].end]

    def without(self, found: Iterable[Found]) -> "TypedLine":
        """With the words that are taken made blank."""
        words = list(self.words)
        for _, first, stop, in_title in found:
            for index in () if in_title else range(first, stop):
                words[index] = replace(words[index], text="", plain="", key="")
        return replace(self, words=tuple(words))


def cut(said: str) -> TypedLine:
    text = unicodedata.normalize("NFC", said)
    words = islice(_WORD.finditer(text), _MOST)
    return TypedLine(text, tuple(_word(found) for found in words))


def _word(found: re.Match[str]) -> Word:
    plain = "" if _is_quotation(found[0]) else found[0].casefold()
    return Word(found[0], found.start(), found.end(), plain, fold(plain))


def _is_quotation(text: str) -> bool:
    return len(text) > 1 and text[0] in _QUOTES


def fold(plain: str) -> str:
    """Without accents: ö as o, å and ä as a, as on a keyboard that has none of them."""
    letters = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def phrase(words: str) -> Phrase:
    return tuple(word.key for word in cut(words).words)


def phrases(*said: str) -> frozenset[Phrase]:
    return frozenset(phrase(words) for words in said) - {()}
