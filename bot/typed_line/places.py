"""Municipalities, alone, in lists and all at once, and which of them are only the title's words."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.asking import Field, Members
from bot.typed_line.form import Form, Place
from bot.typed_line.neighbours import ABOUT, COMPANY, LEADS, LINKS, with_lead
from bot.typed_line.number_words import IN_WORDS
from bot.typed_line.place_names import Name, name_at
from bot.typed_line.words import ANDS, Found, Phrase, TypedLine, Word, phrases

_ALL = frozenset(("alla", "samtliga", "all"))
_EXCEPT = frozenset(("utom", "forutom", "except"))
_MUNICIPALITIES = frozenset(("kommuner", "kommunerna", "municipalities"))
_WHOLE_COUNTY = phrases("hela länet", "the whole county")


class Places(NamedTuple):
    """`sure` is false for ordinary words unless a field is named; `owns` for a genitive last;
    `everyone` where they are said all at once."""

    codes: tuple[str, ...]
    first: int
    stop: int
    sure: bool
    lone: bool
    owns: bool
    everyone: bool = False


def find_places(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """Every list of places counts. A name that belongs to the title's own words ("Kumla marknad")
    stays there, and counts only when no place stands by itself. Where one is asked for, several
    are none."""
    kind = field.ask.input
    if isinstance(kind, Members):
        home = None if kind.one else form.context.home
        found = tuple(_every_list(line, form, kind, home))
        yield from _the_one(found) if kind.one else found


def _the_one(found: tuple[Found, ...]) -> Iterator[Found]:
    for places in found:
        if len(found) == len(places.value) == 1:
            yield places._replace(value=places.value[0])


def _every_list(line: TypedLine, form: Form, kind: Members, home: str | None) -> Iterator[Found]:
    known, everyone = form.context.places, phrases(*kind.everyone)
    lists = line.each(
        lambda first: _addressed_at(line, first, everyone, known) or places_at(line, first, known)
    )
    sure = [places for places in lists if places.sure and places.codes]
    apart = [places for places in sure if not _belongs_to_title(line, places)]
    for places in apart:
        codes = _joined_by(line, places, apart, home)
        yield Found(codes, *with_lead(line, places.first, places.stop))
    for places in () if apart else sure:
        codes = _joined_by(line, places, sure, home)
        yield Found(codes, places.first, places.stop, in_title=True)


def _joined_by(
    line: TypedLine, places: Places, all_lists: Sequence[Places], home: str | None
) -> tuple[str, ...]:
    """ "med Hallsberg" joins it to one's own municipality, unless a list before says to which:
    "Kumla tillsammans med Hallsberg"."""
    joins = line.before(places.first, COMPANY) < places.first
    before = (other for other in all_lists if other.first < places.first)
    to_others = any(line.before(other.first, LEADS) == other.first for other in before)
    if home is None or not joins or to_others or home in places.codes or places.everyone:
        return places.codes
    return (home, *places.codes)


def places_at(line: TypedLine, first: int, places: tuple[Place, ...]) -> Places | None:
    return _everyone_at(line, first, places) or _list_at(line, first, places)


def _belongs_to_title(line: TypedLine, places: Places) -> bool:
    """A single name with the title's words on both sides, at the line's very start with words
    after it, in the genitive, or as what the title is about."""
    before, after = line.at(places.first - 1), line.at(places.stop)
    linked = after.key in LINKS or line.phrase_at(places.stop, LEADS)
    followed = after.is_ordinary and not linked
    if before.key in ABOUT or (places.owns and followed):
        return True
    at_start = places.first == 0 and after.is_ordinary
    return places.lone and (at_start or (before.is_ordinary and followed))


def _everyone_at(line: TypedLine, first: int, places: tuple[Place, ...]) -> Places | None:
    """ "alla", "alla 12 kommuner", "hela länet", "samtliga utom Laxå och Nora". A bare "alla" is
    an ordinary word unless something else begins after it and no preposition stands before it."""
    stop = line.after(first, _WHOLE_COUNTY)
    named = stop > first
    if line.at(first).key in _ALL:
        counted = _count(line.at(first + 1)) == len(places)
        named = line.at(first + 1 + counted).key in _MUNICIPALITIES
        stop = first + 1 + counted + named
    if stop == first:
        return None
    but = _list_at(line, stop + 1, places) if line.at(stop).key in _EXCEPT else None
    bare = line.at(stop).stands_between and line.at(first - 1).key not in LINKS
    left_out = but.codes if but else ()
    codes = tuple(place.code for place in places if place.code not in left_out)
    sure = named or bool(but) or bare
    end = but.stop if but else stop
    return Places(codes, first, end, sure, lone=False, owns=False, everyone=True)


def _addressed_at(
    line: TypedLine, first: int, everyone: frozenset[Phrase], places: tuple[Place, ...]
) -> Places | None:
    """ "till alla", where the field says that it means them all."""
    stop = line.after(first, everyone)
    if stop == first or not line.at(stop).stands_between:
        return None
    codes = tuple(place.code for place in places)
    return Places(codes, first, stop, sure=True, lone=False, owns=False, everyone=True)


def _count(word: Word) -> int | None:
    if re.fullmatch(r"[0-9]{1,3}", word.key):
        return int(word.key)
    return IN_WORDS.get(word.key)


def _list_at(line: TypedLine, first: int, places: tuple[Place, ...]) -> Places | None:
    """Places in a row, with commas, "och" or nothing between them."""
    names = tuple(_names_from(line, first, places))
    if not names:
        return None
    *others, last = names
    stop = last.stop + (line.at(last.stop).key in _MUNICIPALITIES)
    codes = tuple(dict.fromkeys(name.code for name in names))
    sure = bool(others) or last.sure
    return Places(codes, first, stop, sure, lone=not others, owns=last.owns)


def _names_from(line: TypedLine, first: int, places: tuple[Place, ...]) -> Iterator[Name]:
    while name := name_at(line, first, places):
        yield name
        first = name.stop + (line.at(name.stop).key in {",", "\n"})
        first += line.at(first).key in ANDS
