"""How long a connection to PostgreSQL is waited for.

The server's own limits do not help where nothing of it arrives: a network that swallows everything
would hold a thread for ever. While somebody waits for an answer, all that it takes together must
come within the deadline.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

RV = TypeVar("RV")

DEADLINE_SECONDS = 2.0
"""How long a person's report may wait for the database. Slack gives up after 3 s and shows a
failure although the row may be saved; we give up first, roll back and keep what was typed."""

_LONGER_THAN_THE_SERVER = 0.25
"""A statement that the server cancels by itself costs no connection."""

_SHORTEST = 0.001

_LATE_BY = 0.4
"""Whoever has waited for longer does not begin to connect: that may take the whole two seconds,
the least that psycopg gives it, and Slack waits for three."""

_until: ContextVar[float] = ContextVar("until")


@contextmanager
def somebody_waits() -> Iterator[None]:
    """What is read and written in here, threads included, must be done within the deadline."""
    token = _until.set(monotonic() + DEADLINE_SECONDS)
    try:
        yield
    finally:
        _until.reset(token)


def left() -> float:
    """Seconds until the one who waits is given an answer. Where nobody waits: the deadline, and a
    little more."""
    return _until.get(monotonic() + DEADLINE_SECONDS + _LONGER_THAN_THE_SERVER) - monotonic()


class UnsureError(OperationalError):
    """There was no answer to a commit: it may have been done or not."""


def is_silence(error: BaseException | None) -> bool:
    """PostgreSQL was not reached or does not answer, or it has hung up: the error is the client's
    own, or idle_in_transaction_session_timeout or admin_shutdown."""
    return isinstance(error, OperationalError) and error.sqlstate in {None, "25P03", "57P01"}


class Patient(Connection[Any]):
    """Closes itself, and ends the transaction with that, when its patience is over."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        patience = max(left(), _SHORTEST) if timeout is None else timeout
        try:
            return super().wait(gen, interval, patience)
        except OperationalError as error:
            if error.sqlstate is None:  # not the server's own word
                self.pgconn.finish()
            raise

    def commit(self) -> None:
        try:
            super().commit()
        except OperationalError as error:
            if error.sqlstate is None:
                raise UnsureError from error
            raise


def patient_connection(
    _dialect: Dialect, _record: ConnectionPoolEntry, given: tuple[Any, ...], named: dict[str, Any]
) -> Patient:
    """Connects for SQLAlchemy ("do_connect"). Raises OperationalError."""
    if left() < DEADLINE_SECONDS - _LATE_BY:
        raise OperationalError("the database did not answer in time")
    return Patient.connect(*given, **named)
