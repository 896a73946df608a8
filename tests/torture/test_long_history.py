"""Years of messages that have been said do not slow down those that are to be said."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.clock import MovableClock
from bot.ledger.engine import connect
from bot.ledger.outbox import Delivery
from bot.ledger.store import Books, Ledger
from bot.ledger.tables import outbox
from tests import databases
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
