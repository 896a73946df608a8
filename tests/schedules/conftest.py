"""An outbox, and a worker that empties it while time is moved by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.door import Door
from bot.ledger.engine import connect
from bot.ledger.outbox import Outgoing
from bot.ledger.store import Books, Ledger
from schedules.delivery import Deliverer
from tests import databases
from tests.fakes import Killed, PlainComposer

CHANNEL, PERSON, OTHER = "slack:C1", "slack:U1", "slack:U2"


@dataclass
class Office:
    """`puts` messages in the outbox and has them delivered."""

    ledger: Ledger
    clock: MovableClock
    door: Door
    composer: PlainComposer = field(default_factory=PlainComposer)
    failures: list[tuple[str, str]] = field(default_factory=list)
    shut: list[tuple[str, str]] = field(default_factory=list)

    def deliverer(self) -> Deliverer:
        doors: Mapping[str, Door] = {"slack": self.door}
        noted = self._failed, self._shut_out
        return Deliverer(self.ledger, self.composer, doors, self.clock, *noted)

    def _failed(self, _books: Books, outgoing: Outgoing, trouble: str) -> None:
        self.failures.append((outgoing.key, trouble))

    def _shut_out(self, _books: Books, outgoing: Outgoing, trouble: str) -> None:
        self.shut.append((outgoing.key, trouble))

    def puts(self, *words: str, to: str = CHANNEL, **more: str) -> None:
        def work(books: Books) -> None:
            for each in words:
                assert books.outbox.put(
                    key=each,
                    token=f"token-{each}",
                    recipient=to,
                    notice={"words": each},
                    at=self.clock(),
                    **more,
                )

        self.ledger.write(work)

    def passes(self, seconds: float) -> None:
        self.clock.set(self.clock() + timedelta(seconds=seconds))

    def works(self, seconds: float, every: float = 1) -> None:
        """A worker's rounds for so long."""
        end = self.clock() + timedelta(seconds=seconds)
        while self.clock() <= end:
            self.round()
            self.passes(every)

    def empties(self) -> None:
        """A worker's rounds until nothing is left, with fewer of them the longer nothing is due."""
        pause = 1.0
        while self.unsettled:
            pause = 1.0 if self.round() else min(pause * 2, 60)
            self.passes(pause)

    def round(self) -> int:
        try:
            return self.deliverer().run_once()
        except Killed:
            return 1  # and another worker takes over

    @property
    def unsettled(self) -> int:
        return self.ledger.read(lambda books: books.outbox.unsettled())

    def state(self, key: str) -> str:
        found = self.ledger.read(lambda books: books.outbox.get(key))
        assert found is not None
        return found.state.value


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(connect(databases.sqlite(tmp_path)))
    yield ledger
    ledger.close()
