"""A backup and whom it must not bring back, on both databases, by the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from bot.__main__ import main
from bot.ledger import migrate as migrating
from bot.ledger.audit import Act
from bot.ledger.backup import backup
from bot.ledger.engine import Engines, connect
from bot.ledger.schema import Schema, schema
from bot.ledger.store import Ledger
from bot.processes.start import working_desk
from bot.settings import settings_from
from tests.bot.ledger import test_backup
from tests.bot.ledger.cast import JOHAN, MARIA
from tests.bot.ledger.test_erasures import dumped, everywhere

programs = test_backup.programs  # PostgreSQL's own, of the server's version

BEFORE_PRIVACY = "75a007d2b17e"
"""The schema of the release before there was an audit trail."""


@pytest.fixture
def journal(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("BROBOT_ERASURES", str(tmp_path / "journal"))
    return tmp_path / "journal"


def left_of_maria(engines: Engines) -> list[str]:
    left = dumped(engines).replace("slack:U123", "")
    return [each for each in (MARIA.id, MARIA.name, MARIA.email) if each in left]


def maria_is_in_the_copy_and_erased_since(engines: Engines, copy: Path) -> None:
    ledger = Ledger(engines)
    ledger.write(lambda books: everywhere(books, MARIA))
    assert main(["backup", str(copy)]) == 0
    assert main(["erase", MARIA.email, "--yes"]) == 0
    ledger.close()


@pytest.mark.parametrize("lost", ["nothing", "the journal", "the database"])
def test_whoever_was_erased_does_not_return(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines], journal: Path, lost: str
):
    ledger = Ledger(engines_of(url))
    ledger.write(lambda books: everywhere(books, MARIA))
    assert main(["backup", str(tmp_path / "copy")]) == 0
    assert main(["erase", MARIA.email, "--yes"]) == 0
    if lost == "the journal":
        journal.unlink()
    if lost == "the database":
        ledger.write(lambda books: books._connection.execute(text("DELETE FROM erasures")))
    ledger.close()
    assert main(["restore", str(tmp_path / "copy")]) == 0
    again = engines_of(url)
    assert left_of_maria(again) == []
    assert Ledger(again).read(lambda books: books.people.get(JOHAN.id)) == JOHAN
    restored = Ledger(again).read(lambda books: books.audit.latest(Act.RESTORED))
    assert restored is not None
    assert restored.details["erased_anew"] == 1
    assert main(["audit", "verify"]) == 0


def test_whoever_a_restore_that_was_cut_off_has_brought_back_is_erased_at_the_next_start(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines], journal: Path, monkeypatch
):
    maria_is_in_the_copy_and_erased_since(engines_of(url), tmp_path / "copy")

    def killed(_engines: Engines) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.upkeep.migrations.migrate", killed)
    with pytest.raises(KeyboardInterrupt):
        main(["restore", str(tmp_path / "copy")])
    assert left_of_maria(engines_of(url)) != []
    told = {"DATABASE_URL": url, "BROBOT_ERASURES": str(journal)}
    working_desk(settings_from(told, connected=False)).setup.ledger.close()
    assert left_of_maria(engines_of(url)) == []


def test_nothing_is_restored_while_the_plan_cannot_be_read(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines], journal: Path, monkeypatch
):
    maria_is_in_the_copy_and_erased_since(engines_of(url), tmp_path / "copy")
    monkeypatch.setenv("BROBOT_PLAN", str(tmp_path / "copy"))
    assert main(["restore", str(tmp_path / "copy")]) == 1
    assert left_of_maria(engines_of(url)) == []


def test_without_a_place_to_write_down_who_was_erased_nothing_is_restored(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines], monkeypatch, capsys
):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr("bot.settings.Settings.erasures_file", None)  # as PostgreSQL has none
    maria_is_in_the_copy_and_erased_since(engines_of(url), tmp_path / "copy")
    assert main(["restore", str(tmp_path / "copy")]) == 1
    assert "1 erased people could come back. Set BROBOT_ERASURES" in capsys.readouterr().err
    assert left_of_maria(engines_of(url)) == []


def test_a_copy_of_the_release_before_is_brought_up_to_date_and_cleaned(
    bare_url: str, tmp_path: Path, engines_of: Callable[[str], Engines], monkeypatch
):
    """Also where the database in place has tables that the copy does not know."""
    monkeypatch.setenv("DATABASE_URL", bare_url)
    monkeypatch.setenv("BROBOT_ERASURES", str(tmp_path / "journal"))
    engines = connect(bare_url)
    with engines.writing.begin() as connection:
        command.upgrade(migrating._config(connection), BEFORE_PRIVACY)
        met = text(
            "INSERT INTO people (id, name, email, roles, language, met_at)"
            " VALUES (:id, :name, :email, '[]', 'sv', 1)"
        )
        for each in (MARIA, JOHAN):
            row = {"id": each.id, "name": each.name, "email": each.email}
            connection.execute(met, row)
    engines.dispose()
    backup(bare_url, tmp_path / "copy")
    assert main(["migrate"]) == 0
    assert main(["erase", MARIA.email, "--yes"]) == 0
    assert main(["restore", str(tmp_path / "copy")]) == 0
    again = engines_of(bare_url)
    assert schema(again) is Schema.OURS
    assert left_of_maria(again) == []
    assert Ledger(again).read(lambda books: [p.id for p in books.people.all()]) == [JOHAN.id]
