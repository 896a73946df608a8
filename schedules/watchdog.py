"""Notices that nothing happens any more, and ends the process so that it is started anew.

A thread that hangs cannot be stopped from within, and APScheduler may die while it says that it
runs. All that matters stands in the database, in whole transactions, so the short way out is the
safe one: whoever watches over the process (systemd, a container's restart policy) starts another.
"""

import faulthandler
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Event, Lock, Thread

log = logging.getLogger(__name__)

OUT_AFTER = 75.0
"""Seconds without progress after which an alarm is given up. With the pause between two looks and
the time to say so, the process is out 90 seconds after its last progress."""

LOOKS_EVERY = 5.0
SAYING = 5.0
"""Seconds in which the reason must be written down: the log may be what hangs."""


class Progress:
    """When each alarm last got something done, in real seconds: no clock that is set moves them."""

    def __init__(
        self, names: Iterable[str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._last = dict.fromkeys(names, monotonic())

    def made(self, name: str) -> None:
        with self._lock:
            self._last[name] = self._monotonic()

    def silences(self) -> Mapping[str, float]:
        """For how many seconds each alarm has been silent."""
        with self._lock:
            now = self._monotonic()
            return {name: now - last for name, last in self._last.items()}


def leave() -> None:
    """Out at once, with a failure's exit code: what hangs would keep any other way from ending."""
    os._exit(1)


class Watchdog:
    """`leave` ends the process; it is called when any alarm has been silent for too long."""

    def __init__(self, progress: Progress, leave: Callable[[], None] = leave) -> None:
        self._progress = progress
        self._leave = leave
        self._stopped = Event()

    def start(self) -> None:
        Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def look(self) -> None:
        silences = self._progress.silences()
        silent = {name: seconds for name, seconds in silences.items() if seconds >= OUT_AFTER}
        if silent:
            saying = Thread(target=_say, args=(silent,), daemon=True)
            saying.start()
            saying.join(SAYING)
            self._leave()

    def _watch(self) -> None:
        while not self._stopped.wait(LOOKS_EVERY):
            self.look()


def _say(silent: Mapping[str, float]) -> None:
    told = ", ".join(f"{name} for {seconds:.0f} s" for name, seconds in sorted(silent.items()))
    log.critical("no progress: %s. This process ends now, to be started anew", told)
    # Where each thread stands: files and lines, nothing that anybody wrote.
    faulthandler.dump_traceback()
