"""However often it is killed on the way, a database comes to this release whole.

Every database here has gone through all the releases before, with rows in it at each.
"""

import pytest

from bot.ledger.engine import connect
from bot.ledger.migrate import migrate
from bot.ledger.schema import Schema, schema
from tests.torture.conftest import Figures, Rounds
from tests.torture.storage.processes import KILLED, begun, ended, forks
from tests.torture.storage.whole import Whole, copied, drop, filled, revisions, whole
from tests.torture.storage.works import Steps, migrating

BEFORE = (None, *revisions()[:-1])
"""What a database may stand at when this release comes: bare, or at any release before."""


def brought_here(url: str) -> int:
    """Migrate, undisturbed. How many steps it took."""
    engines, steps = connect(url), Steps()
    steps.watch(engines.writing)
    migrate(engines)
    taken = steps.taken + 1
    assert schema(engines) is Schema.OURS
    engines.dispose()
    return taken


def undisturbed(url: str) -> tuple[Whole, int]:
    other = copied(url, "undisturbed.db")
    steps = brought_here(other)
    return whole(other), steps


def some(last: int, sample: int) -> list[int]:
    """So many of the numbers from 1 to `last`, as far apart as can be."""
    return sorted({round(1 + (last - 1) * n / (sample - 1)) for n in range(sample)})


@pytest.mark.parametrize("before", BEFORE, ids=lambda revision: revision or "bare")
def test_migrations_killed_after_any_statement_are_caught_up_on_at_the_next_start(
    bare_url: str, before: str | None, rounds: Rounds, figures: Figures
):
    filled(bare_url, before)
    untouched = whole(bare_url)
    wanted, steps = undisturbed(bare_url)
    kills = some(steps, rounds(3, steps))
    for last in kills:
        url = copied(bare_url, f"killed-{last}.db")
        assert ended([begun(migrating, url, Steps(last))]) == [KILLED]
        assert whole(url) == (wanted if last == steps else untouched)
        brought_here(url)
        assert whole(url) == wanted
        drop(url, f"killed-{last}.db")
    figures(f"{len(kills)} kills after as many statements, each resumed to the same rows")


@pytest.mark.parametrize("at_once", [2, 3])
def test_processes_that_migrate_at_once_do_it_once_and_all_go_on(
    bare_url: str, at_once: int, rounds: Rounds, figures: Figures
):
    filled(bare_url, BEFORE[-1])
    wanted, _ = undisturbed(bare_url)
    races = rounds(1, 8)
    for race in range(races):
        url, start = copied(bare_url, f"raced-{race}.db"), forks.Barrier(at_once)
        racing = [begun(migrating, url, Steps(), start) for _ in range(at_once)]
        assert ended(racing) == [0] * at_once
        assert whole(url) == wanted
        drop(url, f"raced-{race}.db")
    figures(f"{races} races of {at_once} processes")


def test_when_one_of_three_that_migrate_at_once_is_killed_the_others_finish_it(
    bare_url: str, rounds: Rounds, figures: Figures
):
    filled(bare_url, BEFORE[-1])
    wanted, steps = undisturbed(bare_url)
    kills = some(steps - 1, rounds(2, 8))
    for last in kills:
        url, start = copied(bare_url, f"killed-{last}.db"), forks.Barrier(3)
        racing = [begun(migrating, url, Steps(each), start) for each in (last, 0, 0)]
        first, *others = ended(racing)
        assert first in {KILLED, 0}  # 0: the others were first, and left it fewer steps
        assert others == [0, 0]
        assert whole(url) == wanted
        drop(url, f"killed-{last}.db")
    figures(f"{len(kills)} races of three with one killed")
