"""The few statements that SQLite and PostgreSQL spell differently."""

import json
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, cast, literal
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_ignore(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert unless a row with the same key is there. True if it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same key, so of two
    that race exactly one gets True.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row).on_conflict_do_nothing()
    # Asked of the database itself: for an INSERT, SQLAlchemy's rowcount means nothing.
    return connection.execute(statement.returning(literal(1))).first() is not None


def holds(column: Column[Any], text: str, *, whole: bool = True) -> ColumnElement[bool]:
    """Whether `text` stands in a JSON column, as a `whole` string or within one."""
    written = json.dumps(text)  # as it stands there: letters outside of ASCII as codes
    wanted = written if whole else written[1:-1]
    return cast(column, Text).contains(wanted, autoescape=True)
