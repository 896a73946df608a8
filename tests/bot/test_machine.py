"""That SQLite is used on one machine alone: what is noticed, and in what words."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock import system_clock
from bot.ledger.engine import connect
from bot.ledger.store import Ledger
from bot.machine import Machine, network_of, on_a_network, this_machine, unwritable
from bot.presence import FRESH, ElsewhereError, arrive, elsewhere, present
from bot.processes import start
from tests import databases
from tests.bot.ledger.cast import JUNE, after

HERE, THERE = Machine("boot-1", "host-1"), Machine("boot-2", "host-2")
RESTARTED = Machine("boot-3", HERE.host)
CONTAINER = Machine(HERE.boot, "host-4")

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
server:/export /srv nfs4 rw,relatime 0 0
/dev/sdb1 /srv/local xfs rw 0 0
//server/share /mnt/with\\040space cifs rw 0 0
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return databases.sqlite(tmp_path)


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    ledger = Ledger(connect(url))
    yield ledger
    ledger.close()


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/var/lib/brobot.db", None),
        ("/srv/brobot.db", "nfs4"),
        ("/srv/bot/brobot.db", "nfs4"),
        ("/srv/local/brobot.db", None),
        ("/mnt/with space/brobot.db", "cifs"),
    ],
)
def test_a_network_file_system_is_told_from_a_disk(file: str, kind: str | None):
    assert network_of(Path(file), MOUNTS) == kind


def test_where_the_system_tells_nothing_nothing_is_refused():
    assert network_of(Path("/srv/brobot.db"), "") is None


def test_postgresql_may_be_anywhere():
    assert on_a_network("postgresql://db.example.se/srv", MOUNTS) is None


def test_a_second_machine_is_refused_and_postgresql_named(ledger: Ledger):
    ledger.write(lambda books: arrive(books, HERE, JUNE))
    with pytest.raises(ElsewhereError, match=r"must run on the same machine.*PostgreSQL"):
        ledger.write(lambda books: arrive(books, THERE, after(60)))
    ledger.write(lambda books: arrive(books, HERE, after(61)))


@pytest.mark.parametrize("same", [HERE, RESTARTED, CONTAINER])
def test_a_restart_and_another_container_on_the_host_are_the_same_machine(
    ledger: Ledger, same: Machine
):
    ledger.write(lambda books: arrive(books, HERE, JUNE))
    ledger.write(lambda books: arrive(books, same, after(5)))
    assert ledger.read(lambda books: elsewhere(books, same, after(6))) is None


def test_a_machine_that_has_been_put_away_is_in_nobodys_way_and_forgotten(ledger: Ledger):
    ledger.write(lambda books: arrive(books, HERE, JUNE))
    ledger.write(lambda books: arrive(books, THERE, JUNE + FRESH))
    noted = ledger.read(lambda books: books.pulse.beginning("machine:"))
    assert noted == {"machine:boot-2:host-2": JUNE + FRESH}


def test_who_is_there_says_so_again_and_again(ledger: Ledger):
    moments = iter(JUNE + timedelta(minutes=n) for n in range(1_000_000))
    late = [False]

    def clock():
        moment = next(moments)
        late[0] = late[0] or moment > JUNE + 3 * FRESH
        return moment

    with present(ledger, HERE, clock, every=0.001):  # a real timer, but a short one
        while not late[0]:
            pass
        told = ledger.read(lambda books: books.pulse.beginning("machine:"))
    assert max(told.values()) > JUNE + 2 * FRESH


def test_this_machine_knows_itself_and_tells_nothing_of_it():
    assert this_machine() == this_machine()
    assert {len(this_machine().boot), len(this_machine().host)} == {12}


COMPLETE = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "BROBOT_CHANNEL": "C1"}


@pytest.mark.parametrize("command", ["web", "worker", "run"])
def test_no_process_starts_beside_another_machine(url, ledger, monkeypatch, capsys, command):
    for name, value in {**COMPLETE, "DATABASE_URL": url}.items():
        monkeypatch.setenv(name, value)
    ledger.write(lambda books: arrive(books, THERE, system_clock()))
    assert main([command]) == 1
    assert "Another machine used this SQLite database" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["web", "worker", "run"])
def test_no_process_starts_on_a_network_file_system(url, monkeypatch, capsys, command):
    for name, value in {**COMPLETE, "DATABASE_URL": url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(start, "mounts", lambda: "server:/all / nfs4 rw 0 0")
    assert main([command]) == 1
    assert "network file system (nfs4)" in capsys.readouterr().err


def test_a_look_changes_nothing(ledger: Ledger):
    ledger.write(lambda books: arrive(books, HERE, JUNE))
    assert "60 seconds ago" in str(ledger.read(lambda books: elsewhere(books, THERE, after(60))))
    ledger.write(lambda books: arrive(books, HERE, after(90)))


def test_a_file_may_be_written_where_there_is_a_folder_and_a_right_to(url, tmp_path):
    assert unwritable(url) is None
    assert unwritable(f"sqlite:///{tmp_path}/new.db") is None
    assert unwritable(f"sqlite:///{tmp_path}/none/x.db") == f"there is no folder {tmp_path}/none"
    assert unwritable("postgresql:///brobot") is None


@pytest.mark.parametrize("refused", ["", "/brobot.db", "/brobot.db-wal"])
def test_what_another_user_has_left_is_named(url, tmp_path, refused):
    (tmp_path / "brobot.db-wal").touch()
    found = unwritable(url, lambda path: path != Path(f"{tmp_path}{refused}"))
    assert found == f"this user may not write {tmp_path}{refused}"
