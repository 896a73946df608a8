"""The few statements that SQLite and PostgreSQL spell differently."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
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

from bot.ledger.prepared import Prepared


def insert_or_ignore(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert unless a row with the same key is there. True if it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same key, so of two
    that race exactly one gets True.
    """
    prepared = _insert_or_ignore(connection.dialect.name, table, tuple(row))
    # Asked of the database itself: for an INSERT, SQLAlchemy's rowcount means nothing.
    return prepared.first(connection, **row) is not None


@cache
def _insert_or_ignore(dialect_name: str, table: Table, columns: tuple[str, ...]) -> Prepared:
    insert = _dialect(dialect_name).insert(table).on_conflict_do_nothing()
    return Prepared(insert.returning(literal(1)), columns)


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
    prepared = _insert_new(connection.dialect.name, table, tuple(each), tuple(same))
    packed = json.dumps(list(zip(*each.values(), strict=True)))
    return frozenset(new for (new,) in prepared.all(connection, packed=packed, **same))


@cache
def _insert_new(
    dialect_name: str, table: Table, each: tuple[str, ...], same: tuple[str, ...]
) -> Prepared:
    rows = _unpacked(dialect_name, len(each))
    common = [bindparam(name, type_=table.c[name].type) for name in same]
    # In one order, so that of two that race neither has what the other waits for. The condition
    # keeps SQLite from taking ON CONFLICT for that of a join: https://sqlite.org/lang_upsert.html
    source = select(*rows, *common).where(text("true")).order_by(rows[0])
    insert = _dialect(dialect_name).insert(table).from_select([*each, *same], source)
    return Prepared(insert.on_conflict_do_nothing().returning(table.c[each[0]]))


def _unpacked(dialect_name: str, width: int) -> list[ColumnElement[Any]]:
    """The columns of the table that crosses over as JSON, a list of rows: either database takes
    that in faster than values one by one."""
    packed = bindparam("packed", type_=Text)
    if dialect_name == "postgresql":
        jsonb = _dialect(dialect_name).JSONB
        rows = func.jsonb_array_elements(cast(packed, jsonb))
        row = rows.table_valued(column("value", jsonb)).c.value
        return [row[number].astext for number in range(width)]
    row = func.json_each(packed).table_valued("value").c.value
    return [func.json_extract(row, f"$[{number}]") for number in range(width)]


def among(dialect_name: str, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether what stands in a column is one of those bound by a name: a list of texts, as JSON."""
    texts = bindparam(name, type_=Text)
    if dialect_name == "postgresql":
        jsonb = _dialect(dialect_name).JSONB
        value = func.jsonb_array_elements_text(cast(texts, jsonb)).table_valued("value").c.value
    else:
        value = func.json_each(texts).table_valued("value").c.value
    return column.in_(select(value))


def _dialect(name: str) -> Any:
    """SQLAlchemy's module for a database: it has been loaded with the engine, unlike the other."""
    return import_module(f"sqlalchemy.dialects.{name}")


def holds(column: Column[Any], text: str, *, whole: bool = True) -> ColumnElement[bool]:
    """Whether `text` stands in a JSON column, as a `whole` string or within one."""
    written = json.dumps(text)  # as it stands there: letters outside of ASCII as codes
    wanted = written if whole else written[1:-1]
    return cast(column, Text).contains(wanted, autoescape=True)


def add_up(
    connection: Connection, table: Table, column: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows; to those whose key is there already, add what they have in a column."""
    insert = _dialect(connection.dialect.name).insert(table)
    more = {column: table.c[column] + insert.excluded[column]}
    key = [each.name for each in table.primary_key]
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=more), rows)
