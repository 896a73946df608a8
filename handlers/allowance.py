"""How much one person may ask for: so that nobody, and no client gone wild, keeps the rest waiting.

Everybody has an allowance that each request draws on and that fills up with time. It is asked
before any other work is done, and lives in the memory of one web process.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

AT_ONCE = 30
"""Requests. Leafing through a long list and reporting a whole pile of workshops stays below it."""

MOST_PEOPLE = 10_000
"""Of whom it is remembered. A workspace has fewer; whoever has been still for longest goes first,
and their allowance is full by then."""


@dataclass(frozen=True, slots=True)
class Purse:
    """What somebody has `left`, as of `at` (seconds), and which requests they have paid for."""

    left: float
    at: float
    paid: tuple[str, ...] = ()


def drawn(purse: Purse, request: str, now: float, per_second: float) -> Purse | None:
    """The purse after one more request; None if there is not enough in it. A request that comes
    again (the platform repeats what it got no answer to) has been paid for."""
    if request in purse.paid:
        return purse
    left = min(AT_ONCE, purse.left + (now - purse.at) * per_second)
    if left < 1:
        return None
    return Purse(left - 1, now, (*purse.paid, request)[-AT_ONCE:])


class Allowance:
    """`per_second` is what comes back to each person, 0 for no limit at all; `monotonic` is a clock
    in seconds that never goes back. To be used by one thread."""

    def __init__(self, per_second: float, monotonic: Callable[[], float]) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._purses: OrderedDict[str, Purse] = OrderedDict()

    def admits(self, person_id: str, request: str) -> bool:
        """Whether this request may be served; `request` is what its repetitions have in common."""
        if not self._per_second:
            return True
        now = self._monotonic()
        purse = self._purses.get(person_id, Purse(AT_ONCE, now))
        after = drawn(purse, request, now, self._per_second)
        self._purses[person_id] = after or purse
        self._purses.move_to_end(person_id)
        if len(self._purses) > MOST_PEOPLE:
            self._purses.popitem(last=False)
        return after is not None
