"""One municipality's name in a line, also where a letter of it is wrong."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from bot.typed_line.form import Place
from bot.typed_line.neighbours import LINKS
from bot.typed_line.words import TypedLine, cut, fold

_MUNICIPALITY = frozenset(("kommun", "kommuns", "kommunen", "stad", "municipality"))
_AFTER_ANOTHER_NAME = frozenset(("lan", "lans", "county", "universitet", "university"))
_BEFORE_ANOTHER_NAME = frozenset(("region",))
_LEAST_TO_GUESS = 5
_LONG = 9
_ALIKE = 0.88


class Name(NamedTuple):
    """`sure` is false for what only counts beside another place; `owns` for a genitive."""

    code: str
    stop: int
    sure: bool
    owns: bool


class _Spelling(NamedTuple):
    code: str
    plain: str
    key: str
    words: int


def name_at(line: TypedLine, first: int, places: tuple[Place, ...]) -> Name | None:
    spellings = _spellings(places)
    for words in sorted({spelling.words for spelling in spellings}, reverse=True):
        said = [line.at(index).plain for index in range(first, first + words)]
        name = _name(" ".join(said), first + words, spellings) if all(said) else None
        if name:
            return _in_context(line, first, name)
    return None


def place_called(words: str, places: tuple[Place, ...]) -> str | None:
    """The code of the municipality that a line is the name of and nothing else; also in the
    genitive, and with a letter wrong."""
    line = cut(words)
    found = name_at(line, 0, places)
    return found.code if found and found.stop == len(line.words) else None


@lru_cache(maxsize=8)
def _spellings(places: tuple[Place, ...]) -> tuple[_Spelling, ...]:
    names = [(place.code, cut(name)) for place in places for name in (place.name, *place.aliases)]
    return tuple(
        _Spelling(code, plain, fold(plain), len(name.words))
        for code, name in names
        if (plain := " ".join(word.plain for word in name.words))
    )


def _in_context(line: TypedLine, first: int, name: Name) -> Name | None:
    """ "Region Örebro län" and "Örebro universitet" are not the municipality."""
    before, after = line.at(first - 1).key, line.at(name.stop).key
    if before in _BEFORE_ANOTHER_NAME or after in _AFTER_ANOTHER_NAME:
        return None
    sure = name.sure or (line.at(first).text[:1].isupper() and not _is_surname(line, first))
    if after in _MUNICIPALITY:
        return Name(name.code, name.stop + 1, sure, owns=after.endswith("ns"))
    return name._replace(sure=sure)


def _is_surname(line: TypedLine, first: int) -> bool:
    """ "talare Anna Hallberg": a capital before it, where the line does not begin."""
    before = line.at(first - 1)
    return first > 1 and before.text[:1].isupper() and bool(before.key) and before.key not in LINKS


def _name(said: str, stop: int, spellings: Iterable[_Spelling]) -> Name | None:
    for find, sure in ((_spelt, True), (_nearly_spelt, False)):
        for stem in dict.fromkeys((said, said.removesuffix("s"))):
            codes = find(stem, spellings)
            if len(codes) == 1:
                return Name(codes.pop(), stop, sure, owns=stem != said)
    return None


def _spelt(said: str, spellings: Iterable[_Spelling]) -> set[str]:
    """Accents need not be there, but tell apart names that differ in nothing else."""
    same = [spelling for spelling in spellings if spelling.key == fold(said)]
    exactly = {spelling.code for spelling in same if spelling.plain == said}
    return exactly or {spelling.code for spelling in same}


def _nearly_spelt(said: str, spellings: Iterable[_Spelling]) -> set[str]:
    key = fold(said)
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
    """From where they differ: a wrong letter, one too many, one missing, two swapped."""
    while said and said[:1] == name[:1]:
        said, name = said[1:], name[1:]
    swapped = said[1::-1] + said[2:]
    return said[1:] == name[1:] or said[1:] == name or said == name[1:] or swapped == name
