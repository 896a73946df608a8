"""That all who use an SQLite database are on one machine: each process says that it is there.

Every process notes its machine beside the pulses of the alarms, at its start and twice a minute.
Who finds a fresh note of another machine does not start; whoever runs already says so in the log.
Machines whose clocks differ by more than `FRESH` do not find each other.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

from bot.clock import Clock
from bot.ledger.store import Books, Ledger, LedgerBusyError
from bot.machine import USE_POSTGRESQL, Machine
from bot.undone import UndoneError

FRESH = timedelta(minutes=2)
"""A note older than this is of a machine that has been put away."""

EVERY_SECONDS = 30.0
_PREFIX = "machine:"

log = logging.getLogger(__name__)


class ElsewhereError(UndoneError):
    """Another machine uses the database. The text says so, and what to do."""


def arrive(books: Books, machine: Machine, now: datetime) -> None:
    """Note that this machine uses the database. Raises ElsewhereError if another one does."""
    trouble = elsewhere(books, machine, now)
    if trouble is not None:
        raise ElsewhereError(trouble)
    for name, at in books.pulse.beginning(_PREFIX).items():
        if not _fresh(at, now):
            books.pulse.clear(name)
    books.pulse.beat(f"{_PREFIX}{machine.boot}:{machine.host}", now)


def elsewhere(books: Books, machine: Machine, now: datetime) -> str | None:
    """That another machine uses the database, as a sentence."""
    for name, at in books.pulse.beginning(_PREFIX).items():
        if _fresh(at, now) and not machine.is_same_as(_machine(name)):
            return _elsewhere(now - at)
    return None


def worker_was_seen(books: Books) -> bool:
    """Whether any alarm has ever rung on this database: `delivery`, the one that rings most."""
    return books.pulse.last("delivery") is not None


NO_WORKER = (
    "no worker has been seen on this database: with SQLite, web and worker must run on the same "
    "machine"
)


@contextmanager
def present(
    ledger: Ledger, machine: Machine, clock: Clock, every: float = EVERY_SECONDS
) -> Iterator[None]:
    """Be there, from `with` to its end. Raises ElsewhereError."""
    ledger.write(lambda books: arrive(books, machine, clock()))
    gone = Event()
    staying = Thread(target=_stay, args=(ledger, machine, clock, every, gone), daemon=True)
    staying.start()
    try:
        yield
    finally:
        gone.set()
        staying.join()


def _stay(ledger: Ledger, machine: Machine, clock: Clock, every: float, gone: Event) -> None:
    while not gone.wait(every):
        try:
            ledger.write(lambda books: arrive(books, machine, clock()))
        except ElsewhereError as error:
            log.error("%s", error)  # noqa: TRY400 - the sentence says all
        except LedgerBusyError:
            log.warning("this machine could not be noted: the database is busy")
        except Exception:
            # Whatever it is, the next time may be better: a note that is missing lets others in.
            log.exception("this machine could not be noted")


def _fresh(at: datetime, now: datetime) -> bool:
    return abs(now - at) < FRESH


def _machine(name: str) -> Machine:
    boot, _, host = name.removeprefix(_PREFIX).partition(":")
    return Machine(boot, host)


def _elsewhere(ago: timedelta) -> str:
    seconds = abs(ago).total_seconds()
    return (
        f"Another machine used this SQLite database {seconds:.0f} seconds ago. With SQLite, web "
        f"and worker must run on the same machine. {USE_POSTGRESQL} If this machine has taken the "
        f"other's place, start again in {FRESH.total_seconds() / 60:.0f} minutes."
    )
