"""One thread that writes for everybody: SQLite has one writer anyway, and a disk has to be waited
for once for all who wait, not once for each.

Measured on a disk that takes 2 ms: 333 reports a second one by one, 4,370 in groups.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar, cast

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
        self._thread = ThreadPoolExecutor(1, "writer")

    def write(self, work: Callable[[Connection], T]) -> T:
        """What the work returns or raises, once it is saved. Raises NotBegunError.

        A work is either begun or given up, never both: the future decides that for us. Once it
        has been begun we wait for how it ends, however slow the disk: nobody can take back a
        commit. Should Slack have given up by then, the same form sent again changes nothing,
        because its key has been taken.
        """
        answer: Future[T] = Future()
        self._waiting.append(_Asked(work, answer))
        try:
            self._thread.submit(self._write_waiting)
            return answer.result(max(0.0, left()) * TO_BE_BEGUN)
        except (TimeoutError, RuntimeError):  # too late; or closed in the meantime
            if answer.cancel():
                raise NotBegunError from None
            return answer.result()  # if it was the work that raised, it does so again

    def close(self) -> None:
        """Returns when all that waits has been written."""
        self._thread.shutdown()

    def _write_waiting(self) -> None:
        self._forget_given_up()
        while self._waiting:
            self._write_group()
            self._forget_given_up()

    def _write_group(self) -> None:
        begun: list[_Asked] = []
        try:
            with self._engine.begin() as connection:
                for asked in self._taken():
                    begun.append(asked)
                    asked.run(connection)
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

    def run(self, connection: Connection) -> None:
        """Raises what the work raises if SQLite has undone the others' works with it, as it does
        when the disk is full. https://www.sqlite.org/lang_transaction.html"""
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
    return cast(sqlite3.Connection, connection.connection.driver_connection).in_transaction
