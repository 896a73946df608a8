"""The few statements that SQLite and PostgreSQL spell differently."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Table, literal
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_ignore(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert unless a row with the same key is there. True if it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same key, so of two
    that race exactly one gets True.
    """
    statement = _dialect(connection).insert(table).values(**row).on_conflict_do_nothing()
    # Asked of the database itself: for an INSERT, SQLAlchemy's rowcount means nothing.
    return connection.execute(statement.returning(literal(1))).first() is not None


def insert_new(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], by: Column[str]
) -> frozenset[str]:
    """As `insert_or_ignore`, for many at once: the values of `by` in the rows that were inserted.
    No two of the rows may have the same there."""
    if not rows:
        return frozenset()
    # In one order, so that of two that race neither has what the other waits for.
    ordered = sorted(rows, key=itemgetter(by.name))
    statement = _dialect(connection).insert(table).on_conflict_do_nothing().returning(by)
    return frozenset(connection.execute(statement, ordered).scalars())


def _dialect(connection: Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
