"""Numbers and amounts of money as people write them."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from bot.language import N_

MOST_KRONOR = 10**13
"""More than the country earns in a year: what is above is a slip of the finger."""

MULTIPLES = {
    **dict.fromkeys(("", "kr", "kronor", "krona", "sek", ":-"), 1),
    **dict.fromkeys(("tkr", "tusen", "tusen kronor", "tusen kr", "ksek", "kkr"), 10**3),
    **dict.fromkeys(
        ("mkr", "mnkr", "msek", "miljon", "miljoner", "milj", "milj.", "m", "mn", "million",
         "millions", "miljoner kr", "miljoner kronor", "miljon kronor", "milj kr", "milj. kr",
         "million sek"), 10**6),
    **dict.fromkeys(
        ("mdkr", "mdr", "mdr kr", "miljard", "miljarder", "miljarder kr", "miljarder kronor",
         "miljard kronor", "bn", "billion", "billion sek"), 10**9),
}  # fmt: skip
"""Kronor in what may stand after a number, in small letters. A billion is the English one."""

_SPACES = "[ \\u00a0\\u2009\\u202f]"
_WHOLE = rf"[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+|[0-9]{{1,3}}(?:\.[0-9]{{3}}){{2,}}|[0-9]+"
_WRITTEN = re.compile(rf"(?P<whole>{_WHOLE})(?:[.,](?P<decimals>[0-9]+))?")
_AMOUNT = re.compile(rf"(?P<number>{_WRITTEN.pattern}){_SPACES}*(?P<unit>[^\d\s].*)?")
_THOUSANDS = re.compile(rf"([1-9][0-9]{{0,2}}(?:{_SPACES}[0-9]{{3}})*)[.,]([0-9]{{3}})")
_PARTED = re.compile(rf"[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+")
_LONGEST = 40


def number(text: str) -> Decimal:
    """`1 160 292`, `2,5` or `2.5`: thousands may be parted by a space of any width, or by points
    where there are several. ValueError for anything else, and for more than 40 characters."""
    found = _WRITTEN.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError(f"{text!r} is no number")
    whole = re.sub(r"[^0-9]", "", found["whole"])
    return Decimal(f"{whole}.{found['decimals']}" if found["decimals"] else whole)


def kronor(text: str) -> int:
    """`1160292`, `1 160 292 kr` or `1,16 mkr` in whole kronor; parts of a krona are rounded. There
    are no thousandths of a krona: `850.000 kr` and `850,000 kr` are thousands.

    ValueError for anything else.
    """
    found = _AMOUNT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    unit = re.sub(rf"{_SPACES}+", " ", (found and found["unit"]) or "").strip().lower()
    if found is None or unit not in MULTIPLES:
        raise ValueError(f"{text!r} is no amount of money")
    multiple = MULTIPLES[unit]
    thousands = _THOUSANDS.fullmatch(found["number"]) if multiple == 1 else None
    amount = number(" ".join(thousands.groups()) if thousands else found["number"])
    return int((amount * multiple).to_integral_value())


def whole(text: str) -> str:
    """`1 200`, its thousands parted by a space of any width, as digits alone. ValueError for
    anything else that is not digits: `1.200` and `1,200` may be thousands, or a little more than
    one."""
    said = text.strip()
    if _PARTED.fullmatch(said):
        return re.sub(_SPACES, "", said)
    if not re.fullmatch(r"-?[0-9]+", said):
        raise ValueError(f"{text!r} is no whole number")
    return said


NO_AMOUNT = N_("Write an amount in kronor, for example 1 160 292 or 1,16 mkr.")
NO_NUMBER = N_("Write a number, for example 2,5.")
NO_WHOLE = N_("Write a whole number in figures, for example 1 200, without a point or a comma.")


def _as_kronor(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return kronor(str(value) if isinstance(value, str) else "")
    except ValueError:
        raise _refused("amount", NO_AMOUNT) from None


def _as_number(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    try:
        return number(value if isinstance(value, str) else "")
    except ValueError:
        raise _refused("number", NO_NUMBER) from None


def _as_whole(value: object) -> object:
    try:
        return whole(value) if isinstance(value, str) else value
    except ValueError:
        raise _refused("whole", NO_WHOLE) from None


def _refused(code: str, sentence: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{sentence}", {"sentence": sentence, "values": {}})


Kronor = Annotated[int, BeforeValidator(_as_kronor), Field(ge=0, le=MOST_KRONOR)]
Number = Annotated[Decimal, BeforeValidator(_as_number), Field(ge=0, le=1_000_000)]
Whole = Annotated[int, BeforeValidator(_as_whole)]
