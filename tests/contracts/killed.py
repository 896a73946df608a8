"""What a process does that is killed in the middle of a job. It imports little, to begin soon."""

import os
import signal
from datetime import UTC
from threading import Event

from apscheduler.events import EVENT_JOB_REMOVED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

removed = Event()


def is_killed() -> None:
    """When the store has been told that the job's time has come."""
    removed.wait(5)
    os.kill(os.getpid(), signal.SIGKILL)


def work(store: str) -> None:
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_jobstore(SQLAlchemyJobStore(store))
    scheduler.add_listener(lambda _: removed.set(), EVENT_JOB_REMOVED)
    scheduler.start()
    scheduler.add_job(is_killed, "date", misfire_grace_time=None)
    Event().wait(20)
