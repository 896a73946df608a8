"""The days of a year on which Swedish offices are closed, weekends aside.

Public holidays as the law has had them since 2005 (1989:253, om allmänna helgdagar), and the three
eves that the law on leave (1977:480, 7 §) has count as Sundays. Written here because that is all
there is to it, while the library that knows all countries' takes 10 MB and a twentieth of a start.
A test holds these against it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

_DAY = timedelta(days=1)
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6


def holidays(year: int) -> Iterator[date]:
    """Those that always fall on a Sunday are left out. Right for the years 2005 to 2199."""
    for month, day in ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)):
        yield date(year, month, day)
    easter = _easter(year)
    yield easter - 2 * _DAY  # Good Friday
    yield easter + _DAY
    yield easter + 39 * _DAY  # Ascension
    yield _first(_FRIDAY, date(year, 6, 19))  # Midsummer's Eve
    yield _first(_SATURDAY, date(year, 6, 20))  # Midsummer
    yield _first(_SATURDAY, date(year, 10, 31))  # All Saints


def _easter(year: int) -> date:
    """The first Sunday after the full moon of spring, as the Church has reckoned it since Gauss.
    https://en.wikipedia.org/wiki/Date_of_Easter#Gauss's_Easter_algorithm"""
    in_cycle = year % 19
    after_equinox = (19 * in_cycle + 24) % 30  # 24 holds from 1900 to 2199
    a_day_late = (after_equinox, in_cycle) > (28, 10)
    full_moon = date(year, 3, 21) + (after_equinox - a_day_late) * _DAY
    return _first(_SUNDAY, full_moon + _DAY)


def _first(weekday: int, day: date) -> date:
    """The first such weekday from this day on."""
    return day + (weekday - day.weekday()) % 7 * _DAY
