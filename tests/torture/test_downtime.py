"""Nothing ran for a while, or the clock was moved: what was due comes once, or is said to be left
out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.ledger.occasions import EVERYBODY, OccasionState
from bot.ledger.store import Books
from bot.reminders import moment_of
from tests import databases
from tests.torture.house import AMIR, CHANNEL, LONG_PLAN, STOCKHOLM, House, is_off, weeks_of

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LENGTHS = (SECOND, HOUR, 3 * DAY, 10 * DAY)
TOO_LATE = 7 * DAY

DUE = dict(weeks_of(2025, 2026, 2027))
AROUND = {
    "an ordinary week": DUE["2026-v20"],
    "summer time begins the day before": DUE["2026-v13"],
    "summer time ends the day before": DUE["2026-v43"],
    "Easter Monday": DUE["2026-v14"],
    "Christmas and week 53": DUE["2026-v52"],
}


@dataclass(frozen=True)
class Downtime:
    """Nothing runs after `start` and before `end`: at both there is a round."""

    start: datetime
    end: datetime

    def runs_at(self, moment: datetime) -> bool:
        return not self.start < moment < self.end


def downtimes(due: datetime) -> Iterator[Downtime]:
    """Of every length: over before it is due or just then, across it, begun just then or after."""
    for length in LENGTHS:
        before, across = due - length - SECOND, due - length / 2
        for start in (before, due - length, across, due, due + SECOND):
            yield Downtime(start, start + length)


SCENES = [(due, downtime) for due in AROUND.values() for downtime in downtimes(due)]


def local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, STOCKHOLM).astimezone(UTC)


def looks(due: datetime, down: Downtime, *more: datetime) -> list[datetime]:
    """The moments of a worker's rounds: some hours of each day, and all edges."""
    days = (due.astimezone(STOCKHOLM).date() + n * DAY for n in range(-12, 15))
    hours = (time(0), time(8), time(9), time(16, 59), time(17))
    grid = [local(day, hour) for day in days for hour in hours]
    every = {*grid, *more, down.start, down.end, down.start - SECOND, down.end + SECOND}
    return sorted(each for each in every if down.runs_at(each))


HouseAt = Callable[[datetime], House]


@pytest.fixture
def house_at(url: str) -> HouseAt:
    """Another house, in which nothing has happened yet."""

    def make(begins: datetime) -> House:
        house = House(url, LONG_PLAN, begins)
        databases.empty(house.ledger._engines.writing)
        return house

    return make


# --- The digest


def test_after_downtime_the_latest_digest_comes_once_and_names_what_was_skipped(
    house_at, share, figures
):
    tried = share(SCENES, 20, 1)
    for due, down in tried:
        moments = looks(due, down, *DUE.values())
        moments = [each for each in moments if due - 12 * DAY <= each <= due + 15 * DAY]
        house = house_at(moments[0])
        worker = house.worker()
        for moment in moments:
            house.clock.set(moment)
            worker.rings("digest")
        assert _published(house) == list(_expected(moments)), (due, down)
        house.close()
    figures(f"{len(tried)} of {len(SCENES)} times of downtime: 0 twice, 0 weeks without a word")


Said = tuple[str, datetime, tuple[str, ...]]
"""A week, when its digest was put in the outbox, and the weeks that it names as skipped."""


def _expected(moments: list[datetime]) -> Iterator[Said]:
    done = {week for week, due in DUE.items() if due < moments[0]}
    for moment in moments:
        waiting = [week for week, due in DUE.items() if due <= moment and week not in done]
        if waiting:
            yield waiting[-1], moment, tuple(waiting[:-1])
        done |= set(waiting)


def _published(house: House) -> list[Said]:
    def work(books: Books) -> list[Said]:
        rows = books.occasions.of_alarm("digest")
        keys = [f"digest:{row.period}:{CHANNEL}" for row in rows]
        found = [books.outbox.get(key) for key in keys]
        assert len(books.outbox.keys_beginning("digest:")) == 2 * len(rows)
        return [
            (row.period, each.created_at, row.skipped)
            for row, each in zip(rows, found, strict=True)
            if each is not None
        ]

    return house.ledger.read(work)


# --- Reminders


@pytest.mark.parametrize("when", ["weekly", "once"])
def test_after_downtime_a_reminder_comes_once_or_the_admins_hear_that_it_did_not(
    when, house_at, share, figures
):
    tried, left_out = share(SCENES, 20, 1), 0
    for due, down in tried:
        first = due.astimezone(STOCKHOLM).date() - (7 * DAY if when == "weekly" else 0 * DAY)
        moments = looks(due, down)
        house = house_at(moments[0])
        house.reminds(first, time(8), when=when)
        worker = house.worker()
        for moment in moments:
            house.clock.set(moment)
            worker.rings("reminders")
        coming = _coming(first, moments[-1], when)
        missed = set(_missed(coming, moments))
        assert _fates(house) == {each: each in missed for each in coming}, (due, down)
        assert _admins_told(house) == bool(missed)
        left_out += len(missed)
        house.close()
    figures(
        f"{len(tried)} of {len(SCENES)} times of downtime: 0 twice, "
        f"{left_out} left out and said to be"
    )


def _coming(first: date, until: datetime, when: str) -> list[datetime]:
    days = [first + n * 7 * DAY for n in range(6 if when == "weekly" else 1)]
    every = [local(day, time(8)) for day in days]
    return [each for each in every if each <= until]


def _missed(coming: list[datetime], moments: list[datetime]) -> Iterator[datetime]:
    """What no round could still say: before the next comes, in working hours, within a week."""
    for each, following in zip(coming, [*coming[1:], None], strict=True):
        chances = (at for at in moments if each <= at and (following is None or at < following))
        if not any(_is_open(at, each) and at - each <= TOO_LATE for at in chances):
            yield each


def _is_open(at: datetime, occasion: datetime) -> bool:
    here, own = at.astimezone(STOCKHOLM), occasion.astimezone(STOCKHOLM)
    in_hours = time(8) <= here.time() < time(17)
    return in_hours and (here.date() == own.date() or not is_off(here.date()))


def _fates(house: House) -> dict[datetime, bool]:
    """Each occasion, and whether it was left out. Each is in the books once, in one way."""

    def work(books: Books) -> list[tuple[datetime, bool]]:
        rows = [row for row in books.occasions.of_alarm("reminder:1") if row.recipient == EVERYBODY]
        said = [(moment_of(row.period), row.state is OccasionState.DROPPED) for row in rows]
        return said + [(moment_of(each), True) for row in rows for each in row.skipped]

    found = house.ledger.read(work)
    assert len({moment for moment, _ in found}) == len(found)
    _each_is_in_the_outbox(house, [moment for moment, left_out in found if not left_out])
    return dict(found)


def _each_is_in_the_outbox(house: House, said: Iterable[datetime]) -> None:
    """But for a second one on the same day: nobody gets more than one a day on a subject."""
    keys = house.ledger.read(lambda books: books.outbox.keys_beginning("reminder:1:"))
    days = {key.rpartition(":")[2] for key in keys}
    assert len(days) == len(keys)
    assert len(keys) <= len(list(said))
    assert bool(keys) == bool(list(said))


def _admins_told(house: House) -> bool:
    keys = house.ledger.read(lambda books: books.outbox.keys_beginning("reminder-missed:1:"))
    assert all(key.endswith(AMIR) for key in keys)
    return bool(keys)


# --- The clock itself is moved


STEPS = (HOUR, -HOUR, DAY, -DAY)
OFFSETS = [timedelta(minutes=n) for n in (-90, -61, -60, -30, -1, 0, 1, 30, 59, 60, 90)]
WRONG_FOR = (timedelta(minutes=10), 3 * HOUR)


def test_a_clock_that_is_set_wrong_and_right_again_makes_nothing_come_twice_or_not_at_all(
    house_at, share, figures
):
    every = [
        (due, step, due + offset, wrong_for)
        for due in (DUE["2026-v20"], DUE["2026-v43"])
        for step in STEPS
        for offset in OFFSETS
        for wrong_for in WRONG_FOR
    ]
    tried = share(every, 29, 2)
    for due, step, begins, wrong_for in tried:
        house = house_at(due - 3 * DAY)
        house.reminds(due.astimezone(STOCKHOLM).date(), time(8, 30), when="once")
        worker = house.worker()
        for moment in _rounds_around(due):
            wrong = begins <= moment < begins + wrong_for
            house.clock.set(moment + step if wrong else moment)
            worker.rings("digest", "reminders", "delivery")
        week = next(week for week, at in DUE.items() if at == due)
        assert len(house.said(f"digest:{week}:")) == 2, (step, begins, wrong_for)
        assert len(house.said("reminder:1:")) == 1, (step, begins, wrong_for)
        assert house.twice() == house.said("reminder-missed") == []
        house.close()
    figures(f"{len(tried)} of {len(every)} ways to move the clock: 0 twice, 0 missed")


def _rounds_around(due: datetime) -> Iterator[datetime]:
    """Once in a while, every ten minutes on the day itself, and once in a while."""
    yield from (due - 3 * DAY + n * 6 * HOUR for n in range(11))
    yield from (due - 2 * HOUR + n * timedelta(minutes=10) for n in range(7 * 6))
    yield from (due + 6 * HOUR + n * 3 * HOUR for n in range(16))
