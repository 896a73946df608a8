"""Ledgers to measure on, migrated and empty, for as long as `with` lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.ledger.engine import Engines, connect
from tests import databases


@contextmanager
def sqlite() -> Iterator[str]:
    """The URL of a database in a file."""
    with TemporaryDirectory() as folder:
        yield databases.sqlite(Path(folder))


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a database on a server of its own."""
    with TemporaryDirectory() as folder, databases.postgresql(Path(folder)) as server:
        yield databases.migrated(server("benchmark"))


EACH = {"SQLite": sqlite, "PostgreSQL": postgresql}


@contextmanager
def connected(url: str) -> Iterator[Engines]:
    engines = connect(url)
    try:
        yield engines
    finally:
        engines.dispose()
