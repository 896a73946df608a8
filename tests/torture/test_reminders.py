"""Reminders across both changes of the clock: each once, at the wall time that was meant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from bot.recurrence import Kind, Rule, next_occasions, occasions_by
from tests.torture.house import ROUND_THE_CLOCK, STOCKHOLM, House

QUARTERS = [time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)]
A_QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)


def changes(*years: int) -> Iterator[date]:
    """The last Sundays of March and October: directive 2000/84/EC."""
    for year in years:
        for month in (3, 10):
            last = date(year, month, 31)
            yield last - (last.weekday() + 1) % 7 * DAY


@cache
def minutes_of(day: date) -> tuple[tuple[time, datetime], ...]:
    """Every minute of a local day with its instant, as the clocks in Sweden show them."""
    start = datetime.combine(day - DAY, time(12), UTC)
    instants = (start + timedelta(minutes=n) for n in range(36 * 60))
    shown = ((instant.astimezone(STOCKHOLM), instant) for instant in instants)
    return tuple((wall.time(), instant) for wall, instant in shown if wall.date() == day)


def meant(day: date, at: time) -> datetime:
    """A time that there is twice means the first; one that there is not, the first after it."""
    exactly = [instant for wall, instant in minutes_of(day) if wall == at]
    return exactly[0] if exactly else next(i for wall, i in minutes_of(day) if wall > at)


def test_every_quarter_of_every_day_around_every_change_has_its_one_occasion(rounds, figures):
    years = range(2024, 2024 + rounds(3, 12))
    checked = 0
    for change in changes(*years):
        for day in (change + n * DAY for n in range(-3, 4)):
            for at in QUARTERS:
                rule = Rule(Kind.WEEKLY, day - 7 * DAY, at, working_days_only=False)
                eve = datetime.combine(day - 2 * DAY, time(12), UTC)
                coming = next_occasions(rule, eve, 1, STOCKHOLM)
                assert [(one.day, one.moment) for one in coming] == [(day, meant(day, at))]
                _has_come_from_then_on(rule, coming[0].key, meant(day, at))
                checked += 1
    figures(f"{checked} reminders around {2 * len(years)} changes: each once, at its wall time")


def _has_come_from_then_on(rule: Rule, key: str, moment: datetime) -> None:
    for n in (-5, -4, -1, 0, 1, 4, 5):
        found = next(occasions_by(rule, moment + n * A_QUARTER, STOCKHOLM))
        assert (found.key == key) == (n >= 0)


@pytest.mark.parametrize("change", list(changes(2026)), ids=str)
def test_the_whole_loop_says_each_once_at_its_time(change, url, rounds, figures):
    quarters = QUARTERS[: rounds(20, len(QUARTERS))]
    house = House(url, ROUND_THE_CLOCK, meant(change - 2 * DAY, time(12)))
    made = {house.reminds(change, at): at for at in quarters}
    end = meant(change, quarters[-1]) + timedelta(hours=2)
    worker = house.worker()
    house.clock.set(meant(change, time(0)) - 2 * A_QUARTER)
    while house.clock() <= end:
        worker.rings("reminders")
        house.passes(A_QUARTER.total_seconds())
    said = {number: _said_at(house, number) for number in made}
    assert said == {number: [meant(change, at)] for number, at in made.items()}
    figures(f"{len(made)} reminders in one day: each once, at its time")
    house.close()


def _said_at(house: House, reminder: int) -> list[datetime]:
    def work(books):
        keys = books.outbox.keys_beginning(f"reminder:{reminder}:")
        return [books.outbox.get(key).created_at for key in keys]

    return house.ledger.read(work)
