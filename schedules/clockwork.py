"""The alarm clock: the only APScheduler in the house.

APScheduler forgets a job that was due while nothing ran, drops one that comes late, and may die
while it says that it is running. So it only wakes us; what is due stands in the database.
"""

import logging
from collections.abc import Callable, Iterable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.ledger.store import LedgerBusyError
from schedules.alarms import Alarm
from schedules.watchdog import Watchdog

log = logging.getLogger(__name__)


class Clockwork:
    """Rings every alarm, each at its own pace and never twice at once, until stopped. The watchdog
    watches for as long as anything may be under way, so nothing can hang for ever in stopping."""

    def __init__(self, alarms: Iterable[Alarm], watchdog: Watchdog | None = None) -> None:
        alarms = tuple(alarms)
        self._watchdog = watchdog
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(alarms))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for alarm in alarms:
            self._scheduler.add_job(
                _ringing(alarm), "interval", seconds=alarm.seconds, id=alarm.name
            )
        # A round that takes longer than its pace is no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        if self._watchdog:
            self._watchdog.start()
        self._scheduler.start()

    def stop(self) -> None:
        """Waits for what is under way."""
        self._scheduler.shutdown(wait=True)
        if self._watchdog:
            self._watchdog.stop()


def _ringing(alarm: Alarm) -> Callable[[], None]:
    """One failed round is logged; the next comes at its time."""

    def ring() -> None:
        try:
            alarm.job()
        except LedgerBusyError:  # a database that is away for an hour fills no disk with traces
            log.error("alarm %s failed: the database did not answer", alarm.name)  # noqa: TRY400 - as above
        except Exception:
            log.exception("alarm %s failed", alarm.name)

    return ring
