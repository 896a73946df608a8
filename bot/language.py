"""What is said, in the reader's language: gettext for sentences, Babel for dates and numbers.

Msgids are English. Swedish is the default and complete. The catalogue is read from its `.po`
file at first use, so nothing has to be compiled when a sentence changes.
"""

import gettext
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Code = Literal["sv", "en"]
CODES: tuple[Code, ...] = get_args(Code)
LOCALE_FOLDER = Path(__file__).parent / "locale"
_BABEL = {"sv": "sv_SE", "en": "en_GB"}

Number = int | Decimal | Fraction

_MILLION = 1_000_000


def N_(msgid: str) -> str:  # noqa: N802 - gettext's customary name for "translate this later"
    """Mark a sentence that stands in data for the catalogue; it is translated when it is said."""
    return msgid


class Language:
    """One language's voice. Short method names, because they stand in every sentence."""

    def __init__(self, code: Code, catalogue: gettext.NullTranslations) -> None:
        self.code = code
        self._catalogue = catalogue
        self._babel = Locale.parse(_BABEL[code])

    def t(self, msgid: str, /, **values: object) -> str:
        """The sentence with its values put in."""
        sentence = self._catalogue.gettext(msgid) if msgid else ""
        return sentence.format(**values) if values else sentence

    def n(self, one: str, many: str, count: Number, /, **values: object) -> str:
        """The sentence for a count. In both languages only exactly 1 takes the singular."""
        form = 1 if count == 1 else 2
        sentence = self._catalogue.ngettext(one, many, form)
        return sentence.format(count=self.number(count), **values)

    def pick(self, texts: dict[Code, str]) -> str:
        """The plan's text in this language, or in the one it has."""
        return texts.get(self.code) or next(iter(texts.values()))

    def inline(self, label: str) -> str:
        """A label as it stands within a sentence. English keeps its capitals: “Swedish talent”."""
        return label[:1].lower() + label[1:] if self.code == "sv" else label

    def day(self, day: date) -> str:
        """12 mars 2026."""
        return dates.format_date(day, "d MMMM y", self._babel)

    def dated(self, day: date, near: date) -> str:
        """12 mars; with its year where that is another than of the day it stands near: today, or
        what a page is about."""
        if day.year != near.year:
            return self.day(day)
        return dates.format_date(day, "d MMM" if self.code == "en" else "d MMMM", self._babel)

    def days(self, first: date, last: date) -> str:
        """1–30 april 2026, 28 mars–3 april 2026, 1 januari 2026–31 december 2027."""
        if first == last:
            return self.day(last)
        pattern = "d MMMM y"
        if first.year == last.year:
            pattern = "d" if first.month == last.month else "d MMMM"
        return f"{dates.format_date(first, pattern, self._babel)}–{self.day(last)}"

    def weekday(self, day: date, near: date) -> str:
        """torsdag 12 mars; with its year as `dated` has it: tisdag 1 januari 2030."""
        pattern = "EEEE d MMMM" if day.year == near.year else "EEEE d MMMM y"
        return dates.format_date(day, pattern, self._babel)

    def weekday_name(self, day: date) -> str:
        """torsdag."""
        return dates.format_date(day, "EEEE", self._babel)

    def moment(self, moment: datetime, zone: ZoneInfo, near: date) -> str:
        """torsdag 12 mars kl. 08.00; with its year as `dated` has it."""
        local = moment.astimezone(zone)
        day = self.weekday(local.date(), near)
        return self.t("{day} at {time}", day=day, time=self.time(local))

    def time(self, moment: datetime) -> str:
        """08.00 in Swedish, 08:00 in English."""
        return f"{moment:%H.%M}" if self.code == "sv" else f"{moment:%H:%M}"

    def number(self, value: Number, decimals: int = 1) -> str:
        """1 160 292, 1,5 or −3: no-break spaces, a real minus, at most `decimals` decimals."""
        ratio = Fraction(value)
        exact = Decimal(ratio.numerator) / Decimal(ratio.denominator)
        pattern = "#,##0." + "#" * decimals if decimals else "#,##0"
        written = numbers.format_decimal(exact, format=pattern, locale=self._babel)
        return written.replace("-", "−")

    def money(self, kronor: Number) -> str:
        """850 000 kr, 40 mkr or 1,16 mkr: in millions where it is that much, to two decimals."""
        if -_MILLION < kronor < _MILLION:
            return self.exact_money(kronor)
        return self.t("SEK {number} million", number=self.number(Fraction(kronor) / _MILLION, 2))

    def exact_money(self, kronor: Number) -> str:
        """40 000 000 kr."""
        return self.t("SEK {number}", number=self.number(kronor, 0))

    def percent(self, share: Number, decimals: int = 0) -> str:
        """20 % in Swedish (no-break space), 20% in English."""
        return self.t("{number}%", number=self.number(Fraction(share) * 100, decimals))

    def listed(self, items: Iterable[str]) -> str:
        """Kumla, Hallsberg och Askersund."""
        words = list(items)
        if len(words) < 2:  # noqa: PLR2004 - one word needs no joining
            return "".join(words)
        return self.t("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])


@cache
def language(code: Code) -> Language:
    return Language(code, _catalogue(code))


def _catalogue(code: Code) -> gettext.NullTranslations:
    path = LOCALE_FOLDER / code / "LC_MESSAGES" / "brobot.po"
    if code == "en":
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
