"""Connections: one writer for SQLite, a small pool for PostgreSQL, and a deadline for both."""

from contextlib import suppress
from dataclasses import dataclass
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

DEADLINE_SECONDS = 2.0
"""How long a person's report may wait for the database. Slack gives up after 3 s and shows a
failure although the row may be saved; we give up first, roll back and keep what was typed."""

_WAL_TRIES = 10


@dataclass(frozen=True, slots=True)
class Engines:
    """Where to write and where to read. On PostgreSQL they are the same."""

    writing: Engine
    reading: Engine

    def dispose(self) -> None:
        self.writing.dispose()
        self.reading.dispose()


def connect(database_url: str) -> Engines:
    """Engines for `sqlite:///path` or `postgresql://…`.

    Raises ValueError for any other database.
    """
    url = make_url(database_url)
    match url.get_backend_name():
        case "sqlite":
            return Engines(_sqlite(url, writing=True), _sqlite(url, writing=False))
        case "postgresql" | "postgres":  # the short name is what hosting services hand out
            engine = _postgresql(url.set(drivername="postgresql+psycopg"))
            return Engines(engine, engine)
        case other:
            raise ValueError(f"{other!r} is not supported: use sqlite:/// or postgresql://")


def _sqlite(url: URL, *, writing: bool) -> Engine:
    # A writer that waits in our pool costs nothing; several writers that wait in SQLite's own
    # busy loop collapse (measured: 29 transactions a second). Half the deadline for each wait.
    engine = create_engine(
        url,
        hide_parameters=True,  # they are what people wrote, and errors are logged
        pool_size=1 if writing else 8,
        max_overflow=0,
        pool_timeout=DEADLINE_SECONDS / 2,
        connect_args={"check_same_thread": False, "timeout": DEADLINE_SECONDS / 2},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would begin deferred ones, which fail when they turn
    # from reading to writing: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html
    connection.isolation_level = None
    _write_ahead(connection)
    # What is erased is overwritten in the file: https://www.sqlite.org/pragma.html#pragma_secure_delete
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    # On a new file two processes may do this at once, and SQLite refuses one of them without
    # waiting. https://www.sqlite.org/wal.html
    for _ in range(_WAL_TRIES):
        with suppress(OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        connection.execute("BEGIN IMMEDIATE")  # this waits until the other has finished
        connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")


def _postgresql(url: URL) -> Engine:
    milliseconds = int(DEADLINE_SECONDS * 1000)
    waiting = milliseconds // 2  # for the pool and for a lock: together no more than the deadline
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=0,
        pool_timeout=DEADLINE_SECONDS / 2,
        pool_pre_ping=True,
        connect_args={
            "options": f"-c lock_timeout={waiting} -c statement_timeout={milliseconds}",
            "connect_timeout": int(DEADLINE_SECONDS),
        },
    )
