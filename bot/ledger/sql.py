"""The few statements that SQLite and PostgreSQL spell differently."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

_PACKED = "packed"


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
    statement: ReturningInsert[tuple[int]] = (
        _dialect(dialect_name).insert(table).on_conflict_do_nothing().returning(literal(1))
    )
    return statement


def insert_new(
    connection: Connection,
    table: Table,
    each: Mapping[str, Sequence[str]],
    same: Mapping[str, Any],
) -> frozenset[str]:
    """As `insert_or_ignore`, for many rows in one statement: the values that the rows inserted
    have in the first column of `each`.

    `each` holds columns of text, all of one length, with a value for every row; `same` holds what
    is the same in all of them and so crosses over to the database only once.
    """
    statement = _insert_new(connection.dialect.name, table, tuple(each), tuple(same))
    packed = json.dumps(list(zip(*each.values(), strict=True)))
    return frozenset(connection.execute(statement, {**same, _PACKED: packed}).scalars().all())


@cache
def _insert_new(
    dialect_name: str, table: Table, each: tuple[str, ...], same: tuple[str, ...]
) -> ReturningInsert[Any]:
    # Made once, as `_insert_or_ignore`.
    rows = _unpacked(dialect_name, len(each))
    common = [bindparam(name, type_=table.c[name].type) for name in same]
    # In one order, so that of two that race neither has what the other waits for. The condition
    # keeps SQLite from taking ON CONFLICT for that of a join: https://sqlite.org/lang_upsert.html
    source = select(*rows, *common).where(text("true")).order_by(rows[0])
    insert = _dialect(dialect_name).insert(table).from_select([*each, *same], source)
    statement: ReturningInsert[Any] = insert.on_conflict_do_nothing().returning(table.c[each[0]])
    return statement


def _unpacked(dialect_name: str, width: int) -> list[ColumnElement[Any]]:
    """The columns of the table that crosses over as JSON, a list of rows: either database takes
    that in faster than values one by one."""
    packed = bindparam(_PACKED, type_=Text)
    if dialect_name == "postgresql":
        rows = func.jsonb_array_elements(cast(packed, postgresql.JSONB))
        row = rows.table_valued(column("value", postgresql.JSONB)).c.value
        return [row[number].astext for number in range(width)]
    row = func.json_each(packed).table_valued("value").c.value
    return [func.json_extract(row, f"$[{number}]") for number in range(width)]


def _dialect(name: str) -> Any:
    return postgresql if name == "postgresql" else sqlite


def holds(column: Column[Any], text: str, *, whole: bool = True) -> ColumnElement[bool]:
    """Whether `text` stands in a JSON column, as a `whole` string or within one."""
    written = json.dumps(text)  # as it stands there: letters outside of ASCII as codes
    wanted = written if whole else written[1:-1]
    return cast(column, Text).contains(wanted, autoescape=True)
