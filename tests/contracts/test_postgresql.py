"""What we rely on in PostgreSQL and its driver."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.ledger.engine import Engines


@pytest.fixture
def engine(engines_of: Callable[[str], Engines], postgresql_url: str) -> Engine:
    return engines_of(postgresql_url).writing


def code(error: DBAPIError) -> object:
    assert isinstance(error.orig, psycopg.Error)
    return error.orig.sqlstate


def test_who_waits_too_long_for_a_lock_is_told_by_a_code_of_its_own(engine: Engine):
    with engine.begin() as one, engine.begin() as other:
        one.execute(text("LOCK TABLE pulse"))
        other.execute(text("SET LOCAL lock_timeout = '5ms'"))
        with pytest.raises(DBAPIError) as refused:
            other.execute(text("SELECT * FROM pulse"))
    assert code(refused.value) == "55P03"


def test_a_statement_that_takes_too_long_is_told_by_a_code_of_its_own(engine: Engine):
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = '5ms'"))
        with pytest.raises(DBAPIError) as refused:
            connection.execute(text("SELECT pg_sleep(5)"))
    assert code(refused.value) == "57014"


def test_a_table_that_was_made_is_gone_when_the_transaction_is_rolled_back(engine: Engine):
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        connection.rollback()
        found = connection.execute(text("SELECT to_regclass('half')")).scalar()
    assert found is None


def test_a_lock_for_a_transaction_ends_with_it(engine: Engine):
    """How migrations, and decisions that rest on what was read, wait for each other."""
    lock = text("SELECT pg_try_advisory_xact_lock(1)")
    with engine.begin() as one, engine.begin() as other:
        assert one.execute(lock).scalar()
        assert not other.execute(lock).scalar()
        one.rollback()
        assert other.execute(lock).scalar()


def test_a_text_with_a_nul_in_it_is_refused(engine: Engine):
    """SQLite takes it. What people write is cleaned before either sees it."""
    with engine.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("SELECT CAST(:words AS text)"), {"words": "a\0b"})


def test_who_skips_what_is_locked_finds_other_rows_than_whoever_locked_them(engine: Engine):
    """How two workers share the reminders that are due."""
    rows = text("INSERT INTO pulse (name, at) VALUES ('a', 0), ('b', 0), ('c', 0)")
    due = text("SELECT name FROM pulse ORDER BY name LIMIT 2 FOR UPDATE SKIP LOCKED")
    with engine.begin() as connection:
        connection.execute(rows)
    with engine.begin() as one, engine.begin() as other:
        claimed = [list(each.execute(due).scalars()) for each in (one, other)]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM pulse"))
    assert claimed == [["a", "b"], ["c"]]
