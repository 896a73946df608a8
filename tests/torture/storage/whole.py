"""A database as a whole: its schema and its rows, to be compared, copied and filled."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    inspect,
    text,
)
from sqlalchemy.engine import make_url

from bot.ledger import migrate as migrating
from bot.ledger.engine import connect

FOLDER = Path(migrating.__file__).parent / "migrations"


@dataclass(frozen=True)
class Whole:
    schema: dict[str, str]
    rows: dict[str, list[str]]


def whole(url: str) -> Whole:
    engines = connect(url)
    with engines.reading.begin() as connection:
        known = _reflected(connection)
        schema = {name: _described(connection, name) for name in known.tables}
        rows = {name: _rows(connection, table) for name, table in known.tables.items()}
    engines.dispose()
    return Whole(schema, rows)


def revisions(folder: Path = FOLDER) -> list[str]:
    """Every revision, the first one first."""
    scripts = ScriptDirectory(str(folder))
    return [each.revision for each in reversed([*scripts.walk_revisions()])]


def filled(url: str, upto: str | None) -> str:
    """Bring a bare database to a revision as the years did: there were rows at every step."""
    engines = connect(url)
    passed = revisions() if upto is not None else []
    for revision in passed[: passed.index(upto) + 1] if upto else []:
        with engines.writing.begin() as connection:
            command.upgrade(migrating._config(connection), revision)
            _fill(connection)
    engines.dispose()
    return url


def copied(url: str, name: str) -> str:
    """The same database under another name. Nobody else may be using it."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        file = Path(found.database or "")
        if file.exists():
            shutil.copy(file, file.with_name(name))
        return f"sqlite:///{file.with_name(name)}"
    drop(url, name)
    _by_the_way(url, f'CREATE DATABASE "{name}" TEMPLATE "{found.database}"')
    return found.set(database=name).render_as_string(hide_password=False)


def drop(url: str, name: str) -> None:
    if make_url(url).get_backend_name() == "postgresql":
        _by_the_way(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _by_the_way(url: str, statement: str) -> None:
    there = make_url(url).set(drivername="postgresql+psycopg", database="postgres")
    engine: Engine = create_engine(there, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _reflected(connection: Connection) -> MetaData:
    known = MetaData()
    known.reflect(connection)
    return known


def _described(connection: Connection, name: str) -> str:
    found = inspect(connection)
    columns = [{**each, "type": str(each["type"])} for each in found.get_columns(name)]
    parts = (
        found.get_pk_constraint(name),
        *sorted(str(_plain(each)) for each in found.get_indexes(name)),
        *sorted(map(str, found.get_foreign_keys(name))),
        *sorted(map(str, found.get_unique_constraints(name))),
    )
    return "\n".join(map(str, (*columns, *parts)))


def _plain(index: Mapping[str, Any]) -> dict[str, Any]:
    """What an index is limited to is an object of SQLAlchemy's, another one each time."""
    limits = index.get("dialect_options", {})
    return {**index, "dialect_options": {name: str(limits[name]) for name in sorted(limits)}}


def _rows(connection: Connection, table: Table) -> list[str]:
    return sorted(str(dict(row)) for row in connection.execute(table.select()).mappings())


def _fill(connection: Connection) -> None:
    """Three example rows in every table that has none."""
    for table in _reflected(connection).sorted_tables:
        if connection.execute(table.select().limit(1)).first() is None:
            rows = [{each.name: _example(each, n) for each in table.columns} for n in (1, 2, 3)]
            connection.execute(table.insert(), rows)


def _example(column: Column[Any], number: int) -> Any:
    """Of the column's type; what refers to another table refers to its row of that number."""
    for key in column.foreign_keys:
        return None if key.column.table is column.table else _example(key.column, number)
    match column.type:
        case String(length=length):
            return f"{column.name[: (length or 20) - 1]}{number}"
        case JSON():
            # A restore looks for whoever has been erased, and so reads who they are.
            return [] if column.name == "roles" else {"number": number}
        case Date():
            return date(2026, 1, number)
        case Boolean():
            return True
        case other:
            assert isinstance(other, Integer), f"no example of {other}"
            return number
