"""What we rely on in SQLite and in SQLAlchemy's way with it, and what we guard against."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError

things = Table("things", MetaData(), Column("id", Integer, primary_key=True))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "things.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE things (id INTEGER PRIMARY KEY)")
    return file


def opened(file: Path) -> sqlite3.Connection:
    """Without the driver's own transactions, and without patience."""
    return sqlite3.connect(file, isolation_level=None, timeout=0)


def test_a_deferred_transaction_that_turns_to_writing_fails_where_another_has_written(file: Path):
    """However patient it is. Why every writing transaction begins with BEGIN IMMEDIATE."""
    with closing(opened(file)) as one, closing(opened(file)) as other:
        one.execute("PRAGMA busy_timeout=60000")
        one.execute("BEGIN")
        one.execute("SELECT count(*) FROM things").fetchone()
        other.execute("INSERT INTO things VALUES (1)")
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            one.execute("INSERT INTO things VALUES (2)")


def test_who_begins_immediately_waits_before_anything_is_read(file: Path):
    with closing(opened(file)) as one, closing(opened(file)) as other:
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("BEGIN IMMEDIATE")
        one.execute("INSERT INTO things VALUES (1)")
        one.execute("COMMIT")
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT id FROM things").fetchall() == [(1,)]


def test_the_driver_begins_deferred_transactions_unless_it_is_told_not_to(file: Path):
    """Why `isolation_level` is None on every connection, and we begin ourselves."""
    said: list[str] = []
    engine = create_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", lambda each, _record: each.set_trace_callback(said.append))
    with engine.begin() as connection:
        connection.execute(things.insert().values(id=1))
    engine.dispose()
    assert said[0].strip() == "BEGIN"


def test_a_live_file_copied_as_a_file_lacks_what_was_saved(file: Path, tmp_path: Path):
    """It stands in the write-ahead log. Why a backup goes by SQLite's own way."""
    with closing(opened(file)) as database:
        database.execute("INSERT INTO things VALUES (1)")
        shutil.copy(file, tmp_path / "copied.db")
        with closing(sqlite3.connect(tmp_path / "backed up.db")) as other:
            database.backup(other)
    counts = []
    for name in ("copied.db", "backed up.db"):
        with closing(sqlite3.connect(tmp_path / name)) as copy:
            counts.append(copy.execute("SELECT count(*) FROM things").fetchone()[0])
    assert counts == [0, 1]


def test_a_file_copied_while_it_is_being_written_may_be_unusable(file: Path, tmp_path: Path):
    """A copy reads page after page, and a checkpoint may come in between."""
    rows = [(number,) for number in range(50_000)]
    with closing(opened(file)) as database:
        database.execute("BEGIN")
        database.executemany("INSERT INTO things VALUES (?)", rows[:25_000])
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        beginning = file.read_bytes()[:4096]  # here the copy had come when others wrote on
        database.execute("BEGIN")
        database.executemany("INSERT INTO things VALUES (?)", rows[25_000:])
        database.execute("DELETE FROM things WHERE id % 2 = 0")
        database.execute("COMMIT")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (tmp_path / "copied.db").write_bytes(beginning + file.read_bytes()[4096:])
    with closing(sqlite3.connect(tmp_path / "copied.db")) as copy:
        try:
            sound = copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            sound = False
    assert not sound


def test_only_the_last_who_uses_a_file_may_end_its_write_ahead_log(file: Path):
    """How a restore knows that the bot still runs."""
    with closing(opened(file)) as one, closing(opened(file)) as other:
        other.execute("SELECT * FROM things").fetchall()
        with pytest.raises(sqlite3.OperationalError) as refused:
            one.execute("PRAGMA journal_mode=DELETE")
    assert refused.value.sqlite_errorcode == sqlite3.SQLITE_BUSY


def test_a_table_that_was_made_is_gone_when_the_transaction_is_rolled_back(file: Path):
    """Which Alembic does not believe of SQLite unless `transactional_ddl` says so."""
    with closing(opened(file)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("CREATE TABLE half (id INTEGER)")
        database.execute("ROLLBACK")
        names = database.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("things",)]


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{file}", hide_parameters=True)
    yield engine
    engine.dispose()


def test_an_insert_that_was_ignored_returns_no_row(engine: Engine):
    """How we tell who was the first."""
    ours = insert(things).values(id=1).on_conflict_do_nothing().returning(things.c.id)
    with engine.begin() as connection:
        assert connection.execute(ours).first() is not None
        assert connection.execute(ours).first() is None


def test_an_error_of_the_database_tells_no_parameters(engine: Engine):
    """They are what people wrote, and errors are logged."""
    with engine.connect() as connection, pytest.raises(OperationalError) as refused:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", ("Projekt Falk",))
    assert "Falk" not in str(refused.value)
