"""Several workers on one outbox, everything they were given to say, and what came of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.clock import MovableClock
from bot.language import language
from bot.ledger.store import Ledger, LedgerBusyError
from bot.rests import Rests
from handlers.slack.door import SlackDoor
from playground.world import Channel, World
from tests.bot.ledger.cast import at_once
from tests.schedules.conftest import Office


class Worker(Office):
    """One that finds the database busy goes on in its next round, as the clockwork has it."""

    def round(self) -> int:
        try:
            return super().round()
        except LedgerBusyError:
            return 1


def worker(ledger: Ledger, clock: MovableClock, client: Any) -> Worker:
    door = SlackDoor(client, language("sv"), lambda _seconds: None, Rests(ledger, clock))
    return Worker(ledger, clock, door)


@dataclass
class Crowd:
    """`says` puts a message in the outbox and remembers what must be seen of it in the end."""

    world: World
    clock: MovableClock
    random: Random
    office: Office
    workers: list[Worker] = field(default_factory=list)
    expected: dict[str, list[str]] = field(default_factory=dict)
    _keys: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0

    def says(self, to: str) -> None:
        """A message; now and then an answer in a thread, or a change of one before it."""
        self.count += 1
        words, said = f"nr {self.count}", self._keys.setdefault(to, [])
        kind = self.random.choices(["plain", "answer", "edit"], [8, 1, 1 if said else 0])[0]
        if kind == "edit":
            self.office.puts(words, to=to, edits=said[-1])
            self.expected[to][-1] = words
            return
        more = {"thread_of": said[0]} if kind == "answer" and said else {}
        self.office.puts(words, to=to, **more)
        said.append(words)
        self.expected.setdefault(to, []).append(words)

    def round(self) -> int:
        """All workers at the same moment. How many messages they tried."""
        return sum(at_once([each.round for each in self.workers]))

    def channel_of(self, recipient: str) -> Channel:
        name = recipient.removeprefix("slack:")
        return self.world.dm(name) if name in self.world.users else self.world.channels[name]

    def seen(self, recipient: str) -> list[str]:
        return [str(each.body["text"]) for each in self.channel_of(recipient).messages]

    def wrong(self) -> Iterator[str]:
        """One sentence for each conversation that does not show just what it should, in order."""
        for recipient, expected in self.expected.items():
            seen = self.seen(recipient)
            twice = [words for words, count in Counter(seen).items() if count > 1]
            lost = sorted(set(expected) - set(seen))
            if seen != expected:
                yield f"{recipient}: twice {twice}, lost {lost}, or in another order"

    def states(self) -> Counter[str]:
        """How many messages ended in which state."""
        numbers = range(1, self.count + 1)
        return Counter(self.office.state(f"nr {number}") for number in numbers)
