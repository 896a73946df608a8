"""A worker that gets nothing done says so, is not ready, and ends: it never dies silently."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from bot.compose.web import worker_lives
from bot.ledger import writer
from bot.ledger.engine import Engines, connect
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger
from bot.people import Role
from schedules.clockwork import _ringing
from schedules.watchdog import LOOKS_EVERY, OUT_AFTER, SAYING, Watchdog
from tests import databases
from tests.bot.examples import BRO
from tests.bot.ledger.cast import MARIA
from tests.torture.conftest import Rounds
from tests.torture.house import AMIR, House, Worker

FRIDAY = datetime(2026, 6, 12, 6, 0, tzinfo=UTC)
MONDAY = datetime(2026, 6, 15, 6, 0, tzinfo=UTC)
"""Monday 15 June 2026 at 08:00 in Stockholm: everything is due at once."""

UNREADY_WITHIN, OUT_WITHIN = 60, 90
"""Seconds after the last progress."""

Trouble = Callable[[Connection], None]


def locked(connection: Connection) -> None:
    """As each database says it."""
    words: Exception = sqlite3.OperationalError("database is locked")
    if connection.dialect.name == "postgresql":
        words = LockNotAvailable("canceling statement due to lock timeout")
    raise OperationalError("", {}, words)


def dropped(connection: Connection) -> None:
    """What comes next on this connection finds it closed."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.close()


def mistaken(_connection: Connection) -> None:
    raise LookupError("a plain mistake")


TROUBLES: tuple[Trouble, ...] = (locked, dropped, mistaken)


@dataclass
class Fault:
    """Lets `trouble` happen at the n-th call of the database; and at all later ones if it lasts."""

    trouble: Trouble
    at: int
    lasting: bool = False
    calls: int = 0
    met_at: str = ""
    """The statement at which it happened first, or "COMMIT"."""

    def __call__(self, connection: Connection, statement: str = "COMMIT") -> None:
        self.calls += 1
        if self.calls == self.at:
            self.met_at = statement
        if self.calls == self.at or (self.lasting and self.calls > self.at):
            self.trouble(connection)

    @property
    def met(self) -> bool:
        return self.calls >= self.at

    def on(self, engines: Engines) -> Engines:
        for engine in {engines.writing, engines.reading}:
            event.listen(engine, "before_cursor_execute", self._executed)
            event.listen(engine, "commit", self.__call__)
        return engines

    def _executed(
        self, connection: Connection, _cursor: object, statement: str, *_: object
    ) -> None:
        self(connection, statement)


NEVER = 10**9

BUSY = 15
"""Seconds in which all that is due that morning is said: each alarm's first round, and three of
delivery."""


# --- A Monday morning on which every alarm has something to do


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a lock is waited for is tried elsewhere: here it would only take its time."""
    monkeypatch.setattr(writer, "TO_BE_BEGUN", 0.01)


@pytest.fixture
def monday(url: str) -> Iterator[Callable[[], House]]:
    """Makes that morning anew, each time in the same database."""
    again = _friday(url)
    houses: list[House] = []

    def make() -> House:
        while houses:
            houses.pop().close()
        again()
        houses.append(House(url, BRO, MONDAY))
        return houses[-1]

    yield make
    while houses:
        houses.pop().close()


def _friday(url: str) -> Callable[[], object]:
    """What Monday finds, and the way to have it found once more: a file is put back, which is
    quicker than to fill it again."""
    _filled(url)
    if not url.startswith("sqlite"):
        return lambda: _filled(url)
    file = Path(url.removeprefix("sqlite:///"))
    return partial(file.write_bytes, file.read_bytes())


def _filled(url: str) -> None:
    house = House(url, BRO, FRIDAY)
    databases.empty(house.ledger._engines.writing)
    house.worker().rings()
    _fill(house)
    house.close()


def _fill(house: House) -> None:
    maria = replace(MARIA, id="slack:U2", roles=frozenset({Role.CONTACT}))
    reminder = house.reminds(date(2026, 6, 15), time(8))
    postponed = OccasionRow(
        f"reminder:{reminder}", "before", AMIR, "other", MONDAY, OccasionState.POSTPONED
    )

    def work(books: Books) -> None:
        books.people.meet(maria)
        books.occasions.claim(postponed)
        books.reports.add(_inquiry(), FRIDAY)

    house.ledger.write(work)


def _inquiry() -> NewReport:
    answers = {
        "code_name": "Projekt Falk",
        "asked": ["1881"],
        "received_on": "2026-06-12",
        "asked_since": {"1881": "2026-06-12"},
    }
    return NewReport(
        case="falk",
        kind="etablering",
        day=date(2026, 6, 12),
        members=("1881",),
        answers=answers,
        reporter=AMIR,
        home="bro",
        by=AMIR,
    )


@pytest.fixture
def every(url: str, rounds: Rounds) -> Callable[..., int]:
    """At every how-manieth call trouble is tried. Together the two databases have their share."""

    def step(*, sample: int, sqlite: int, postgresql: int) -> int:
        return rounds(sample, postgresql if url.startswith("postgresql") else sqlite)

    return step


def rounds_of(house: House, worker: Worker, seconds: float, step: float = LOOKS_EVERY) -> None:
    """Its rounds for so long, each alarm at its pace, as the clockwork has it."""
    end = house.elapsed + seconds
    while house.elapsed < end:
        for alarm in worker.table.values():
            if alarm.seconds <= step or house.elapsed % alarm.seconds == 0:
                _ringing(alarm)()
        house.passes(step)


def until_all_is_said(house: House, worker: Worker) -> None:
    """The worker's first rounds, and those after a claim counts as a dead worker's."""
    rounds_of(house, worker, BUSY)
    rounds_of(house, worker, 150, step=30)


def undisturbed(house: House) -> list[str]:
    until_all_is_said(house, house.worker())
    return sorted(each.words for each in house.door.landed)


def calls_at_work(house: House) -> int:
    """How often the database is called until all has been said."""
    fault = Fault(mistaken, NEVER)
    worker = house.worker(house.opened(Ledger(fault.on(connect(house.url)))))
    rounds_of(house, worker, BUSY)
    return fault.calls


def test_on_that_morning_every_alarm_has_something_to_say(monday):
    said = undisturbed(monday())
    beginnings = [words.split(":")[0] for words in said]
    assert beginnings == ["ask", "digest", "digest", "reminder", "reminder"]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: each.__name__)
def test_an_error_at_any_call_of_the_database_is_logged_and_nothing_is_missed_or_said_twice(
    monday, trouble, every, figures, caplog
):
    expected, calls = undisturbed(monday()), calls_at_work(monday())
    tried = range(1, calls + 1, every(sample=55, sqlite=1, postgresql=2))
    for number in tried:
        caplog.clear()
        house, fault = monday(), Fault(trouble, number)
        worker = house.worker(house.opened(Ledger(fault.on(connect(house.url)))))
        until_all_is_said(house, worker)
        assert fault.met
        logged = any(record.levelno >= logging.WARNING for record in caplog.records)
        # A lock that passes before anything has been done is waited for, and no news.
        assert logged or (trouble is locked and fault.met_at == "BEGIN IMMEDIATE"), number
        assert sorted(each.words for each in house.door.landed) == expected, number
        assert worker_lives(worker.desk)
        assert max(worker.progress.silences().values()) < OUT_AFTER
        house.close()
    figures(f"an error at {len(tried)} of {calls} calls: 0 silent, 0 missed, 0 twice")


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: each.__name__)
def test_trouble_that_lasts_from_any_call_on_ends_the_worker_and_the_next_misses_nothing(
    monday, trouble, every, figures
):
    expected, calls = undisturbed(monday()), calls_at_work(monday())
    unready, out = [], []
    for number in range(calls, 0, -every(sample=90, sqlite=7, postgresql=9)):
        house, fault = monday(), Fault(trouble, number, lasting=True)
        worker = house.worker(house.opened(Ledger(fault.on(connect(house.url)))))
        ended = Ending(house, worker)
        unready.append(ended.unready - ended.last_progress)
        out.append(ended.out - ended.last_progress)
        until_all_is_said(house, house.worker())
        assert sorted(each.words for each in house.door.landed) == expected, number
        house.close()
    assert max(unready) <= UNREADY_WITHIN
    assert max(out) + SAYING <= OUT_WITHIN
    figures(
        f"from {len(out)} of {calls} calls on: unready after {max(unready):.0f} s at most, "
        f"out after {max(out):.0f} s at most"
    )


class Ending:
    """Has a worker run until its watchdog ends it, and notes when it counted as dead."""

    def __init__(self, house: House, worker: Worker) -> None:
        self.house, self.worker = house, worker
        self.outside = house.worker().desk
        self.unready = self.out = float("inf")
        dog = Watchdog(worker.progress, self._leave)
        while self.out == float("inf") and house.elapsed < 10 * OUT_WITHIN:
            rounds_of(house, worker, LOOKS_EVERY)
            self._look()
            dog.look()

    @property
    def last_progress(self) -> float:
        """Of the alarm that has been silent for the longest."""
        return self.house.elapsed - max(self.worker.progress.silences().values())

    def _look(self) -> None:
        if not worker_lives(self.outside):
            self.unready = min(self.unready, self.house.elapsed)

    def _leave(self) -> None:
        self.out = self.house.elapsed
