"""Bring a database to the schema that this release needs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError, OperationalError

import bot.ledger.indexes  # noqa: F401 - its index is one of the tables'
from bot.ledger.engine import Engines, is_wait
from bot.ledger.patience import at_leisure
from bot.ledger.schema import Schema, standing
from bot.ledger.tables import metadata
from bot.machine import MAKE_WRITABLE, unwritable
from bot.undone import UndoneError

_FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 4_726_020_026  # any number, as long as all releases use the same

_PATIENCE_SECONDS = 300
"""For another migration, or for whoever reads what is to be changed, as a backup does. Meanwhile
nobody else reads it."""

_KEPT = (
    f"Somebody else has kept the database for {_PATIENCE_SECONDS / 60:.0f} minutes, as a backup "
    "does. Nothing was changed: wait until it is done, then run brobot migrate again."
)

_NOT_ALLOWED = "42501"
"""insufficient_privilege: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_NO_TABLES = (
    "The database's user may not make tables there, as since PostgreSQL 15 nobody may but the "
    "owner. Let it own the database (createdb -O USER NAME), or as its owner, in it: "
    "GRANT CREATE ON SCHEMA public TO USER"
)


def migrate(engines: Engines, folder: Path = _FOLDER) -> None:
    """Run what has not been run. All in one transaction: killed midway, nothing has happened.

    A database of a later release is left as it is: that release may be taken back. Raises
    UndoneError where none can be reached, or somebody else keeps it for long.
    """
    with at_leisure(), _reached(engines) as connection:
        _prepare(connection)
        try:
            with connection.begin():
                _wait_for_others(connection)
                if standing(connection, revisions(folder)) is not Schema.LATER:
                    command.upgrade(_config(connection, folder), "head")
                    _check_references(connection)
        except DBAPIError as error:
            if is_wait(error):
                raise UndoneError(_KEPT) from error
            if getattr(error.orig, "sqlstate", None) == _NOT_ALLOWED:
                raise UndoneError(_NO_TABLES) from error
            raise
        finally:
            connection.invalidate()  # never used again: it does not check foreign keys


def _reached(engines: Engines) -> Connection:
    if trouble := unwritable(engines.writing.url):
        raise UndoneError(f"The database cannot be made or written: {trouble}. {MAKE_WRITABLE}")
    try:
        return engines.writing.connect()
    except OperationalError as error:
        if is_wait(error):
            raise
        # None of its words: they may hold the database's address.
        sentence = "The database does not answer. What is wrong is said by: brobot doctor"
        raise UndoneError(sentence) from error


def revisions(folder: Path = _FOLDER) -> tuple[str, ...]:
    """Of the migrations in the folder, the newest last."""
    newest_first = ScriptDirectory.from_config(_config(folder=folder)).walk_revisions()
    return tuple(reversed([script.revision for script in newest_first]))


def missing_migrations(engines: Engines, tables: MetaData = metadata) -> Sequence[Any]:
    """How the tables in code and those that the migrations have made differ."""
    with engines.reading.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, tables))


def make_migration(engines: Engines, message: str) -> None:
    """Write a migration for what `missing_migrations` found. For developers."""
    with engines.writing.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection | None = None, folder: Path = _FOLDER) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _prepare(connection: Connection) -> None:
    # SQLite changes most of a table by making it anew, which rows that refer to it would forbid.
    # https://www.sqlite.org/lang_altertable.html#otheralter
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # ignored once a transaction has begun
        driver.execute(f"PRAGMA busy_timeout={int(_PATIENCE_SECONDS * 1000)}")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"the migration leaves dangling references: {dangling}")


def _wait_for_others(connection: Connection) -> None:
    # SQLite's BEGIN IMMEDIATE has locked out everybody else already.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE_SECONDS}s'"))
        lock = text("SELECT pg_advisory_xact_lock(:number)")
        connection.execute(lock, {"number": _ONE_AT_A_TIME})
