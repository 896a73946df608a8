"""The few statements that SQLite and PostgreSQL spell differently."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert


def insert_or_ignore(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert unless a row with the same key is there. True if it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same key, so of two
    that race exactly one gets True.
    """
    statement = _insert_or_ignore(connection.dialect.name, table)
    # Asked of the database itself: for an INSERT, SQLAlchemy's rowcount means nothing.
    return connection.execute(statement, row).first() is not None


@cache
def _insert_or_ignore(dialect_name: str, table: Table) -> ReturningInsert[tuple[int]]:
    # Made once: to put a statement together costs SQLAlchemy more than to execute it.
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    statement: ReturningInsert[tuple[int]] = (
        dialect.insert(table).on_conflict_do_nothing().returning(literal(1))
    )
    return statement
