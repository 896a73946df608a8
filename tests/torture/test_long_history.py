"""Years of messages that have been said do not slow down those that are to be said, nor years of
reports the answer to how the plan stands."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.clock import MovableClock
from bot.desk.knowing import Knowing
from bot.desk.setup import Setup
from bot.desk.tallying import SETTLED, Tallying
from bot.ledger.engine import connect
from bot.ledger.outbox import Delivery
from bot.ledger.store import Books, Ledger
from bot.ledger.tables import outbox, reports
from bot.reports import kinds
from tests import databases
from tests.bot.examples import BRO
from tests.bot.ledger.cast import MARIA
from tests.torture.conftest import Figures, Rounds

RECIPIENTS = 50


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(connect(databases.sqlite(tmp_path)))
    yield ledger
    ledger.close()


def put(ledger: Ledger, number: int, state: Delivery, at: datetime) -> None:
    """So many messages in a state, a minute apart, to one recipient after the other."""
    said = state is Delivery.SENT
    rows = [
        {
            "key": f"{state} {each}",
            "token": "token",
            "recipient": f"slack:C{each % RECIPIENTS}",
            "notice": {"words": "x"},
            "state": state.value,
            "created_at": at - timedelta(minutes=each),
            "due_at": at - timedelta(minutes=each),
            "claimed_at": at - timedelta(minutes=each + 1) if said else None,
            "attempts": int(said),
        }
        for each in range(number)
    ]
    with ledger._engines.writing.begin() as connection:
        for start in range(0, number, 5_000):
            connection.execute(insert(outbox), rows[start : start + 5_000])


def steps(ledger: Ledger, work: Callable[[Books], object]) -> int:
    """How many steps SQLite's machine takes for it: the same on every computer, however busy."""
    count = 0

    def one_more() -> int:
        nonlocal count
        count += 1
        return 0

    def counted(books: Books) -> None:
        driver = books.outbox._connection.connection.driver_connection
        driver.set_progress_handler(one_more, 1)
        try:
            work(books)
        finally:
            driver.set_progress_handler(None, 0)

    ledger.read(counted)
    return count


def test_a_long_history_makes_no_round_of_a_worker_slower(
    ledger: Ledger, clock: MovableClock, rounds: Rounds, figures: Figures
):
    history, waiting, now = rounds(5_000, 200_000), rounds(500, 5_000), clock()

    def look(books: Books) -> None:
        assert len(books.outbox.next_in_line(now)) == RECIPIENTS

    put(ledger, waiting, Delivery.PENDING, now)
    before = steps(ledger, look)
    put(ledger, history, Delivery.SENT, now)
    after = steps(ledger, look)
    assert after < 1.05 * before
    figures(
        f"{waiting:,} messages in line: {before:,} steps of the database to find the next "
        f"{RECIPIENTS}, with {history:,} settled ones beside them {after:,}"
    )


def told(ledger: Ledger, first: int, count: int, at: datetime) -> None:
    """So many workshops, each a case of its own, over a month."""
    rows = [
        {
            "case": f"case {number}",
            "kind": "workshop",
            "part": "",
            "day": date(2026, 5, 1) + timedelta(days=number % 31),
            "members": ["1881", "1884"],
            "answers": {"form": "workshop", "theme": "service"},
            "reporter": MARIA.id,
            "home": "1881",
            "recorded_at": at,
        }
        for number in range(first, first + count)
    ]
    with ledger._engines.writing.begin() as connection:
        connection.execute(insert(reports), rows)


def test_a_long_history_makes_the_standing_no_slower(
    ledger: Ledger, clock: MovableClock, rounds: Rounds, figures: Figures
):
    setup = Setup(ledger, BRO, kinds(), clock, lambda: "", "slack:C1")
    worker = Tallying(setup)
    few, today, seen = rounds(500, 10_000), date(2026, 6, 12), []

    def look(books: Books) -> None:
        [known] = Knowing(setup, worker).at(books, clock())
        row = next(s for s in known.standings(BRO.rows, today) if s.key_result.id == "S4")
        seen.append(row.value)

    ledger.write(lambda books: books.people.meet(MARIA))
    found = []
    for first, count in ((0, few), (few, 9 * few)):
        told(ledger, first, count, clock())
        clock.set(clock() + 2 * SETTLED)
        worker.bring_forward()
        found.append(steps(ledger, look))
    assert seen == [few, 10 * few]
    assert found[1] < 1.05 * found[0]
    figures(
        f"{found[0]:,} steps of the database with {few:,} reports, {found[1]:,} with {10 * few:,}"
    )
