"""While a release is rolled out, the one before works on, on the new schema.

What it says is data: `previous_release.py` tells where from, and how it is renewed.
"""

import shutil
import sqlite3
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from bot.ledger.engine import connect
from bot.ledger.migrate import _config, migrate
from bot.ledger.store import Ledger
from tests.bot.ledger.cast import after
from tests.torture.conftest import Figures, Rounds
from tests.torture.storage.previous_release import read, recorded_at, say
from tests.torture.storage.test_migrations import some
from tests.torture.storage.whole import FOLDER, copied, drop, revisions

RENAMES = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "renames", "{head}", None, None


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.alter_column("name", new_column_name="called")
"""


def former(url: str) -> str:
    """A database as the previous release has it, without any rows."""
    engines = connect(url)
    with engines.writing.begin() as connection:
        command.upgrade(_config(connection), recorded_at())
    engines.dispose()
    return url


def works_on(url: str, cut: int, folder: Path = FOLDER) -> str:
    """The previous release works, on one connection that it keeps; after `cut` statements the
    database is migrated. Every answer must be what it was."""
    process, upgrade = connect(url), connect(url)
    with process.writing.connect() as connection:
        for number, said in enumerate(read(make_url(url).get_backend_name())):
            if number == cut:
                migrate(upgrade, folder)
            with connection.begin():
                assert say(connection, said) == said.answer, said.statement
    process.dispose()
    upgrade.dispose()
    return url


def test_the_previous_release_stands_before_this_one():
    assert recorded_at() in revisions()


def test_the_previous_release_works_on_across_the_migration(
    bare_url: str, rounds: Rounds, figures: Figures
):
    former(bare_url)
    statements = len(read(make_url(bare_url).get_backend_name()))
    cuts = some(statements, rounds(3, statements))
    for cut in (0, *cuts):
        works_on(copied(bare_url, f"cut-{cut}.db"), cut)
        drop(bare_url, f"cut-{cut}.db")
    figures(f"{statements} statements of the previous release, migrated before each of {len(cuts)}")


def test_what_the_previous_release_writes_after_the_migration_this_release_reads(bare_url: str):
    former(bare_url)
    found = []
    for cut in (0, 10_000):
        url = works_on(copied(bare_url, f"written-{cut}.db"), cut)
        engines = connect(url)
        migrate(engines)
        ledger = Ledger(engines)
        found.append(
            ledger.read(
                lambda books: (
                    books.people.all(),
                    books.reports.known_at(after(1)),
                    books.reports.of_case("case"),
                    books.outbox.get("first"),
                    books.reminders.current(),
                    books.occasions.of_alarm("digest"),
                    books.readings.of_case("case"),
                    books.pulse.last("delivery"),
                )
            )
        )
        ledger.close()
    assert found[0] == found[1]
    assert all(found[0])


def test_a_migration_that_takes_away_what_the_previous_release_needs_is_found_out(
    bare_url: str, tmp_path: Path
):
    former(bare_url)
    migrations = tmp_path / "migrations"
    shutil.copytree(FOLDER, migrations)
    [head] = ScriptDirectory(str(migrations)).get_heads()
    (migrations / "versions" / "renames.py").write_text(RENAMES.format(head=head))
    with pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedColumn)):
        works_on(bare_url, 0, migrations)
