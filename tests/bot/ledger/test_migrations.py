"""A database comes to this release's schema, whatever happens on the way."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Text, event, inspect, text
from sqlalchemy.exc import IntegrityError

from bot.ledger import migrate as migrating
from bot.ledger.engine import Engines
from bot.ledger.migrate import migrate, missing_migrations, revisions
from bot.ledger.patience import left
from bot.ledger.schema import REVISIONS, Schema, schema
from bot.ledger.store import Ledger
from bot.ledger.tables import metadata
from bot.ledger.tallies import Tallied, Tallies
from bot.undone import UndoneError
from tests.bot.ledger.cast import JUNE, MARIA, at_once

EnginesOf = Callable[[str], Engines]


@pytest.fixture
def bare(engines_of: EnginesOf, bare_url: str) -> Engines:
    return engines_of(bare_url)


def tables(engines: Engines) -> set[str]:
    return set(inspect(engines.reading).get_table_names()) - {"alembic_version"}


def test_a_fresh_database_gets_all_tables_and_is_current_then(bare: Engines):
    assert schema(bare) is Schema.EARLIER
    migrate(bare)
    assert schema(bare) is Schema.OURS
    assert tables(bare) == set(metadata.tables)


def test_every_table_in_the_code_has_its_migration(engines: Engines):
    assert missing_migrations(engines) == []


def test_a_column_without_a_migration_is_noticed(engines: Engines):
    changed = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(changed)
    changed.tables["people"].append_column(Column("nickname", Text))
    [(what, _schema, table, column)] = missing_migrations(engines, changed)
    assert (what, table, column.name) == ("add_column", "people", "nickname")


def test_a_start_knows_every_migration_without_reading_their_files():
    assert revisions() == REVISIONS


def test_migrating_again_changes_nothing(engines: Engines):
    with engines.writing.begin() as connection:
        connection.execute(text("INSERT INTO pulse (name, at) VALUES ('kept', 1)"))
    migrate(engines)
    with engines.reading.begin() as connection:
        assert connection.execute(text("SELECT name FROM pulse")).scalars().all() == ["kept"]


def test_a_later_releases_database_is_known_for_one_and_left_as_it_is(engines: Engines):
    with engines.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of_a_later_one'"))
    assert schema(engines) is Schema.LATER
    migrate(engines)
    assert schema(engines) is Schema.LATER


def test_of_two_that_migrate_at_once_both_succeed(bare_url: str, engines_of: EnginesOf):
    two = [engines_of(bare_url), engines_of(bare_url)]
    at_once([partial(migrate, each) for each in two])
    assert [schema(each) for each in two] == [Schema.OURS, Schema.OURS]


def test_a_migration_killed_midway_has_not_happened(bare: Engines):
    def kill(_connection, _cursor, statement: str, *_rest) -> None:
        if "CREATE TABLE people" in statement:
            raise KeyboardInterrupt

    event.listen(bare.writing, "before_cursor_execute", kill)
    with pytest.raises(KeyboardInterrupt):
        migrate(bare)
    event.remove(bare.writing, "before_cursor_execute", kill)
    assert tables(bare) == set()
    migrate(bare)
    assert schema(bare) is Schema.OURS


NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.alter_column("name", new_column_name="called")
"""


def test_a_migration_may_rebuild_a_table_that_others_refer_to(bare: Engines, tmp_path: Path):
    """SQLite can change little in a table, so that Alembic makes it anew."""
    migrate(bare)
    ledger = Ledger(bare)
    ledger.write(lambda books: books.people.meet(MARIA))
    ledger.write(lambda books: books.held.keep(MARIA.id, "workshop", {}, None, JUNE))
    migrations = tmp_path / "migrations"
    shutil.copytree(Path(migrating.__file__).parent / "migrations", migrations)
    [head] = ScriptDirectory(str(migrations)).get_heads()
    (migrations / "versions" / "next.py").write_text(NEXT.format(head=head))

    migrate(bare, migrations)

    with bare.reading.begin() as connection:
        rows = connection.execute(text("SELECT called FROM people JOIN held ON person = people.id"))
        assert rows.scalars().all() == [MARIA.name]
    with pytest.raises(IntegrityError):
        ledger.write(lambda books: books.held.keep("nobody", "workshop", {}, None, JUNE))


def test_whoever_reads_tallies_while_they_are_put_in_order_goes_on_to_see_them(
    bare: Engines, bare_url: str, engines_of: EnginesOf, tmp_path: Path
):
    migrate(bare, the_migrations_before("tallies_by_day", tmp_path))
    day, told = JUNE.date(), ("S4", "found", JUNE.date(), JUNE.date())
    with bare.writing.begin() as connection:
        Tallies(connection).begin(Tallied("plan", JUNE, None))
        Tallies(connection).add("plan", [(told, 300)])
    with engines_of(bare_url).reading.begin() as connection:
        reading = Tallies(connection)
        reading.one_moment()
        assert reading.tallied("plan") is not None
        migrate(bare)
        assert sum(reading.sums("plan", "S4", (day, day), day, "found").values()) == 300
    with bare.reading.begin() as connection:
        assert Tallies(connection).tallied("plan") is None


def the_migrations_before(name: str, tmp_path: Path) -> Path:
    """Those of the release that did not have this one yet."""
    migrations = tmp_path / "before"
    shutil.copytree(Path(migrating.__file__).parent / "migrations", migrations)
    for file in (migrations / "versions").glob(f"*_{name}.py"):
        file.unlink()
    return migrations


def test_a_migration_is_waited_for_longer_than_anybody_waits_for_an_answer(bare: Engines):
    waits: list[float] = []

    def note(*_told: object) -> None:
        waits.append(left())

    event.listen(bare.writing, "before_cursor_execute", note)
    migrate(bare)
    event.remove(bare.writing, "before_cursor_execute", note)
    assert min(waits) > 60


def test_a_database_that_somebody_keeps_for_long_is_left_as_it_is_and_that_is_said(
    bare: Engines,
    bare_url: str,
    engines_of: EnginesOf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    migrate(bare, the_migrations_before("tallies_by_day", tmp_path))
    monkeypatch.setattr(migrating, "_PATIENCE_SECONDS", 0.05)
    with engines_of(bare_url).writing.begin() as connection:
        connection.execute(text("INSERT INTO pulse (name, at) VALUES ('kept', 1)"))
        connection.execute(text("SELECT 1 FROM tallies"))
        with pytest.raises(UndoneError, match="run brobot migrate again"):
            migrate(bare)
    assert schema(bare) is Schema.EARLIER
    migrate(bare)
    assert schema(bare) is Schema.OURS
