"""What we rely on in APScheduler: little. It only wakes us, and these are the reasons."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, EVENT_JOB_REMOVED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers import base
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from tests.conftest import Still

STOCKHOLM = "Europe/Stockholm"
fired: Counter[str] = Counter()
"""What `fires` was called for. A job in a database is a name that is looked up: so is this."""
twice = Event()


def fires(name: str) -> None:
    fired[name] += 1
    if fired[name] >= 2:
        twice.set()


@pytest.fixture(autouse=True)
def forgotten() -> None:
    fired.clear()
    twice.clear()


def test_from_crontab_takes_1_for_tuesday():
    """Everybody else's cron takes it for Monday."""
    trigger = CronTrigger.from_crontab("0 8 * * 1", timezone=STOCKHOLM)
    due = trigger.get_next_fire_time(None, datetime(2026, 6, 12, tzinfo=UTC))
    assert f"{due:%A}" == "Tuesday"


def all_of_2026(**rule: object) -> list[datetime]:
    """When a rule in Swedish time fires in that year."""
    trigger = CronTrigger(**rule, timezone=STOCKHOLM)
    found: list[datetime] = []
    moment = trigger.get_next_fire_time(None, datetime(2026, 1, 1, tzinfo=UTC))
    while moment.year == 2026 and len(found) < 100:
        found.append(moment)
        after = moment.astimezone(UTC) + timedelta(microseconds=1)
        moment = trigger.get_next_fire_time(moment, after)
    return found


@pytest.mark.parametrize(
    ("hour", "fires_in_2026"), [(2, 53), (3, 52)], ids=["the hour that comes twice", "any other"]
)
def test_in_the_hour_that_comes_twice_a_weekly_rule_fires_twice(hour: int, fires_in_2026: int):
    """Why wall time becomes UTC by our own rule, and what is due is keyed by its week."""
    assert len(all_of_2026(day_of_week="sun", hour=hour, minute=30)) == fires_in_2026


def test_a_weekly_rule_at_midnight_leaves_out_the_monday_after_summer_time_begins():
    """The same, and worse: a week without a digest."""
    mondays = all_of_2026(day_of_week="mon", hour=0)
    assert len(mondays) == 51
    days = [each.date() for each in mondays]
    assert [at for at, later in pairwise(days) if later - at != timedelta(weeks=1)] == [
        date(2026, 3, 23)
    ]


def test_a_weekly_interval_drifts_with_summer_time():
    begin = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)  # a Monday, 08:00 in Stockholm
    trigger = IntervalTrigger(weeks=1, start_date=begin, timezone=STOCKHOLM)
    later = trigger.get_next_fire_time(begin, begin)
    assert later.utcoffset() != trigger.start_date.utcoffset()
    assert later.hour != 8


@pytest.mark.parametrize(
    ("given", "fires_late"),
    [({}, 0), ({"misfire_grace_time": None}, 1)],
    ids=["as it comes", "ours"],
)
def test_a_job_that_comes_more_than_a_second_late_is_dropped_as_it_comes(
    given: dict[str, Any], fires_late: int
):
    """Why `misfire_grace_time` is None, and why it would not matter: what is due is a row."""
    dealt_with, scheduler = Event(), BackgroundScheduler(timezone=UTC)
    scheduler.add_listener(lambda _: dealt_with.set(), EVENT_JOB_MISSED | EVENT_JOB_EXECUTED)
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=5)  # the library compares it with its own clock
    job = scheduler.add_job(fires, "interval", weeks=1, args=["digest"], next_run_time=due, **given)
    scheduler.resume()
    assert dealt_with.wait(5)
    scheduler.shutdown()
    assert fired["digest"] == fires_late
    assert job.next_run_time == due + timedelta(weeks=1)


def test_a_job_whose_process_is_killed_in_the_middle_is_never_run_again(tmp_path: Path):
    """Why what is due is claimed in the transaction that writes the outbox."""
    store = f"sqlite:///{tmp_path}/jobs.db"
    words = f"from tests.contracts.killed import work; work({store!r})"
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", words], cwd=root, check=False, timeout=30)
    assert ended.returncode == -signal.SIGKILL
    assert kept_in(store) == []


class Pool(ThreadPoolExecutor):
    """Says when it is about to be shut down."""

    def __init__(self) -> None:
        super().__init__()
        self.stopping = Event()

    def shutdown(self, wait: bool = True) -> None:
        self.stopping.set()
        super().shutdown(wait)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Still:
    """The library's own clock, moved by hand."""
    clock = Still(datetime(2026, 6, 15, 5, 59, tzinfo=UTC))

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return clock.moment

    monkeypatch.setattr(base, "datetime", Moved)
    return clock


def test_a_job_that_becomes_due_while_a_stop_waits_for_another_is_lost(now: Still, tmp_path: Path):
    """Why stopping loses nothing of ours: the row is still due at the next start."""
    begun, go, pool, store = Event(), Event(), Pool(), f"sqlite:///{tmp_path}/jobs.db"
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": pool})
    scheduler.add_listener(lambda _: begun.set(), EVENT_JOB_REMOVED)  # by the one that has begun
    scheduler.add_jobstore(SQLAlchemyJobStore(store))
    scheduler.add_jobstore(MemoryJobStore(), "memory")
    scheduler.start()
    due = now() + timedelta(minutes=1)
    scheduler.add_job(
        fires, "interval", weeks=1, args=["digest"], next_run_time=due, misfire_grace_time=None
    )
    scheduler.add_job(
        lambda: go.wait(5), next_run_time=now(), misfire_grace_time=None, jobstore="memory"
    )
    assert begun.wait(5)
    stop = Thread(target=scheduler.shutdown)  # waits for the job that has begun
    stop.start()
    assert pool.stopping.wait(5)
    now.moment = due
    go.set()
    stop.join()
    assert fired["digest"] == 0
    assert kept_in(store) == [due + timedelta(weeks=1)]


def kept_in(store: str) -> list[datetime]:
    """When the jobs of a store are due next."""
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_jobstore(SQLAlchemyJobStore(store))
    scheduler.start(paused=True)
    found = [job.next_run_time for job in scheduler.get_jobs()]
    scheduler.shutdown()
    return found


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_several_schedulers_on_one_store_fire_several_times(tmp_path: Path):
    """Why several processes share no job store. (Real timers: the library reads its own clock.)"""
    together = Barrier(2)

    class Reads(SQLAlchemyJobStore):
        def get_due_jobs(self, now: datetime) -> list[Any]:
            due: list[Any] = super().get_due_jobs(now)
            if due and not together.broken:
                together.wait(5)  # both have seen what is due before either has moved it on
            return due

    store = f"sqlite:///{tmp_path}/jobs.db"
    with_jobs = [BackgroundScheduler(timezone=UTC) for _ in range(2)]
    for each in with_jobs:
        each.add_jobstore(Reads(store))
        each.start(paused=True)
    soon = datetime.now(UTC)  # the library compares it with its own
    with_jobs[0].add_job(fires, "date", run_date=soon, args=["digest"], misfire_grace_time=None)
    for each in with_jobs:
        each.resume()
    assert twice.wait(5)
    for each in with_jobs:
        each.shutdown()


@pytest.fixture
def dying() -> Iterator[BackgroundScheduler]:
    class Breaks(MemoryJobStore):
        def update_job(self, job: Any) -> None:
            raise InterruptedError

    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_jobstore(Breaks())
    scheduler.start(paused=True)
    yield scheduler
    scheduler.shutdown(wait=False)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_job_store_error_ends_the_scheduler_while_running_stays_true(dying: BackgroundScheduler):
    """Why liveness is what gets done (the pulse in the ledger), not `running`."""
    thread = dying._thread
    dying.add_job(fires, "interval", seconds=0.01, args=["x"])
    dying.resume()
    thread.join(5)
    assert not thread.is_alive()
    assert dying.running


def test_apscheduler_keeps_the_pace_when_summer_time_ends():
    """In 3.11.0 and 3.11.1 this never came back."""
    begin = datetime(2026, 10, 24, 23, 59, 50, tzinfo=UTC)
    trigger = IntervalTrigger(seconds=15, timezone=STOCKHOLM, start_date=begin)
    found, moment = [], None
    for _ in range(500):
        moment = trigger.get_next_fire_time(moment, moment or begin)
        found.append(moment)
    steps = {later.timestamp() - at.timestamp() for at, later in pairwise(found)}
    assert steps == {15.0}
