"""Words for days in Swedish and English."""

from bot.typed_line.words import fold, phrase


def _by_number(*names: str, first: int) -> dict[str, int]:
    """Names as they are written, the long ones also without accents. Not the short ones: "mån"
    is a Monday, "man" is not."""
    spelt = [(name, n) for n, row in enumerate(names, first) for name in row.split()]
    return {fold(name): n for name, n in spelt if len(name) > 4} | dict(spelt)  # noqa: PLR2004 - see above


MONTHS = _by_number(
    *("januari january jan", "februari february feb", "mars march mar", "april apr", "maj may"),
    *("juni june jun", "juli july jul", "augusti august aug", "september sept sep"),
    *("oktober october okt oct", "november nov", "december dec"),
    first=1,
)
_ONLY_SWEDISH = frozenset(
    ("januari", "februari", "mars", "maj", "juni", "juli", "augusti", "oktober", "okt")
)
ENGLISH_MONTHS = {name: n for name, n in MONTHS.items() if name not in _ONLY_SWEDISH}
WEEKDAYS = _by_number(
    "måndag måndagen mån monday mon",
    "tisdag tisdagen tis tuesday tues tue",
    "onsdag onsdagen ons wednesday wed",
    "torsdag torsdagen tors tor thursday thurs thu",
    "fredag fredagen fre friday fri",
    "lördag lördagen lör saturday sat",
    "söndag söndagen sön sunday sun",
    first=0,
)
LAST_WEEKDAYS = {f"i{name}s": n for name, n in WEEKDAYS.items() if name.endswith("dag")}
"""Written together: "ifredags"."""
DAYS_FROM_TODAY = {
    phrase(words): days
    for days, said in {
        -2: ("i förrgår", "iförrgår", "förrgår", "the day before yesterday"),
        -1: ("i går", "igår", "yesterday"),
        0: ("i dag", "idag", "today"),
        1: ("i morgon", "imorgon", "tomorrow"),
        2: ("i övermorgon", "iövermorgon", "övermorgon", "the day after tomorrow"),
    }.items()
    for words in said
}
