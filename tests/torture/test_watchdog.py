"""The watchdog itself: it notices whatever stands still, and nothing keeps it from ending that."""

import logging
from threading import Event

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from schedules import watchdog
from schedules.alarms import Alarm
from schedules.clockwork import Clockwork
from schedules.names import NAMES
from schedules.watchdog import LOOKS_EVERY, OUT_AFTER, Progress, Watchdog


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


def test_the_one_alarm_that_hangs_is_named_while_the_others_go_on(  # noqa: PLR0917 - fixtures
    seconds, progress, dog, left, caplog, figures
):
    for hanging in NAMES:
        left.clear()
        caplog.clear()
        after = _looked_at(seconds, progress, dog, left, hanging)
        assert after == OUT_AFTER
        [record] = [each for each in caplog.records if each.levelno == logging.CRITICAL]
        assert record.getMessage().startswith(f"no progress: {hanging} for 75 s. ")
    figures(f"each of {len(NAMES)} alarms: named and ended after {OUT_AFTER:.0f} s")


def _looked_at(
    seconds: Seconds, progress: Progress, dog: Watchdog, left: list[str], hanging: str
) -> float:
    """After how many seconds the process is left, if this alarm gets nothing done any more."""
    begun = seconds.now
    progress.made(hanging)
    while not left:
        seconds.now += LOOKS_EVERY
        for name in set(NAMES) - {hanging}:
            progress.made(name)
        dog.look()
    return seconds.now - begun


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
    how, seconds, progress, dog, left, monkeypatch, figures
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
    figures(f"ended {OUT_AFTER:.0f} s later")
