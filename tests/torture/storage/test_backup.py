"""Copies made under full load are exact, and a restore that is killed leaves no half database.

The writers report by number, each in one transaction: a handled key, a report and a receipt. So a
copy is exact if it holds the same numbers three times over, from 1 on without a gap.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text

from bot.ledger.backup import backup, restore
from bot.ledger.engine import connect
from bot.ledger.store import HELD, Ledger
from tests.bot.ledger.cast import JUNE
from tests.bot.ledger.test_backup import programs  # noqa: F401 - a fixture for every test
from tests.torture.conftest import Figures, Rounds
from tests.torture.storage.processes import KILLED, begun, ended, forks, kill
from tests.torture.storage.whole import copied, drop, filled, revisions, whole
from tests.torture.storage.works import command, report, writing

WRITERS = ("a", "b", "c")
BOOKS = {"handled": "key", "reports": '"case"', "outbox": "key"}


@contextmanager
def full_load(url: str) -> Iterator[None]:
    start, stop = forks.Barrier(len(WRITERS) + 1), forks.Event()
    writers = [begun(writing, url, each, start, stop) for each in WRITERS]
    start.wait(30)
    try:
        yield
    finally:
        stop.set()
        assert ended(writers) == [0] * len(WRITERS)


def numbers(url: str) -> dict[str, int]:
    """How far each writer had come; all books agree on it and none has a gap."""
    engines = connect(url)
    with engines.reading.begin() as connection:
        queries = [text(f"SELECT {key} FROM {book}") for book, key in BOOKS.items()]
        held = [sorted(connection.execute(each).scalars()) for each in queries]
    engines.dispose()
    assert held[0] == held[1] == held[2]
    come = {who: [int(k[2:]) for k in held[0] if k.startswith(f"{who}:")] for who in WRITERS}
    assert all(sorted(each) == [*range(1, len(each) + 1)] for each in come.values())
    return {who: len(each) for who, each in come.items()}


def held(url: str) -> bool:
    ledger = Ledger(connect(url))
    since = ledger.read(lambda books: books.pulse.last(HELD))
    ledger.close()
    return since is not None


def test_every_copy_made_under_full_load_is_a_moment_that_the_ledger_had(
    url: str, tmp_path: Path, rounds: Rounds, figures: Figures
):
    copies = [tmp_path / f"copy-{n}" for n in range(rounds(2, 12))]
    with full_load(url):
        for each in copies:
            assert ended([begun(command, url, "backup", str(each))]) == [0]
    come = [numbers(url)]
    for each in reversed(copies):
        restore(url, each, JUNE)
        assert held(url)
        come.append(numbers(url))
    for later, sooner in pairwise(come):
        assert all(sooner[who] <= later[who] for who in WRITERS)
    reports = sum(come[0].values())
    figures(f"{len(copies)} copies beside {reports} reports by three processes: all exact")


def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(
    url: str, tmp_path: Path, rounds: Rounds, figures: Figures
):
    write(url, 60)
    copy = tmp_path / "copy"
    duration = lasting("backup", url, copy)
    kills = rounds(3, 20)
    for number in range(kills):
        copy.unlink(missing_ok=True)
        killed_after(duration * number / kills, "backup", url, copy)
        assert not copy.exists() or numbers_of_copy(url, copy) == 60
    copy.unlink(missing_ok=True)
    backup(url, copy)
    assert numbers_of_copy(url, copy) == 60
    figures(f"{kills} kills")


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_whole_and_the_new_held(
    url: str, tmp_path: Path, rounds: Rounds, figures: Figures
):
    copy, old, new = tmp_path / "copy", 400, 200
    write(url, new)
    backup(url, copy)
    write(url, old, begin=new + 1)
    duration = lasting("restore", copied(url, "timed.db"), copy)
    drop(url, "timed.db")
    kills, left = rounds(4, 40), {old: 0, new: 0}
    for number in range(kills):
        struck = copied(url, f"struck-{number}.db")
        killed_after(duration * (number + 0.5) / kills, "restore", struck, copy)
        found = sum(numbers(struck).values())
        left[found] += 1
        assert held(struck) == (found == new)
        drop(url, f"struck-{number}.db")
    figures(f"{kills} kills: {left[old]} left the old database, {left[new]} the new one")


def test_a_copy_of_any_former_release_is_restored_to_this_releases_schema(
    bare_url: str, tmp_path: Path, figures: Figures
):
    former_ones = list(revisions())
    for number, revision in enumerate(former_ones):
        former = filled(copied(bare_url, f"former-{number}.db"), revision)
        here, copy = copied(bare_url, f"here-{number}.db"), tmp_path / f"of-{number}"
        backup(former, copy)
        assert ended([begun(command, here, "restore", str(copy))]) == [0]
        assert held(here)
        assert whole(here).schema == schema_of(former)
    figures(f"backups of {len(former_ones)} former schemas, each restored")


def schema_of(former: str) -> dict[str, str]:
    assert ended([begun(command, former, "migrate")]) == [0]
    return whole(former).schema


def write(url: str, last: int, begin: int = 1) -> None:
    ledger = Ledger(connect(url))
    many = range(begin, last + 1)
    ledger.write(lambda books: [report(books, "a", number) for number in many])
    ledger.close()


def lasting(does: str, url: str, copy: Path) -> float:
    """Seconds that a command takes here, undisturbed."""
    began = time.monotonic()
    assert ended([begun(command, url, does, str(copy))]) == [0]
    return time.monotonic() - began


def killed_after(seconds: float, does: str, url: str, copy: Path) -> None:
    struck = begun(command, url, does, str(copy))
    struck.join(seconds)  # the moment of the kill is what this is about
    kill(struck)
    assert ended([struck])[0] in {KILLED, 0}


def numbers_of_copy(url: str, copy: Path) -> int:
    other = copied(url, "restored.db")
    restore(other, copy, JUNE)
    found = sum(numbers(other).values())
    drop(url, "restored.db")
    return found
