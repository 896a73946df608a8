"""What is executed past SQLAlchemy gives what SQLAlchemy would have given."""

from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import bindparam, event, insert, select, text, true
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.ledger.engine import Engines
from bot.ledger.people import People
from bot.ledger.prepared import Prepared
from bot.ledger.store import Ledger
from bot.ledger.tables import metadata, people, readings
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA

NEW_READING = Prepared(insert(readings).returning(readings.c.id), ("case", "person", "at"))


@pytest.fixture
def connection(engines: Engines):
    with engines.writing.begin() as connection:
        People(connection).meet(MARIA)
        People(connection).meet(JOHAN)
        yield connection


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_rows_are_what_sqlalchemy_makes_of_them(connection, table):
    query = select(table)
    assert Prepared(query).all(connection) == [tuple(row) for row in connection.execute(query)]


def test_values_are_given_by_name(connection):
    by_home = Prepared(select(people.c.id).where(people.c.home == bindparam("home")))
    assert by_home.all(connection, home=MARIA.home) == [(MARIA.id,)]
    assert by_home.first(connection, home="9999") is None


def test_what_is_inserted_gives_back_its_key(connection):
    numbers = [
        NEW_READING.first(connection, case="falk", person=MARIA.id, at=JUNE) for _ in range(2)
    ]
    found = connection.execute(select(readings.c.id, readings.c.at).order_by(readings.c.id))
    assert [tuple(row) for row in found] == [(number, JUNE) for (number,) in numbers]


def test_an_error_is_sqlalchemys_and_tells_nothing_of_the_values(engines: Engines):
    with pytest.raises(IntegrityError) as raised, engines.writing.begin() as connection:
        NEW_READING.first(connection, case="falk", person="nobody-known", at=JUNE)
    assert "falk" not in str(raised.value)
    assert "nobody-known" not in str(raised.value).split("[SQL")[1]


def test_whoever_listens_to_what_is_executed_hears_of_it(engines: Engines):
    heard: list[str] = []
    event.listen(engines.writing, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with engines.writing.begin() as connection:
        Prepared(select(people.c.id)).all(connection)
    assert heard[-1].split() == ["SELECT", "people.id", "FROM", "people"]


def test_a_statement_that_has_failed_can_be_executed_again(engines: Engines):
    for person in ("nobody-known", MARIA.id):
        with suppress(IntegrityError), engines.writing.begin() as connection:
            People(connection).meet(MARIA)
            NEW_READING.first(connection, case="falk", person=person, at=JUNE)
    with engines.writing.begin() as connection:
        assert People(connection).get(MARIA.id) == MARIA
        assert Prepared(select(readings.c.case)).all(connection) == [("falk",)]


def test_a_statement_goes_on_where_a_connection_was_lost(engines: Engines):
    everybody = Prepared(select(people.c.id))
    with engines.writing.begin() as connection:
        People(connection).meet(MARIA)
    with engines.writing.connect() as connection:
        everybody.all(connection)
        connection.invalidate()
    with engines.writing.begin() as connection:
        assert everybody.all(connection) == [(MARIA.id,)]


def test_a_row_that_cannot_be_read_holds_nobody_up(engines: Engines, elsewhere: Ledger):
    if engines.writing.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps no text that is none")
    with engines.writing.begin() as connection:
        People(connection).meet(MARIA)
        connection.execute(text("UPDATE people SET name = CAST(x'ff' AS TEXT)"))
    for engine in (engines.writing, engines.reading):
        with pytest.raises(OperationalError), engine.begin() as connection:
            People(connection).get(MARIA.id)
    elsewhere.write(lambda books: books.people.save(MARIA))
    for engine in (engines.writing, engines.reading):
        with engine.begin() as connection:
            assert People(connection).get(MARIA.id) == MARIA


def test_much_that_was_read_is_not_kept_until_it_is_asked_for_again(connection):
    one, other = people.alias(), people.alias()
    everybody = Prepared(select(one.c.id, other.c.name).join_from(one, other, true()))
    for number in range(20):
        People(connection).meet(replace(MARIA, id=f"slack:U{number}"))
    for _ in range(2):
        assert len(everybody.all(connection)) > 100
    assert not any("JOIN" in kept for kept in connection.info["cursors"])
