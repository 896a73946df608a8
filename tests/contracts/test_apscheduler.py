"""What we rely on in APScheduler: little. It only wakes us, and these are the reasons."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

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


@pytest.mark.parametrize(
    ("rule", "fires_in_2026"),
    [
        ({"day_of_week": "sun", "hour": 2, "minute": 30}, 53),
        ({"day_of_week": "sun", "hour": 3, "minute": 30}, 52),
    ],
    ids=["in the hour that comes twice", "in any other"],
)
def test_in_the_hour_that_comes_twice_a_weekly_rule_fires_twice(rule: dict, fires_in_2026: int):
    """Why wall time becomes UTC by our own rule, and what is due is keyed by its week."""
    trigger = CronTrigger(**rule, timezone=STOCKHOLM)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    moment = trigger.get_next_fire_time(None, begin)
    found = 0
    while moment.year == 2026 and found < 100:
        found += 1
        after = moment.astimezone(UTC) + timedelta(microseconds=1)
        moment = trigger.get_next_fire_time(moment, after)
    assert found == fires_in_2026


def test_a_weekly_interval_drifts_with_summer_time():
    begin = datetime(2026, 3, 23, 7, 0, tzinfo=UTC)  # a Monday, 08:00 in Stockholm
    trigger = IntervalTrigger(weeks=1, start_date=begin, timezone=STOCKHOLM)
    later = trigger.get_next_fire_time(begin, begin)
    assert later.utcoffset() != trigger.start_date.utcoffset()
    assert later.hour != 8


def test_a_job_that_comes_more_than_a_second_late_is_dropped_as_it_comes():
    """Why `misfire_grace_time` is None, and why it would not matter: what is due is a row."""
    scheduler = BackgroundScheduler()
    scheduler.start(paused=True)
    job = scheduler.add_job(fires, "interval", seconds=60, args=["x"])
    assert job.misfire_grace_time == 1
    scheduler.shutdown()


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
