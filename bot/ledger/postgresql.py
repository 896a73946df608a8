"""PostgreSQL, with connections that do not wait for ever.

The server's own limits do not help where nothing of it arrives: a network that swallows everything
would hold a thread for ever.
"""

from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from pydantic_core import from_json
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from bot.ledger.patience import DEADLINE_SECONDS, UnsureError, left

RV = TypeVar("RV")

_SHORTEST = 0.001

_LATE_BY = 0.4
"""Whoever has waited for longer does not begin to connect: that may take the whole two seconds,
the least that psycopg gives it, and Slack waits for three."""


def engine_of(url: URL) -> Engine:
    deadline = int(DEADLINE_SECONDS * 1000)
    limits = {
        "lock_timeout": deadline // 2,  # and the pool: together no more than the deadline
        "statement_timeout": deadline,
        # Whoever is cut off in the middle must not keep others from writing for longer.
        "idle_in_transaction_session_timeout": 2 * deadline,
    }
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        json_deserializer=from_json,
        pool_size=8,
        max_overflow=0,
        pool_timeout=DEADLINE_SECONDS / 2,
        pool_pre_ping=True,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
            "connect_timeout": int(DEADLINE_SECONDS),
        },
    )
    event.listen(engine, "do_connect", _patient_connection)
    return engine


class UnansweredError(UnsureError, OperationalError):
    """There was no answer to a commit."""


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
                raise UnansweredError from error
            raise


def _patient_connection(
    _dialect: Dialect, _record: ConnectionPoolEntry, given: tuple[Any, ...], named: dict[str, Any]
) -> Patient:
    """Connects for SQLAlchemy ("do_connect"). Raises OperationalError."""
    if left() < DEADLINE_SECONDS - _LATE_BY:
        raise OperationalError("the database did not answer in time")
    return Patient.connect(*given, **named)
