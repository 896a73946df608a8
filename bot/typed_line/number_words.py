"""Numbers in words, from two to a hundred: "en" and "one" are articles more often than numbers."""

from bot.typed_line.words import Phrase, phrase


def _spelt(small: Phrase, tens: Phrase, ones: tuple[str, ...], between: str = "") -> dict[str, int]:
    """`small` begin with two, `tens` with twenty."""
    alone = {word: n for n, word in enumerate(small, 2)}
    to_nine = [(word, n) for word, n in alone.items() if n < 10] + [(one, 1) for one in ones]  # noqa: PLR2004 - the last before ten
    even = {ten: 10 * n for n, ten in enumerate(tens, 2)}
    joined = {f"{ten}{between}{word}": n + m for ten, n in even.items() for word, m in to_nine}
    return alone | even | joined


_SWEDISH = _spelt(
    phrase(
        "två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton "
        "arton nitton"
    ),
    phrase("tjugo trettio fyrtio femtio sextio sjuttio åttio nittio"),
    ("en", "ett"),
)
_ENGLISH = _spelt(
    phrase(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen"
    ),
    phrase("twenty thirty forty fifty sixty seventy eighty ninety"),
    ("one",),
    between="-",
)
IN_WORDS = {**_SWEDISH, **_ENGLISH, "hundra": 100, "hundred": 100}
"""By the word without accents: "tva", "tjugofem", "twenty-five"."""
