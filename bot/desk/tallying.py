"""The tallies of the plan, brought forward by the worker. How they are read: `knowing.py`.

They hold what was known at a moment some minutes ago: whoever reports has nothing to do with them.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from bot.desk.setup import Setup
from bot.ledger.recorded import Recorded
from bot.ledger.store import Books
from bot.ledger.tallies import Tallied
from bot.tallies import Tallier, Tally, fingerprint

SETTLED = timedelta(minutes=10)
"""What was recorded so long ago is there to be read, or never will be: longer than any transaction
takes, and than the clocks of two machines may differ."""

EVERY = timedelta(minutes=5)
"""How often the tallies are brought forward."""

_AMISS = timedelta(minutes=1)
"""Tallies that are nearer to the present than SETTLED by more than this tell of a clock that has
been set back: something may have been recorded in what was taken for settled."""

_FORSAKEN = timedelta(days=1)
"""Tallies that nobody has brought forward for so long are not relied on: another release, which
may not know of them, has been at work."""

_AT_A_TIME = 500
"""Cases counted in one transaction: nobody who reports waits for longer than that."""

_MANY = 10_000
"""If more cases have been touched, all are counted anew: that is done a little at a time."""


class Tallying:
    def __init__(self, setup: Setup) -> None:
        self._setup = setup

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self._setup.plan)

    @cached_property
    def _tallier(self) -> Tallier:
        return Tallier(self._setup.plan)

    def whole(self, books: Books) -> Tallied | None:
        """The state of the tallies, if they can be relied on and no case is missing."""
        state = books.tallies.tallied(self._fingerprint)
        if state is None or state.counted_to is not None:
            return None
        return state if _reliable(state, self._setup.now()) else None

    def added(self, told: Iterable[Recorded], moment: datetime) -> Counter[Tally]:
        """What a case adds as known at a moment."""
        live = [report for report in told if report.live_at(moment)]
        return self._tallier.of(live) if live else Counter()

    # --- Brought forward

    def bring_forward(self, beat: Callable[[], None] = lambda: None) -> None:
        """Count what is missing; `beat` is called whenever a part of it is done. Any number of
        workers may do this at once: each part is written down by the first of them."""
        state, settled = self._begun(), self._settled()
        if state is not None and state.counted_to is None and settled - state.known_at >= EVERY:
            state = self._moved_on(state, settled)
        while state is not None and state.counted_to is not None:
            state = self._count_some(state)
            beat()

    def _settled(self) -> datetime:
        return self._setup.now() - SETTLED

    def _begun(self) -> Tallied | None:
        """Where we are; at the beginning if there is nothing to go on from."""
        read = self._setup.ledger.read
        state = read(lambda books: books.tallies.tallied(self._fingerprint))
        if state is not None and _reliable(state, self._setup.now()):
            return state
        return self._begin()

    def _begin(self) -> Tallied | None:
        new = Tallied(self._fingerprint, self._settled(), "")

        def work(books: Books) -> bool:
            books.one_at_a_time()  # as in `_written`
            books.tallies.discard(new.fingerprint)
            return books.tallies.begin(new)

        return new if self._setup.ledger.write(work) else None

    def _count_some(self, state: Tallied) -> Tallied | None:
        """The next cases, as they were known at the moment that was begun with. None if another
        worker has counted them."""

        def look(books: Books) -> tuple[tuple[str, ...], Counter[Tally]]:
            several = books.tallies.cases_after(state.counted_to or "", _AT_A_TIME)
            found: Counter[Tally] = Counter()
            for told in books.reports.of_cases(several).values():
                found.update(self.added(told, state.known_at))
            return several, found

        several, found = self._setup.ledger.read(look)
        last = several[-1] if len(several) == _AT_A_TIME else None
        return self._written(state, replace(state, counted_to=last), _Look(found))

    def _moved_on(self, state: Tallied, until: datetime) -> Tallied | None:
        """From what was known at one moment to what is known at a later one; to the beginning where
        that is the shorter way. None if another worker was first."""

        def look(books: Books) -> _Look | None:
            books.tallies.one_moment()
            several = books.tallies.touched(state.known_at, until)
            if len(several) > _MANY:
                return None
            change: Counter[Tally] = Counter()
            for told in books.reports.of_cases(several).values():
                change.update(self.added(told, until))
                change.subtract(self.added(told, state.known_at))
            return _Look(change, books.tallies.happened(state.known_at, until))

        seen = self._setup.ledger.read(look)
        if seen is None:
            return self._begin()
        return self._written(state, replace(state, known_at=until), seen)

    def _written(self, before: Tallied, now: Tallied, seen: "_Look") -> Tallied | None:
        """What was found may be written down some time after it was read, for what is settled never
        changes. Should a clock be so wrong that something was recorded there since, it is looked at
        anew. Only disposal takes reports away, and the tallies with them."""

        def work(books: Books) -> bool:
            books.one_at_a_time()  # what is just being recorded is there, or will find us moved
            if books.tallies.happened(before.known_at, now.known_at) != seen.happened:
                return False
            if not books.tallies.move(before, now):
                return False
            books.tallies.add(now.fingerprint, seen.change.items())
            books.tallies.discard_unused(now.known_at - _FORSAKEN)
            return True

        return now if self._setup.ledger.write(work) else None


@dataclass(frozen=True, slots=True)
class _Look:
    """What is to be added, and how often something had happened in what was looked at."""

    change: Counter[Tally]
    happened: int = 0


def _reliable(state: Tallied, now: datetime) -> bool:
    settled = now - SETTLED
    return settled - _FORSAKEN <= state.known_at <= settled + _AMISS
