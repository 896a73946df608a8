"""The one place that reads the clock. Everywhere else, time is an argument."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

Clock = Callable[[], datetime]
"""Answers the present moment, aware, in UTC."""


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class MovableClock:
    """A clock that runs on from wherever it is set: the playground's and the tests'."""

    base: Clock = system_clock
    _shift: timedelta = timedelta()
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __call__(self) -> datetime:
        with self._lock:
            return self.base() + self._shift

    def set(self, moment: datetime) -> None:
        with self._lock:
            self._shift = moment - self.base()
