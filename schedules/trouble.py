"""A worker's errors, noted where monitoring can read them.

A worker answers nobody, so it cannot count its own errors at /metrics as the web process does. It
writes down when the last one was, and any web process tells it.
"""

import logging
from threading import Event

from bot.clock import Clock
from bot.ledger.store import TROUBLE, Ledger
from bot.logs import OURS


class Trouble(logging.Handler):
    """Hears of the errors that we log ourselves; `note` is for an alarm. Nothing is written while
    something is logged: whoever logs may be in the middle of a transaction."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        super().__init__(logging.ERROR)
        self._ledger = ledger
        self._clock = clock
        self._new = Event()

    def listen(self) -> None:
        """From here on. Slack's SDK calls it an error, too, when a connection breaks: the outbox
        expects that, and tells it by what waits."""
        for name in OURS:
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - only that there was one
        self._new.set()

    def note(self) -> None:
        """Write down that there has been an error since the last time. If that fails, the failure
        is an error in the log itself, and is noted the next time."""
        if self._new.is_set():
            self._new.clear()
            self._ledger.write(lambda books: books.pulse.beat(TROUBLE, self._clock()))
