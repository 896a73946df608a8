"""A worker that gets nothing done says so, is not ready, and ends: it never dies silently."""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time as real_time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from bot.compose.web import worker_lives
from bot.ledger import writer
from bot.ledger.engine import Engines, connect
from bot.ledger.occasions import OccasionRow, OccasionState
from bot.ledger.reports import NewReport
from bot.ledger.store import Books, Ledger
from bot.people import Role
from bot.settings import Settings
from playground.town import Town
from schedules import watchdog
from schedules.alarms import Alarm
from schedules.clockwork import Clockwork, _ringing
from schedules.names import NAMES
from schedules.watchdog import LOOKS_EVERY, OUT_AFTER, SAYING, Progress, Watchdog
from tests import databases
from tests.bot.examples import BRO
from tests.bot.ledger.cast import MARIA
from tests.torture.house import AMIR, House, Worker

FRIDAY = datetime(2026, 6, 12, 6, 0, tzinfo=UTC)
MONDAY = datetime(2026, 6, 15, 6, 0, tzinfo=UTC)
"""Monday 15 June 2026 at 08:00 in Stockholm: everything is due at once."""

UNREADY_WITHIN, OUT_WITHIN = 60, 90
"""Seconds after the last progress."""

Trouble = Callable[[Connection], None]


def locked(_connection: Connection) -> None:
    raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))


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
def monday(tmp_path: Path) -> Iterator[Callable[[], House]]:
    """Makes that morning anew, each in a file of its own."""
    (tmp_path / "first").mkdir()
    prepared = House(databases.sqlite(tmp_path / "first"), BRO, FRIDAY)
    prepared.worker().rings()
    _fill(prepared)
    prepared.close()
    houses: list[House] = []

    def make() -> House:
        copy = tmp_path / f"{len(houses)}.db"
        shutil.copy(tmp_path / "first" / "brobot.db", copy)
        houses.append(House(f"sqlite:///{copy}", BRO, MONDAY))
        return houses[-1]

    yield make
    for house in houses:
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
    monday, trouble, rounds, figures, caplog
):
    expected, calls = undisturbed(monday()), calls_at_work(monday())
    tried = range(1, calls + 1, rounds(37, 1))
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
    figures(f"an error at each of {len(tried)} calls: 0 silent, 0 missed, 0 twice")


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda each: each.__name__)
def test_trouble_that_lasts_from_any_call_on_ends_the_worker_and_the_next_misses_nothing(
    monday, trouble, rounds, figures
):
    expected, calls = undisturbed(monday()), calls_at_work(monday())
    unready, out = [], []
    for number in range(calls, 0, -rounds(61, 4)):
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
        f"{len(out)} failures that last: unready after {max(unready):.0f} s at most, "
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


# --- The watchdog itself


class Seconds:
    """Real seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def left() -> list[str]:
    return []


@pytest.fixture
def progress(seconds: Seconds) -> Progress:
    return Progress(NAMES, seconds)


@pytest.fixture
def dog(progress: Progress, left: list[str]) -> Watchdog:
    return Watchdog(progress, lambda: left.append("left"))


def test_the_one_alarm_that_hangs_is_named_while_the_others_go_on(
    seconds, progress, dog, left, caplog
):
    for seconds.now in range(0, 200, 5):
        for name in set(NAMES) - {"inquiries"}:
            progress.made(name)
        dog.look()
        if left:
            break
    assert seconds.now == OUT_AFTER
    [record] = [each for each in caplog.records if each.levelno == logging.CRITICAL]
    assert "inquiries for 75 s" in record.getMessage()
    assert "delivery" not in record.getMessage()


def test_a_log_that_hangs_does_not_keep_the_worker(seconds, dog, left, monkeypatch):
    hangs = Event()
    monkeypatch.setattr(watchdog, "SAYING", 0.01)
    monkeypatch.setattr(watchdog.log, "critical", lambda *_: hangs.wait(5))
    seconds.now = OUT_AFTER
    dog.look()
    hangs.set()
    assert left == ["left"]


def test_the_watchdog_looks_by_itself_and_outlives_a_stop_that_hangs(
    seconds, progress, left, monkeypatch
):
    monkeypatch.setattr(watchdog, "LOOKS_EVERY", 0.01)
    begun, gone, go = Event(), Event(), Event()

    def hangs() -> None:
        begun.set()
        go.wait(5)

    clockwork = Clockwork([Alarm("digest", 0.01, hangs)], Watchdog(progress, gone.set))
    clockwork.start()
    assert begun.wait(5)
    seconds.now = OUT_AFTER
    assert gone.wait(5)
    go.set()
    clockwork.stop()


class Refusing(MemoryJobStore):
    def update_job(self, job):
        raise OSError(job)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_apscheduler_dies_silently_when_its_store_fails_and_says_that_it_runs():
    """Why nobody asks it. After an upgrade that changes this the watchdog's reasons are fewer."""
    scheduler = BackgroundScheduler(jobstores={"default": Refusing()})
    scheduler.add_job(lambda: None, "interval", seconds=0.01)
    scheduler.start()
    scheduler._thread.join(5)
    assert not scheduler._thread.is_alive()
    assert scheduler.running
    scheduler.shutdown(wait=False)


def dies(scheduler: BackgroundScheduler) -> None:
    scheduler._thread.join(5)
    assert not scheduler._thread.is_alive()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("how", [dies, BackgroundScheduler.pause])
def test_a_scheduler_that_has_died_or_is_paused_is_noticed(  # noqa: PLR0917 - fixtures
    how, seconds, progress, dog, left, monkeypatch
):
    if how is dies:
        monkeypatch.setattr(MemoryJobStore, "update_job", Refusing.update_job)
    table = [Alarm(name, 0.01, lambda name=name: progress.made(name)) for name in NAMES]
    clockwork = Clockwork(table)
    clockwork.start()
    how(clockwork._scheduler)
    assert clockwork._scheduler.running
    clockwork._scheduler._executors["default"].shutdown(wait=True)  # what had been rung is over
    seconds.now = OUT_AFTER
    dog.look()
    assert left == ["left"]
    monkeypatch.undo()
    clockwork.stop()


# --- The real thing


def test_a_real_worker_whose_database_takes_nothing_more_is_out_in_ninety_seconds(
    town: Town, tmp_path: Path, rounds, figures
):
    if not rounds(0, 1):
        pytest.skip("waits for a real process: at full length only")
    file = tmp_path / "process.db"
    databases.migrated(f"sqlite:///{file}")
    settings = _environment(town, file)
    command = [sys.executable, "-m", "bot", "worker"]
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        _wait_for_a_beat(file, after=None)
        with sqlite3.connect(file, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")  # and never ends
            began = real_time.monotonic()
            _, said = running.communicate(timeout=OUT_WITHIN + 10)
            took = real_time.monotonic() - began
            other.execute("ROLLBACK")
    assert running.returncode == 1
    assert "no progress: " in said
    assert took <= OUT_WITHIN
    last = _last_beat(file)
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as anew:
        _wait_for_a_beat(file, after=last)
        anew.terminate()
        anew.communicate(timeout=30)
    assert anew.returncode == 0
    figures(f"out {took:.0f} s after its database stopped taking anything; started anew it works")


def _environment(town: Town, file: Path) -> dict[str, str]:
    given: Settings = town.settings
    return {
        **os.environ,
        "SLACK_BOT_TOKEN": given.slack_bot_token,
        "SLACK_SIGNING_SECRET": given.slack_signing_secret,
        "SLACK_API_URL": given.slack_api_url,
        "DATABASE_URL": f"sqlite:///{file}",
        "BROBOT_CHANNEL": given.channel,
    }


def _last_beat(file: Path) -> str | None:
    with sqlite3.connect(file) as reading:
        [(last,)] = reading.execute("SELECT max(at) FROM pulse WHERE name = 'delivery'").fetchall()
    return last


def _wait_for_a_beat(file: Path, after: str | None) -> None:
    until = real_time.monotonic() + timedelta(seconds=60).total_seconds()
    while _last_beat(file) in {None, after}:
        assert real_time.monotonic() < until, "no beat"
        real_time.sleep(0.2)
