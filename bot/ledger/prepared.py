"""Statements that every report needs: put together once, then executed by the driver itself.

SQLAlchemy takes 20 to 60 µs for each execution, of which the driver's part is 2: it looks for what
it has compiled, and wraps what was found. All that matters stays SQLAlchemy's: the statement, how
it is spelt for each database, how values go in and come out, the transaction, the errors.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

_CURSORS = "cursors"
_MANY = 100
"""Rows. A cursor that has had more does not keep them until it is used again."""

Row = tuple[Any, ...]
Process = Callable[[Any], Any]
Statement = Select[Any] | ReturningInsert[Any]


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A statement as a database and its driver have it. `order` holds the names of the values where
    the driver wants them in a row; `into` and `out_of` turn values into the driver's and back."""

    text: str
    given: Mapping[str, Any]
    order: tuple[str, ...] | None
    into: Mapping[str, Process]
    out_of: tuple[tuple[int, Process], ...]

    def values(self, values: Mapping[str, Any]) -> Any:
        told = {**self.given, **values}
        for name, process in self.into.items():
            told[name] = process(told[name])
        return told if self.order is None else [told[name] for name in self.order]

    def row(self, row: Row) -> Row:
        if not self.out_of:
            return row
        cells = list(row)
        for place, process in self.out_of:
            cells[place] = process(cells[place])
        return tuple(cells)


class Prepared:
    """A statement that gives back rows: a SELECT whose values have names (`bindparam`), or an
    INSERT with RETURNING, where `sets` are the columns that get a value."""

    def __init__(self, statement: Statement, sets: Iterable[str] = ()) -> None:
        self._statement = statement
        self._sets = [*sets] or None
        self._spelt = cache(self._spelt_for)

    def all(self, connection: Connection, **values: Any) -> list[Row]:
        """Raises DBAPIError as `Connection.execute` does."""
        spelt = self._spelt(connection.dialect)
        with _errors_of(connection, spelt.text):
            rows = _execute(connection, spelt.text, spelt.values(values)).fetchall()
        if len(rows) > _MANY:
            _give_up(connection, spelt.text)
        return [spelt.row(row) for row in rows]

    def first(self, connection: Connection, **values: Any) -> Row | None:
        return next(iter(self.all(connection, **values)), None)

    def _spelt_for(self, dialect: Dialect) -> _Spelt:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._sets)
        assert isinstance(compiled, SQLCompiler)
        into = {name: _into(bind.type, dialect) for bind, name in compiled.bind_names.items()}
        columns = self._statement.exported_columns
        out_of = (_out_of(column.type, dialect) for column in columns)
        return _Spelt(
            text=str(compiled),
            given=compiled.params,
            order=tuple(compiled.positiontup or ()) if compiled.positional else None,
            into={name: process for name, process in into.items() if process},
            out_of=tuple((place, process) for place, process in enumerate(out_of) if process),
        )


def _into(type_: TypeEngine[Any], dialect: Dialect) -> Process | None:
    found: Process | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return found


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> Process | None:
    found: Process | None = type_.dialect_impl(dialect).result_processor(dialect, None)
    return found


def execute(connection: Connection, text: str, values: Any = ()) -> None:
    """Raises DBAPIError."""
    with _errors_of(connection, text):
        _execute(connection, text, values)


def _execute(connection: Connection, text: str, values: Any) -> Any:
    """The driver's cursor. Whoever listens to what SQLAlchemy executes hears of this too."""
    cursor = _cursor(connection, text)
    for listener in connection.dispatch.before_cursor_execute:
        text, values = listener(connection, cursor, text, values, None, False)
    cursor.execute(text, values)
    return cursor


def _cursor(connection: Connection, text: str) -> Any:
    """The one that this statement had before on the same connection of the driver's: psycopg's has
    found out then how its values go in and come out, which is half of what an execution takes. So
    a transaction must stay in one thread."""
    cursors = connection.info.setdefault(_CURSORS, {})
    if text not in cursors:
        cursors[text] = connection.connection.cursor()
    return cursors[text]


def _give_up(connection: Connection, text: str) -> None:
    """What a cursor was given it keeps, and in SQLite one that has not come to its end holds on to
    all that was there when it began: after it nothing can be written any more."""
    cursor = connection.info.get(_CURSORS, {}).pop(text, None)
    if cursor is not None:
        cursor.close()


@contextmanager
def _errors_of(connection: Connection, text: str) -> Iterator[None]:
    dialect = connection.dialect
    driver = dialect.loaded_dbapi
    try:
        yield
    except BaseException as error:
        _give_up(connection, text)
        if not isinstance(error, driver.Error):
            raise
        # Its values are what people wrote, and errors are logged.
        raise DBAPIError.instance(
            text, None, error, driver.Error, hide_parameters=True, dialect=dialect
        ) from error
