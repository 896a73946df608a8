"""The alarm clock rings, also after a round that failed, and waits for what is under way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest

from bot.clock import MovableClock
from bot.ledger.store import Ledger, LedgerBusyError
from playground.town import Town
from schedules.alarms import Alarm, Beat, Beating, alarms
from schedules.clockwork import Clockwork, _ringing
from schedules.names import NAMES
from schedules.watchdog import Progress

OFTEN = 0.02


def clockwork(*jobs: Callable[[], object]) -> Clockwork:
    clockwork = Clockwork(Alarm(f"alarm {n}", OFTEN, job) for n, job in enumerate(jobs))
    clockwork.start()
    return clockwork


@contextmanager
def running(*jobs: Callable[[], object]) -> Iterator[None]:
    begun = clockwork(*jobs)
    try:
        yield
    finally:
        begun.stop()


class Rings:
    """A job that counts, and fails every time."""

    def __init__(self, enough: int) -> None:
        self.left = enough
        self.enough = Event()

    def __call__(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.enough.set()
        raise InterruptedError


def test_every_alarm_rings_again_and_again():
    rung = [Rings(2), Rings(2)]
    with running(*rung):
        assert all(each.enough.wait(5) for each in rung)


def test_a_failed_round_is_logged_by_the_name_of_its_alarm(caplog: pytest.LogCaptureFixture):
    _ringing(Alarm("digest", 15, Rings(1)))()
    [record] = caplog.records
    assert record.getMessage() == "alarm digest failed"
    assert record.exc_info is not None


def test_a_database_that_is_away_fills_no_log_with_traces(caplog: pytest.LogCaptureFixture):
    def away() -> None:
        raise LedgerBusyError

    _ringing(Alarm("digest", 15, away))()
    [record] = caplog.records
    assert record.getMessage() == "alarm digest failed: the database did not answer"
    assert record.exc_info is None


def test_a_stuck_job_holds_up_no_other_and_never_rings_twice_at_once():
    begun: list[str] = []
    stuck, go = Event(), Event()

    def sticks() -> None:
        begun.append("again")
        stuck.set()
        go.wait(5)

    other = Rings(3)
    with running(sticks, other):
        assert stuck.wait(5)
        assert other.enough.wait(5)
        assert begun == ["again"]
        go.set()


def test_stopping_waits_for_what_is_under_way():
    stuck, go, done = Event(), Event(), Event()

    def sticks() -> None:
        stuck.set()
        go.wait(5)
        done.set()

    begun = clockwork(sticks)
    assert stuck.wait(5)
    stopping = Thread(target=begun.stop)
    stopping.start()
    stopping.join(0.05)
    assert stopping.is_alive()
    go.set()
    stopping.join(5)
    assert done.is_set()


def test_every_alarm_has_a_name_of_its_own_and_looks_often(town: Town):
    table = alarms(town.desk, town.deliverer, Progress(NAMES))
    assert len({alarm.name for alarm in table}) == len(table)
    assert all(alarm.seconds <= 15 for alarm in table)
    for alarm in table:
        alarm.job()


def test_the_pulse_is_progress_and_stops_with_what_fails(ledger: Ledger, clock: MovableClock):
    failing = [False]

    def job(_beat: Beat) -> None:
        if failing[0]:
            raise ConnectionAbortedError

    beating = Beating("digest", job, ledger, clock, Progress(["digest"]))
    beating()
    began = clock()
    clock.set(began + timedelta(seconds=15))
    failing[0] = True
    with pytest.raises(ConnectionAbortedError):
        beating()
    assert ledger.read(lambda books: books.pulse.last("digest")) == began
    failing[0] = False
    beating()
    assert ledger.read(lambda books: books.pulse.last("digest")) == clock()
