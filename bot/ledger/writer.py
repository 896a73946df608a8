"""One writes for all who wait: a disk has to be waited for once for all of them, not once for each,
and SQLite has one writer anyway.

Whoever comes first writes, in their own thread; those who come meanwhile are written together by
the first of them. Measured on a disk that takes 2 ms: 333 reports a second one by one, 4,370 in
groups.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from contextvars import copy_context
from functools import partial
from threading import Condition, Event
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.ledger.engine import is_wait
from bot.ledger.patience import left
from bot.ledger.prepared import execute

TO_BE_BEGUN = 3 / 4
"""How much of the time that is left a work waits to be begun. The rest is for the work itself and
the disk."""

MOST = 64
"""So many works in a transaction at the most: those who came first are not kept for others."""

T = TypeVar("T")


def to_be_begun() -> float:
    """Seconds that a work which is asked for now waits to be begun."""
    return max(0.0, left()) * TO_BE_BEGUN


class NotBegunError(Exception):
    """The work has waited too long, or the writer has been closed: it will never be done."""


class Writer:
    """Runs works in the order in which they come, those that wait at once in one transaction.

    A work that fails is undone by itself; the others may then be run once more, so a work must do
    nothing that the transaction's end does not undo. If it cannot be committed, all are told. Each
    who waits is waked once: when their work is done, or when it is their turn to write.
    """

    def __init__(self, engine: Engine, alone: Callable[[Connection], None]) -> None:
        """`alone` keeps other processes from what is handed in, to the end of a transaction."""
        self._engine = engine
        self._alone = alone
        self._waiting: deque[_Asked] = deque()
        self._turns = Condition()
        self._writing = False
        self._closed = False
        self._thread = ThreadPoolExecutor(1, "writer")

    def write(self, work: Callable[[Connection], T]) -> T:
        """What the work returns or raises, once it is saved. Raises NotBegunError.

        A work is either begun or given up, never both: the future decides that for us. Once it
        has been begun we wait for how it ends, however slow the disk: nobody can take back a
        commit. Should Slack have given up by then, the same form sent again changes nothing,
        because its key has been taken.
        """
        answer: Future[T] = Future()
        called = Event()
        answer.add_done_callback(lambda _: called.set())
        asked = _Asked(work, answer, called.set)
        until = monotonic() + to_be_begun()
        self._line_up(asked)
        if called.wait(until - monotonic()) or not self._given_up(asked):
            if asked.is_next:
                self._write_until_done(asked, until)
            with suppress(CancelledError):
                return answer.result()
        raise NotBegunError

    def hand_in(self, work: Callable[[Connection], T]) -> Future[T]:
        """As `write`, for somebody with no thread to wait in: whoever writes then does this too. Of
        all such works one runs at a time. To cancel the future gives the work up, unless it has
        been begun. Raises NotBegunError."""
        answer: Future[T] = Future()
        call = lambda: self._thread.submit(self._write_all)  # noqa: E731 - beside `called.set`
        self._line_up(_Asked(work, answer, call, alone=True))
        return answer

    def close(self) -> None:
        """Returns when all that waits has been written."""
        with self._turns:
            self._closed = True
            self._turns.wait_for(lambda: not self._writing)
        self._thread.shutdown()

    # --- Whose turn it is

    def _line_up(self, asked: "_Asked") -> None:
        with self._turns:
            if self._closed:
                raise NotBegunError
            self._waiting.append(asked)
            if not self._writing:
                self._call_next()

    def _call_next(self) -> None:
        first = self._first()
        self._writing = first is not None
        if first is not None:
            first.is_next = True
            first.call()
        self._turns.notify_all()

    def _first(self) -> "_Asked | None":
        while self._waiting and self._waiting[0].answer.cancelled():
            self._waiting.popleft()
        return self._waiting[0] if self._waiting else None

    def _given_up(self, asked: "_Asked") -> bool:
        with self._turns:
            return not asked.is_next and asked.answer.cancel()

    def _write_until_done(self, asked: "_Asked", until: float) -> None:
        with self._turn():
            self._write_group()
            while not asked.answer.done() and monotonic() < until:
                self._write_group()
            asked.answer.cancel()

    def _write_all(self) -> None:
        """In our own thread, which keeps nobody waiting."""
        with self._turn():
            while first := self._first():
                first.context.copy().run(self._write_group)  # within its deadline

    @contextmanager
    def _turn(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._turns:
                self._call_next()

    # --- Writing

    def _write_group(self) -> None:
        """Without savepoints while nothing fails: they are a fifth of what a report sends to
        PostgreSQL. What fails has failed then, and the others are done once more, each in one."""
        others = self._attempt(self._taken(), savepoints=False)
        if others:
            self._attempt(others, savepoints=True)

    def _attempt(self, several: Iterable["_Asked"], *, savepoints: bool) -> list["_Asked"]:
        """Those that have been undone with one that failed."""
        begun: list[_Asked] = []
        try:
            with self._engine.begin() as connection:
                for asked in several:
                    is_first = asked.alone and not any(each.alone for each in begun)
                    begun.append(asked)
                    asked.run(connection, self._alone if is_first else None, savepoint=savepoints)
        except _SpoiltError:
            begun.pop().ends()
            return begun
        except BaseException as error:  # noqa: BLE001 - whoever asked gets it
            self._failed(begun, error)
        else:
            for asked in begun:
                asked.ends()
        return []

    def _taken(self) -> Iterator["_Asked"]:
        """What waits now; from here on nobody can give it up."""
        for _ in range(MOST):
            if not self._waiting:
                return
            asked = self._waiting.popleft()
            if asked.answer.set_running_or_notify_cancel():
                yield asked

    def _failed(self, begun: list["_Asked"], error: BaseException) -> None:
        if not begun and isinstance(error, DBAPIError) and is_wait(error):
            return  # another process writes: there is time to try again, or it is given up
        for asked in begun or self._taken():
            asked.answer.set_exception(error)


class _SpoiltError(Exception):
    """A work has failed that had no savepoint: all of the transaction is undone."""


class _Asked:
    """A work, and how whoever waits for it is told that it is their turn to write (`is_next`). It
    is run in the context in which it was asked for."""

    def __init__(
        self,
        work: Callable[[Connection], Any],
        answer: Future[Any],
        call: Callable[[], object],
        *,
        alone: bool = False,
    ) -> None:
        self.answer = answer
        self.call = call
        self.alone = alone
        self.is_next = False
        self.context = copy_context()
        self.ends: Callable[[], None]
        self._work = work

    def run(
        self,
        connection: Connection,
        before: Callable[[Connection], None] | None = None,
        *,
        savepoint: bool,
    ) -> None:
        """What comes `before` lasts to the end of the transaction. Raises _SpoiltError if the work
        has failed and had no savepoint; what the work raises if the database has undone the whole
        transaction, as SQLite does when the disk is full.
        https://www.sqlite.org/lang_transaction.html"""
        try:
            if before:
                before(connection)
            with _savepoint(connection) if savepoint else nullcontext():
                value = self.context.run(self._work, connection)
        except BaseException as error:
            self.ends = partial(self.answer.set_exception, error)
            if not savepoint:
                raise _SpoiltError from error
            if not _still_open(connection):
                raise
        else:
            self.ends = partial(self.answer.set_result, value)


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    execute(connection, "SAVEPOINT work")
    try:
        yield
    except BaseException:
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
