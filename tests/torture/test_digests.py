"""One digest a week, whatever happens to those who are to send it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random

from bot.ledger.engine import connect
from tests import databases
from tests.bot.ledger.cast import at_once
from tests.torture.house import (
    CHANNEL,
    LONG_PLAN,
    STOCKHOLM,
    Chance,
    House,
    MortalLedger,
    Worker,
    weeks_of,
)

WORKERS = 4
ONCE_IN = 40
"""A worker dies at every so-manieth use of the database: about every fourth round."""

A_MOMENT = timedelta(seconds=1)


class Crowd:
    """Workers that race, and are killed at any use of the database; each is replaced at once."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.chances = [Chance(Random(seed + n), ONCE_IN) for n in range(WORKERS)]
        self.workers = [
            house.worker(house.opened(MortalLedger(connect(house.url), chance)))
            for chance in self.chances
        ]
        self.pool = ThreadPoolExecutor(WORKERS)

    def race(self) -> None:
        list(self.pool.map(lambda worker: worker.rings("digest", "delivery"), self.workers))

    def works_until_all_is_said(self, week: str) -> None:
        # Some minutes: what a dead worker was about to say is looked for after one.
        for _ in range(30):
            self.race()
            if self.said(week) == 2 and not self.house.ledger.read(self.house.unsettled):
                return
            self.house.passes(31)

    def said(self, week: str) -> int:
        return len(self.house.said(f"digest:{week}:"))

    @property
    def killed(self) -> int:
        return sum(chance.killed for chance in self.chances)


def test_every_week_has_its_digest_once_however_many_workers_are_killed(url, rounds, figures):
    weeks = list(weeks_of(*range(2024, 2036))) if rounds(0, 1) else list(weeks_of(2026))[40:]
    house = House(url, LONG_PLAN, weeks[0][1] - timedelta(days=1))
    crowd = Crowd(house, seed=2026)
    for week, due in weeks:
        house.clock.set(due - A_MOMENT)
        crowd.workers[0].rings("digest", "delivery")
        assert crowd.said(week) == 0
        house.clock.set(due)
        crowd.works_until_all_is_said(week)
    crowd.pool.shutdown()
    _each_once_and_in_its_time(house, weeks)
    figures(f"{len(weeks)} weeks, {crowd.killed} workers killed: 0 missing, 0 twice")
    house.close()


def _each_once_and_in_its_time(house: House, weeks: list[tuple[str, datetime]]) -> None:
    rows = house.ledger.read(lambda books: books.occasions.of_alarm("digest"))
    assert [(row.period, row.due_at, row.skipped) for row in rows] == [
        (week, due, ()) for week, due in weeks
    ]
    keys = [f"digest:{week}:{CHANNEL}{part}" for week, _ in weeks for part in ("", ":detail")]
    assert [each.words for each in house.door.landed] == keys
    first = {each.words: each.at for each in reversed(house.door.landed)}
    for week, due in weeks:
        waited = first[f"digest:{week}:{CHANNEL}"] - due
        assert timedelta(0) <= waited < timedelta(minutes=15), week


def test_the_year_that_is_walked_through_has_what_makes_years_hard():
    """The oracle itself: 53 weeks, both halves of the year, Mondays that are holidays."""
    weeks = dict(weeks_of(*range(2024, 2036)))
    assert len(weeks) == 626
    assert [year for year in range(2024, 2036) if f"{year}-v53" in weeks] == [2026, 2032]
    local = [due.astimezone(STOCKHOLM) for due in weeks.values()]
    assert {at.time().isoformat() for at in local} == {"08:00:00"}
    assert {due.hour for due in weeks.values()} == {6, 7}
    moved = [at for at in local if at.weekday() != 0]
    assert len(moved) == 26


def test_workers_whose_clocks_differ_do_not_name_a_week_as_skipped_that_was_said(
    url, rounds, figures
):
    """After downtime one may still see last week's digest as the latest, another this week's."""
    (_, first), _, (_, due) = list(weeks_of(2026))[20:23]
    races = rounds(5, 50)
    for _ in range(races):
        house = House(url, LONG_PLAN, first - timedelta(hours=1))
        databases.empty(house.ledger._engines.writing)
        house.worker().rings("digest")
        house.clock.set(first)
        house.worker().rings("digest")
        workers = [_with_a_clock_at(house, due - A_MOMENT), _with_a_clock_at(house, due)]
        at_once([lambda worker=worker: worker.rings("digest") for worker in workers])
        rows = house.ledger.read(lambda books: books.occasions.of_alarm("digest"))
        claimed = {row.period for row in rows}
        assert not claimed & {week for row in rows for week in row.skipped}
        house.close()
    figures(f"{races} races of two: 0 weeks said and named as skipped")


def _with_a_clock_at(house: House, moment: datetime) -> Worker:
    ahead = House(house.url, house.plan, moment)
    house.opened(ahead.ledger)
    return ahead.worker()
