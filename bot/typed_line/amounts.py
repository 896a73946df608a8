"""Amounts by the unit after them: "15 ha", "2,5 hektar", "ca 1,16 mkr", "kostnad 25 000 kr"."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from bot.asking import Amount, Field, Money
from bot.numerals import MULTIPLES, kronor, number
from bot.typed_line.form import Form
from bot.typed_line.leads import led_from
from bot.typed_line.neighbours import LINKS, ROUGHLY, ends_range, with_lead
from bot.typed_line.words import ANDS, DASHES, Found, Phrase, TypedLine, Word, fold, phrase, phrases

_NUMBER = re.compile(r"([0-9]+(?:[.,][0-9]+)*)([^\W\d_].*)?")
_THOUSANDS = re.compile(r"([0-9]{3}(?:[.,][0-9]+)?)([^\W\d_].*)?")
_BEGINS_THOUSANDS = re.compile(r"(?:[0-9.,]*[.,])?[0-9]{1,3}")
_THOUSANDS_OR_DECIMALS = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}")
_TO_ANOTHER = DASHES | ANDS | frozenset(("till", "eller", "a", "to", "or"))

_OF_ANYTHING = frozenset(
    (
        *("tusen", "miljon", "miljoner", "milj", "milj.", "mn", "million", "millions"),
        *("miljard", "miljarder", "bn", "billion"),
    )
)
"""What kronor are counted in, and so is much else: "2 miljoner invånare"."""
_METRES = "m"
_SURELY = MULTIPLES.keys() - _OF_ANYTHING - {"", _METRES}
_KRONOR = {phrase(unit): unit for unit in _SURELY} | {
    phrase(f"{unit} {krona}"): unit
    for unit in _OF_ANYTHING | {"mdr"}
    for krona in ("kr", "kronor", "sek")
}
_PERHAPS_KRONOR = {phrase(unit): unit for unit in _OF_ANYTHING}
_NAMED_KRONOR = _KRONOR | _PERHAPS_KRONOR | {(_METRES,): _METRES}
_LEADS_ON = frozenset(("fran", "till", "med", "samt", "from", "to", "with"))
"""After "2 miljarder" they begin something else, as an "i" does not: "i omsättning"."""
_OTHER_CURRENCIES = frozenset(
    (
        *("euro", "euros", "eur", "€", "dollar", "dollars", "usd", "$", "pund", "pounds", "gbp"),
        *("£", "nok", "dkk", "norska", "danska"),
    )
)
_BARE: frozenset[Phrase] = frozenset(((),))

_ReadAt = Callable[[int], Found | None]


def find_amount(line: TypedLine, field: Field, _form: Form) -> Iterator[Found]:
    """The first number with one of the field's units."""
    kind = field.ask.input
    if isinstance(kind, Amount):
        units = phrases(*kind.units)
        for amount in _clear(line, lambda first: _amount_at(line, first, units)):
            roughly = line.before(amount.first, ROUGHLY)
            yield Found(amount.value, *with_lead(line, roughly, amount.stop))
            return


def find_money(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """The first amount that can be nothing but kronor, after its lead where the field asks for
    one."""
    if isinstance(field.ask.input, Money):
        yield from _money(line, field, form, lambda first: _money_at(line, first, _KRONOR))


def find_millions(line: TypedLine, field: Field, form: Form) -> Iterator[Found]:
    """ "40 miljoner", where nothing follows that may be counted in millions."""
    if isinstance(field.ask.input, Money):
        yield from _money(line, field, form, lambda first: _millions_at(line, first))


def amount_at(line: TypedLine, first: int, units: Collection[str]) -> Found | None:
    """A number that is known to be one: "15", "ca 15 ha". Not "500 kW" where the unit is MW."""
    known = phrases(*units)
    bare = _amount_at(line, line.after(first, ROUGHLY), _BARE)
    return _given(line, first, lambda index: _amount_at(line, index, known), bare)


def money_at(line: TypedLine, first: int) -> Found | None:
    """An amount that is known to be money: "1160292", "ca 40 miljoner"."""
    bare = _money_at(line, line.after(first, ROUGHLY), {(): ""})
    return _given(line, first, lambda index: _money_at(line, index, _NAMED_KRONOR), bare)


def has_amount(line: TypedLine, first: int, form: Form) -> bool:
    """Whether a number stands here with a unit of one of the form's amounts."""
    written = _written_at(line, first)
    return bool(written and _unit_of(line, written, _units(form)))


def has_unit_of_amount(line: TypedLine, index: int, form: Form) -> bool:
    return bool(line.phrase_at(index, _units(form)))


def _units(form: Form) -> frozenset[Phrase]:
    kinds = [field.ask.input for field in form.fields]
    measures = phrases(*(unit for kind in kinds if isinstance(kind, Amount) for unit in kind.units))
    money = any(isinstance(kind, Money) for kind in kinds)
    return measures | (_KRONOR.keys() | _PERHAPS_KRONOR.keys() if money else frozenset())


def _money(line: TypedLine, field: Field, form: Form, read_at: _ReadAt) -> Iterator[Found]:
    for money in _clear(line, read_at):
        roughly = line.before(money.first, ROUGHLY)
        start = led_from(line, roughly, field, form)
        if start is not None:
            yield Found(money.value, *with_lead(line, start, money.stop))
            return


# ---- one amount --------------------------------------------------------------------------------


class _Written(NamedTuple):
    """A number as it is written, and the letters joined to it ("15ha")."""

    said: str
    joined: str
    stop: int


def _amount_at(line: TypedLine, first: int, units: Collection[Phrase]) -> Found | None:
    written = _written_at(line, first)
    unit = _unit_of(line, written, units) if written else None
    if not written or not unit or _is_rate(line, unit.stop):
        return None
    value = _normal(written.said)
    return Found(value, first, unit.stop) if value else None


def _money_at(line: TypedLine, first: int, units: Mapping[Phrase, str]) -> Found | None:
    written = _written_at(line, first)
    unit = _unit_of(line, written, units) if written else None
    if not written or not unit or _is_rate(line, unit.stop):
        return None
    value = _in_kronor(written.said, units[unit.said])
    return Found(value, first, unit.stop) if value else None


def _millions_at(line: TypedLine, first: int) -> Found | None:
    money = _money_at(line, first, _PERHAPS_KRONOR)
    if not money or line.at(money.stop).key in _OTHER_CURRENCIES:
        return None
    after = line.at(money.stop)
    another = after.is_numeric and not _money_at(line, money.stop, _PERHAPS_KRONOR)
    apart = after.stands_between or after.text.istitle() or after.key in _LEADS_ON or another
    return money if apart else None


def _written_at(line: TypedLine, first: int) -> _Written | None:
    """Between thousands may stand one space of any width."""
    found = _NUMBER.fullmatch(line.at(first).plain)
    if not found or _continues(line, first):
        return None
    said, stop = [found[1]], first + 1
    while not found[2] and said[-1].isdigit() and len(said[0]) <= 3:  # noqa: PLR2004 - thousands
        more = _THOUSANDS.fullmatch(line.at(stop).plain)
        if not more or len(line.gap(stop)) != 1:
            break
        found, stop = more, stop + 1
        said.append(found[1])
    return _Written(" ".join(said), fold(found[2] or ""), stop)


def _continues(line: TypedLine, first: int) -> bool:
    """Whether it may be the end of a longer number, parted in a way that is not read: "1  160"."""
    said, before = line.at(first).plain, line.at(first - 1).plain
    three_digits = _THOUSANDS.match(said) and not said[3:4].isdigit()
    return bool(three_digits and _BEGINS_THOUSANDS.fullmatch(before))


class _Unit(NamedTuple):
    said: Phrase
    stop: int


def _unit_of(line: TypedLine, written: _Written, units: Collection[Phrase]) -> _Unit | None:
    """The longest that follows the number, its first letters perhaps joined to it."""
    joined = (written.joined,) if written.joined else ()
    stops = {unit: written.stop + len(unit) - len(joined) for unit in units}
    fitting = [
        unit for unit, stop in stops.items() if joined + line.keys(written.stop, stop) == unit
    ]
    longest = max(fitting, key=len, default=None)
    return None if longest is None else _Unit(longest, stops[longest])


def _normal(said: str) -> str | None:
    """With a point and no zeros that say nothing. Not what may be thousands as well: "1.250"."""
    if _THOUSANDS_OR_DECIMALS.fullmatch(said):
        return None
    try:
        whole, _, decimals = f"{number(said):f}".partition(".")
    except ValueError:
        return None
    return f"{whole}.{decimals.rstrip('0')}".rstrip(".")


def _in_kronor(said: str, unit: str) -> str | None:
    """As a form reads it. Not a bare "1,16", which is no number of kronor, nor "1.160 mkr"."""
    try:
        amount, bare = kronor(f"{said} {unit}"), number(said)
    except ValueError:
        return None
    either = _THOUSANDS_OR_DECIMALS.fullmatch(said)
    unclear = either and either[1] == "." and MULTIPLES[unit] > 1
    return None if unclear or (not unit and bare != amount) else str(amount)


# ---- what stands around it ---------------------------------------------------------------------


def _given(line: TypedLine, first: int, read_at: _ReadAt, bare: Found | None) -> Found | None:
    """With its unit, or else bare. No range, and nothing in euros."""
    plain = bare if bare and _ends_value(line.at(bare.stop)) else None
    found = read_at(line.after(first, ROUGHLY)) or plain
    if not found or line.at(found.stop).key in _OTHER_CURRENCIES:
        return None
    another = _leads_on(line, found.stop) and read_at(found.stop + 1)
    return None if another or _starts_range(line, found.stop) else found


def _ends_value(word: Word) -> bool:
    """Whether a number can end before it: what else follows may be a unit that nobody knows."""
    return word.stands_between or word.is_numeric or word.text.istitle() or word.key in LINKS


def _is_rate(line: TypedLine, stop: int) -> bool:
    """ "40 kr per person", "500 kr/m2"; not "15 ha/40 mkr"."""
    after = line.at(stop + 1)
    joined = not line.gap(stop) and not line.gap(stop + 1)
    over = line.at(stop).key == "/" and joined and after.is_ordinary and not after.is_numeric
    return over or line.at(stop).key == "per"


def _clear(line: TypedLine, read_at: _ReadAt) -> Iterator[Found]:
    """Those that are no end of a range: "15 - 20 ha", "40 mkr till 50 mkr"."""
    amounts = tuple(line.each(read_at))
    firsts, stops = {amount.first for amount in amounts}, {amount.stop for amount in amounts}
    for amount in amounts:
        first, stop = amount.first, amount.stop
        starts = _starts_range(line, stop) or (stop + 1 in firsts and _leads_on(line, stop))
        ends = _ends_range(line, first) or (first - 1 in stops and _leads_on(line, first - 1))
        if not (starts or ends):
            yield amount


def _leads_on(line: TypedLine, index: int) -> bool:
    return line.at(index).key in _TO_ANOTHER


def _ends_range(line: TypedLine, first: int) -> bool:
    between = _leads_on(line, first - 1) and line.at(first - 2).is_numeric
    return between or ends_range(line, first)


def _starts_range(line: TypedLine, stop: int) -> bool:
    """ "15 ha - 20", but not "15 ha - 24 deltagare"."""
    other = _written_at(line, stop + 1) if _leads_on(line, stop) else None
    return bool(other and not other.joined and line.at(other.stop).stands_between)
