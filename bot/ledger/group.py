"""Several works in one transaction, each for itself: what fails is undone alone."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.ledger.engine import is_wait
from bot.ledger.patience import be_patient, left
from bot.ledger.prepared import execute

_ENOUGH = 0.5
"""Seconds that the first must have left for it to be worth while to begin once more."""

Lock = Callable[[Connection], None]
"""Keeps other processes from what is `exclusive`, to the end of a transaction."""


class Asked:
    """A work, and who waits for its `answer`. It is run in the context in which it was asked for.

    `call` tells them that it is their turn to write (`is_next`). Of the `exclusive` ones no process
    runs any meanwhile.
    """

    def __init__(
        self,
        work: Callable[[Connection], Any],
        answer: Future[Any],
        call: Callable[[], object],
        *,
        exclusive: bool = False,
    ) -> None:
        self.answer = answer
        self.call = call
        self.exclusive = exclusive
        self.is_next = False
        self.context = copy_context()
        self.until = monotonic() + left()
        self.tell: Callable[[], None]
        """How it ended, once it has been run."""
        self._work = work

    def run(self, connection: Connection, lock: Lock | None, *, savepoint: bool) -> None:
        """Raises SpoiltError if the work has failed and had no savepoint; what the work raises if
        the database has undone the whole transaction, as SQLite does when the disk is full.
        https://www.sqlite.org/lang_transaction.html"""
        try:
            if lock:  # in no savepoint: it lasts for those who come after
                lock(connection)
            with _savepoint(connection) if savepoint else nullcontext():
                value = self.context.run(self._work, connection)
        except BaseException as error:
            self.tell = partial(self.answer.set_exception, error)
            if not savepoint:
                raise SpoiltError from error
            if not _still_open(connection):
                raise
        else:
            self.tell = partial(self.answer.set_result, value)


class SpoiltError(Exception):
    """A work has failed that had no savepoint: all of the transaction is undone."""


class Group:
    """Those who are taken out of the `line` and written together. Nobody else will answer them:
    each is told how it ended, whatever becomes of the transaction."""

    def __init__(self, engine: Engine, lock: Lock, line: Iterator[Asked]) -> None:
        self._engine = engine
        self._lock = lock
        self._line = line
        self._taken: list[Asked] = []
        self._begun = False

    def write(self) -> None:
        """Without savepoints while nothing fails: they are a fifth of what a report sends to
        PostgreSQL. What fails has failed then, and the others are run once more, each in one.

        If another process writes, nobody is taken: there is time to try again.
        """
        try:
            self._run(self._taking(), savepoints=False)
        except SpoiltError:
            self._taken.pop().tell()
            self._write_once_more()
        except BaseException as error:  # noqa: BLE001 - whoever asked gets it
            if self._taken or not _is_busy(error):
                self._taken = self._taken or [*self._line]
                self._fail(error)
        else:
            self._tell()

    def _write_once_more(self) -> None:
        while self._taken:
            try:
                self._run(self._taken, savepoints=True)
            except BaseException as error:  # noqa: BLE001 - as above
                late = self._taken[0].until - monotonic() < _ENOUGH
                if self._begun or late or not _is_busy(error):
                    return self._fail(error)
            else:
                return self._tell()
        return None

    def _run(self, several: Iterable[Asked], *, savepoints: bool) -> None:
        self._begun = locked = False
        with self._engine.begin() as connection:
            self._begun = True
            for asked in several:
                lock = self._lock if asked.exclusive and not locked else None
                locked = locked or asked.exclusive
                asked.run(connection, lock, savepoint=savepoints)
            # The commit is everybody's: who has time left is not to lose it by who has none.
            be_patient(max((asked.until for asked in self._taken), default=0.0))

    def _taking(self) -> Iterator[Asked]:
        for asked in self._line:
            self._taken.append(asked)
            yield asked

    def _tell(self) -> None:
        for asked in self._taken:
            asked.tell()

    def _fail(self, error: BaseException) -> None:
        for asked in self._taken:
            asked.answer.set_exception(error)


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and is_wait(error)


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    execute(connection, "SAVEPOINT work")
    try:
        yield
    except BaseException:
        if not connection.invalidated:  # or this would hide why
            execute(connection, "ROLLBACK TO SAVEPOINT work")
        raise
    execute(connection, "RELEASE SAVEPOINT work")


def _still_open(connection: Connection) -> bool:
    """Whether the transaction that all share is there still. SQLAlchemy gives up a connection in
    which something else than an exception was raised."""
    if connection.invalidated:
        return False
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        return driver.in_transaction
    return driver is not None and driver.info.transaction_status.name == "INTRANS"
