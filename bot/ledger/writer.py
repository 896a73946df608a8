"""One writes for all who wait: a disk has to be waited for once for all of them, not once for each,
and SQLite has one writer anyway.

Whoever comes first writes, in their own thread; those who come meanwhile are written together by
the next of them. Measured on a disk that takes 2 ms: 333 reports a second one by one, 4,370 in
groups.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.ledger.engine import is_wait
from bot.ledger.patience import left

TO_BE_BEGUN = 3 / 4
"""How much of the time that is left a work waits to be begun. The rest is for the work itself and
the disk."""

MOST = 64
"""So many works in a transaction at the most: those who came first are not kept for others."""

T = TypeVar("T")


class NotBegunError(Exception):
    """The work has waited too long, or the writer has been closed: it will never be done."""


class Writer:
    """Runs works in the order in which they come, those that wait at once in one transaction.

    A work that fails is undone by itself. If the transaction cannot be committed, all are told.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: deque[_Asked] = deque()
        self._turn = Lock()
        self._closed = False

    def write(self, work: Callable[[Connection], T]) -> T:
        """What the work returns or raises, once it is saved. Raises NotBegunError.

        A work is either begun or given up, never both: the future decides that for us. Once it
        has been begun we wait for how it ends, however slow the disk: nobody can take back a
        commit. Should Slack have given up by then, the same form sent again changes nothing,
        because its key has been taken.
        """
        answer: Future[T] = Future()
        until = monotonic() + max(0.0, left()) * TO_BE_BEGUN
        self._waiting.append(_Asked(work, answer))
        while not answer.done():
            if self._had_turn(answer, until):
                continue
            if answer.cancel():
                raise NotBegunError
            break  # another has begun it
        return answer.result()

    def _had_turn(self, answer: Future[Any], until: float) -> bool:
        """Write when it is our turn, unless another has done it by then. False if our turn comes
        too late."""
        if not self._turn.acquire(timeout=max(0.0, until - monotonic())):
            return False
        try:
            if answer.done():
                return True
            if self._closed or monotonic() > until:
                return False
            self._write_group()
            return True
        finally:
            self._turn.release()

    def close(self) -> None:
        """Returns when all that waits has been written."""
        with self._turn:
            self._closed = True
            while any(not asked.answer.done() for asked in tuple(self._waiting)):
                self._write_group()

    def _write_group(self) -> None:
        self._forget_given_up()
        begun: list[_Asked] = []
        try:
            with self._engine.begin() as connection:
                for asked in self._taken():
                    begun.append(asked)
                    asked.run(connection, alone=len(begun) == 1)
        except BaseException as error:  # noqa: BLE001 - whoever asked gets it
            self._failed(begun, error)
        else:
            for asked in begun:
                asked.tell()

    def _forget_given_up(self) -> None:
        while self._waiting and self._waiting[0].answer.cancelled():
            self._waiting.popleft()

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


class _Asked:
    def __init__(self, work: Callable[[Connection], Any], answer: Future[Any]) -> None:
        self.answer = answer
        self._work = work

    def run(self, connection: Connection, *, alone: bool) -> None:
        """Raises what the work raises if that undoes the whole transaction: because nothing else is
        in it yet, or because the database has done so, as SQLite does when the disk is full.
        https://www.sqlite.org/lang_transaction.html"""
        if alone:
            self.tell = partial(self.answer.set_result, self._work(connection))
            return
        try:
            with connection.begin_nested():
                value = self._work(connection)
        except BaseException as error:
            if not _still_open(connection):
                raise
            self.tell = partial(self.answer.set_exception, error)
        else:
            self.tell = partial(self.answer.set_result, value)


def _still_open(connection: Connection) -> bool:
    """Whether the transaction that all share is there still. SQLAlchemy gives up a connection in
    which something else than an exception was raised."""
    if connection.invalidated:
        return False
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        return driver.in_transaction
    return driver is not None and not driver.closed
