"""Bring a database to the schema that this release needs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.ledger.engine import Engines
from bot.ledger.tables import metadata

_FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 4_726_020_026  # any number, as long as all releases use the same


def migrate(engines: Engines) -> None:
    """Run what has not been run. All in one transaction: killed midway, nothing has happened."""
    with engines.writing.begin() as connection:
        _wait_for_others(connection)
        command.upgrade(_config(connection), "head")


def is_current(engines: Engines) -> bool:
    """Whether the database stands at this release's schema."""
    with engines.reading.begin() as connection:
        standing = MigrationContext.configure(connection).get_current_heads()
    return set(standing) == set(ScriptDirectory.from_config(_config()).get_heads())


def missing_migrations(engines: Engines) -> Sequence[Any]:
    """What the tables in code have that no migration has made."""
    with engines.reading.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def make_migration(engines: Engines, message: str) -> None:
    """Write a migration for what `missing_migrations` found. For developers."""
    with engines.writing.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _wait_for_others(connection: Connection) -> None:
    # SQLite's BEGIN IMMEDIATE has locked out everybody else already.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        lock = text("SELECT pg_advisory_xact_lock(:number)")
        connection.execute(lock, {"number": _ONE_AT_A_TIME})
