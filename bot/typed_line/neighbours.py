"""What stands around an answer: the small words that lead to it, and the other end of a range."""

from bot.typed_line.calendar_words import MONTHS
from bot.typed_line.words import ANDS, DASHES, TypedLine, phrases

_PREPOSITIONS = (
    "i på med m m. för från till hos vid av inför mellan den in on with for from at by between the"
)
_TOGETHER = (
    *("tillsammans med", "ihop med", "i samarbete med", "i samverkan med", "together with"),
    *("tillsammans m", "ihop m", "tills m", "samarbete med", "samverkan med"),
    *("vi och", "vi samt", "vi i kommunen och", "we and"),
)
ROUGHLY = phrases("ca", "ca.", "cirka", "ungefär", "omkring", "runt", "drygt", "about", "around")
LEADS = phrases(*_TOGETHER, *_PREPOSITIONS.split())
COMPANY = phrases(*_TOGETHER, "med", "m", "m.", "with", "&", "+")
"""What joins whom it names to whoever speaks."""
ABOUT = frozenset(("om", "kring", "about"))
LINKS = frozenset(lead[-1] for lead in LEADS) | ABOUT | ANDS | {"kl", "under", "at", "åt"}
"""Small words that join what stands on either side, not words of a name."""

NOT = frozenset(
    (
        *("ej", "inte", "ingen", "inget", "inga", "icke", "utan", "nej"),
        *("no", "not", "non", "without"),
    )
)


def with_lead(line: TypedLine, first: int, stop: int) -> tuple[int, int]:
    """Wider by the small words that lead to it ("och i Kumla"), by an "och" that then joins
    nothing, and by brackets around it."""
    first = line.before(first, LEADS)
    first -= line.at(first - 1).key in ANDS
    stop += line.at(stop).key in ANDS and not line.at(first - 1).is_ordinary
    if (line.at(first - 1).key, line.at(stop).key) == ("(", ")"):
        return first - 1, stop + 1
    return first, stop


def ends_range(line: TypedLine, first: int) -> bool:
    """The later end of a range ("12 - 14 mars", "20 - 25 deltagare"), or below zero."""
    before = line.at(first - 2)
    starts = before.is_numeric or before.plain in MONTHS or not line.gap(first)
    return line.at(first - 1).key in DASHES and starts


def starts_range(line: TypedLine, stop: int) -> bool:
    return line.at(stop).key in DASHES and line.at(stop + 1).is_numeric
