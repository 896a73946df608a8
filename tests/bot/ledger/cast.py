"""The people, the moments and the race that the tests of the ledger share."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

from bot.people import Person, Role

T = TypeVar("T")
JUNE = datetime(2026, 6, 12, 12, 0, tzinfo=UTC)

MARIA = Person(
    id="slack:U1",
    name="Maria Exempel",
    email="maria.exempel@kumla.se",
    home="1881",
    wanted_home=None,
    roles=frozenset({Role.CONTACT, Role.LEADERSHIP}),
    language="sv",
    met_at=JUNE,
)
JOHAN = Person(
    id="slack:U2",
    name="Johan Exempel",
    email="johan.exempel@hallsberg.se",
    home=None,
    wanted_home="1861",
    roles=frozenset(),
    language="en",
    met_at=JUNE,
)


def after(seconds: float) -> datetime:
    return JUNE + timedelta(seconds=seconds)


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """What all of them answer when they are let go at the same moment."""
    start = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        start.wait(timeout=5)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
