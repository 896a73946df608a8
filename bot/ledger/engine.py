"""Connections: one writer for SQLite, a small pool for PostgreSQL, and a deadline for both."""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json  # reads a report's answers in a third of json's time
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.ledger.patience import DEADLINE_SECONDS
from bot.ledger.prepared import execute

_WAL_TRIES = 10
_WRITERS_CACHE_KB = 8_000
_PAGES_IN_THE_LOG = 4_000
"""Of 4 KB each."""


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
            # Here and not above: psycopg and libpq take 9 MB, which SQLite has no use for.
            from bot.ledger.postgresql import engine_of  # noqa: PLC0415

            engine = engine_of(url)
            return Engines(engine, engine)
        case other:
            raise ValueError(f"{other!r} is not supported: use sqlite:/// or postgresql://")


def is_wait(error: DBAPIError) -> bool:
    """Whether the database was busy with somebody else: it can be tried again."""
    # SQLite says it in words, PostgreSQL in codes: lock_not_available, query_canceled,
    # deadlock_detected. https://www.postgresql.org/docs/current/errcodes-appendix.html
    code = getattr(error.orig, "sqlstate", None)
    return code in {"55P03", "57014", "40P01"} or "database is locked" in str(error.orig)


def is_silence(error: DBAPIError) -> bool:
    """PostgreSQL was not reached or does not answer, or it has hung up: the error is the client's
    own (it has no code), or idle_in_transaction_session_timeout or admin_shutdown."""
    code = getattr(error.orig, "sqlstate", "")
    gone = isinstance(error, OperationalError) and code in {None, "57P01"}
    return gone or code == "25P03"  # an InternalError, for psycopg


def _sqlite(url: URL, *, writing: bool) -> Engine:
    # One connection writes (`writer.py`): several writers that wait in SQLite's own busy loop
    # collapse (measured: 29 transactions a second). For other processes it waits a part of the
    # time that a work has to be begun in, and then once more.
    busy = DEADLINE_SECONDS / (10 if writing else 2)
    engine = create_engine(
        url,
        hide_parameters=True,  # they are what people wrote, and errors are logged
        json_deserializer=from_json,
        pool_size=1 if writing else 8,
        max_overflow=0,
        pool_timeout=DEADLINE_SECONDS / 2,
        connect_args={"check_same_thread": False, "timeout": busy},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    if writing:
        event.listen(engine, "connect", _prepare_writing)
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
    event.listen(engine, "begin", lambda connection: execute(connection, begin))
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling would begin deferred ones, which fail when they turn
    # from reading to writing: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html
    connection.isolation_level = None
    _write_ahead(connection)
    # What is erased is overwritten in the file: https://www.sqlite.org/pragma.html#pragma_secure_delete
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_writing(connection: Any, _record: object) -> None:
    # What a savepoint could take back stays in memory, not in a file of its own, and so do the
    # pages that a large transaction comes back to (measured: half the time for many rows).
    # https://www.sqlite.org/tempfiles.html
    for pragma in ("temp_store=MEMORY", f"cache_size=-{_WRITERS_CACHE_KB}"):
        connection.execute(f"PRAGMA {pragma}")
    # Whoever comes after so many pages waits while they are brought home. At a hundred reports a
    # second that would be one in a hundred, every second. https://www.sqlite.org/wal.html#ckpt
    connection.execute(f"PRAGMA wal_autocheckpoint={_PAGES_IN_THE_LOG}")


def _write_ahead(connection: Any) -> None:
    # On a new file two processes may do this at once, and SQLite refuses one of them without
    # waiting. https://www.sqlite.org/wal.html
    for _ in range(_WAL_TRIES):
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        connection.execute("BEGIN IMMEDIATE")  # this waits until the other has finished
        connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
